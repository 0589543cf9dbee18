"""Sweeps of the roof, which sees all apps."""

from datetime import datetime, timedelta

from foundation.sweeps import daily, sweep
from wirbrauchensie import certificates
from wirbrauchensie.today import morning


@sweep("today.morning_mail", daily(6, 30), timedelta(hours=30))
def morning_mail(now: datetime) -> int:
    """Tell everybody what waits for them today."""
    return morning.send_morning_mails(now)


@sweep("connections.look_at_certificates", daily(5, 45), timedelta(hours=30))
def look_at_certificates(now: datetime) -> int:
    """Say a month before that certificates have to be renewed; it fails until they are."""
    return certificates.look_at_all(now)
