"""Which weekdays a period has."""

from datetime import date, timedelta


def weekdays_between(first: date, last: date) -> set[int]:
    """Return the weekdays (0 = Monday) from `first` to `last`, both included; none if `last` comes first."""
    days = min((last - first).days + 1, 7)
    return {(first + timedelta(days=number)).weekday() for number in range(days)}
