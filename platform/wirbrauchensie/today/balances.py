"""Days on which the bank's balances and the books tell different sums: what no fact could tell apart."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.selectors.balances import Gap, gaps
from foundation.clock import local_moment
from foundation.formats import date_long
from foundation.units import MIDNIGHT
from programs.access import Role, providers_of
from wirbrauchensie.today.kinds import Reader, Row
from wirbrauchensie.today.money import MoneyKind, amount

_LOOK_BACK = timedelta(days=92)


def _gaps(reader: Reader, now: datetime) -> list[Gap]:
    bodies = providers_of(reader.user, Role.TREASURER).exclude(pk__in=reader.resting(Role.TREASURER))
    return gaps(list(bodies.values_list("pk", flat=True)), reader.today - _LOOK_BACK)


def _row(reader: Reader, gap: Gap, now: datetime) -> Row:
    if gap.account is None:
        key, who = f"kontostand-ohne-{gap.day}", _("Kontobewegungen ohne Konto")
        what = _("am %(day)s gebucht: %(books)s")
    else:
        key = f"kontostand-{gap.account.pk}-{gap.day}"
        who = _("Konto %(iban)s") % {"iban": gap.account.external_reference}
        what = _("am %(day)s laut Bank %(bank)s, gebucht %(books)s")
    told = {"day": date_long(gap.day), "bank": amount(gap.says), "books": amount(gap.books)}
    return Row(
        key=key,
        who=who,
        what=what % told,
        due_at=local_moment(gap.day, MIDNIGHT),
        since=gap.day,
        url=f"{reverse('coordination_lines')}?stand=alle&tag={gap.day:%Y-%m-%d}",
        action=_("Kontobewegungen dieses Tages prüfen"),
    )


GAPS = MoneyKind(
    slug="kontostand",
    title=gettext_lazy("Kontostand und Bücher vergleichen"),
    text=gettext_lazy(
        "An diesen Tagen nennt die Bank eine andere Summe als die Bücher. Vielleicht ist eine Bewegung "
        "doppelt erfasst, oder es fehlt ein Auszug."
    ),
    icon="bank",
    waiting=_gaps,
    row=_row,
)
