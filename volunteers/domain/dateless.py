"""When somebody counts as active although nothing happens any more: they are asked, and then it ends.

Six months, as long as an inspection may be kept after the last exercise (§ 72a Abs. 5 SGB VIII).
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

LONGEST = relativedelta(months=6)
ASKED_BEFORE = timedelta(days=14)


def ends_on(last_on: date) -> date:
    """Return the first day on which nobody counts as active any more whose last date was on `last_on`."""
    return last_on + LONGEST


def is_over(last_on: date, today: date) -> bool:
    """Tell whether the silence has lasted too long."""
    return ends_on(last_on) <= today


def is_asked(last_on: date, today: date) -> bool:
    """Tell whether it is time to ask whether the person is still there."""
    return not is_over(last_on, today) and ends_on(last_on) - ASKED_BEFORE <= today
