"""From wall times in Düren to the moments of a date."""

from datetime import date, datetime, timedelta

from foundation.clock import LOCAL_ZONE, local_moment
from foundation.units import DAY, MinuteOfDay, minute_of_day, minutes_between


def span_of(day: date, start_minute: MinuteOfDay, end_minute: MinuteOfDay) -> tuple[datetime, datetime]:
    """Return the UTC moments of local wall times on `day`; an `end_minute` from 1440 on is on the next day.

    In the night in which an hour is skipped a shift that begins within that hour keeps its length, whenever
    it ends.
    """
    starts_at = local_moment(day, start_minute)
    days, minute = divmod(end_minute, DAY)
    ends_at = local_moment(day + timedelta(days=days), MinuteOfDay(minute))
    if minute_of_day(starts_at.astimezone(LOCAL_ZONE)) != start_minute:
        ends_at = starts_at + timedelta(minutes=minutes_between(start_minute, end_minute))
    return starts_at, ends_at
