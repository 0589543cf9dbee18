"""Tasks as a table for Freiwilligenagenturen (docs/decisions/0051-tables-for-agencies.md)."""

from collections.abc import Callable

from foundation.clock import local_day
from programs.models import City, Opportunity

HEADS = (
    "Kennung",
    "Titel",
    "Beschreibung",
    "Organisation",
    "Einsatzort",
    "Stadtteil",
    "Ort",
    "Bereich",
    "Zeiten",
    "Endet am",
    "Gültig bis",
    "Führungszeugnis",
    "Stand",
    "Internetadresse",
)


def line_of(task: Opportunity, *, city: City | None, address: Callable[[str], str]) -> list[object]:
    """Return the cells of one task, in the order of HEADS."""
    return [
        task.pk,
        task.title,
        task.task,
        task.provider.name,
        task.site,
        task.district.name,
        city.name if city else "",
        task.get_field_display(),
        task.times_text,
        task.ends_on or "",
        task.expires_on or "",
        "ja" if task.clearance_required else "nein",
        local_day(task.status_changed_at),
        address(task.get_absolute_url()),
    ]
