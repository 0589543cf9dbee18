"""Which gifts nobody below 18 promises alone (§§ 107, 110 BGB): no mandate, nothing but small gifts."""

import re
from collections.abc import Collection

from foundation.units import Cents

_MANDATES = frozenset({"sepa_debit"})


def is_for_adults(*, method: str, is_repeated: bool, amount_cents: Cents, small_cents: Cents) -> bool:
    """Tell whether a gift like this may only be promised by somebody of age; `small_cents` still is small."""
    return is_repeated or method in _MANDATES or amount_cents > small_cents


def may_be_a_minor(name: str, minors: Collection[tuple[str, str]]) -> bool:
    """Tell whether who signs with `name` may be one of the `minors` known at the same address.

    Families share addresses: another first name, or another family name where both are told, is somebody
    else. Without a name nobody can tell, so that it has to be asked for.
    """
    typed = _words(name)
    return any(not typed or _is_called(typed, *minor) for minor in minors)


def _is_called(typed: list[str], first_name: str, last_name: str) -> bool:
    first, last = _words(first_name), _words(last_name)
    rest = [word for word in typed if word not in first]
    return set(first) <= set(typed) and (not rest or not last or set(last) <= set(rest))


def _words(name: str) -> list[str]:
    return re.split(r"[\s,.-]+", name.casefold().strip(" ,.-")) if name.strip(" ,.-") else []
