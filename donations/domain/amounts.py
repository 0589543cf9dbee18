"""Which amounts can be given."""

from enum import Enum, auto

from foundation.money import AmountNotUnderstood, parse_euro
from foundation.units import Cents

LEAST_CENTS = Cents(100)
SUGGESTED_CENTS = (Cents(1000), Cents(2500), Cents(5000), Cents(10000))
PRESELECTED_CENTS = Cents(2500)


class AmountRefusal(Enum):
    """Why an amount cannot be given."""

    NOT_UNDERSTOOD = auto()
    TOO_SMALL = auto()
    TOO_LARGE = auto()


def read_amount(typed: str, most_cents: Cents) -> Cents | AmountRefusal:
    """Return the cents meant by what was typed, or why they cannot be given."""
    try:
        cents = parse_euro(typed)
    except AmountNotUnderstood:
        return AmountRefusal.NOT_UNDERSTOOD
    if cents < LEAST_CENTS:
        return AmountRefusal.TOO_SMALL
    return AmountRefusal.TOO_LARGE if cents > most_cents else cents
