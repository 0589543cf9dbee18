"""Measure the figures of the whole city against five grouped queries written by hand, and compare both.

    ./dev bench dashboard --hours 1000000 --gifts 1000000 --repeat 5

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

from benchmarks.common.place import fresh_database

QUERIES = {
    "pledged": """
        SELECT home_district_id, sum(heads) FROM (
            SELECT DISTINCT home_district_id, volunteer_id, heads FROM volunteers_timepledge AS pledge
            JOIN volunteers_volunteer AS person ON person.id = volunteer_id
            WHERE status IN ('open', 'placed', 'paused', 'ended')
                AND pledge.confirmed_at >= %(first)s AND pledge.confirmed_at < %(end)s
        ) AS pledged GROUP BY 1""",
    "placed": """
        SELECT district_id, sum(heads) FROM (
            SELECT task.district_id, volunteer_id, max(heads) AS heads FROM volunteers_placement AS placement
            JOIN programs_opportunity AS task ON task.id = placement.opportunity_id
            WHERE placement.status IN ('active', 'ended') AND from_on BETWEEN %(first_on)s AND %(last_on)s
            GROUP BY 1, 2
        ) AS placed GROUP BY 1""",
    "hours": """
        SELECT task.district_id, sum(minutes * heads), count(DISTINCT volunteer_id)
        FROM volunteers_hoursentry AS given
        JOIN programs_opportunity AS task ON task.id = given.opportunity_id
        WHERE given.created_at >= %(first)s AND given.created_at < %(end)s
        GROUP BY 1""",
    "gifts": """
        SELECT account.fund_id, floor(-sum(entry.amount_cents) / 500) * 500, count(DISTINCT donor_id)
        FROM donations_ledgerentry AS entry
        JOIN donations_ledgeraccount AS account ON account.id = account_id
        JOIN donations_ledgertransaction AS booked ON booked.id = transaction_id
        JOIN donations_donation AS gift ON gift.id = booked.donation_id
        WHERE account.kind = 'fund' AND booked.recorded_at < %(end)s
        GROUP BY 1""",
    "needs": """
        SELECT district_id, sum(places - places_taken - places_held)
        FROM programs_role JOIN programs_opportunity AS task ON task.id = opportunity_id
        WHERE status = 'published' AND places_taken + places_held < places
            AND (ends_on IS NULL OR ends_on >= %(last_on)s)
        GROUP BY 1""",
}

Totals = dict[str, int]


def main() -> None:
    options = _options()
    with fresh_database(DEMO="1", HASHED_STATIC="0", DJANGO_SETTINGS_MODULE="workshop.settings"):
        report = _measured(options)
        print(json.dumps({"hours": options.hours, "gifts": options.gifts, "rollup": True, **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the figures against grouped queries.")
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--hours", type=int, default=1_000_000)
    parser.add_argument("--gifts", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection

    from benchmarks.common.town_of_rows import fill
    from foundation import sweeps
    from foundation.clock import local_day, utc_now

    now = utc_now()
    fill(options.people, options.hours, options.gifts, now)
    today = local_day(now)
    begun = time.perf_counter()
    sweeps.run("figures.count", now + timedelta(days=1))
    counting = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for period in ("alle", "30"):
        _read(period)
    all_time = _interleaved("alle", today, options.repeat)
    one_month = _interleaved("30", today, options.repeat)
    return {
        "is_exact": all(_counted(period) == _queried(period, today) for period in ("alle", "30")),
        "night_ms": round(1000 * counting),
        "read_ms": all_time[0],
        "grouped_ms": all_time[1],
        "month_read_ms": one_month[0],
        "month_ratio": one_month[2],
        "range_ratio": round(one_month[0] / all_time[1], 3),
        "ratio": all_time[2],
        "ratio_quiet": all_time[3],
    }


def _interleaved(period: str, today: date, repeat: int) -> tuple[float, float, float, float]:
    """Return the medians: milliseconds of the read and of the queries, and their ratio.

    The last is the ratio of the fastest of each: what other work on the machine disturbs least. A read is so
    short that waiting for a core is most of it, so of each turn the fastest of five counts there.
    """
    before = _seconds(lambda: _queried(period, today))
    reads, queries, ratios, quiet = [], [before], [], []
    for _turn in range(repeat):
        took = _seconds(lambda: _read(period))
        quiet += [took, *(_seconds(lambda: _read(period)) for _again in range(4))]
        after = _seconds(lambda: _queried(period, today))
        reads.append(took)
        queries.append(after)
        ratios.append(2 * took / (before + after))
        before = after
    fastest = round(min(quiet) / min(queries), 5)
    return round(1000 * median(reads), 2), round(1000 * median(queries), 2), round(median(ratios), 5), fastest


def _read(period: str) -> None:
    """Read what both pages show: the public one and the staff's."""
    from wirbrauchensie.dashboard.filters import Choice
    from wirbrauchensie.dashboard.selectors import public_report, staff_report

    public_report(Choice(period))
    staff_report(Choice(period))


def _counted(period: str) -> Totals:
    """Return the sums of all districts that the night has counted, before small ones are hidden."""
    from figures.models import Figure, Series
    from wirbrauchensie.dashboard.filters import Choice
    from wirbrauchensie.dashboard.selectors import staff_report

    city = Figure.objects.filter(provider=None, field="", is_total=False)
    totals = {
        measure: sum(city.filter(measure=measure, period=period).values_list("value", flat=True))
        for measure in ("pledged", "placed", "hours")
    }
    funds = [series.steps.latest("day").value for series in Series.objects.filter(measure="gifts")]
    gifts = sum(cents // 500 * 500 for cents in funds)
    return {**totals, "gifts": gifts, "needs": staff_report(Choice(period)).totals["needs"].shown or 0}


def _queried(period: str, today: date) -> Totals:
    from django.db import connection

    from figures.domain.measures import span

    first_on, last_on = span(period, today)
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
