"""Disputes: what a payer's bank asked, took and gave back, told from the entries of Stripe's own account."""

from dataclasses import dataclass, replace
from datetime import datetime

from stripe import StripeClient

from donations.domain.facts import DisputeFact, FeeFact, Outcome
from donations.domain.identities import further_part, identity, taken_again
from donations.gateways.stripe.client import Json, moment, plain
from foundation.units import Cents

FEES = ("stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost")
"""What Stripe charges apart from payments, disputes too: booked from a list of its own."""
_WAITS = frozenset({"warning_needs_response", "warning_under_review", "needs_response", "under_review"})
_ASKS = frozenset({"warning_needs_response", "needs_response"})
_NOTHING = Cents(0)


def disputes(client: StripeClient, account: str, intent: str) -> tuple[DisputeFact, ...]:
    """Read the disputes of a payment; one that was won and lost afterwards is told once for each time.

    An inquiry of the bank has taken no money (yet).
    """
    listed = client.v1.disputes.list(params={"payment_intent": intent, "limit": 100})
    claims = [plain(each) for each in listed.auto_paging_iter()]
    return tuple(fact for claim in claims for fact in _facts(account, claim))


def brings_back(entry: Json) -> bool:
    """Whether an entry of a dispute gives something back: money or, where none moved, a fee."""
    return bool(entry["amount"] > 0 or (entry["amount"] == 0 and entry["fee"] < 0))


@dataclass
class _Taken:
    """One time that money was taken, in cents, and what of it came back."""

    cents: Cents
    fee_cents: Cents
    at: datetime
    back_cents: Cents = _NOTHING
    fee_back_cents: Cents = _NOTHING
    back_at: datetime | None = None

    @property
    def is_back(self) -> bool:
        return self.back_cents == self.cents


def _facts(account: str, claim: Json) -> list[DisputeFact]:
    """Stripe keeps one dispute whatever happens: who looks later sees the same entries and more of them."""
    name = identity(account, claim["id"])
    taken: list[_Taken] = []
    fees: list[FeeFact] = []
    for entry in _entries(claim):
        if not _is_told(taken, entry) and _cost(entry):
            further = further_part(name, entry["id"])
            fees.append(FeeFact(further, _cost(entry), moment(entry["created"]), brings_back(entry)))
    if not taken:
        return [_inquiry(name, claim, tuple(fees))]
    first, *again = [_fact(taken_again(name, number), claim, each) for number, each in enumerate(taken)]
    return [replace(first, more_fees=tuple(fees)), *again]


def _entries(claim: Json) -> list[Json]:
    told = [each for each in claim["balance_transactions"] if each.get("type") not in FEES]
    return sorted(told, key=lambda entry: entry["created"])


def _cost(entry: Json) -> Cents:
    """What a fee, or a fee given back (negative), costs where no money of the payment moves beside it."""
    return Cents(entry["fee"] - (entry["amount"] if _is_fee(entry) else 0))


def _is_fee(entry: Json) -> bool:
    return entry["amount"] == 0 or entry.get("reporting_category") == "fee"


def _is_told(taken: list[_Taken], entry: Json) -> bool:
    """Note what an entry moved; returns whether its fee is noted with it.

    What comes back is of what was taken last.
    """
    if _is_fee(entry):
        return False
    left, at = int(entry["amount"]), moment(entry["created"])
    if left < 0:
        taken.append(_Taken(Cents(-left), Cents(entry["fee"]), at))
        return True
    is_told = False
    for each in reversed(taken):
        part = min(left, each.cents - each.back_cents)
        if part and not each.back_cents and not is_told:
            each.fee_back_cents, is_told = Cents(-entry["fee"]), True
        if part:
            each.back_cents, each.back_at, left = Cents(each.back_cents + part), at, left - part
    return is_told


def _inquiry(name: str, claim: Json, fees: tuple[FeeFact, ...]) -> DisputeFact:
    return DisputeFact(
        external_id=name,
        amount_cents=Cents(claim["amount"]),
        outcome="asked" if claim["status"] in _WAITS else "dropped",
        opened_at=moment(claim["created"]),
        due_by=_due_by(claim),
        reason=claim.get("reason") or "",
        more_fees=fees,
    )


def _fact(name: str, claim: Json, taken: _Taken) -> DisputeFact:
    """A dispute counts as won when its money is back, so that its date does not depend on when we look.

    Lost, part of the money may be back all the same.
    """
    return DisputeFact(
        external_id=name,
        amount_cents=taken.cents,
        outcome=_outcome(claim, taken),
        opened_at=taken.at,
        closed_at=taken.back_at,
        fee_cents=taken.fee_cents,
        fee_back_cents=taken.fee_back_cents,
        back_cents=taken.back_cents,
        due_by=_due_by(claim),
        reason=claim.get("reason") or "",
    )


def _due_by(claim: Json) -> datetime | None:
    """The end of the time for evidence, as long as none was handed in."""
    details = claim.get("evidence_details") or {}
    is_asked = claim["status"] in _ASKS and not details.get("has_evidence")
    return moment(details["due_by"]) if is_asked and details.get("due_by") else None


def _outcome(claim: Json, taken: _Taken) -> Outcome:
    if taken.is_back:
        return "won"
    return "lost" if taken.back_cents or claim["status"] == "lost" else "open"
