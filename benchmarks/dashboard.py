"""Measure the figures of the whole city against five grouped queries written by hand, and compare both.

    ./dev bench dashboard --hours 200000 --gifts 200000 --repeat 5

The read is what the page asks for: all measures by district since the beginning, and for the last thirty
days. Turns are interleaved queries, read, queries; the median of the ratios is reported. `is_exact` tells
whether every total of the read is what the queries by hand add up to. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from benchmarks.place import database, set_environment

QUERIES = {
    "pledged": """
        SELECT home_district_id, count(DISTINCT volunteer_id) FROM volunteers_timepledge
        WHERE status IN ('open', 'placed', 'paused', 'ended')
            AND confirmed_at >= %(first)s AND confirmed_at < %(end)s
        GROUP BY 1""",
    "placed": """
        SELECT task.district_id, count(DISTINCT volunteer_id) FROM volunteers_placement AS placement
        JOIN programs_opportunity AS task ON task.id = placement.opportunity_id
        WHERE placement.status IN ('active', 'ended') AND from_on <= %(last_on)s
            AND (until_on IS NULL OR until_on >= %(first_on)s)
        GROUP BY 1""",
    "hours": """
        SELECT task.district_id, sum(minutes) / 60, count(DISTINCT volunteer_id) FROM volunteers_hoursentry
        JOIN volunteers_placement AS placement ON placement.id = placement_id
        JOIN programs_opportunity AS task ON task.id = placement.opportunity_id
        WHERE worked_on BETWEEN %(first_on)s AND %(last_on)s
        GROUP BY 1""",
    "gifts": """
        SELECT fund.district_id, sum(amount_cents - refunded_cents), count(DISTINCT donor_id)
        FROM donations_donation JOIN programs_fund AS fund ON fund.id = fund_id
        WHERE status IN ('received', 'partly_refunded') AND received_at >= %(first)s AND received_at < %(end)s
        GROUP BY 1""",
    "needs": """
        SELECT district_id, sum(places - places_taken) FROM programs_opportunity
        WHERE status = 'published' AND places_taken < places AND (ends_on IS NULL OR ends_on >= %(last_on)s)
        GROUP BY 1""",
}

Totals = dict[str, int]


def main() -> None:
    options = _options()
    set_environment(DEMO="1", HASHED_STATIC="0", DJANGO_SETTINGS_MODULE="workshop.settings")
    import django

    django.setup()
    with database():
        report = _measured(options)
    print(json.dumps({"hours": options.hours, "gifts": options.gifts, "rollup": False, **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the figures against grouped queries.")
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--hours", type=int, default=200_000)
    parser.add_argument("--gifts", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    from benchmarks.town_of_rows import fill
    from foundation.clock import local_day, utc_now

    now = utc_now()
    fill(options.people, options.hours, options.gifts, now)
    today = local_day(now)
    ever, month = today - timedelta(days=365 * 50 - 1), today - timedelta(days=29)
    _read(ever, today)
    all_time = _interleaved(ever, today, options.repeat)
    one_month = _interleaved(month, today, options.repeat)
    return {
        "is_exact": all(_read(first, today) == _queried(first, today) for first in (ever, month)),
        "read_ms": all_time[0],
        "grouped_ms": all_time[1],
        "month_read_ms": one_month[0],
        "month_ratio": one_month[2],
        "range_ratio": round(one_month[0] / all_time[1], 3),
        "ratio": all_time[2],
    }


def _interleaved(first_on: date, last_on: date, repeat: int) -> tuple[float, float, float]:
    """Return the medians: milliseconds of the read and of the queries, and their ratio."""
    before = _seconds(lambda: _queried(first_on, last_on))
    reads, queries, ratios = [], [before], []
    for _turn in range(repeat):
        took = _seconds(lambda: _read(first_on, last_on))
        after = _seconds(lambda: _queried(first_on, last_on))
        reads.append(took)
        queries.append(after)
        ratios.append(2 * took / (before + after))
        before = after
    return round(1000 * median(reads), 2), round(1000 * median(queries), 2), round(median(ratios), 4)


def _read(first_on: date, last_on: date) -> Totals:
    """What the page shows: the totals of all measures."""
    from wirbrauchensie.dashboard.filters import Choice
    from wirbrauchensie.dashboard.scope import WHOLE_CITY
    from wirbrauchensie.dashboard.selectors import report

    found = report(WHOLE_CITY, Choice("", first_on, last_on))
    return {measure: cell.value for measure, cell in found.totals.items()}


def _queried(first_on: date, last_on: date) -> Totals:
    from django.db import connection

    values = {"first_on": first_on, "last_on": last_on, **_moments(first_on, last_on)}
    with connection.cursor() as cursor:
        totals = {}
        for measure, query in QUERIES.items():
            cursor.execute(query, values)
            totals[measure] = sum(int(row[1]) for row in cursor.fetchall())
    return totals


def _moments(first_on: date, last_on: date) -> dict[str, datetime]:
    from foundation.clock import local_moment
    from foundation.units import MIDNIGHT

    return {
        "first": local_moment(first_on, MIDNIGHT),
        "end": local_moment(last_on + timedelta(days=1), MIDNIGHT),
    }


def _seconds(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
