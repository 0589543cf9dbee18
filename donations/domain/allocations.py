"""When a further line of the bank is the rest of a gift, and when it is a gift of its own."""

from datetime import date

from foundation.units import Cents


def completes(
    promised_cents: Cents | None, came_cents: Cents, *, cents: Cents, first_on: date, on: date
) -> bool:
    """True if `cents` on day `on` are what is still missing of a promise of which `came_cents` are here.

    At most the missing part and in the same calendar year, which is the giver's year of tax; everything else
    under the same code is another gift, as a standing order gives.
    """
    missing = (promised_cents or came_cents) - came_cents
    return 0 < cents <= missing and first_on.year == on.year


def shares(promised: dict[int, Cents], came_cents: Cents) -> dict[int, Cents]:
    """Return what each of several promised gifts gets of one line that is exactly their sum; else nothing."""
    is_exact = len(promised) > 1 and sum(promised.values()) == came_cents
    return dict(sorted(promised.items())) if is_exact else {}
