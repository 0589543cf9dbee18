"""One old database for all who ask what became of its rows: to migrate it takes half a minute."""

import gzip
from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg import connect
from pytest_django import DjangoDbBlocker

from tests.browser.running_product import fresh_database
from tests.migrations.old_rows import BEFORE, DUMP, MOVES, OLD_SUMS, UNCLEAR_LINES, add_people, manage
from tests.processes import database_address, environment


@pytest.fixture(scope="package")
def old_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """The environment of a process that works on the old data."""
    with django_db_blocker.unblock(), fresh_database(f"{connection.settings_dict['NAME']}_november") as name:
        with connect(database_address(name), autocommit=True) as database:
            database.execute(gzip.decompress(DUMP.read_bytes()).decode())
            database.cursor().executemany(
                "INSERT INTO public.foundation_transition"
                " (object_id, noun, from_status, to_status, actor, reason, happened_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, now())",
                MOVES,
            )
            database.execute(
                "UPDATE public.programs_opportunity SET clearance_required = NOT clearance_required WHERE id IN ("
                " SELECT min(id) FROM public.programs_opportunity GROUP BY contact_with_minors)"
            )
            database.execute(
                "INSERT INTO public.programs_fundupdate (fund_id, title, text, published_on)"
                " SELECT min(id), 'Danke', 'Zehn Ranzen.', '2026-10-01' FROM public.programs_fund"
            )
        yield environment(DATABASE_URL=database_address(name))


@pytest.fixture(scope="package")
def asked_before(old_database: dict[str, str]) -> list[list[object]]:
    """What each task asked for: key, contact with minors, clearance."""
    with connect(old_database["DATABASE_URL"]) as database:
        asked = "SELECT id, contact_with_minors, clearance_required FROM public.programs_opportunity"
        return sorted(map(list, database.execute(asked).fetchall()))


@pytest.fixture(scope="package")
def needed_before(old_database: dict[str, str]) -> dict[str, list[list[object]]]:
    """How many each task needed and what of them, and how many places were gone, asked people's among them."""
    with connect(old_database["DATABASE_URL"]) as database:
        needed = "SELECT id, '', places, skills, languages, minimum_age FROM public.programs_opportunity"
        gone = "SELECT id, places_taken, 0 FROM public.programs_opportunity"
        return {
            name: sorted(map(list, database.execute(query).fetchall()))
            for name, query in (("needed", needed), ("occupied", gone))
        }


@pytest.fixture(scope="package")
def hashes_before(old_database: dict[str, str]) -> dict[str, str]:
    """The hash of each password, by address."""
    with connect(old_database["DATABASE_URL"]) as database:
        return dict(database.execute("SELECT email, password FROM public.accounts_user").fetchall())


@pytest.fixture(scope="package")
def old_sums(
    old_database: dict[str, str], asked_before: object, needed_before: object, hashes_before: object
) -> list[list[str]]:
    """What stood where before entries stood on accounts with owners."""
    for app, migration in BEFORE:
        manage("migrate", "--no-input", app, migration, env=old_database)
    with connect(old_database["DATABASE_URL"], autocommit=True) as database:
        add_people(database)
    manage("migrate", "--no-input", "donations", "0014_stripe_cursor", env=old_database)
    with connect(old_database["DATABASE_URL"]) as database:
        database.execute(UNCLEAR_LINES)
        return sorted(list(row) for row in database.execute(OLD_SUMS))


@pytest.fixture(scope="package")
def migrated(old_database: dict[str, str], old_sums: object) -> dict[str, str]:
    """The environment of a process that works on the old data in today's schema."""
    manage("migrate", "--no-input", env=old_database)
    return old_database
