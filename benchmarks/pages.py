"""Measure how long the list of Engagementangebote takes to answer, against the queries it makes.

    ./dev bench pages --tasks 120 --repeat 40

In one process: the whole request through WSGI and all middleware, as an anonymous visitor, with nothing
cached between requests but what the product caches. The baseline are the very queries of that page, prepared
and fetched by psycopg on the same connection, turn by turn with the page; the median of the ratios is
reported, beside it that against the query of the list alone. Where others use the machine, a page is
interrupted more often than a query: `ratio_quiet` compares the processor time of this process for the page
and the fastest answer to its queries with the fastest to that of the list. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.common.place import fresh_database

PATH = "/zeit/"
WARM_UP = 10

Page = Callable[[], bytes]


def main() -> None:
    options = _options()
    os.environ.pop("STATIC_ROOT", None)
    with fresh_database(
        DEMO="1", DJANGO_SETTINGS_MODULE="workshop.settings", HASHED_STATIC="0", RATE_LIMITS="off"
    ):
        _fill(options.tasks)
        page = _page()
        size = len(page())
        queries = _queries_of(page)
        report = _interleaved(page, queries, options.repeat)
    print(json.dumps({"page": PATH, "bytes": size, "queries": len(queries), **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a page against its queries.")
    parser.add_argument("--tasks", type=int, default=120)
    parser.add_argument("--repeat", type=int, default=40)
    return parser.parse_args()


def _fill(tasks: int) -> None:
    from random import Random

    from django.conf import settings
    from django.core.management import call_command

    from foundation.clock import utc_now
    from workshop.demo.accounts import make_accounts
    from workshop.demo.needs import publish_needs

    call_command("load_city", settings.CITY, verbosity=0)
    make_accounts()
    publish_needs(tasks, Random(1), now=utc_now())


def _page() -> Page:
    """Return a function that asks for the page once and returns what came."""
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    application = get_wsgi_application()

    def page() -> bytes:
        environ = RequestFactory(headers={"host": "127.0.0.1", "accept-encoding": "gzip"}).get(PATH).environ
        body = application(environ, _begin)
        content = b"".join(body)
        body.close()
        return content

    return page


def _begin(status: str, _headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
    """What WSGI calls with the status of the answer."""
    if status != "200 OK":
        raise SystemExit(f"The page answered {status}.")
    return len


def _queries_of(page: Page) -> list[tuple[Any, Any]]:
    """Return statement and values of every query of the page."""
    from django.db import connection

    found: list[tuple[Any, Any]] = []

    def note(execute: Callable[..., Any], sql: Any, values: Any, many: Any, context: Any) -> Any:
        found.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        page()
    return found


def _interleaved(page: Page, queries: list[tuple[Any, Any]], repeat: int) -> dict[str, float]:
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection

    def fetch(some: list[tuple[Any, Any]]) -> None:
        for sql, values in some:
            raw.execute(sql, values, prepare=True).fetchall()

    of_the_list = [each for each in queries if '"programs_opportunity"."task"' in each[0]]
    if len(of_the_list) != 1:
        raise SystemExit("Which of the queries reads the list?")
    times, processor = [], []
    for _turn in range(WARM_UP + repeat):
        one, before = _seconds(lambda: fetch(of_the_list)), time.process_time()
        whole = _seconds(page)
        processor.append(time.process_time() - before)
        times.append((one, whole, _seconds(lambda: fetch(queries))))
    times, processor = times[WARM_UP:], processor[WARM_UP:]
    fastest_list, fastest = min(one for one, _page, _all in times), min(every for *_page, every in times)
    return {
        "page_ms": round(1000 * median(page for _list, page, _all in times), 3),
        "queries_ms": round(1000 * median(every for _list, _page, every in times), 3),
        "list_query_ms": round(1000 * median(one for one, _page, _all in times), 3),
        "processor_ms": round(1000 * median(processor), 3),
        "ratio_quiet": round((median(processor) + fastest) / fastest_list, 2),
        "ratio_list_query": round(median(page / one for one, page, _all in times), 2),
        "ratio": round(median(page / every for _list, page, every in times), 2),
    }


def _seconds(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
