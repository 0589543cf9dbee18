"""The sweeps that end the stated life of what the machinery writes."""

from datetime import datetime, timedelta

from foundation.retention import purge_history, purge_machinery
from foundation.sweeps import daily, sweep


@sweep("foundation.purge_history", daily(3, 20), timedelta(hours=30))
def purge(now: datetime) -> int:
    """Delete lines older than their term."""
    return purge_history(now)


@sweep("foundation.purge", daily(3, 25), timedelta(hours=30))
def purge_buckets_and_sessions(now: datetime) -> int:
    """Delete what means nothing any more."""
    return purge_machinery(now)
