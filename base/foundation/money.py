"""Money is integer cents of euro; this module is the only way in from what people type."""

import re

from foundation.units import Cents

_AMOUNT = re.compile(
    r"""\s*(?P<before>€|EUR|Euro)?\s*(?P<euro>\d{1,3}(?:[.\s\u00a0\u202f']\d{3}){1,2}|\d{1,7})
        (?:,(?P<cents>\d{1,2})|\.(?P<dot_cents>\d{1,2})|[.,][-–—]{1,2})?\s*(?(before)|(?:€|EUR|Euro)?)\s*""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)


class AmountNotUnderstood(ValueError):
    """What was typed is no amount of euro."""


def parse_euro(text: str) -> Cents:
    """Return the cents meant by a typed amount: `25`, `25,5`, `1.250,00`, `25,–`, `25 €`, `€25`, `25 eur`.

    Raises AmountNotUnderstood for anything else; signs, exponents, NaN and non-ASCII digits are refused
    because the pattern is checked before any conversion.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise AmountNotUnderstood(text)
    euro = int(re.sub(r"\D", "", match["euro"]))
    cents = match["cents"] or match["dot_cents"] or "0"
    return Cents(euro * 100 + int(cents.ljust(2, "0")))


class NotCents(TypeError):
    """An amount that is no whole number of cents: a text, a float, a Decimal, a truth."""


class NotAnAmount(ValueError):
    """An amount that cannot be: more than any account moves, or nothing where something has to move."""


MOST_CENTS = Cents(10**13)
"""A hundred billion euro: more is an error, and the sums of a year would not fit into a column."""


def whole_cents(amount: object) -> Cents:
    """Return `amount` if it is whole cents; what a database would round or read is refused with NotCents.

    Raises NotAnAmount for more than MOST_CENTS, either way.
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise NotCents(f"{type(amount).__name__}: {amount!r}")
    if abs(amount) > MOST_CENTS:
        raise NotAnAmount(f"more than an account moves: {amount} cents")
    return Cents(amount)


def some_cents(amount: object) -> Cents:
    """Return `amount` if it is whole cents and more than nothing. Raises NotCents or NotAnAmount."""
    cents = whole_cents(amount)
    if cents <= 0:
        raise NotAnAmount(f"not more than nothing: {amount} cents")
    return cents
