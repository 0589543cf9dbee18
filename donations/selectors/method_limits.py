"""How much one payment takes, by the way of paying."""

from datetime import date

from donations.domain.methods import MOST_CENTS
from donations.models import MethodLimit
from foundation.units import Cents


def most_cents(day: date) -> dict[str, Cents]:
    """Return the most that a payment of each method takes on `day`; those without a limit are left out."""
    rules = MethodLimit.objects.filter(valid_from__lte=day).order_by("valid_from")
    said = {method: Cents(cents) for method, cents in rules.values_list("method", "most_cents")}
    return {**MOST_CENTS, **said}
