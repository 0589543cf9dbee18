"""The districts as bits of a mask."""

from programs.models import District

MOST_BITS = 63


def district_bits() -> dict[int, int]:
    """Return primary key → bit for the first 63 districts; a wish beyond them counts as none."""
    keys = District.objects.order_by("pk").values_list("pk", flat=True)[:MOST_BITS]
    return {pk: bit for bit, pk in enumerate(keys)}
