"""Billing periods: the same day each month, or the month's last day when it is shorter."""

import calendar
from datetime import UTC, datetime

SECONDS = {"day": 86_400, "week": 7 * 86_400}
MONTHS = {"month": 1, "year": 12}


def period_end(anchor: int, start: int, interval: str, count: int) -> int:
    """Return when the period that begins at ``start`` ends; all in UTC seconds.

    The day comes from ``anchor``, so that 31 January is followed by 28 February and then 31 March.
    """
    if interval in SECONDS:
        return start + count * SECONDS[interval]
    first = datetime.fromtimestamp(anchor, UTC)
    begin = datetime.fromtimestamp(start, UTC)
    month = begin.year * 12 + begin.month - 1 + count * MONTHS[interval]
    year, month = divmod(month, 12)
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    return int(first.replace(year=year, month=month + 1, day=day).timestamp())
