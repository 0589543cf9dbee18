"""Measure whether the lists of the house answer as fast with very many rows as with a hundred.

    ./dev bench lists --few 100 --many 10000 --repeat 15

Two databases, the same but for the rows of the nine lists, and in one process turn by turn the whole request
of the page with the few (the baseline) and with the many: as it stands, by its last order, at page 5, with
a word that one row holds, and with one that none resembles. The median of the ratios is reported for each;
`ratio` is the largest of the pages as they stand, `ratio_asked` the largest of all. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from statistics import median
from typing import Any

from benchmarks.common.place import fresh_database

OFFICE = ("zusagen", "menschen", "anfragen", "einsaetze", "angebote", "termine", "texte")
TREASURY = ("spenden", "spenden/bewegungen")
FURTHER = "?page=5"
NOWHERE = "Quittenbaum"
WARM_UP = 3

Ask = Callable[[str], bytes]


def main() -> None:
    options = _options()
    with fresh_database(
        DEMO="1", DJANGO_SETTINGS_MODULE="workshop.settings", HASHED_STATIC="0", RATE_LIMITS="off"
    ):
        office, treasury = _fill(options.few)
        with _second_database() as (few, many):
            _use(many)
            _fill_up(options.few, options.many)
            asks = dict.fromkeys(OFFICE, office) | dict.fromkeys(TREASURY, treasury)
            lists = {
                name: _measured(_page_of(name, ask), _ways(name, ask), few, many, options.repeat)
                for name, ask in asks.items()
                if not options.only or name in options.only
            }
            _use(few)
    ratios = [way["ratio"] for ways in lists.values() for way in ways.values()]
    plain = [ways["plain"]["ratio"] for ways in lists.values()]
    report = {"few": options.few, "many": options.many, "ratio": max(plain), "ratio_asked": max(ratios)}
    print(json.dumps({**report, "load": round(os.getloadavg()[0], 1), "lists": lists}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the lists with few and with many rows.")
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--only", nargs="*", choices=[*OFFICE, *TREASURY])
    return parser.parse_args()


def _fill(rows: int) -> tuple[Ask, Ask]:
    """Fill the database; return how the youth office and the treasurer of its house ask for a page."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import User
    from benchmarks.common.house_of_rows import fill
    from foundation.clock import utc_now
    from programs.models import Membership
    from workshop.demo.accounts import make_accounts

    call_command("load_city", settings.CITY, verbosity=0)
    make_accounts()
    treasurer = Membership.objects.filter(role=Membership.Role.TREASURER).order_by("pk")[0]
    fill(treasurer.provider, 0, rows, utc_now())

    def asking(user: User) -> Ask:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)

        def ask(address: str) -> bytes:
            answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}.")
            return bytes(answer.content)

        return ask

    office = Membership.objects.filter(
        provider__is_youth_office=True, role=Membership.Role.COORDINATOR
    ).order_by("pk")[0]
    return asking(office.user), asking(treasurer.user)


def _fill_up(few: int, many: int) -> None:
    from benchmarks.common.house_of_rows import fill
    from foundation.clock import utc_now
    from programs.models import Fund

    house = Fund.objects.get(slug="ranzen-bench-0").provider
    fill(house, few, many, utc_now())


@contextmanager
def _second_database() -> Iterator[tuple[Any, Any]]:
    """Copy the database; yield the connections to the first and to the copy."""
    from django.db import connections

    first = connections["default"]
    name = f"{first.settings_dict['NAME']}_many"[:63]
    first.close()
    with first._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{first.settings_dict["NAME"]}"')
    second = type(first)({**first.settings_dict, "NAME": name}, "default")
    try:
        yield first, second
    finally:
        _use(first)
        second.close()
        with first._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _use(connection: Any) -> None:
    from django.db import connections

    connections["default"] = connection


def _page_of(name: str, ask: Ask) -> Ask:
    return lambda way: ask(f"/koordination/{name}/{way}")


def _ways(name: str, ask: Ask) -> dict[str, str]:
    """Return in which ways the list is asked for."""
    from benchmarks.common.house_of_rows import word

    html = unescape(ask(f"/koordination/{name}/").decode())
    orders = re.findall(r'href="(\?[^"]*sort=[^"]*)"', html)
    if not orders:
        raise SystemExit(f"{name} has no column that it can be sorted by.")
    return {
        "plain": "",
        "order": orders[-1],
        "page": FURTHER,
        "word": f"?q={word(42)}",
        "nothing": f"?q={NOWHERE}",
    }


def _measured(page: Ask, ways: dict[str, str], few: Any, many: Any, repeat: int) -> dict[str, dict[str, Any]]:
    return {name: _way(page, way, few, many, repeat) for name, way in ways.items()}


def _way(page: Ask, way: str, few: Any, many: Any, repeat: int) -> dict[str, Any]:
    times, sizes = [], (0, 0)
    for _turn in range(WARM_UP + repeat):
        (short, small), (long, large) = (_seconds(page, way, each) for each in (few, many))
        times.append((short, long))
        sizes = (small, large)
    times = times[WARM_UP:]
    return {
        "few_ms": round(1000 * median(short for short, _long in times), 1),
        "many_ms": round(1000 * median(long for _short, long in times), 1),
        "bytes": sizes,
        "ratio": round(median(long / short for short, long in times), 2),
    }


def _seconds(page: Ask, way: str, connection: Any) -> tuple[float, int]:
    _use(connection)
    begun = time.perf_counter()
    size = len(page(way))
    return time.perf_counter() - begun, size


if __name__ == "__main__":
    main()
