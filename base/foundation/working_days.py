"""Working days as offices in Düren count them: Monday to Friday without the public holidays of the Land.

Which days are holidays comes from the library `holidays` (Feiertagsgesetz NRW), never from a list of ours.
"""

from datetime import date, datetime, timedelta

from holidays import country_holidays

from foundation.clock import end_of_day, local_day

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_HOLIDAYS = country_holidays("DE", subdiv="NW")


def is_public_holiday(day: date) -> bool:
    """Tell whether `day` is a public holiday in North Rhine-Westphalia."""
    return day in _HOLIDAYS


def is_working_day(day: date) -> bool:
    """Tell whether offices work on `day`; Christmas Eve and New Year's Eve are no public holidays."""
    return day.weekday() < _SATURDAY and not is_public_holiday(day)


def working_days_later(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`, which itself does not count; `count` is at least 1."""
    while count:
        day += _ONE_DAY
        count -= is_working_day(day)
    return day


def end_of_working_day(now: datetime, count: int) -> datetime:
    """Return the end (local midnight, not included) of the `count`-th working day after that of `now`."""
    return end_of_day(working_days_later(local_day(now), count))


def last_day_due(now: datetime, count: int) -> date:
    """Return the last day from which `count` working days are over at `now`."""
    day = local_day(now)
    while end_of_day(working_days_later(day, count)) > now:
        day -= _ONE_DAY
    return day
