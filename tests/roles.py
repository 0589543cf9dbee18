"""Requests and sweeps of a test reach the database as the roles of web and worker, where those are parted.

What is neither a page nor a sweep stays with the owner: rows that a test makes, and what it looks at.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import local
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from psycopg import connect, pq, sql
from pytest_django import DjangoDbBlocker

from foundation import sweeps
from tests.processes import database_address
from wirbrauchensie import product_role

_here = local()
MIDDLEWARE = "tests.roles.as_web"
PASSWORD = "letters"


def names(database: str) -> tuple[str, str]:
    """Return the roles of web and worker that are the tests' in this database."""
    return f"{database}-web", f"{database}-worker"


@pytest.fixture(scope="session")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, str]]:
    """Make the two roles and give them their rights, as `manage.py prepare` does."""
    database = connection.settings_dict["NAME"]
    roles = names(database)
    with connect(database_address(database), autocommit=True) as server:
        _drop(server, roles)
        for role in roles:
            server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), PASSWORD))
    with django_db_blocker.unblock():
        product_role.grant(*roles)
        connection.close()
    yield roles
    with connect(database_address(database), autocommit=True) as server:
        _drop(server, roles)


def _drop(server: Any, roles: tuple[str, str]) -> None:
    for role in roles:
        if server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            server.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture
def parted(made: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request be web's and every job of a sweep the worker's."""
    monkeypatch.setattr(settings, "MIDDLEWARE", [MIDDLEWARE, *settings.MIDDLEWARE])
    for name, each in sweeps._sweeps.items():
        monkeypatch.setitem(sweeps._sweeps, name, replace(each, job=_as_worker(each.job)))


@pytest.fixture(autouse=True)
def as_it_runs(request: pytest.FixtureRequest, made: tuple[str, str]) -> None:
    """Part them for every test of a folder that imports this, unless it knows no database.

    They are made before a test begins the transaction that it takes back.
    """
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("parted")


def as_web(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer as the role of web."""

    def answered(request: HttpRequest) -> HttpResponse:
        with _being(names(connection.settings_dict["NAME"])[0]):
            return answer(request)

    return answered


def _as_worker(job: sweeps.Job) -> sweeps.Job:
    def done(now: datetime) -> int:
        with _being(names(connection.settings_dict["NAME"])[1]):
            return job(now)

    return done


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


connection_created.connect(_opened)
