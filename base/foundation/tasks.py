"""The sweep that ends the stated life of the history."""

from datetime import datetime, timedelta

from foundation.retention import purge_history
from foundation.sweeps import daily, sweep


@sweep("foundation.purge_history", daily(3, 20), timedelta(hours=30))
def purge(now: datetime) -> int:
    """Delete lines older than their term."""
    return purge_history(now)
