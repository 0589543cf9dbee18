"""What each business event means in the books.

Debits are positive, credits negative; every posting sums to zero. Money held stands on `stripe` or `bank`,
what is owed to a purpose is negative on `fund`. The key of a posting is the identity of its event, so that
posting twice, late or in another order gives the same books.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from donations.domain.accounts import Account
from donations.domain.facts import DisputeFact, FeeFact, PaymentFacts, RefundFact
from donations.domain.identities import account_of, further_part
from foundation.money import whole_cents
from foundation.units import Cents

Kind = Literal[
    "unclear",
    "gift",
    "gift_part",
    "fee",
    "refund",
    "refund_back",
    "dispute",
    "dispute_won",
    "dispute_lost",
    "dispute_reversed",
    "payout",
    "payout_sent",
    "shortfall",
    "correction",
    "reallocation",
    "moved",
    "transit",
    "arrival",
    "transit_back",
    "collection",
    "deposit",
    "fee_cover",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_NOTHING = Cents(0)
# What changes what a purpose has, but not what was given for it; no world outside waits for it.
DECIDED_HERE: frozenset[Kind] = frozenset({"payout", "shortfall"})
# What brings money back that had left the purpose.
RETURNS: frozenset[Kind] = frozenset({"refund_back", "dispute_reversed"})


@dataclass(frozen=True)
class Posting:
    """One balanced event: `entries` are (kind of account, cents); whose they are is said beside it."""

    key: str
    kind: Kind
    happened_at: datetime
    entries: tuple[tuple[Account, Cents], ...]

    def __post_init__(self) -> None:
        for _account, cents in self.entries:
            whole_cents(cents)

    @property
    def fund_cents(self) -> Cents:
        """What the purpose gains by it (negative: loses)."""
        return Cents(-sum(cents for account, cents in self.entries if account == "fund"))

    @property
    def stripe_account(self) -> str | None:
        """At which account at Stripe it moves money, by its key; None if at none."""
        is_there = any(account == "stripe" for account, _cents in self.entries)
        return account_of(self.key) if is_there else None


def _transfer(key: str, kind: Kind, at: datetime, cents: Cents, *, into: Account, out_of: Account) -> Posting:
    return Posting(key, kind, at, ((into, whole_cents(cents)), (out_of, Cents(-cents))))


def gift(external_id: str, cents: Cents, at: datetime, held: Account) -> Posting:
    """The whole gift belongs to its purpose; what the payment costs is no deduction (RULES: gross)."""
    return _transfer(f"gift:{external_id}", "gift", at, cents, into=held, out_of="fund")


def gift_part(external_id: str, cents: Cents, at: datetime, held: Account) -> Posting:
    """A further part of a gift that is counted already."""
    return _transfer(f"gift:{external_id}", "gift_part", at, cents, into=held, out_of="fund")


def unclear(external_id: str, cents: Cents, at: datetime) -> Posting:
    """A bank line that belongs to nothing yet: money that came (positive) or left (negative)."""
    return _transfer(f"line:{external_id}", "unclear", at, cents, into="bank", out_of="unclear")


def bank_refund(external_id: str, cents: Cents, at: datetime, held: Account) -> Posting:
    """Money that the bank sent back to a giver; `held` is where the line stood until now."""
    return _transfer(f"refund:{external_id}", "refund", at, cents, into="fund", out_of=held)


def payout(identity: str, cents: Cents, at: datetime) -> Posting:
    """Money is released for what the purpose says; it stands aside until the bank has sent it."""
    return _transfer(f"payout:{identity}", "payout", at, cents, into="fund", out_of="reserved")


def payout_sent(external_id: str, cents: Cents, at: datetime, held: Account) -> Posting:
    """The bank has sent what was released; `held` is where its line stood until now."""
    return _transfer(f"payout_sent:{external_id}", "payout_sent", at, cents, into="reserved", out_of=held)


def payout_returned(
    external_id: str, cents: Cents, at: datetime, held: Account, *, kept: Cents = _NOTHING
) -> Posting:
    """The bank could not deliver what was released: its line brings it back, less what a bank has kept."""
    posting = _transfer(f"payout_sent:{external_id}", "payout_sent", at, cents, into=held, out_of="reserved")
    return _less(posting, kept)


def bank_refund_back(external_id: str, cents: Cents, at: datetime, *, kept: Cents = _NOTHING) -> Posting:
    """What was sent back to a giver did not arrive; the line that brought it, less what a bank has kept,
    stands as unclear until now."""
    posting = _transfer(f"refund_back:{external_id}", "refund_back", at, cents, into="unclear", out_of="fund")
    return _less(posting, kept)


def _less(posting: Posting, kept: Cents) -> Posting:
    """The whole is there again for its owner; what a bank keeps for itself the body bears as a fee."""
    if not kept:
        return posting
    (into, cents), other = posting.entries
    return replace(posting, entries=((into, Cents(cents - kept)), ("fees", kept), other))


def transit(external_id: str, cents: Cents, at: datetime) -> Posting:
    """Stripe has sent money to our bank; it is on its way until the bank's line is there."""
    return _transfer(f"transit:{external_id}", "transit", at, cents, into="in_transit", out_of="stripe")


def transit_back(external_id: str, cents: Cents, at: datetime) -> Posting:
    """The bank did not take it: it is at Stripe again."""
    key = f"transit_back:{external_id}"
    return _transfer(key, "transit_back", at, cents, into="stripe", out_of="in_transit")


def arrival(external_id: str, cents: Cents, at: datetime, held: Account) -> Posting:
    """The bank's line of what Stripe sent (negative: the bank sent it back); `held` is where it stood."""
    return _transfer(f"arrival:{external_id}", "arrival", at, cents, into=held, out_of="in_transit")


def collection(identity: str, cents: Cents, at: datetime) -> Posting:
    """What two people counted out of a box belongs to its purpose; how many gave it nobody knows."""
    return _transfer(f"cash:{identity}", "collection", at, cents, into="cash", out_of="fund")


def deposit(external_id: str, cents: Cents, at: datetime, held: Account) -> Posting:
    """The bank's line of counted cash that was paid in; `held` is where the line stood until now."""
    return _transfer(f"deposit:{external_id}", "deposit", at, cents, into=held, out_of="cash")


def shortfall(cause: str, cents: Cents, at: datetime) -> Posting:
    """What left a purpose that had it no more, because it was paid out before: the body must find it."""
    return _transfer(f"shortfall:{cause}", "shortfall", at, cents, into="shortfall", out_of="fund")


def shortfall_filled(cause: str, cents: Cents, at: datetime) -> Posting:
    """What was missing is there again, out of the purpose."""
    return _transfer(f"shortfall_filled:{cause}", "shortfall", at, cents, into="fund", out_of="shortfall")


def reallocation(identity: str, cents: Cents, at: datetime) -> Posting:
    """A gift goes from one purpose (first entry) to another of the same body (second)."""
    entries: tuple[tuple[Account, Cents], ...] = (("fund", cents), ("fund", Cents(-cents)))
    return Posting(f"reallocation:{identity}", "reallocation", at, entries)


def moved(external_id: str, cents: Cents, at: datetime) -> Posting:
    """A bank line stands on the account (first entry) of its statement, not where it was typed (second)."""
    entries: tuple[tuple[Account, Cents], ...] = (("bank", cents), ("bank", Cents(-cents)))
    return Posting(f"moved:{external_id}", "moved", at, entries)


def fee(external_id: str, cents: Cents, at: datetime) -> Posting:
    return _transfer(f"fee:{external_id}", "fee", at, cents, into="fees", out_of="stripe")


def bank_fee(identity: str, cents: Cents, at: datetime) -> Posting:
    """What a bank has taken for itself (negative: gives back); its line stands as unclear until now."""
    return _transfer(f"bank_fee:{identity}", "fee", at, cents, into="fees", out_of="unclear")


def fee_cover(identity: str, cents: Cents, at: datetime) -> Posting:
    """The body bears fees with money of its own; its line stands as unclear until now."""
    return _transfer(f"fee_cover:{identity}", "fee_cover", at, cents, into="unclear", out_of="fee_cover")


def stripe_fee(external_id: str, cents: Cents, at: datetime) -> Posting:
    """What Stripe charges apart from payments, as for its Dauerspenden; negative: what it gives back."""
    return _transfer(f"stripe_fee:{external_id}", "fee", at, cents, into="fees", out_of="stripe")


def refund(fact: RefundFact) -> Iterator[Posting]:
    """What left the purpose, and what came back to it if the refund failed after all.

    The return is booked first: seen together, the two need no money that the purpose no longer has.
    """
    key, cents = fact.external_id, fact.amount_cents
    if fact.failed_at is not None:
        back = f"refund_back:{key}"
        yield _transfer(back, "refund_back", fact.failed_at, cents, into="stripe", out_of="fund")
    yield _transfer(f"refund:{key}", "refund", fact.happened_at, cents, into="fund", out_of="stripe")


def dispute(fact: DisputeFact) -> Iterator[Posting]:
    """Disputed money is held aside; won, it comes back, lost, the purpose loses it, or the part that is lost.

    What was called lost and comes back after all comes back to the purpose. An inquiry moves nothing.
    """
    identity, cents = fact.external_id, fact.amount_cents
    for each in fact.more_fees:
        yield fee_back(each) if each.is_back else fee(each.external_id, each.cents, each.happened_at)
    if not fact.has_taken:
        return
    yield _transfer(f"dispute:{identity}", "dispute", fact.opened_at, cents, into="disputed", out_of="stripe")
    if fact.fee_cents:
        yield fee(identity, fact.fee_cents, fact.opened_at)
    if fact.outcome != "open":
        yield from _decision(fact)


def fee_back(fact: FeeFact) -> Posting:
    """What came with money that came back: a fee given back, as a rule."""
    cents, at = Cents(-fact.cents), fact.happened_at
    return _transfer(f"fee_back:{fact.external_id}", "fee", at, cents, into="stripe", out_of="fees")


def _decision(fact: DisputeFact) -> Iterator[Posting]:
    identity, at = fact.external_id, fact.closed_at or fact.opened_at
    lost_first = fact.lost_before_cents or fact.lost_cents
    kept, turned = Cents(fact.amount_cents - lost_first), Cents(lost_first - fact.lost_cents)
    if kept:
        yield _transfer(f"dispute_won:{identity}", "dispute_won", at, kept, into="stripe", out_of="disputed")
    if lost_first:
        key = f"dispute_lost:{identity}"
        yield _transfer(key, "dispute_lost", at, lost_first, into="fund", out_of="disputed")
    if turned > fact.reversed_before_cents:
        part = Cents(turned - fact.reversed_before_cents)
        name = further_part(identity, str(turned)) if fact.reversed_before_cents else identity
        key = f"dispute_reversed:{name}"
        yield _transfer(key, "dispute_reversed", at, part, into="stripe", out_of="fund")
    if fact.fee_back_cents:
        yield fee_back(FeeFact(identity, Cents(-fact.fee_back_cents), at))


def postings(payment: PaymentFacts) -> list[Posting]:
    """Return everything the books must say about an online payment as it stands; nothing before it came."""
    if not payment.is_received:
        return []
    booked = [gift(payment.external_id, payment.amount_cents, payment.happened_at, "stripe")]
    if payment.fee_cents:
        booked.append(fee(payment.external_id, payment.fee_cents, payment.happened_at))
    booked.extend(posting for each in payment.refunds for posting in refund(each))
    booked.extend(posting for each in payment.disputes for posting in dispute(each))
    return booked
