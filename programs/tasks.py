"""Scheduled work of this app."""

from datetime import datetime, timedelta

from foundation.sweeps import daily, every, sweep
from programs.services.absences import purge_absences
from programs.services.api_answers import purge_answers
from programs.services.imports.running import PURGE, purge_imports
from programs.services.invitations import purge_invitations
from programs.services.notices import purge_notices
from programs.services.publishing import EXPIRY, close_expired
from programs.services.school_holidays import FOLLOW, follow_due
from programs.services.shifts import roll_out_due
from programs.services.webhooks import deliver_due, purge_deliveries


@sweep("programs.roll_out_shifts", daily(4), timedelta(hours=26))
def roll_out_shifts(now: datetime) -> int:
    """Keep the dates of every running series eight weeks ahead."""
    return roll_out_due(now)


@sweep(EXPIRY, every(1800), timedelta(hours=26))
def close_expired_tasks(now: datetime) -> int:
    """End tasks that were brought in and are no longer valid."""
    return close_expired(now)


@sweep("programs.purge_notices", daily(3, 40), timedelta(hours=30))
def purge_decided_notices(now: datetime) -> int:
    """Delete notices whose decision can no longer be objected to."""
    return purge_notices(now)


@sweep(FOLLOW, every(60), timedelta(minutes=15))
def follow_school_holidays(now: datetime) -> int:
    """Bring coming dates to school holidays that were edited."""
    return follow_due(now)


@sweep("programs.purge_invitations", daily(3, 45), timedelta(hours=30))
def purge_settled_invitations(now: datetime) -> int:
    """Delete invitations that were settled long ago."""
    return purge_invitations(now)


@sweep("programs.purge_absences", daily(3, 35), timedelta(hours=30))
def purge_old_absences(now: datetime) -> int:
    """Forget when staff were away."""
    return purge_absences(now)


@sweep("programs.purge_api_answers", daily(3, 50), timedelta(hours=30))
def purge_old_answers(now: datetime) -> int:
    """Delete what was kept so that a repeated write gets the same answer."""
    return purge_answers(now)


@sweep("programs.send_webhooks", every(15), timedelta(minutes=15))
def send_webhooks(now: datetime) -> int:
    """Tell programs of providers what has happened."""
    return deliver_due(now)


@sweep("programs.purge_webhook_deliveries", daily(3, 55), timedelta(hours=30))
def purge_old_deliveries(now: datetime) -> int:
    """Delete what programs were told long ago."""
    return purge_deliveries(now)


@sweep(PURGE, every(3600), timedelta(hours=6))
def purge_old_imports(now: datetime) -> int:
    """Forget files that nobody took further."""
    return purge_imports(now)
