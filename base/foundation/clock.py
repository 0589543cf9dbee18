"""The only place that knows which clock and which zone the platform lives by."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from foundation.units import HOUR, MIDNIGHT, MinuteOfDay

LOCAL_ZONE = ZoneInfo("Europe/Berlin")


def utc_now() -> datetime:
    """Return the present moment; called by views, tasks and commands only, services take `now`."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """Return the calendar day that `moment` (aware) has in Düren."""
    return moment.astimezone(LOCAL_ZONE).date()


def day_and_time(moment: datetime) -> str:
    """Return "03.12.2026 15:04", as clocks in Düren show the aware `moment`."""
    return f"{moment.astimezone(LOCAL_ZONE):%d.%m.%Y %H:%M}"


def local_moment(day: date, minute_of_day: MinuteOfDay) -> datetime:
    """Return the aware UTC moment of wall-clock `minute_of_day` (0-1439) on `day` in Europe/Berlin.

    A wall time skipped in spring is moved forward by the skipped hour, one that comes twice in autumn
    means its first occurrence.
    """
    hour, minute = divmod(minute_of_day, HOUR)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL_ZONE)
    return local.astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the moment at which `day` is over in Düren: the midnight after it, not included."""
    return local_moment(day + timedelta(days=1), MIDNIGHT)


def last_day(ends_at: datetime) -> date:
    """Return the last day that something reaches which lasts until `ends_at`, not included."""
    return local_day(ends_at - timedelta(microseconds=1))
