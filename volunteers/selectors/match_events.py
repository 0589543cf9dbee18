"""What the matcher looks at for one event: tasks around one person, people free at the times of one task.

Both leave in what the gates then refuse, and nothing out that they would let pass.
"""

from collections.abc import Iterable
from datetime import datetime
from math import cos, radians

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.clock import local_day
from programs.models import Role, WeeklySlot
from programs.selectors.visibility import has_place_free, public_opportunities
from volunteers.models import Availability, TimePledge
from volunteers.selectors.match_pledges import IN_THE_RUN

KM_PER_DEGREE = 110.0
"""A little less than a degree of latitude is anywhere, so that the box is a little too large."""


def tasks_around(pledge: TimePledge, now: datetime) -> list[int]:
    """Return the keys of open tasks with a free place in the box that the person's way spans."""
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=local_day(now))
    tasks = public_opportunities().filter(not_over, has_place_free())
    home = pledge.home_district
    if home is not None:
        degrees = pledge.max_distance_km / KM_PER_DEGREE
        wide = degrees / cos(radians(home.latitude))
        tasks = tasks.filter(
            latitude__range=(home.latitude - degrees, home.latitude + degrees),
            longitude__range=(home.longitude - wide, home.longitude + wide),
        )
    tasks = tasks.filter(_at_a_time_of(pledge))
    return list(tasks.order_by("pk").values_list("pk", flat=True))


def _at_a_time_of(pledge: TimePledge) -> Q:
    """Whether a time of the task meets one of the person's, or it has none."""
    times = WeeklySlot.objects.filter(opportunity=OuterRef("pk"))
    windows = pledge.windows.values_list("weekday", "start_minute", "end_minute")
    return Q(~Exists(times)) | Q(Exists(times.filter(_meets(windows))))


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


def stored_prices(role_ids: list[int]) -> list[int]:
    """Return what the last run stored as the price of a place, in the order of the keys."""
    prices = dict(Role.objects.filter(pk__in=role_ids).values_list("pk", "matching_price"))
    return [int(prices.get(key, 0)) for key in role_ids]
