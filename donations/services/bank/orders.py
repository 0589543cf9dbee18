"""What two people released left without its code: two people say which line of the bank it was."""

from collections.abc import Collection
from datetime import datetime

from donations.models import BankTransaction, Proposal, Refund, SentPart
from donations.selectors.orders import asked_about, payable
from donations.services.bank import bank_fees, refunds
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.lines import held_of, identity_of, in_turn, moment_of
from donations.services.books import payouts
from donations.services.gifts import reception
from foundation.actors import Actor
from foundation.rows import change
from foundation.units import Cents


class NotTheOrder(Exception):
    """Why a line is not what was released. `reason` is proposed, changed, gone or sum."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(line: BankTransaction, orders: Collection[Proposal]) -> None:
    """Raise NotTheOrder unless a line left for nothing yet, and these, still to be sent, are its sum."""
    try:
        bank_fees.check(line)
    except NotAFee as refusal:
        raise NotTheOrder(refusal.reason) from refusal
    waiting = cents_of(line, orders)
    if line.amount_cents > 0 or not orders or len(waiting) < len(orders):
        raise NotTheOrder("gone")
    if sum(waiting.values()) != line.size_cents:
        raise NotTheOrder("sum" if len(orders) > 1 else "gone")


def cents_of(line: BankTransaction, orders: Collection[Proposal]) -> dict[int, Cents]:
    """Return how much each of these is that the body of a line has still to send."""
    rows = payable(line).filter(pk__in=[order.pk for order in orders])
    return {order.pk: Cents(order.left_cents) for order in rows}


def orders_in(proposal: Proposal) -> list[Proposal]:
    """Return what the line of a proposal paid as it says, each once."""
    if proposal.order is not None:
        return [proposal.order]
    return [each.order for each in proposal.parts.select_related("order")]


def is_asked_about(orders: Collection[Proposal]) -> bool:
    """Return whether somebody has proposed a line for one of these; hold them, so that nobody else does."""
    pks = [order.pk for order in orders]
    list(Proposal.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    return asked_about(Proposal.objects.filter(pk__in=pks)).exists()


def find(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Book the line of a proposal as what it says. Raises NotTheOrder, changing nothing.

    Lock order as everywhere: the body's turn, the line, then what was released, or its gift.
    """
    in_turn(proposal.provider_id)
    line = BankTransaction.objects.select_for_update(of=("self",)).get(proposals=proposal)
    order = proposal.order
    if order is None:
        _find_several(proposal, line, now)
        return
    if order.kind == "payout":
        Proposal.objects.select_for_update(of=("self",)).get(pk=order.pk)
        check(line, [order])
        payouts.send(line, order, identity_of(line), moment_of(line), held_of(line), now)
    else:
        refund = Refund.objects.get(proposal=order)
        gift = reception.locked(refund.donation_id)
        refund.refresh_from_db()
        check(line, [order])
        if not refunds.has_so_much(gift, line.size_cents):
            raise NotTheOrder("gone")
        refunds.book_refund(line, gift, refund, now)
    change(line, found_by=proposal)


def _find_several(proposal: Proposal, line: BankTransaction, now: datetime) -> None:
    """Book each part of a locked line; what it touches is locked in one order, payouts first, then gifts."""
    parts = list(proposal.parts.select_related("order").order_by("order__fund", "order"))
    pks = [part.order_id for part in parts if part.order.kind == "payout"]
    list(Proposal.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    ordered = Refund.objects.filter(proposal__in=[part.order_id for part in parts])
    for pk in sorted(set(ordered.values_list("donation", flat=True))):
        reception.locked(pk)
    check(line, [part.order for part in parts])
    for part in parts:
        change(part, key=_book_part(part, line, now))
    change(line, found_by=proposal, sent_cents=sum(part.cents for part in parts))


def _book_part(part: SentPart, line: BankTransaction, now: datetime) -> str:
    """Book one part; returns the key of its booking."""
    if part.order.kind == "payout":
        return payouts.send_part(line, part.order, identity_of(line), moment_of(line), now)
    refund = Refund.objects.get(proposal=part.order)
    gift = reception.locked(refund.donation_id)
    if refund.amount_cents != part.cents or not refunds.has_so_much(gift, Cents(part.cents)):
        raise NotTheOrder("gone")
    return f"refund:{refunds.send_part(line, gift, refund, Cents(part.cents), now).external_id}"


def has_come_back(line: BankTransaction) -> bool:
    """Return whether what left with it is here again, or some of it, so that nothing is left to undo."""
    if line.sent_cents:
        orders = [part.order for part in _parts(line)]
        return any(_is_back(order, order.refunds.first()) for order in orders)
    return _is_back(line.payout, line.refund)


def _is_back(order: Proposal | None, refund: Refund | None) -> bool:
    if refund is not None:
        return bool(refund.status != Refund.Status.SUCCEEDED)
    return order is not None and order.status != Proposal.Status.RELEASED


def _parts(line: BankTransaction) -> list[SentPart]:
    rows = SentPart.objects.filter(proposal=line.found_by_id, key__isnull=False)
    return list(rows.select_related("order").order_by("order__fund", "order"))


def undo(line: BankTransaction, now: datetime) -> None:
    """A locked line was not what two people had said: it stands as unclear again."""
    parts = _parts(line) if line.sent_cents else []
    if parts:
        change(line, found_by=None, sent_cents=None)
        _undo_parts(parts, now)
        return
    change(line, found_by=None)
    if line.refund_id:
        refunds.not_sent(line, now)
    else:
        payouts.not_sent(line, identity_of(line), now)


def _undo_parts(parts: list[SentPart], now: datetime) -> None:
    rows = Refund.objects.filter(proposal__in=[part.order_id for part in parts])
    ordered = {refund.proposal_id: refund for refund in rows}
    for pk in sorted({refund.donation_id for refund in ordered.values()}):
        reception.locked(pk)
    for part in parts:
        if part.order_id in ordered:
            refunds.part_not_sent(ordered[part.order_id], now)
        else:
            payouts.part_not_sent(str(part.key), now)
        change(part, key=None)
