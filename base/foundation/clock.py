"""The only place that knows which clock and which zone the platform lives by."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from foundation.units import HOUR, MinuteOfDay

LOCAL_ZONE = ZoneInfo("Europe/Berlin")


def utc_now() -> datetime:
    """Return the present moment; called by views, tasks and commands only, services take `now`."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """Return the calendar day that `moment` (aware) has in Düren."""
    return moment.astimezone(LOCAL_ZONE).date()


def local_moment(day: date, minute_of_day: MinuteOfDay) -> datetime:
    """Return the aware UTC moment of wall-clock `minute_of_day` (0-1439) on `day` in Europe/Berlin.

    A wall time skipped in spring is moved forward by the skipped hour, one that comes twice in autumn
    means its first occurrence.
    """
    hour, minute = divmod(minute_of_day, HOUR)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL_ZONE)
    return local.astimezone(UTC)
