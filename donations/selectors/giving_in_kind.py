"""What was given without a payment. Who keeps a book of it registers; until then it is nothing."""

from collections.abc import Callable, Collection

from donations.models import Donor
from foundation.units import Cents

GivenInKind = Callable[[Donor, Collection[str], int, int], Cents]
_books: dict[str, GivenInKind] = {}


def register(name: str, given: GivenInKind) -> None:
    """Make a book known by what it says of (donor, names, provider, calendar year); again, it is replaced."""
    _books[name] = given


def in_kind(donor: Donor, names: Collection[str], provider_id: int, year: int) -> Cents:
    """Return the value of what a giver, known by an address or by names, gave without a payment in a year."""
    return Cents(sum(given(donor, names, provider_id, year) for given in _books.values()))
