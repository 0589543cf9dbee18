"""Which gifts nobody below 18 promises alone (§§ 107, 110 BGB): no mandate, nothing but small gifts."""

from foundation.units import Cents

_MANDATES = frozenset({"sepa_debit"})


def is_for_adults(*, method: str, is_repeated: bool, amount_cents: Cents, small_cents: Cents) -> bool:
    """Tell whether a gift like this may only be promised by somebody of age; `small_cents` still is small."""
    return is_repeated or method in _MANDATES or amount_cents > small_cents
