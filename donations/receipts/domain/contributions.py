"""When goods or waived expenses can stand on a receipt (RULES §2.1; EStG § 10b Abs. 3; BMF 7.11.2013)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from foundation.units import Cents

GOODS = "goods"
WAIVER = "waiver"
PRIVATE = "private"
BUSINESS = "business"
UNKNOWN = "unknown"


class Fault(Enum):
    """Why what was written down cannot be."""

    IN_FUTURE = auto()
    NO_VALUE = auto()
    NO_BASIS = auto()
    NO_DETAILS = auto()
    NO_ORIGIN = auto()
    TAX_NOT_OF_BUSINESS = auto()
    NO_CLAIM = auto()
    CLAIM_AFTER_EXPENSE = auto()
    WAIVED_BEFORE_EXPENSE = auto()
    NOT_ACCEPTED = auto()
    MATTER_NOT_ASKED = auto()


@dataclass(frozen=True)
class Facts:
    """What is said of it; `vat_cents` is a part of `value_cents`.

    `needs_acceptance`: the city's rule asks for its word, `accepted_on` is the day of it, and
    `is_matter_open` that nobody has said yet whether something is pending between giver and city.
    """

    kind: str
    given_on: date
    value_cents: Cents
    vat_cents: Cents
    basis: str
    age: str
    condition: str
    purchase_price: str
    origin: str
    claim: str
    claim_on: date | None
    spent_on: date | None
    needs_acceptance: bool
    accepted_on: date | None
    is_matter_open: bool = False


def faults(facts: Facts, today: date) -> list[Fault]:
    """Return everything that is wrong with it on the day it is written down or confirmed."""
    found = [
        fault
        for fault, is_wrong in (
            (Fault.IN_FUTURE, facts.given_on > today),
            (Fault.NO_VALUE, not 0 <= facts.vat_cents < facts.value_cents),
            (Fault.NO_BASIS, not facts.basis),
            (Fault.MATTER_NOT_ASKED, facts.needs_acceptance and facts.is_matter_open),
            (Fault.NOT_ACCEPTED, facts.needs_acceptance and not _is_by(facts.accepted_on, today)),
        )
        if is_wrong
    ]
    return found + (_faults_of_waiver(facts) if facts.kind == WAIVER else _faults_of_goods(facts))


def _is_by(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _faults_of_goods(facts: Facts) -> list[Fault]:
    found = []
    if not (facts.age and facts.condition and facts.purchase_price):
        found.append(Fault.NO_DETAILS)
    if facts.origin not in {PRIVATE, BUSINESS, UNKNOWN}:
        found.append(Fault.NO_ORIGIN)
    if facts.vat_cents and facts.origin != BUSINESS:
        found.append(Fault.TAX_NOT_OF_BUSINESS)
    return found


def _faults_of_waiver(facts: Facts) -> list[Fault]:
    """The claim came first, then the expense, then the waiver."""
    if not facts.claim or facts.claim_on is None or facts.spent_on is None:
        return [Fault.NO_CLAIM]
    found = [Fault.TAX_NOT_OF_BUSINESS] if facts.vat_cents else []
    if facts.claim_on > facts.spent_on:
        found.append(Fault.CLAIM_AFTER_EXPENSE)
    if facts.given_on < facts.spent_on:
        found.append(Fault.WAIVED_BEFORE_EXPENSE)
    return found
