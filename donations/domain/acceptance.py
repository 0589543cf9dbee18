"""Whether a gift to the city has to be accepted, and how it may stand with that (RULES §2.10)."""

from foundation.moves import Moves
from foundation.units import Cents

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


def needs_second_look(cents: Cents, *, above_cents: Cents) -> bool:
    """True if so much came from somebody whom nobody knows that two people look at it (RULES §2.11).

    `cents` is the whole that came at once, however many gifts are made of it.
    """
    return cents > above_cents
