"""What production refuses to start without, asked of the database by `manage.py check --deploy`."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _

from programs.selectors.city import current_city
from wirbrauchensie import product_role


@register(Tags.database, deploy=True)
def youth_office_can_be_called(databases: Sequence[str] | None = None, **_about: Any) -> list[CheckMessage]:
    """Whoever worries about a child must find a number that somebody has tried."""
    if not databases:
        return []
    city = current_city()
    if city and city.has_confirmed_youth_office_phone:
        return []
    known = (city and city.youth_office_phone) or _("keine")
    return [
        Error(
            _(
                "%(city)s: Die Telefonnummer des Jugendamts fehlt oder ist nicht bestätigt"
                " (bekannt: %(known)s)."
            )
            % {"city": city.name if city else settings.CITY, "known": known},
            hint=_(
                "Rufen Sie die Nummer an, dann: manage.py confirm_youth_office_phone »Nummer«. "
                "Oder tragen Sie youth_office_phone und youth_office_phone_checked_on in city.json ein."
            ),
            id="wirbrauchensie.E001",
        )
    ]


@register(Tags.database, deploy=True)
def product_cannot_switch_off_guards(
    databases: Sequence[str] | None = None, **_about: Any
) -> list[CheckMessage]:
    """Whoever takes over a web process must not be able to rewrite ledger and history."""
    if not databases or not product_role.is_mighty(settings.DATABASE_PRODUCT_ROLE or None):
        return []
    return [
        checks.Warning(
            _("Das Produkt meldet sich an der Datenbank als deren Eigentümer an."),
            hint=_(
                "docs/operations.md, „Three roles“: DATABASE_PRODUCT_ROLE und eine Adresse für diese Rolle."
            ),
            id="wirbrauchensie.W001",
        )
    ]


@register(Tags.security, deploy=True)
def servers_elsewhere_prove_who_they_are(**_about: Any) -> list[CheckMessage]:
    """Whoever sits between two machines must not read rows or mails, nor answer in a server's place."""
    database = settings.DATABASES["default"]
    broker = urlsplit(settings.REDIS_URL)
    is_proved = {
        "DATABASE_URL": _is_here(database["HOST"]) or database["OPTIONS"].get("sslmode") == "verify-full",
        "REDIS_URL": _is_here(broker.hostname or "") or broker.scheme == "rediss",
        "EMAIL_HOST": _is_here(settings.EMAIL_HOST) or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL,
    }
    return [
        checks.Warning(
            _("%(name)s führt unverschlüsselt oder ungeprüft zu einem anderen Rechner.") % {"name": name},
            hint=_(
                "docs/operations.md, „Certificates“: sslmode=verify-full, rediss:// und EMAIL_USE_TLS oder"
                " EMAIL_USE_SSL."
            ),
            id="wirbrauchensie.W002",
        )
        for name, proved in is_proved.items()
        if not proved
    ]


def _is_here(host: str) -> bool:
    return host in {"", "localhost", "127.0.0.1", "::1"} or host.startswith("/")
