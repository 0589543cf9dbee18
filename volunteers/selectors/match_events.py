"""What the matcher looks at for one event: tasks around one person, people free at the times of one task.

Both leave in what the gates then refuse, and nothing out that they would let pass.
"""

from collections.abc import Iterable
from datetime import datetime
from math import cos, isnan, radians

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.clock import local_day
from foundation.units import DAY, QUARTER
from programs.models import Opportunity, WeeklySlot
from volunteers.matching import Volunteers
from volunteers.models import Availability, TimePledge
from volunteers.selectors.match_pledges import IN_THE_RUN

KM_PER_DEGREE = 110.0
"""A little less than a degree of latitude is anywhere, so that the box is a little too large."""


_AROUND = """
SELECT task.id FROM programs_opportunity AS task
WHERE task.status = %(published)s AND (task.ends_on IS NULL OR task.ends_on >= %(today)s)
AND (
    %(is_anywhere)s
    OR task.latitude BETWEEN %(south)s AND %(north)s AND task.longitude BETWEEN %(west)s AND %(east)s
)
AND EXISTS (
    SELECT FROM programs_role AS role
    WHERE role.opportunity_id = task.id AND role.places > role.places_taken + role.places_held
)
AND (
    NOT EXISTS (SELECT FROM programs_weeklyslot AS slot WHERE slot.opportunity_id = task.id)
    OR EXISTS (
        SELECT FROM programs_weeklyslot AS slot,
            unnest(%(starts)s::int[], %(ends)s::int[]) AS free(start, stop)
        WHERE slot.opportunity_id = task.id
        AND slot.weekday * %(day)s + slot.start_minute < free.stop
        AND slot.weekday * %(day)s + slot.end_minute > free.start
    )
)
ORDER BY task.id
"""
"""Written out: putting it together takes as long as answering it, and every event asks it."""


def tasks_around(person: Volunteers, now: datetime) -> list[int]:
    """Return the keys of published tasks with a free place in the box that the person's way spans, at a time
    of theirs or at none. Whether its provider is verified is seen when its roles are read.

    Raises ValueError unless there is exactly one person.
    """
    (lat,), (lon,), (km,) = person.lat.tolist(), person.lon.tolist(), person.max_km.tolist()
    degrees = km / KM_PER_DEGREE
    wide = degrees / cos(radians(lat))
    with connection.cursor() as cursor:
        cursor.execute(
            _AROUND,
            {
                "published": Opportunity.Status.PUBLISHED,
                "today": local_day(now),
                "is_anywhere": isnan(lat),
                "south": lat - degrees,
                "north": lat + degrees,
                "west": lon - wide,
                "east": lon + wide,
                "starts": (person.window_start * QUARTER).tolist(),
                "ends": (person.window_end * QUARTER).tolist(),
                "day": DAY,
            },
        )
        return [key for (key,) in cursor.fetchall()]


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
