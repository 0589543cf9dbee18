"""Districts in the order in which people look for them."""

from programs.domain.german import sort_key
from programs.models import District


def district_choices() -> list[tuple[str, str]]:
    """Return (slug, name) of every district, by name."""
    rows = District.objects.values_list("slug", "name")
    return sorted(rows, key=lambda row: sort_key(row[1]))
