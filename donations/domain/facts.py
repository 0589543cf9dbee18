"""What is known of a payment, in our words: what the gateway reads and the rules decide on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from donations.domain.failures import Failure
from foundation.units import Cents

Outcome = Literal["asked", "dropped", "open", "won", "lost"]
PaymentState = Literal["waiting", "processing", "succeeded", "failed", "cancelled"]
_NOTHING = Cents(0)


@dataclass(frozen=True)
class RefundFact:
    """Money given back; amounts in cents.

    `failed_at` is when a refund ended as failed or cancelled; `was_paid_out` tells whether, by Stripe's word,
    money had left for it. `order` names what was ordered here; empty for a refund made at Stripe's own desk.
    """

    external_id: str
    amount_cents: Cents
    happened_at: datetime
    failed_at: datetime | None = None
    was_paid_out: bool = True
    order: str = ""


@dataclass(frozen=True)
class FeeFact:
    """A fee in cents, negative where given back; `is_back` if it came with money that came back."""

    external_id: str
    cents: Cents
    happened_at: datetime
    is_back: bool = False


@dataclass(frozen=True)
class DisputeFact:
    """Money the payer's bank took back, for now (`open`) or for good (`lost`); or that it asked about.

    An inquiry (`asked`, over: `dropped`) has taken nothing. `fee_cents` is what the dispute cost when opened,
    `fee_back_cents` what came back when it was won, `more_fees` what was charged or given back besides. Of a
    lost one `back_cents` may have come back all the same; `lost_before_cents` is what our books called lost
    when it was first decided against us, `reversed_before_cents` what of it they had back already. Until
    `due_by` Stripe takes our answer; None where none can be given (any more).
    """

    external_id: str
    amount_cents: Cents
    outcome: Outcome
    opened_at: datetime
    closed_at: datetime | None = None
    fee_cents: Cents = _NOTHING
    fee_back_cents: Cents = _NOTHING
    back_cents: Cents = _NOTHING
    lost_before_cents: Cents = _NOTHING
    reversed_before_cents: Cents = _NOTHING
    due_by: datetime | None = None
    reason: str = ""
    more_fees: tuple[FeeFact, ...] = ()

    @property
    def has_taken(self) -> bool:
        """Whether money left for it."""
        return self.outcome in {"open", "won", "lost"}

    @property
    def lost_cents(self) -> Cents:
        """What is lost as it stands now."""
        return Cents(self.amount_cents - self.back_cents) if self.outcome == "lost" else _NOTHING


@dataclass(frozen=True)
class PaymentFacts:
    """One payment as it stands now; `fee_cents` is None until it is known, `failure` why it did not come.

    `method` is the way by which it was paid and `country` where the account or card that paid is kept, both
    empty where Stripe does not say so; `debited_on` is when a direct debit was taken from that account, None
    where Stripe does not say so, and of anything else.
    """

    external_id: str
    state: PaymentState
    amount_cents: Cents
    happened_at: datetime
    donation: str = ""
    fee_cents: Cents | None = None
    failure: Failure = ""
    charge: str = ""
    mandate: str = ""
    method: str = ""
    country: str = ""
    debited_on: date | None = None
    settles_on: date | None = None
    refunds: tuple[RefundFact, ...] = ()
    disputes: tuple[DisputeFact, ...] = ()

    @property
    def is_received(self) -> bool:
        return self.state == "succeeded"


@dataclass(frozen=True)
class BalanceFact:
    """One line of Stripe's own account of our money: `net_cents` after fees, negative when money left.

    `subject` is what it is about, as in the keys of our books.
    """

    external_id: str
    subject: str
    net_cents: Cents
    created_at: datetime


@dataclass(frozen=True)
class TransitFacts:
    """Money that Stripe sends to our bank; `failed_at` is when it came back to Stripe instead."""

    external_id: str
    amount_cents: Cents
    created_at: datetime
    arrives_on: date
    failed_at: datetime | None = None


@dataclass(frozen=True)
class SessionFacts:
    """A visit to the hosted payment page; `payment` and `invoice` are empty until the payer has acted.

    `renews` is the Dauerspende whose way of paying it was opened for.
    """

    external_id: str
    state: Literal["open", "complete", "expired"]
    payment: str = ""
    invoice: str = ""
    subscription: str = ""
    renews: str = ""
    opened_at: datetime | None = None

    @property
    def has_new_method(self) -> bool:
        """Whether it was opened to pay a Dauerspende otherwise, and somebody has said how."""
        return bool(self.renews) and self.state == "complete"


@dataclass(frozen=True)
class InvoiceFacts:
    """One collection of a Dauerspende; `donation` names the gift with which it began."""

    external_id: str
    is_first: bool
    subscription: str
    donation: str
    payment: str
    amount_cents: Cents
    created_at: datetime
    is_open: bool = False


@dataclass(frozen=True)
class SubscriptionFacts:
    """A Dauerspende at Stripe; what is empty or None there is not known (any more).

    `rhythm` is empty for one that we do not offer. While `is_paused`, nothing is collected before
    `resumes_on` (None: until further notice). `card_expires_on` is the last day of a card.
    """

    external_id: str
    state: Literal["starting", "active", "past_due", "cancelled"]
    donation: str
    amount_cents: Cents | None = None
    rhythm: str = ""
    method: str = ""
    next_on: date | None = None
    is_paused: bool = False
    resumes_on: date | None = None
    card_expires_on: date | None = None
