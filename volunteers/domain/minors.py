"""What somebody who is not of age may do (RULES §1.9): nothing late, nothing over night.

Of minors the month of birth is known once a guardian is asked; a birthday counts from the day on which it has
certainly been, the first of the month after. The database knows the same hours (`volunteers_gate`).
"""

from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta

YOUTH, FULL = 16, 18
LATEST_END, LATEST_END_BELOW_16 = time(22), time(20)


def reached_on(years: int, born_in: date) -> date:
    """Return the first day on which somebody born in that month has certainly reached that age."""
    return born_in.replace(day=1) + relativedelta(years=years, months=1)


def is_minor(day: date, *, is_adult: bool, born_in: date | None) -> bool:
    """Tell whether somebody is under age on that day, as far as is known."""
    return not is_adult and (born_in is None or day < reached_on(FULL, born_in))


def is_too_late(begins: datetime, ends: datetime, *, born_in: date | None = None) -> bool:
    """Tell whether a date of these local times ends too late for a minor, or on another day."""
    below_16 = born_in is not None and begins.date() < reached_on(YOUTH, born_in)
    latest = LATEST_END_BELOW_16 if below_16 else LATEST_END
    return ends.date() > begins.date() or ends.time() > latest
