"""Measure a run of the matcher from database to database, and the answer to one event, each with a baseline.

    ./dev bench plan --size M --scarcity 1 --seed 1 [--people 300] [--events 20]

candidates  reading all rows and finding every possible pair with its score, against a double loop in plain
            Python over the same arrays. The loop takes `people` rows, which must come out with the same
            pairs, and is scaled up to all.
task        reading, planning and writing questions, prices, run and record, against the plain greedy alone.
event       what to ask one new person at the stored prices, against pulling all open tasks for them; and the
            points of a run with the events after it, against a run over everybody.

Ratios are in processor time of this process. Wall time, in which the database works too, is given beside it.
The load is the number of runnable processes on the machine. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any, TypeVar

import numpy as np

from benchmarks.common.place import fresh_database
from benchmarks.matcher.double_loop import possible_pairs
from benchmarks.matcher.greedy import greedy
from benchmarks.matcher.instances import SIZES, instance
from volunteers.matching import Problem, solve
from volunteers.matching.edges import all_edges
from volunteers.matching.lineup import lineup
from volunteers.matching.remaining import remaining

T = TypeVar("T")

TURNS = 3

ASKED = """
UPDATE volunteers_offer SET status = 'sent', sent_at = created_at, expires_at = created_at + interval '7 days'
WHERE status = 'proposed';
UPDATE programs_role AS role SET places_taken = places_taken + asked.questions
FROM (SELECT role_id, count(*) AS questions FROM volunteers_offer WHERE status = 'sent' GROUP BY 1) AS asked
WHERE asked.role_id = role.id
"""
Report = dict[str, Any]


def main() -> None:
    options = _options()
    with fresh_database():
        from benchmarks.matcher.rows import fill
        from foundation.clock import utc_now

        now = utc_now()
        solve(instance(*SIZES["S"], options.scarcity, options.seed))
        pledges = fill(instance(*SIZES[options.size], options.scarcity, options.seed), now)
        print(f"{len(pledges)} pledges written")
        late = np.random.default_rng(options.seed).choice(pledges, options.events, replace=False).tolist()
        report = {
            "size": options.size,
            "scarcity": options.scarcity,
            "seed": options.seed,
            **_candidates(options.people, now),
            **_task_and_events(late, now),
            "load": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the matcher from database to database.")
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--scarcity", type=int, choices=(1, 2, 3, 4), default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=300, help="rows that the double loop takes")
    parser.add_argument("--events", type=int, default=20)
    return parser.parse_args()


def _timed(function: Callable[[], T]) -> tuple[float, float, T]:
    """Seconds of this processor and on the wall, and what came out."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = function()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def _candidates(people: int, now: datetime) -> Report:
    from volunteers.selectors.match_inputs import match_inputs

    def found() -> tuple[Problem, int, float]:
        loading, _, inputs = _timed(lambda: match_inputs(now))
        ordered = lineup(inputs.problem, 0).ordered(inputs.problem)
        return inputs.problem, len(all_edges(ordered, remaining(ordered))), loading

    turns = [_timed(found) for _ in range(TURNS)]
    seconds, wall = median(turn[0] for turn in turns), median(turn[1] for turn in turns)
    problem, count, _ = turns[0][2]
    loading = median(turn[2][2] for turn in turns)
    print(f"{count} pairs in {seconds:.2f} s, of which reading took {loading:.2f} s")
    left = remaining(problem)
    sample = np.sort(np.random.default_rng(0).permutation(len(problem.volunteers))[:people])
    looping, _, pairs = _timed(lambda: possible_pairs(problem, left, sample.tolist()))
    edges = all_edges(problem, left)
    mine = np.isin(edges.volunteer, sample)
    if set(pairs) != set(zip(edges.volunteer[mine].tolist(), edges.opportunity[mine].tolist(), strict=True)):
        raise SystemExit("The double loop finds other pairs.")
    whole = looping * len(problem.volunteers) / len(sample)
    return {
        "people": len(problem.volunteers),
        "tasks": len(problem.opportunities),
        "pairs": count,
        "loading_seconds": round(loading, 3),
        "candidate_seconds": round(seconds, 3),
        "candidate_wall_seconds": round(wall, 3),
        "double_loop_seconds": round(whole, 2),
        "candidate_ratio": round(seconds / whole, 4),
    }


def _task_and_events(late: list[int], now: datetime) -> Report:
    """Everybody's run first, which is the baseline of the events; then one without those who come late."""
    from volunteers.models import Offer, Placement, TimePledge
    from volunteers.services.match_plan import match_plan
    from volunteers.services.match_runs import propose

    everybody = match_plan(now).result.score
    TimePledge.objects.filter(pk__in=late).update(status="withdrawn")
    before, _ = _greedy(now)
    task, wall, (run, plan) = _timed(lambda: propose(now))
    after, filled = _greedy(now)
    print(f"{run.proposed} questions in {task:.2f} s, greedy {before:.2f} and {after:.2f} s")
    held = list(Placement.objects.order_by("pk").values_list("pk", "pledge_id", "opportunity_id", "status"))
    answers = [_answer(key, now) for key in late]
    _ask_all()
    points = sum(_event_points(key, now) for key in late)
    stands = list(Placement.objects.order_by("pk").values_list("pk", "pledge_id", "opportunity_id", "status"))
    return {
        "questions": run.proposed,
        "greedy_filled": filled,
        "percent_of_bound": round(plan.result.percent, 4),
        "task_seconds": round(task, 3),
        "task_wall_seconds": round(wall, 3),
        "greedy_seconds": round((before + after) / 2, 3),
        "task_ratio": round(2 * task / (before + after), 3),
        "written": Offer.objects.filter(run=run).count(),
        "events": len(late),
        "event_seconds": round(median(took for took, _ in answers), 4),
        "pull_seconds": round(median(pull for _, pull in answers), 4),
        "event_ratio": round(median(took / pull for took, pull in answers), 3),
        "percent_of_a_run": round(100 * (plan.result.score + points) / everybody, 3),
        "confirmed_moved": len(set(held) ^ set(stands)),
    }


def _greedy(now: datetime) -> tuple[float, int]:
    """Processor time of greedy alone, over pairs that are there already; how many places it fills."""
    from volunteers.selectors.match_inputs import match_inputs

    problem = match_inputs(now).problem
    left = remaining(problem)
    edges = all_edges(problem, left)
    seconds, _, chosen = _timed(lambda: greedy(problem, left, edges))
    return seconds, len(chosen)


def _ask_all() -> None:
    """Let every question hold its place, without a mail."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ASKED)


def _answer(key: int, now: datetime) -> tuple[float, float]:
    """Seconds of the answer to one person while every task is open, and of pulling all of these."""
    from volunteers.models import TimePledge
    from volunteers.selectors.match_inputs import match_inputs
    from volunteers.services.match_plan import proposals_for_pledge

    TimePledge.objects.filter(pk=key).update(status="open")
    pull, _, _ = _timed(lambda: match_inputs(now, only=[key], also=_seeking()))
    took, _, _ = _timed(lambda: proposals_for_pledge(key, now))
    return took, pull


def _event_points(key: int, now: datetime) -> int:
    """Points of what one person is asked when everybody else holds their places; it takes its own."""
    from django.db.models import F

    from programs.models import Role
    from volunteers.services.match_plan import proposals_for_pledge

    proposals = proposals_for_pledge(key, now)
    for proposal in proposals:
        Role.objects.filter(pk=proposal.role_id).update(places_taken=F("places_taken") + 1)
    return sum(proposal.score for proposal in proposals)


def _seeking() -> list[int]:
    from programs.models import Role
    from programs.selectors.visibility import roles_with_place

    seeking = Role.objects.filter(roles_with_place(), opportunity__status="published")
    return list(seeking.values_list("opportunity_id", flat=True).distinct())


if __name__ == "__main__":
    main()
