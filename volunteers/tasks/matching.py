"""When the matcher runs: every hour, and ten seconds after something changed."""

from datetime import datetime, timedelta

from foundation.sweeps import daily, every, sweep
from volunteers.services import retention
from volunteers.services.match_requests import is_run_wanted
from volunteers.services.match_runs import run_matching


@sweep("volunteers.match", every(3600), timedelta(hours=3))
def match(now: datetime) -> int:
    """Match whether or not something changed: time goes on, budgets fill up again."""
    run = run_matching(now)
    return run.proposed if run else 0


@sweep("volunteers.match_wanted", every(15), timedelta(minutes=15))
def match_wanted(now: datetime) -> int:
    """Match if a change asked for it and has had time to settle."""
    if not is_run_wanted(now):
        return 0
    run = run_matching(now)
    return run.proposed if run else 0


@sweep("volunteers.purge_matching", daily(3, 15), timedelta(hours=30))
def purge_matching(now: datetime) -> int:
    """Delete what the matcher did long ago."""
    return retention.purge(now)
