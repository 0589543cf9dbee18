"""The starting list of activities: brought in once, then the youth office's own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from programs.domain.activities import VersionStatus
from programs.gateways.city_files import CityDataError
from programs.models import Activity, ActivityVersion
from programs.services.loaded_rows import Tally


def bring_in_activities(entries: Mapping[str, Mapping[str, Any]], where: str, now: datetime) -> Tally:
    """Add the activities of the data that are not there; those that are stay as they are.

    A version that came in so holds, and counts as not confirmed. Raises CityDataError naming `where` and the
    entry.
    """
    there = set(Activity.objects.values_list("slug", flat=True))
    tally = Tally(str(Activity._meta.verbose_name_plural), unchanged=len(there & entries.keys()))
    tally.gone = len(there - entries.keys())
    for slug, facts in entries.items():
        if slug not in there:
            _begin(slug, facts, f"{where}, »{slug}«", now)
            tally.created += 1
    return tally


def _begin(slug: str, facts: Mapping[str, Any], where: str, now: datetime) -> None:
    version = ActivityVersion(number=1, status=VersionStatus.IN_FORCE, status_changed_at=now, **facts)
    try:
        version.full_clean(exclude=["activity"], validate_unique=False)
    except ValidationError as error:
        raise CityDataError(f"{where}: {' '.join(error.messages)}") from error
    activity = Activity.objects.create(
        slug=slug,
        contact_with_minors=version.contact_with_minors,
        clearance_required=version.clearance_required,
    )
    version.activity = activity
    version.save()
    activity.current = version
    activity.save(update_fields=["current"])
