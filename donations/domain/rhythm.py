"""How often a Dauerspende is collected, and when next after a pause."""

import calendar
from collections.abc import Mapping
from datetime import date

MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
IN_ADDRESS: Mapping[str, str] = {
    "": "einmal",
    "month": "monatlich",
    "quarter": "vierteljaehrlich",
    "year": "jaehrlich",
}
PAUSES = (1, 3, 6, 12)  # for how many months a giver can pause


def in_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_collection(due_on: date, rhythm: str, resumes_on: date | None) -> date:
    """Return the first day of collection that a pause until `resumes_on` does not swallow."""
    turns = 0
    day = due_on
    while resumes_on is not None and day < resumes_on:
        turns += 1
        day = in_months(due_on, turns * MONTHS[rhythm])
    return day
