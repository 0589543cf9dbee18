"""Two people about money: one proposes, another releases, and only then anything is booked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from donations.domain.proposals import ABOUT_GIFT, PROPOSAL_MOVES, ProposalKind
from donations.domain.references import new_reference
from donations.domain.states import REFUND_MOVES
from donations.models import BankTransaction, Donation, LedgerTransaction, Proposal, Refund, SentPart
from donations.services.bank import bank_fees, booking, corrections, orders
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.orders import NotTheOrder
from donations.services.books import ledger, payouts
from donations.services.gifts import reception
from donations.services.treasury import acceptance, accounts, lapsing, reallocation, refunds
from foundation.actors import Actor
from foundation.money import some_cents
from foundation.rows import change
from foundation.transitions import move
from foundation.undoing import UNDO_WITHIN
from foundation.units import Cents
from programs.access import Role, actor_of
from programs.models import Fund, Provider

_EFFECTS: Mapping[str, Callable[[Proposal, Actor, datetime], None]] = {
    "payout": payouts.pay_out,
    "cover": payouts.cover,
    "refund": refunds.give_back,
    "correction": corrections.correct,
    "acceptance": acceptance.accept,
    "refusal": acceptance.refuse,
    "reallocation": reallocation.move_purpose,
    "account": accounts.change_account,
    "bank_fee": bank_fees.book_fee,
    "fee_cover": bank_fees.cover_fees,
    "sent": orders.find,
}


class SamePerson(Exception):
    """Who proposed it does not release it."""


def propose_payout(fund: Fund, cents: Cents, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that money leaves the purpose for what it was given for; books nothing."""
    about = {"provider_id": fund.provider_id, "fund": fund, "reference": new_reference()}
    return _propose("payout", cents, reason, by, now, **about)


def propose_cover(fund: Fund, cents: Cents, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that the purpose fills what was paid out of it too much; books nothing."""
    return _propose("cover", cents, reason, by, now, provider_id=fund.provider_id, fund=fund)


def propose_refund(gift: Donation, cents: Cents, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose to give a gift back, in part or in full; books nothing."""
    about = {
        "provider_id": gift.fund.provider_id,
        "fund": gift.fund,
        "donation": gift,
        "reference": new_reference(),
    }
    return _propose("refund", cents, reason, by, now, **about)


def propose_acceptance(
    gift: Donation, reason: str, matter: str = "", *, is_accepted: bool, by: User, now: datetime
) -> Proposal:
    """Propose that the city takes a large gift, or that it does not and all of it goes back; books nothing.

    `reason` tells who decided it and when; `matter` is what the giver answered since to the question whether
    something is pending with the city, and what they said while giving stands. Raises NotAwaiting.
    """
    with transaction.atomic():
        gift = reception.locked(gift.pk)
        acceptance.check(gift)
        if matter and not gift.pending_matter:
            change(gift, pending_matter=matter)
        about: dict[str, Any] = {"provider_id": gift.fund.provider_id, "fund": gift.fund, "donation": gift}
        if not is_accepted:
            about["reference"] = new_reference()
        kind: ProposalKind = "acceptance" if is_accepted else "refusal"
        return _propose(kind, Cents(gift.amount_cents), reason, by, now, **about)


def propose_reallocation(gift: Donation, to: Fund, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that what is left of a gift goes to another purpose of its body; books nothing.

    `reason` tells how the giver agreed. Raises NotMovable.
    """
    reallocation.check(gift, to)
    about = {"provider_id": to.provider_id, "fund": gift.fund, "to_fund": to, "donation": gift}
    return _propose("reallocation", reallocation.movable_cents(gift), reason, by, now, **about)


def propose_account(
    provider: Provider, iban: str, holder: str, reason: str, *, by: User, now: datetime
) -> Proposal:
    """Propose that givers transfer to another account; until it is released nothing changes."""
    about = {"provider_id": provider.pk, "iban": iban, "account_holder_name": holder}
    return _propose("account", None, reason, by, now, **about)


def propose_correction(
    line: BankTransaction,
    cents: Cents | None,
    target: Donation | None,
    reason: str,
    *,
    gift: Donation | None,
    by: User,
    now: datetime,
) -> Proposal:
    """Propose what a bank line should have been: of `cents` (None: no line), for the gift `target` (or none).

    `gift` is the one that it was given to, None if it is unclear. Books nothing. Raises NotCorrectable.
    """
    corrections.check(line, cents, gift, target)
    about = {"provider_id": line.provider_id, "line": line, "donation": gift, "target": target}
    return _propose("correction", cents, reason, by, now, **about)


def propose_bank_fee(line: BankTransaction, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that a line is what the bank takes for itself, or gives back; books nothing. Raises NotAFee."""
    return _propose_of_line("bank_fee", line, bank_fees.check, reason, by, now)


def propose_fee_cover(line: BankTransaction, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that what came is money of the body for its fees; books nothing. Raises NotAFee."""
    return _propose_of_line("fee_cover", line, bank_fees.check_cover, reason, by, now)


def _propose_of_line(
    kind: ProposalKind,
    line: BankTransaction,
    check: Callable[[BankTransaction], None],
    reason: str,
    by: User,
    now: datetime,
) -> Proposal:
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update(of=("self",)).get(pk=line.pk)
        check(line)
        if bank_fees.waits(line):
            raise NotAFee("proposed")
        return _propose(kind, line.size_cents, reason, by, now, provider_id=line.provider_id, line=line)


def propose_sent(line: BankTransaction, order: Proposal, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that a line that left without a code is what two people released; books nothing.

    Raises NotTheOrder.
    """
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update(of=("self",)).get(pk=line.pk)
        _check_asked(line, [order])
        about = {"provider_id": line.provider_id, "fund": order.fund, "line": line, "order": order}
        return _propose("sent", line.size_cents, reason, by, now, **about)


def propose_several_sent(
    line: BankTransaction, paid: Sequence[Proposal], reason: str, *, by: User, now: datetime
) -> Proposal:
    """Propose that a line that left is the sum of several that two people released; books nothing.

    Raises NotTheOrder.
    """
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update(of=("self",)).get(pk=line.pk)
        _check_asked(line, paid)
        funds = {order.fund for order in paid}
        about = {"provider_id": line.provider_id, "line": line}
        about["fund"] = funds.pop() if len(funds) == 1 else None
        proposal = _propose("sent", line.size_cents, reason, by, now, **about)
        cents = orders.cents_of(line, paid)
        SentPart.objects.bulk_create(
            SentPart(proposal=proposal, order=order, cents=cents[order.pk]) for order in paid
        )
        return proposal


def _check_asked(line: BankTransaction, paid: Sequence[Proposal]) -> None:
    """Raise NotTheOrder unless a locked line may be these, and nobody has proposed anything of either yet."""
    is_asked = orders.is_asked_about(paid)
    orders.check(line, paid)
    if is_asked or bank_fees.waits(line):
        raise NotTheOrder("proposed")


def _propose(
    kind: ProposalKind, cents: Cents | None, reason: str, by: User, now: datetime, **about: Any
) -> Proposal:
    return Proposal.objects.create(
        kind=kind,
        amount_cents=None if cents is None else some_cents(cents),
        reason=reason,
        status_changed_at=now,
        proposed_by=by,
        proposed_at=now,
        **about,
    )


def release(proposal_id: int, *, by: User, now: datetime) -> bool:
    """Release a proposal and do what it says; False if somebody has decided it already.

    What people transferred before they wrote it down is met at once, and what can no longer be released
    lapses. Raises SamePerson, MoreThanAvailable, NotCorrectable, NotAFee, NotTheOrder, NotAwaiting or
    NotMovable, changing nothing else.
    """
    try:
        is_first = _release(proposal_id, by, now)
    except (NotAFee, NotCorrectable, NotTheOrder):
        lapsing.let_lapse(now)
        raise
    if is_first:
        booking.meet_named(now)
        lapsing.let_lapse(now)
    return is_first


def _release(proposal_id: int, by: User, now: datetime) -> bool:
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
        if proposal.status != Proposal.Status.PROPOSED:
            return False
        if proposal.proposed_by_id == by.pk:
            raise SamePerson
        _EFFECTS[proposal.kind](proposal, actor_of(by, Role.TREASURER), now)
        return _decide(proposal, Proposal.Status.RELEASED, by, now)


def decline(proposal_id: int, *, by: User, now: datetime) -> bool:
    """Decline a proposal, or take one's own back; False if somebody has decided it already."""
    return _decide(Proposal.objects.get(pk=proposal_id), Proposal.Status.DECLINED, by, now)


def take_back_decline(proposal_id: int, *, by: User, now: datetime) -> bool:
    """Let a proposal wait again that `by` has just declined; False after `UNDO_WITHIN` or if it cannot.

    It cannot where the same question was put anew meanwhile.
    """
    actor = actor_of(by, Role.TREASURER)
    just_now = Proposal.objects.filter(decided_by=by, status_changed_at__gt=now - UNDO_WITHIN)
    declined = just_now.filter(pk=proposal_id, status=Proposal.Status.DECLINED).first()
    if declined is None:
        return False
    try:
        with transaction.atomic():
            if orders.is_asked_about(orders.orders_in(declined)) or _is_put_anew(declined):
                return False
            to = Proposal.Status.PROPOSED
            return move(declined, PROPOSAL_MOVES, to, actor=actor, now=now, decided_by=None)
    except IntegrityError:
        return False


def _is_put_anew(declined: Proposal) -> bool:
    """Whether another proposal about its gift waits; both are locked, in the order of a release."""
    if declined.kind not in ABOUT_GIFT or declined.donation_id is None:
        return False
    Proposal.objects.select_for_update(of=("self",)).get(pk=declined.pk)
    return is_asked_about_gift(reception.locked(declined.donation_id))


def is_asked_about_gift(gift: Donation) -> bool:
    """Whether a proposal about what becomes of a locked gift waits for a second person."""
    waiting = Proposal.objects.filter(donation=gift, kind__in=ABOUT_GIFT, status=Proposal.Status.PROPOSED)
    return waiting.exists()


def recall(proposal_id: int, *, by: User, now: datetime) -> bool:
    """Take back what was released and has not left yet; False if it has, or was never released.

    One person may: the money stays where it was given to. Should the bank have sent it all the same, its line
    stays unclear until somebody looks.
    """
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
        if proposal.donation_id is not None:
            reception.locked(proposal.donation_id)  # the bank's line, if it comes at this moment, waits
        if not proposal.is_recallable:
            return False
        actor = actor_of(by, Role.TREASURER)
        if proposal.kind == "payout":
            ledger.reverse(LedgerTransaction.objects.get(key=f"payout:{proposal.pk}"), now)
        for refund in proposal.refunds.filter(status=Refund.Status.PENDING):
            move(refund, REFUND_MOVES, Refund.Status.CANCELLED, actor=actor, now=now)
        return move(proposal, PROPOSAL_MOVES, Proposal.Status.RECALLED, actor=actor, now=now)


def _decide(proposal: Proposal, status: str, by: User, now: datetime) -> bool:
    if proposal.status != Proposal.Status.PROPOSED:
        return False
    actor = actor_of(by, Role.TREASURER)
    return move(proposal, PROPOSAL_MOVES, status, actor=actor, now=now, decided_by=by)
