"""Scheduled work of this app."""

from datetime import datetime, timedelta

from figures.services.counting import count
from foundation.sweeps import daily, sweep

COUNT = "figures.count"


@sweep(COUNT, daily(0, 20), timedelta(hours=26))
def count_figures(now: datetime) -> int:
    """Count the day that is over; public figures stand as of then."""
    return count(now)
