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


def is_asked(last_on: date, asked_on: date | None, today: date) -> bool:
    """Tell whether it is time to ask whether the person is still there; once for each silence."""
    return ends_on(last_on) - ASKED_BEFORE <= today and (asked_on is None or asked_on <= last_on)


def is_over(last_on: date, asked_on: date | None, today: date) -> bool:
    """Tell whether the silence has lasted too long, and the person had the time to say something."""
    if asked_on is None or asked_on <= last_on:
        return False
    return ends_on(last_on) <= today and asked_on + ASKED_BEFORE <= today


def answered_by(last_on: date, asked_on: date) -> date:
    """Return the last day on which somebody asked on `asked_on` can say that they stay."""
    return max(ends_on(last_on), asked_on + ASKED_BEFORE) - timedelta(days=1)
