"""Sweeps around pledges of time."""

from datetime import datetime, timedelta

from foundation.sweeps import daily, every, sweep
from volunteers.services import escalation, pauses, unconfirmed


@sweep("volunteers.escalate_unanswered", every(900), timedelta(hours=2))
def escalate_unanswered(now: datetime) -> int:
    """Bring those who wait too long before the youth office."""
    return escalation.escalate_unanswered(now)


@sweep("volunteers.resume_paused", every(900), timedelta(hours=2))
def resume_paused(now: datetime) -> int:
    """End the pauses whose day has come."""
    return pauses.resume_due(now)


@sweep("volunteers.delete_unconfirmed", daily(3, 10), timedelta(hours=30))
def delete_unconfirmed(now: datetime) -> int:
    """Delete what nobody confirmed."""
    return unconfirmed.delete_unconfirmed(now)
