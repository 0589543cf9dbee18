"""Until when a gift has to be used: the end of the second calendar year after it came.

§ 55 Abs. 1 Nr. 5 AO. It does not bind a body with an income of 100,000 euro a year or less; a warning does
it no harm.
"""

from datetime import date

_YEARS = 2
_WARNED_FROM = (6, 30)
"""Month and day: six months before the end of the year."""


def use_by(received_on: date) -> date:
    """Return the last day on which what came on that day can be used in time."""
    return date(received_on.year + _YEARS, 12, 31)


def warned_use_by(today: date) -> date:
    """Return the last day of use that is warned of today: the next, from six months before, else the last."""
    is_near = (today.month, today.day) >= _WARNED_FROM
    return date(today.year if is_near else today.year - 1, 12, 31)


def last_year_of(last_day: date) -> int:
    """Return the year in which came, or before which came, what has to be used by that day."""
    return last_day.year - _YEARS
