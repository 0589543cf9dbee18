"""When the matcher runs: every hour for all, and for one person or task as soon as something changed."""

from datetime import datetime, timedelta

from foundation.sweeps import daily, every, sweep
from volunteers.services import retention
from volunteers.services.match_answers import answer_requests
from volunteers.services.match_requests import ANSWER_REQUESTS
from volunteers.services.match_runs import run_matching


@sweep("volunteers.match", every(3600), timedelta(hours=3))
def match(now: datetime) -> int:
    """Match whether or not something changed: time goes on, budgets fill up again."""
    run = run_matching(now)
    return run.proposed if run else 0


@sweep(ANSWER_REQUESTS, every(15), timedelta(minutes=15))
def match_wanted(now: datetime) -> int:
    """Answer what changed and has had time to settle."""
    return answer_requests(now)


@sweep("volunteers.purge_matching", daily(3, 15), timedelta(hours=30))
def purge_matching(now: datetime) -> int:
    """Delete what the matcher did long ago."""
    return retention.purge(now)
