"""Which gifts a Zuwendungsbestätigung may be about, from which day on, and over how much (RULES §2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Literal

from donations.domain.debits import DEBIT, DEBIT_MAY_GO_BACK
from foundation.units import Cents

Payer = Literal["giver", "unclear", "another"]
KEPT = frozenset({"received", "partly_refunded"})


class Refusal(Enum):
    """Why no receipt is issued for a gift."""

    NOT_WISHED = "not_wished"
    ANSWERED = "answered"
    ANONYMOUS = "anonymous"
    NO_ADDRESS = "no_address"
    NOT_RECEIVED = "not_received"
    NOT_ACCEPTED = "not_accepted"
    DISPUTED = "disputed"
    INQUIRED = "inquired"
    NOTHING_LEFT = "nothing_left"
    DEBIT_TOO_YOUNG = "debit_too_young"
    NO_PURPOSE = "no_purpose"
    RECIPIENT_NOT_READY = "recipient_not_ready"
    RECEIPTED = "receipted"
    ISSUER_NOT_READY = "issuer_not_ready"
    NOT_TOGETHER = "not_together"
    NOT_DISPLAYABLE = "not_displayable"
    NOT_CONFIRMED = "not_confirmed"
    PAYER_UNCLEAR = "payer_unclear"
    PAID_BY_ANOTHER = "paid_by_another"
    NOT_TRUE = "not_true"


_PAID_OTHERWISE: dict[Payer, Refusal] = {
    "unclear": Refusal.PAYER_UNCLEAR,
    "another": Refusal.PAID_BY_ANOTHER,
}


@dataclass(frozen=True)
class Gift:
    """What a receipt has to know of a gift; `given_on` is None as long as nothing came.

    `given_on` counts for the year of tax, in Düren's time. A transfer: the day the bank booked it. A card or
    PayPal: the day it was charged. A debit: the day it was taken from the account, where the payment service
    says it, else the day its money was here (decision 77).

    `is_accepted`: the city takes it, or does not have to say so. `may_be_passed_on`: the body uses it itself,
    or the notice of who gets it counts on the day. `is_inquired`: the payer's bank asks about the payment
    and has taken nothing back (yet). `is_answered`: the wish was answered with why it is not possible.
    `payer`: the bank names somebody else as who paid, and nobody has said yet whose gift it is, or that it is
    theirs; who may deduct is who paid (§ 10b EStG).
    """

    status: str
    is_accepted: bool
    method: str
    amount_cents: Cents
    refunded_cents: Cents
    lost_cents: Cents
    given_on: date | None
    is_wished: bool
    name: str
    has_address: bool
    has_purpose: bool
    is_receipted: bool
    may_be_passed_on: bool = True
    is_inquired: bool = False
    is_answered: bool = False
    payer: Payer = "giver"


def safe_from(method: str, day: date) -> date:
    """Return the first day on which a gift of `day` can no longer simply be taken back."""
    return day + DEBIT_MAY_GO_BACK + timedelta(days=1) if method == DEBIT else day


def kept_cents(gift: Gift) -> Cents:
    """Return what is left of a gift, without what was given back or lost."""
    return Cents(gift.amount_cents - gift.refunded_cents - gift.lost_cents)


def refusal(gift: Gift, issue_on: date) -> Refusal | None:
    """Return why no receipt may be issued for `gift` on `issue_on`, None if one may."""
    if gift.is_receipted:
        return Refusal.RECEIPTED
    return _refused_money(gift, issue_on) or _refused_wish(gift)


def _refused_money(gift: Gift, issue_on: date) -> Refusal | None:
    if gift.status == "disputed":
        return Refusal.DISPUTED
    if gift.status in {"refunded", "lost"}:
        return Refusal.NOTHING_LEFT
    if gift.status not in KEPT or gift.given_on is None:
        return Refusal.NOT_RECEIVED
    if kept_cents(gift) <= 0:
        return Refusal.NOTHING_LEFT
    if not gift.is_accepted:
        return Refusal.NOT_ACCEPTED
    if issue_on < safe_from(gift.method, gift.given_on):
        return Refusal.DEBIT_TOO_YOUNG
    if gift.is_inquired:
        return Refusal.INQUIRED
    if not gift.has_purpose:
        return Refusal.NO_PURPOSE
    return None if gift.may_be_passed_on else Refusal.RECIPIENT_NOT_READY


def _refused_wish(gift: Gift) -> Refusal | None:
    if not gift.is_wished:
        return Refusal.NOT_WISHED
    if gift.is_answered:
        return Refusal.ANSWERED
    if not gift.name:
        return Refusal.ANONYMOUS
    if not gift.has_address:
        return Refusal.NO_ADDRESS
    return _PAID_OTHERWISE.get(gift.payer)
