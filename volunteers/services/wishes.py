"""What somebody offers, as one value, and writing it into a pledge."""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.times_of_week import WeeklyTime
from programs.models import District
from volunteers.domain.availability import normal_windows
from volunteers.models import Availability, TimePledge


@dataclass(frozen=True)
class Wishes:
    """When, where, how much and with what; `fields` empty means wherever help is needed."""

    times: Sequence[WeeklyTime]
    fields: Sequence[str] = ()
    districts: Sequence[District] = ()
    home_district: District | None = None
    max_distance_km: int = 5
    hours_per_week: int = 2
    placements_wanted: int = 1
    skills: Sequence[str] = ()
    learning_skills: Sequence[str] = ()
    lacking_skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    age_bands: Sequence[str] = ()
    note: str = ""


def columns(wishes: Wishes) -> dict[str, object]:
    """Return what of `wishes` stands in the pledge's own row."""
    return {
        "fields": list(wishes.fields),
        "home_district": wishes.home_district,
        "max_distance_km": wishes.max_distance_km,
        "hours_per_week": wishes.hours_per_week,
        "placements_wanted": wishes.placements_wanted,
        "skills": list(wishes.skills),
        "learning_skills": list(wishes.learning_skills),
        "lacking_skills": list(wishes.lacking_skills),
        "languages": list(wishes.languages),
        "age_bands": list(wishes.age_bands),
        "note": wishes.note,
    }


def write_rows_around(pledge: TimePledge, wishes: Wishes) -> None:
    """Replace the pledge's weekly windows and preferred districts."""
    pledge.districts.set(wishes.districts)
    pledge.windows.all().delete()
    Availability.objects.bulk_create(
        Availability(
            pledge=pledge,
            weekday=window.weekday,
            start_minute=window.start_minute,
            end_minute=window.end_minute,
        )
        for window in normal_windows(wishes.times)
    )
