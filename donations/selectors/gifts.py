"""Gifts as givers and treasurers see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from citizens.models import Mailbox
from donations.domain.epc import NotEncodable, payload, svg
from donations.domain.references import grouped
from donations.models import Allocation, Dispute, Donation, Method, RecurringDonation
from donations.selectors import receipting
from foundation.ibans import grouped_iban
from foundation.units import Cents

Status = Donation.Status
Stage = str
SETTLED = "received"
_STAGES: dict[str, Stage] = {
    Status.PROCESSING: "processing",
    Status.RECEIVED: SETTLED,
    Status.PARTLY_REFUNDED: "partly_refunded",
    Status.REFUNDED: "refunded",
    Status.DISPUTED: "disputed",
    Status.LOST: "returned",
    Status.LAPSED: "failed",
}


@dataclass(frozen=True)
class TransferData:
    """What a giver needs for a transfer; `qr_svg` is empty if the account cannot be encoded."""

    account_holder_name: str
    iban: str
    amount_cents: Cents
    reference: str
    qr_svg: str


def gift_by_public_id(public_id: UUID) -> Donation | None:
    """Return the gift behind an unguessable address."""
    return (
        Donation.objects.filter(public_id=public_id)
        .select_related("fund__provider", "transfer_reference", "recurring")
        .first()
    )


def stage_of(donation: Donation) -> Stage:
    """Return where the gift stands, in the terms of the pages."""
    if donation.status == Status.PLEDGED:
        return "waiting_transfer" if donation.method == Method.TRANSFER else "waiting_payment"
    if donation.status == Status.RECEIVED and donation.awaits_acceptance:
        return "awaits_acceptance"
    if donation.status == Status.RECEIVED and donation.was_not_accepted:
        return "not_accepted"
    return _STAGES[donation.status]


def transfer_data(donation: Donation) -> TransferData:
    """Return the data of a promised transfer, amounts in cents, IBAN and reference in blocks of four."""
    provider = donation.fund.provider
    amount, reference = Cents(donation.amount_cents), donation.transfer_reference.reference
    try:
        drawing = svg(
            payload(
                holder_name=provider.account_holder_name,
                iban=provider.iban,
                amount_cents=amount,
                reference=reference,
            )
        )
    except NotEncodable:
        drawing = ""
    iban = grouped_iban(provider.iban)
    return TransferData(provider.account_holder_name, iban, amount, grouped(reference), drawing)


def gifts_of(mailbox: Mailbox) -> list[Donation]:
    """Return the gifts of a mailbox's owner without those that came to nothing, the newest first.

    The day of a gift is the one on which it came; of one that has not come, the one on which it was promised.
    """
    gifts = Donation.objects.filter(donor__mailbox=mailbox).exclude(status=Status.LAPSED)
    newest_first = (Coalesce("received_at", "pledged_at").desc(), "-pk")
    return list(gifts.select_related("fund", "recurring__fund").order_by(*newest_first))


def monthly_among(gifts: list[Donation]) -> list[RecurringDonation]:
    """Return the monthly gifts that run, newest first; one that runs has a gift with which it began."""
    rows = {gift.recurring.pk: gift.recurring for gift in gifts if gift.recurring}
    over = (RecurringDonation.Status.CANCELLED, RecurringDonation.Status.STARTING)
    running = [row for row in rows.values() if row.status not in over]
    return sorted(running, key=lambda row: row.created_at, reverse=True)


def listed(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return gifts with everything that the treasurer's list shows, newest first."""
    with_all = gifts.select_related(
        "fund", "donor__mailbox", "transfer_reference", "receipt_address", "payment"
    )
    paid_by = Prefetch("allocations", Allocation.objects.filter(undone_at=None), to_attr="paid_by")
    with_all = with_all.annotate(receipt_answer=receipting.answer())
    return with_all.prefetch_related(paid_by).order_by("-pledged_at", "-pk")


def open_disputes(gifts: QuerySet[Donation]) -> QuerySet[Dispute]:
    """Return the payments taken back for now or asked about, those first whose answer is due soonest.

    Without a deadline one is due since it was opened.
    """
    claims = Dispute.objects.filter(
        donation__in=gifts, outcome__in=[Dispute.Outcome.OPEN, Dispute.Outcome.ASKED]
    )
    return claims.select_related("donation__fund").order_by(Coalesce("due_at", "opened_at"), "pk")
