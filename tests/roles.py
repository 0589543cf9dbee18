"""Requests, sweeps and commands of a test reach the database as web and worker, where those are parted.

All else stays with the owner: rows that a test makes, services that it calls by hand, what it looks at.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import wraps
from threading import local
from typing import Any

import pytest
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from psycopg import connect, pq, sql
from pytest_django import DjangoDbBlocker

from foundation import sweeps
from tests.processes import database_address
from wirbrauchensie import product_role

_here = local()
_are_parted = False
MIDDLEWARE = "tests.roles.as_web"
WORKERS_COMMANDS = {"count_figures", "issue_receipts", "match", "reconcile", "sweep"}
WEBS_COMMANDS = {
    "confirm_youth_office_phone",
    "createsuperuser",
    "dump_ledger",
    "import_statement",
    "load_city",
    "read_statement",
    "renew_secrets",
    "screen",
}
"""Where each is run (docs/operations.md, "Three roles"); `prepare` and `migrate` are the owner's."""
PASSWORD = "letters"


def names(database: str) -> tuple[str, str]:
    """Return the roles of web and worker that are the tests' in this database."""
    return f"{database}-web", f"{database}-worker"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the two roles and give them their rights, as `manage.py prepare` does, before any test begins."""
    database = connection.settings_dict["NAME"]
    roles = names(database)
    with connect(database_address(database), autocommit=True) as server:
        _drop(server, roles)
        for role in roles:
            server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), PASSWORD))
    with django_db_blocker.unblock():
        product_role.grant(*roles)
        connection.close()
    yield
    with connect(database_address(database), autocommit=True) as server:
        _drop(server, roles)


def _drop(server: Any, roles: tuple[str, str]) -> None:
    for role in roles:
        if server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            server.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture(scope="session")
def made(django_db_setup: None) -> tuple[str, str]:
    """Return the roles of web and worker."""
    return names(connection.settings_dict["NAME"])


@pytest.fixture
def parted(made: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request be web's, every job of a sweep the worker's, and a command whose it is."""
    monkeypatch.setattr(settings, "MIDDLEWARE", [MIDDLEWARE, *settings.MIDDLEWARE])
    monkeypatch.setattr(BaseCommand, "execute", _as_whose_it_is(BaseCommand.execute))
    monkeypatch.setattr("tests.roles._are_parted", True)


@pytest.fixture(autouse=True)
def as_it_runs(request: pytest.FixtureRequest) -> None:
    """Part them for every test that knows a database."""
    if "_django_db_helper" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("parted")


def as_web(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer as the role of web."""

    def answered(request: HttpRequest) -> HttpResponse:
        with _being(names(connection.settings_dict["NAME"])[0]):
            return answer(request)

    return answered


def _as_worker(job: sweeps.Job) -> sweeps.Job:
    @wraps(job)
    def done(now: datetime) -> int:
        if not _are_parted:
            return job(now)
        with _being(names(connection.settings_dict["NAME"])[1]):
            return job(now)

    return done


def _as_whose_it_is(execute: Callable[..., str | None]) -> Callable[..., str | None]:
    @wraps(execute)
    def done(command: BaseCommand, *args: Any, **options: Any) -> str | None:
        name, roles = type(command).__module__.rpartition(".")[2], names(connection.settings_dict["NAME"])
        if name not in WEBS_COMMANDS | WORKERS_COMMANDS:
            return execute(command, *args, **options)
        with _being(roles[name in WORKERS_COMMANDS]):
            return execute(command, *args, **options)

    return done


def _wrap_jobs() -> None:
    """Before any test imports one: most tests call a job by its name, as no worker does."""
    for name, each in sweeps._sweeps.items():
        job = _as_worker(each.job)
        sweeps._sweeps[name] = replace(each, job=job)
        setattr(sys.modules[job.__module__], job.__name__, job)


@contextmanager
def _being(role: str) -> Iterator[None]:
    before = getattr(_here, "role", None)
    _here.role = role
    _be(role)
    try:
        yield
    finally:
        _here.role = before
        _be(before)


def _be(role: str | None) -> None:
    """Take the role on the connection of this thread, if there is one and it takes statements."""
    driver = connection.connection
    if driver is None or driver.closed or driver.info.transaction_status == pq.TransactionStatus.INERROR:
        return
    driver.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)) if role else "RESET ROLE")


def _opened(**_about: Any) -> None:
    if role := getattr(_here, "role", None):
        _be(role)


_wrap_jobs()
connection_created.connect(_opened)
