"""Dumps of a database and the way back, by PostgreSQL's own programs; a dump is complete or not there."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from workshop.runner.console import Refusal
from workshop.runner.programs import installed_programs, postgres_program

Server = psycopg.Connection[Any]
OURS = "django_migrations"


def dump(url: str, file: Path) -> None:
    """Write the database as of this moment into `file`, readable by nobody else, while it is in use.

    Raises Refusal when the file exists or PostgreSQL cannot do it.
    """
    if file.exists():
        raise Refusal(f"{file} exists already; a backup never replaces another one.")
    fresh = file.with_name(file.name + ".new")
    try:
        call("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={fresh}")
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.rename(file)
    finally:
        fresh.unlink(missing_ok=True)


def restore(url: str, file: Path, now: datetime) -> str | None:
    """Put the dump in the place of the database; return the name under which the old one is kept.

    The new database is made aside and takes the name in one transaction, when it is complete. Raises Refusal,
    with the old database untouched, when the file is no dump of this product or somebody uses the database.
    """
    name = str(conninfo_to_dict(url)["dbname"])
    with connect(named(url, "postgres")) as server:
        refuse_if_used(server, name)
        with made_aside(server, f"{name}_restoring") as fresh:
            call("pg_restore", named(url, fresh), "--exit-on-error", "--no-owner", "--jobs=2", str(file))
            refuse_what_is_not_ours(named(url, fresh), file)
            return swap(server, name, fresh, kept=f"{name}_before_{now:%Y%m%d_%H%M%S}")


@contextmanager
def connect(url: str) -> Iterator[Server]:
    """Raises Refusal with what PostgreSQL says, whatever it does not like."""
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        raise Refusal(f"PostgreSQL: {str(error).strip()}") from error


def named(url: str, database: str) -> str:
    """The same server, another database."""
    return make_conninfo(url, dbname=database)


def call(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password stays out of the list of processes."""
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    secret = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
    path = postgres_program(installed_programs(), program)
    command = [str(path), "--no-password", f"--dbname={make_conninfo(**parts)}", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **secret}, check=False, capture_output=True, text=True, umask=0o077
    )
    if done.returncode != 0:
        raise Refusal(f"{program} could not do it:\n{done.stderr.strip()[-2000:]}")


def refuse_if_used(server: Server, name: str) -> None:
    """Whoever writes now would write into what is put aside; PostgreSQL's own hands (autovacuum) do not."""
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    used = server.execute(question, [name]).fetchone()
    if used and used[0]:
        raise Refusal(f"{used[0]} connections use the database {name!r}; stop the product first.")


@contextmanager
def made_aside(server: Server, name: str) -> Iterator[str]:
    """An empty database that is gone again unless it was given another name."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    server.execute(drop)
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        server.execute(drop)


def refuse_what_is_not_ours(url: str, file: Path) -> None:
    with connect(url) as connection:
        found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [OURS]).fetchone()
    if found != (True,):
        raise Refusal(f"{file} is a dump, but not one of this product.")


def swap(server: Server, name: str, fresh: str, *, kept: str) -> str | None:
    """Rename both or none; return the name of the old one, None when there was none."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    had_one = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
    with server.transaction():
        if had_one:
            server.execute(rename.format(sql.Identifier(name), sql.Identifier(kept)))
        server.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))
    return kept if had_one else None
