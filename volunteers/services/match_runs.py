"""A run of the matcher: solve, store what it found and how good that is, put the questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from json import dumps
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from foundation.bulk import among, copy_like, set_each
from programs.models import Role
from volunteers.matching import record
from volunteers.models import MatchRecord, MatchRun, Offer
from volunteers.services.match_plan import MatchPlan, Proposal, match_plan, stored
from volunteers.services.match_requests import clear_requests
from volunteers.services.match_waves import in_waves
from volunteers.services.questions import send_proposed

MATCHING_LOCK = (2, 1)


def run_matching(now: datetime, tell: Callable[[MatchPlan], None] | None = None) -> MatchRun | None:
    """Match everybody who waits with every free place and send the questions.

    `tell` gets the plan once it is stored. Returns the run, or None if another is under way. A run that fails
    stays visible with its error and raises it again.
    """
    with alone() as is_alone:
        if not is_alone:
            return None
        clear_requests()
        send_proposed(now)
        run, plan = propose(now)
    if tell is not None:
        tell(plan)
    send_proposed(now)
    return run


def propose(now: datetime) -> tuple[MatchRun, MatchPlan]:
    """Read, solve and write the questions to be put, the prices and the record; the caller is alone at it."""
    run = MatchRun.objects.create(started_at=now)
    elapsed = _stopwatch()
    try:
        plan = match_plan(now)
        _store(run, plan, now)
    except Exception as error:
        rows = MatchRun.objects.filter(pk=run.pk)
        rows.update(failed_at=now + elapsed(), error=repr(error)[:300])
        raise
    MatchRun.objects.filter(pk=run.pk).update(finished_at=now + elapsed())
    return run, plan


def _stopwatch() -> Callable[[], timedelta]:
    started = perf_counter()
    return lambda: timedelta(seconds=perf_counter() - started)


@contextmanager
def alone() -> Iterator[bool]:
    """Hold what only one run or answer may hold; False if another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", MATCHING_LOCK)
        is_alone = cursor.fetchone()[0]
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", MATCHING_LOCK)


@transaction.atomic
def _store(run: MatchRun, plan: MatchPlan, now: datetime) -> None:
    proposed = copy_like(
        Offer(run=run, status_changed_at=now, created_at=now),
        ("pledge_id", "opportunity_id", "role_id", "score", "reasons", "is_shared"),
        _lines(in_waves(plan.inputs, plan.proposals(), now)),
    )
    _store_prices(plan)
    result = plan.result
    run.inputs_hash = result.inputs_hash
    run.weights = asdict(plan.problem.weights)
    run.volunteers = len(plan.problem.volunteers)
    run.opportunities = len(plan.problem.opportunities)
    run.edges = result.possible
    run.proposed = proposed
    run.score, run.bound = result.score, result.bound
    run.save()
    MatchRecord.objects.create(run=run, content=record.written(plan.problem, plan.seed, result))


def _lines(proposals: Iterable[Proposal]) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of each question; what many say alike is put into JSON once."""
    text = cache(lambda reason: dumps(stored(reason)))
    for each in proposals:
        reasons = f"[{', '.join([text(reason) for reason in each.why])}]"
        yield each.pledge_id, each.opportunity_id, each.role_id, each.score, reasons, each.is_shared


def _store_prices(plan: MatchPlan) -> None:
    """Write what changed; the rows are locked in the order of their tasks and keys, as everywhere."""
    prices = dict(zip(plan.inputs.roles.tolist(), plan.result.prices.tolist(), strict=True))
    rows = (
        Role.objects.select_for_update(no_key=True)
        .filter(pk__in=among(prices))
        .order_by("opportunity_id", "pk")
    )
    before = rows.values_list("pk", "matching_price")
    changed = {key: prices[key] for key, price in before if price != prices[key]}
    set_each(Role, "matching_price", changed)
