"""Districts in the order in which people look for them."""

from typing import Any

from django.db.models import QuerySet

from foundation.prepared import rows, statement_of
from programs.domain.german import sort_key
from programs.models import District


def district_choices() -> list[tuple[str, str]]:
    """Return (slug, name) of every district, by name."""
    return sorted(((slug, name) for slug, name in rows(_districts())), key=lambda row: sort_key(row[1]))


@statement_of
def _districts() -> QuerySet[District, Any]:
    return District.objects.order_by().values_list("slug", "name")
