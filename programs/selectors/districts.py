"""Districts in the order in which people look for them."""

from typing import Any

from django.db.models import QuerySet

from foundation.prepared import rows, statement_of
from foundation.tables.table import folded
from programs.domain.german import sort_key
from programs.models import District


def district_choices() -> list[tuple[str, str]]:
    """Return (slug, name) of every district, by name."""
    return sorted(((slug, name) for slug, name in rows(_districts())), key=lambda row: sort_key(row[1]))


@statement_of
def _districts() -> QuerySet[District, Any]:
    return District.objects.order_by().values_list("slug", "name")


def districts_by_any_name() -> dict[str, District]:
    """Return every district by its name, short name and slug, `folded`; where two meet the name counts."""
    districts = list(District.objects.order_by("pk"))
    others = {folded(name): each for each in districts for name in (each.short_name, each.slug)}
    found = others | {folded(each.name): each for each in districts}
    return {name: each for name, each in found.items() if name}
