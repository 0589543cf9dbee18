"""A line of the audit trail in words: who, what, and about whom or what."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.watch import UNKNOWN
from foundation.actors import ActorKind
from foundation.models import Event
from programs.domain.invitations import InvitationStatus
from programs.domain.roles import WiderRole
from programs.models import Membership
from wirbrauchensie.audit.rows import CLEARANCE_ROUTES

_DOORS = {
    "signed_in": gettext_lazy("angemeldet"),
    "signed_out": gettext_lazy("abgemeldet"),
    "sign_in_failed": gettext_lazy("Anmeldung misslungen"),
    "password_set": gettext_lazy("Passwort gewählt"),
    "password_changed": gettext_lazy("Passwort geändert"),
    "password_reset": gettext_lazy("Passwort nach „Passwort vergessen“ neu gewählt"),
    "second_factor_added": gettext_lazy("zweiter Faktor eingerichtet"),
    "second_factor_removed": gettext_lazy("zweiter Faktor ausgeschaltet"),
    "second_factor_renewed": gettext_lazy("Ersatzcodes neu erzeugt"),
    "second_factor_used": gettext_lazy("zweiter Faktor geprüft"),
    "second_factor_failed": gettext_lazy("zweiter Faktor falsch"),
    "second_factor_taken_away": gettext_lazy("zweiter Faktor zurückgesetzt"),
    "session_ended": gettext_lazy("ein Gerät abgemeldet"),
    "sessions_ended": gettext_lazy("Geräte abgemeldet"),
    "api_token_made": gettext_lazy("Schlüssel der Schnittstelle ausgestellt"),
    "api_token_revoked": gettext_lazy("Schlüssel der Schnittstelle zurückgenommen"),
    "webhook_made": gettext_lazy("Meldung an ein Programm eingerichtet"),
    "webhook_ended": gettext_lazy("Meldung an ein Programm beendet"),
    "webhook_taken_over": gettext_lazy("Meldung an ein Programm übernommen"),
}
_RIGHTS = {
    "is_active": gettext_lazy("Konto aktiv"),
    "is_staff": gettext_lazy("Zugang zur Verwaltung"),
    "is_superuser": gettext_lazy("Betrieb"),
}
_INVITATIONS = {
    "sent": gettext_lazy("Einladung gesendet"),
    "sent_anew": gettext_lazy("Einladung noch einmal gesendet"),
    InvitationStatus.ACCEPTED.value: gettext_lazy("Einladung angenommen"),
    InvitationStatus.WITHDRAWN.value: gettext_lazy("Einladung zurückgenommen"),
}
_ACTORS = {ActorKind.SYSTEM: gettext_lazy("automatisch"), ActorKind.CITIZEN: gettext_lazy("ohne Konto")}


def who_acted(line: Any) -> str:
    """Return who did it and as what."""
    if line.actor_kind != ActorKind.USER:
        return str(_ACTORS.get(line.actor_kind, line.actor_kind))
    name = line.actor_name or _("gelöschtes Konto")
    roles = ", ".join(_role(each) for each in line.actor_role.split(", ") if each)
    return f"{name} ({roles})" if roles else name


def what_happened(line: Event) -> str:
    """Return what was done."""
    if line.kind == Event.Kind.ACCESS:
        return str(_DOORS.get(line.reason, line.reason))
    if line.kind == Event.Kind.READ:
        return _read(line)
    if line.model == "invitation":
        word = line.to_status or next(iter((line.changes or {"": ["", ""]}).values()))[1]
        return str(_INVITATIONS.get(word, word))
    if line.model == "provider":
        before, after = (line.changes or {})["membership"]
        given, taken = _("Rolle gegeben"), _("Rolle beendet")
        return f"{taken if after is None else given}: {_role((after or before)['role'])}"
    return _rights(line)


def about_whom(line: Any) -> str:
    """Return the account, the role or the row it is about."""
    if line.model == "user":
        return line.account_name or (
            _("unbekannte Adresse") if line.object_id == UNKNOWN else _("gelöschtes Konto")
        )
    if line.model == "provider":
        return f"{line.member_name or _('gelöschtes Konto')} · {line.provider_name or _('gelöschter Träger')}"
    if line.model == "invitation":
        return line.invited or _("gelöschte Einladung")
    return f"{capfirst(str(_noun(line)))} {line.object_id}"


def _read(line: Event) -> str:
    told = line.changes or {}
    if "file" in told:
        rows = told["rows"][1]
        said = ngettext(
            "Liste heruntergeladen: %(file)s, %(rows)s Zeile",
            "Liste heruntergeladen: %(file)s, %(rows)s Zeilen",
            int(rows),
        )
        return said % {"file": told["file"][1], "rows": rows}
    return _("Einsichtnahme gelesen") if line.route in CLEARANCE_ROUTES else _("gelesen")


def _rights(line: Event) -> str:
    if line.kind == Event.Kind.CREATED:
        return _("Konto angelegt")
    if line.kind == Event.Kind.DELETED:
        return _("Konto gelöscht")
    told = (line.changes or {}).items()
    return ", ".join(
        f"{_RIGHTS.get(name, name)}: {_('ja') if new else _('nein')}" for name, (_old, new) in told
    )


def _role(role: str) -> str:
    return str(dict([*Membership.Role.choices, *WiderRole.choices]).get(role, role))


def _noun(line: Event) -> object:
    try:
        return apps.get_model(line.app_label, line.model)._meta.verbose_name
    except LookupError:
        return line.model
