"""Sweeps of the roof, which sees all apps."""

from datetime import datetime, timedelta

from foundation.sweeps import daily, sweep
from wirbrauchensie.today import morning


@sweep("today.morning_mail", daily(6, 30), timedelta(hours=30))
def morning_mail(now: datetime) -> int:
    """Tell everybody what waits for them today."""
    return morning.send_morning_mails(now)
