"""Money that did not come or went back: the treasurer hears of it the same day."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.access import recurring_within_reach
from donations.forms.proposals import ProposalForm
from donations.models import RecurringDonation, Refund
from donations.selectors.failures import Failed, failed_lately, failing, undelivered
from donations.wording.failures import reason_of
from programs.access import Role
from wirbrauchensie.today.kinds import Reader, Row
from wirbrauchensie.today.money import (
    MoneyKind,
    amount,
    for_purpose,
    for_purpose_called,
    gifts_of,
    proposal_form,
    waits,
)


def _failed(reader: Reader, now: datetime) -> list[Failed]:
    return failed_lately(gifts_of(reader), now)


def _failed_row(reader: Reader, failed: Failed, now: datetime) -> Row:
    what = _("von der Bank zurückgeholt") if failed.was_here else str(reason_of(failed.why))
    name = "rueckgabe" if failed.was_here else "spende"
    return waits(
        f"geplatzt-{name}-{failed.key}",
        amount(failed.cents),
        for_purpose_called(failed.purpose, what),
        failed.at,
        reverse("coordination_donations"),
        _("Zu den Spenden"),
    )


FAILED = MoneyKind(
    slug="geplatzt",
    title=gettext_lazy("Geplatzte und zurückgeholte Zahlungen"),
    text=gettext_lazy("Diese Beträge kamen nicht an oder gingen zurück. Wer gegeben hat, weiß es."),
    icon="error",
    waiting=_failed,
    row=_failed_row,
)


def _failing(reader: Reader, now: datetime) -> QuerySet[RecurringDonation]:
    rows = recurring_within_reach(reader.user)
    return failing(rows.exclude(fund__provider__in=reader.resting(Role.TREASURER)))


def _failing_row(reader: Reader, row: RecurringDonation, now: datetime) -> Row:
    return waits(
        f"dauerspenden-{row.pk}",
        f"{amount(row.amount_cents)} {row.get_rhythm_display()}",
        for_purpose(row, row.reason_text),
        row.failed_at or row.status_changed_at,
        f"{reverse('coordination_recurring')}?stand=misslungen",
        _("Zu den Dauerspenden"),
    )


FAILING = MoneyKind(
    slug="dauerspenden",
    title=gettext_lazy("Dauerspenden, deren Einzug misslang"),
    text=gettext_lazy("Wer gibt, hat einen Link, der es in Ordnung bringt. Bis dahin stehen sie hier."),
    icon="heart",
    waiting=_failing,
    row=_failing_row,
)


def _undelivered(reader: Reader, now: datetime) -> list[Refund]:
    return list(undelivered(gifts_of(reader)))


def _undelivered_row(reader: Reader, refund: Refund, now: datetime) -> Row:
    was_refused = refund.status == Refund.Status.CANCELLED
    what = _("vom Zahlungsdienst nicht ausgeführt") if was_refused else _("nicht angekommen")
    return waits(
        f"erstattungen-{refund.pk}",
        amount(refund.amount_cents),
        for_purpose(refund.donation, what),
        refund.failed_at or refund.status_changed_at or refund.refunded_at,
        reverse("coordination_refund_new", args=[refund.donation_id]),
        _("Alles dazu"),
        about=refund,
    )


def _refund_form(reader: Reader, refund: Refund, now: datetime) -> ProposalForm:
    return proposal_form("erstattungen", refund.pk, refund.amount_cents)


UNDELIVERED = MoneyKind(
    slug="erstattungen",
    title=gettext_lazy("Erstattungen, die nicht ankamen"),
    text=gettext_lazy(
        "Das Geld ist noch da. Klären Sie mit den Spender*innen, auf welchem Weg es zurückgeht, oder ob die "
        "Spende bleibt."
    ),
    icon="error",
    waiting=_undelivered,
    row=_undelivered_row,
    template="dashboard/today/_refund.html",
    form=_refund_form,
)
