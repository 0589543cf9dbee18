"""What the matcher looks at for one event: tasks around one person, people free at the times of one task.

Both leave in what the gates then refuse, and nothing out that they would let pass.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import cos, isnan, radians

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.clock import local_day
from foundation.units import DAY, QUARTER, quarter_hours
from programs.models import WeeklySlot
from programs.selectors.visibility import has_place_free, public_opportunities
from volunteers.matching import Volunteers
from volunteers.models import Availability, TimePledge
from volunteers.selectors.match_pledges import IN_THE_RUN

QUARTERS_PER_DAY = quarter_hours(DAY)
KM_PER_DEGREE = 110.0
"""A little less than a degree of latitude is anywhere, so that the box is a little too large."""


def tasks_around(person: Volunteers, now: datetime) -> list[int]:
    """Return the keys of open tasks with a free place in the box that the person's way spans.

    Raises ValueError unless there is exactly one person.
    """
    (lat,), (lon,), (km,) = person.lat.tolist(), person.lon.tolist(), person.max_km.tolist()
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=local_day(now))
    tasks = public_opportunities().filter(not_over, has_place_free())
    if not isnan(lat):
        degrees = km / KM_PER_DEGREE
        wide = degrees / cos(radians(lat))
        tasks = tasks.filter(
            latitude__range=(lat - degrees, lat + degrees), longitude__range=(lon - wide, lon + wide)
        )
    tasks = tasks.filter(_at_a_time_of(person))
    return list(tasks.order_by("pk").values_list("pk", flat=True))


def _at_a_time_of(person: Volunteers) -> Q:
    """Whether a time of the task meets one of the person's, or it has none."""
    times = WeeklySlot.objects.filter(opportunity=OuterRef("pk"))
    windows = zip(person.window_start.tolist(), person.window_end.tolist(), strict=True)
    return Q(~Exists(times)) | Q(Exists(times.filter(_meets(_by_day(windows)))))


def _by_day(windows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield weekday, start and end in minutes of windows in quarter hours of the week, each day by itself."""
    for start, end in windows:
        for day in range(start // QUARTERS_PER_DAY, (end - 1) // QUARTERS_PER_DAY + 1):
            first, last = start - day * QUARTERS_PER_DAY, end - day * QUARTERS_PER_DAY
            yield day, max(first, 0) * QUARTER, min(last, QUARTERS_PER_DAY) * QUARTER


def _meets(times: Iterable[tuple[int, int, int]]) -> Q:
    """Whether a row of weekday, start and end in minutes overlaps any of these times."""
    some = Q(pk=None)
    for weekday, start, end in times:
        some |= Q(weekday=weekday, start_minute__lt=end, end_minute__gt=start)
    return some


def pledges_in_time_for(opportunity_id: int) -> list[int]:
    """Return the keys of pledges that look for something and are free at a time of the task."""
    pledges = TimePledge.objects.filter(status__in=IN_THE_RUN).order_by("pk")
    slots = WeeklySlot.objects.filter(opportunity_id=opportunity_id)
    times = list(slots.values_list("weekday", "start_minute", "end_minute"))
    if times:
        pledges = pledges.filter(Exists(_free_at(times)))
    return list(pledges.values_list("pk", flat=True))


def _free_at(times: list[tuple[int, int, int]]) -> QuerySet[Availability]:
    return Availability.objects.filter(_meets(times), pledge=OuterRef("pk"))
