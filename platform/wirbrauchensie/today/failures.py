"""Money that did not come or went back: the treasurer hears of it the same day."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.access import gifts_within_reach, recurring_within_reach
from donations.models import RecurringDonation
from donations.selectors.failures import Failed, failed_lately, failing
from donations.wording.failures import reason_of
from foundation.clock import local_day
from foundation.formats import euro_exact
from foundation.units import Cents
from programs.access import Role
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _is_treasurer(reader: Reader) -> bool:
    return Role.TREASURER in reader.roles


def _failed(reader: Reader, now: datetime) -> list[Failed]:
    gifts = gifts_within_reach(reader.user).exclude(fund__provider__in=reader.resting(Role.TREASURER))
    return failed_lately(gifts, now)


def _failed_row(reader: Reader, failed: Failed, now: datetime) -> Row:
    what = _("von der Bank zurückgeholt") if failed.dispute else str(reason_of(failed.failure))
    name = f"rueckgabe-{failed.dispute.pk}" if failed.dispute else f"spende-{failed.gift.pk}"
    return Row(
        key=f"geplatzt-{name}",
        who=euro_exact(Cents(failed.cents)),
        what=_for_purpose(what, failed.gift.fund.name),
        due_at=failed.at,
        since=local_day(failed.at),
        url=reverse("coordination_donations"),
        action=_("Zu den Spenden"),
    )


def _for_purpose(what: str, purpose: str) -> str:
    said = _("für %(purpose)s") % {"purpose": purpose}
    return f"{what}, {said}" if what else said


FAILED = Kind(
    slug="geplatzt",
    title=gettext_lazy("Geplatzte und zurückgeholte Zahlungen"),
    text=gettext_lazy("Diese Beträge kamen nicht an oder gingen zurück. Wer gegeben hat, weiß es."),
    icon="error",
    is_for=_is_treasurer,
    waiting=_failed,
    row=_failed_row,
)


def _failing(reader: Reader, now: datetime) -> QuerySet[RecurringDonation]:
    rows = recurring_within_reach(reader.user)
    return failing(rows.exclude(fund__provider__in=reader.resting(Role.TREASURER)))


def _failing_row(reader: Reader, row: RecurringDonation, now: datetime) -> Row:
    since = row.failed_at or row.status_changed_at
    return Row(
        key=f"dauerspenden-{row.pk}",
        who=f"{euro_exact(Cents(row.amount_cents))} {row.get_rhythm_display()}",
        what=_for_purpose(row.reason_text, row.fund.name),
        due_at=since,
        since=local_day(since),
        url=f"{reverse('coordination_recurring')}?stand=misslungen",
        action=_("Zu den Dauerspenden"),
    )


FAILING = Kind(
    slug="dauerspenden",
    title=gettext_lazy("Dauerspenden, deren Einzug misslang"),
    text=gettext_lazy("Wer gibt, hat einen Link, der es in Ordnung bringt. Bis dahin stehen sie hier."),
    icon="heart",
    is_for=_is_treasurer,
    waiting=_failing,
    row=_failing_row,
)
