"""A Zuwendungsbestätigung is issued: number, frozen content, file and mail in one transaction, or nothing."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from donations.models import Donation, ReceiptAddress
from donations.receipts.documents.receipt import About, Giver, Line
from donations.receipts.domain.eligibility import Gift, Refusal, kept_cents, refusal
from donations.receipts.domain.forwarding import recipient_of
from donations.receipts.domain.states import RECEIPT_MOVES
from donations.receipts.models import Receipt, ReceiptItem
from donations.receipts.selectors.gifts import facts_of, inquired, untrue_items
from donations.receipts.selectors.issuers import outdated_funds
from donations.receipts.services import mails
from donations.receipts.services.readiness import Ready, ready
from donations.receipts.services.storing import Content, store
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.rows import locked_first
from foundation.transitions import move
from foundation.typesetting import NotDisplayable

Status = Receipt.Status


class IssueRefused(Exception):
    """No receipt is issued; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def issue(
    gift_ids: Collection[int], *, actor: Actor, now: datetime, replaces: Receipt | None = None
) -> Receipt:
    """Issue one receipt over these gifts: a single one, or a collective one with its annex.

    They are gifts of one giver under one name and address to one body in one year, which it uses itself or
    passes on to one other. Where the machine process
    was not notified to the tax office, what comes is a draft that waits for a signature. Raises IssueRefused,
    and then no number is used.
    """
    try:
        with transaction.atomic():
            gifts = locked(gift_ids)
            return store(_content(gifts, now), actor=actor, now=now, replaces=replaces)
    except NotDisplayable as error:
        raise IssueRefused(Refusal.NOT_DISPLAYABLE) from error


def locked(gift_ids: Collection[int]) -> list[Donation]:
    """Return the gifts, locked until the end of the transaction, the earliest first."""
    gifts = locked_first(Donation.objects.filter(pk__in=gift_ids))
    rows = gifts.select_related("fund", "donor__mailbox", "receipt_address")
    return sorted(rows, key=lambda gift: (gift.given_on or local_day(gift.pledged_at), gift.pk))


def _content(gifts: list[Donation], now: datetime) -> Content:
    """Return what is to be said of the gifts. Raises IssueRefused."""
    if not gifts or not _belong_together(gifts):
        raise IssueRefused(Refusal.NOT_TOGETHER)
    kind = Receipt.Kind.MONEY if len(gifts) == 1 else Receipt.Kind.COLLECTIVE
    first = gifts[0]
    found = ready(first.fund.provider_id, kind, local_day(now), fund_id=first.fund_id)
    if found is None:
        raise IssueRefused(Refusal.ISSUER_NOT_READY)
    if {recipient_of(found.issuer.forwarding, gift.fund_id) for gift in gifts} != {found.recipient}:
        raise IssueRefused(Refusal.NOT_TOGETHER)
    lines = _lines(gifts, found, now)
    return Content(kind, found, first.donor, _giver(first), lines, About(recipient=found.recipient))


def _lines(gifts: list[Donation], found: Ready, now: datetime) -> list[Line]:
    day, purposes = local_day(now), found.issuer.fund_purposes
    lines = []
    for gift, facts in zip(gifts, facts_of(gifts, purposes, outdated_funds(found.issuer, day)), strict=True):
        reason = refusal(facts, day)
        if reason is not None:
            raise IssueRefused(reason)
        lines.append(_line(gift, facts, purposes))
    return lines


def _line(gift: Donation, facts: Gift, purposes: Mapping[str, str]) -> Line:
    assert facts.given_on is not None
    return Line(gift.pk, gift.fund_id, facts.given_on, kept_cents(facts), purposes[str(gift.fund_id)])


def _belong_together(gifts: Iterable[Donation]) -> bool:
    """One body, one giver, one name and address, one year: what a collective receipt can say."""
    return len({(*party(gift), gift.given_on and gift.given_on.year) for gift in gifts}) == 1


def party(gift: Donation) -> tuple[int | str, ...]:
    """Return which body the gift went to, and who gave it: mailbox, name and address as typed with it."""
    return (gift.fund.provider_id, gift.donor_id, *printed(gift))


def printed(gift: Donation) -> tuple[str, ...]:
    """Return the name and, if there is one, the address that its receipt shows."""
    address: ReceiptAddress | None = getattr(gift, "receipt_address", None)
    return (gift.donor_name, *((address.street, address.postcode, address.town) if address else ()))


def _giver(gift: Donation) -> Giver:
    address = gift.receipt_address
    return Giver(gift.donor_name, address.street, address.postcode, address.town)


def sign(receipt: Receipt, *, actor: Actor, now: datetime) -> bool:
    """Note that a draft was signed by hand and given out; False if it is none (any more).

    Raises IssueRefused if its body may not issue any more, or the notice of who gets the gift has become too
    old: then it has to be withdrawn; if what it says has changed since, and the sweep will withdraw it; or as
    long as the payer's bank asks about a gift.
    """
    if receipt.status != Status.DRAFT:
        return False
    _check_still_ready(receipt, now)
    with transaction.atomic():
        items = ReceiptItem.objects.filter(receipt=receipt, donation__isnull=False)
        gift_ids = list(items.values_list("donation_id", flat=True))
        locked(gift_ids)
        if untrue_items().filter(receipt=receipt).exists():
            raise IssueRefused(Refusal.NOT_TRUE)
        if inquired(gift_ids):
            raise IssueRefused(Refusal.INQUIRED)
        moved = move(receipt, RECEIPT_MOVES, Status.ISSUED, actor=actor, now=now, was_given_out=True)
        if moved:
            mails.tell_issued(receipt, now)
    return moved


def _check_still_ready(receipt: Receipt, now: datetime) -> None:
    day = local_day(now)
    fund_id = receipt.items.values_list("fund_id", flat=True).first()
    found = ready(receipt.provider_id, receipt.kind, day, fund_id=fund_id)
    if found is None:
        raise IssueRefused(Refusal.ISSUER_NOT_READY)
    if found.recipient is not None and not found.recipient.counts_on(day):
        raise IssueRefused(Refusal.RECIPIENT_NOT_READY)
