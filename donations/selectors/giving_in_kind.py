"""What was given without a payment. Who keeps a book of it registers; until then it is nothing."""

from collections.abc import Callable

from foundation.units import Cents

GivenInKind = Callable[[int, int, int], Cents]
_books: dict[str, GivenInKind] = {}


def register(name: str, given: GivenInKind) -> None:
    """Make a book known by what it says of (donor, provider, calendar year); again it replaces itself."""
    _books[name] = given


def in_kind(donor_id: int, provider_id: int, year: int) -> Cents:
    """Return the value of what a giver gave a body in a calendar year without a payment."""
    return Cents(sum(given(donor_id, provider_id, year) for given in _books.values()))
