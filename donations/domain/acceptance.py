"""Whether a gift to the city has to be accepted, and how it may stand with that (RULES §2.10)."""

import re

from foundation.moves import Moves
from foundation.units import Cents

HOME = "DE"
NOT_ABROAD = ("", HOME)
_IBAN = re.compile(r"([A-Z]{2})\d{2}[A-Z0-9]{11,30}$", re.ASCII)
YEARS_LISTED = 10
"""As long as books are kept."""
ACCEPTANCE_MOVES: Moves = {
    "not_needed": {"awaiting"},
    "awaiting": {"accepted", "refused", "not_needed"},
    "accepted": {"not_needed"},
    "refused": {"not_needed"},
}


def needs_acceptance(given_cents: Cents, *, from_cents: Cents | None) -> bool:
    """True if what a giver gave in one calendar year, this gift included, asks for the city's acceptance.

    `from_cents` is where its own rule begins; None for a body that has none.
    """
    return from_cents is not None and given_cents >= from_cents


def is_abroad(country: str) -> bool:
    """True for the account of another country; of one that nobody told nothing is known."""
    return country not in NOT_ABROAD


def country_of(account: str) -> str:
    """Return the country of an IBAN, of SEPA or not; empty for an account that is none."""
    found = _IBAN.match("".join(account.split()).upper())
    return found[1] if found else ""


def needs_second_look(cents: Cents, *, above_cents: Cents) -> bool:
    """True if so much came from somebody unknown, or from abroad, that two people look at it (RULES §2.11).

    `cents` is the whole that came at once, however many gifts are made of it, or under one name in a year.
    """
    return cents > above_cents
