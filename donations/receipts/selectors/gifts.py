"""Gifts as receipts look at them: what is wished, what may be receipted, what is said about each already."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Exists, Expression, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from citizens.models import Mailbox
from donations.domain.debits import DEBIT, DEBIT_MAY_GO_BACK
from donations.models import Dispute, Donation, LedgerTransaction, ReceiptAddress
from donations.receipts.domain.eligibility import KEPT, Gift, Payer
from donations.receipts.models import Contribution, ReceiptItem, WishRefusal
from donations.receipts.selectors.payers import paid_by_another, payers_of
from foundation.clock import local_moment
from foundation.units import MIDNIGHT, Cents

_VALID = ReceiptItem.objects.filter(donation=OuterRef("pk"), withdrawn_at=None)


def facts_of(
    gifts: Sequence[Donation], fund_purposes: Mapping[str, str], outdated: Collection[str] = frozenset()
) -> list[Gift]:
    """Return what a receipt has to know of each gift, in their order.

    `outdated`: purposes that are passed on to a body whose notice does not count (`outdated_funds`).
    """
    pks = [gift.pk for gift in gifts]
    receipted = set(
        ReceiptItem.objects.filter(donation__in=pks, withdrawn_at=None).values_list("donation_id", flat=True)
    )
    answered = set(WishRefusal.objects.filter(donation__in=pks).values_list("donation_id", flat=True))
    payers, asked = payers_of(gifts), inquired(pks)
    return [
        _facts(
            gift,
            fund_purposes,
            outdated,
            is_receipted=gift.pk in receipted,
            is_inquired=gift.pk in asked,
            is_answered=gift.pk in answered,
            payer=payers[gift.pk],
        )
        for gift in gifts
    ]


def inquired(gift_ids: Collection[int]) -> set[int]:
    """Return those of these gifts about which the payer's bank still asks."""
    asked = Dispute.objects.filter(donation__in=gift_ids, outcome=Dispute.Outcome.ASKED)
    return set(asked.values_list("donation_id", flat=True))


def _facts(
    gift: Donation,
    fund_purposes: Mapping[str, str],
    outdated: Collection[str],
    *,
    is_receipted: bool,
    is_inquired: bool,
    is_answered: bool,
    payer: Payer,
) -> Gift:
    return Gift(
        status=gift.status,
        is_accepted=gift.is_accepted,
        method=gift.method,
        amount_cents=Cents(gift.amount_cents),
        refunded_cents=Cents(gift.refunded_cents),
        lost_cents=Cents(gift.lost_cents),
        given_on=gift.given_on,
        is_wished=gift.wants_receipt,
        name=gift.donor_name,
        has_address=_has_whole_address(gift),
        has_purpose=str(gift.fund_id) in fund_purposes,
        is_receipted=is_receipted,
        may_be_passed_on=str(gift.fund_id) not in outdated,
        is_inquired=is_inquired,
        is_answered=is_answered,
        payer=payer,
    )


def _has_whole_address(gift: Donation) -> bool:
    address: ReceiptAddress | None = getattr(gift, "receipt_address", None)
    return address is not None and all((address.street, address.postcode, address.town))


def open_wishes() -> QuerySet[Donation]:
    """Return the gifts whose giver wishes a receipt and has neither one nor an answer, the oldest first."""
    wished = Donation.objects.filter(wants_receipt=True, receipt_refusal=None)
    wished = wished.exclude(status__in=[Donation.Status.PLEDGED, Donation.Status.LAPSED])
    return wished.filter(~Exists(_VALID)).order_by("pledged_at", "pk")


def wishes_of(mailbox: Mailbox) -> QuerySet[Donation]:
    """Return the gifts with which the owner of the mailbox wished a receipt, the newest first.

    Whether it has been answered or not.
    """
    wished = Donation.objects.filter(donor__mailbox=mailbox, wants_receipt=True)
    with_all = wished.select_related("fund", "donor__mailbox", "receipt_address")
    return with_all.order_by("-pledged_at", "-pk")


def answer() -> Expression:
    """Return what a gift has got for its wish, as `receipting.answer` says; nothing of what is restricted."""
    receipt = JSONObject(state=F("receipt__status"), pk=F("receipt_id"), number=F("receipt__number"))
    shown = _VALID.filter(receipt__restricted_at=None).order_by().values(said=receipt)
    refused = WishRefusal.objects.filter(donation=OuterRef("pk")).values(
        said=JSONObject(state=Value("refused"))
    )
    return Coalesce(Subquery(shown), Subquery(refused))


def to_answer(wishes: QuerySet[Donation], day: date) -> QuerySet[Donation]:
    """Return those of `wishes` that wait for somebody on `day`, not just for time.

    A debit on its way has to come; one that came has to be older than it may be taken back (`safe_from`).
    """
    young = Q(given_on__gte=day - DEBIT_MAY_GO_BACK)
    may_go_back = young & Q(method=DEBIT, status__in=KEPT)
    return wishes.exclude(status=Donation.Status.PROCESSING).exclude(may_go_back)


def of_year(gifts: QuerySet[Donation], year: int) -> QuerySet[Donation]:
    """Return those that count for the calendar year, by Düren's clock; none counts after it came."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    came = gifts.filter(received_at__gte=local_moment(first, MIDNIGHT))
    return came.filter(given_on__gte=first, given_on__lte=last)


def untrue_items() -> QuerySet[ReceiptItem]:
    """Return what stands on a valid receipt and is not true any more.

    Money went back or is disputed, the gift is not accepted, is for another purpose now, came on another day
    or was paid by somebody else, or what was written down about goods or waived expenses was undone.
    """
    kept = Q(
        donation__status__in=[Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED],
        donation__acceptance__in=[Donation.Acceptance.NOT_NEEDED, Donation.Acceptance.ACCEPTED],
        donation__amount_cents=F("cents") + F("donation__refunded_cents") + F("donation__lost_cents"),
    )
    moved = LedgerTransaction.objects.filter(kind="reallocation", donation=OuterRef("donation"))
    elsewhere = Q(fund__isnull=False) & ~Q(fund=F("donation__fund")) | Q(fund=None) & Exists(moved)
    on_another_day = ~Q(given_on=F("donation__given_on"))
    of_money = Q(donation__isnull=False) & (~kept | elsewhere | on_another_day | paid_by_another("donation"))
    undone = Q(contribution__status=Contribution.Status.UNDONE)
    return ReceiptItem.objects.filter(withdrawn_at=None).filter(of_money | undone)
