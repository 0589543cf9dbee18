"""Queries whose text depends on their arguments alone: put together once, then only run."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, cast

from django.db import connection
from django.db.models import QuerySet

Asked = ParamSpec("Asked")
Statement = tuple[str, tuple[Any, ...]]


def statement_of(query: Callable[Asked, QuerySet[Any, Any]]) -> Callable[Asked, Statement]:
    """Return a function from the arguments of `query`, which are hashable, to its SQL and its values.

    A query set is put together and translated in hundreds of steps, which takes longer than its answer. What
    is kept is the question, never the answer.
    """

    @lru_cache(maxsize=512)
    def statement(*asked: Any, **named: Any) -> Statement:
        return query(*asked, **named).query.sql_with_params()

    return cast("Callable[Asked, Statement]", statement)


def rows(statement: Statement) -> list[tuple[Any, ...]]:
    """Run it and return its rows as the database tells them: for columns that Django does not convert."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall()


def number_of(statement: Statement) -> int:
    """Return how many rows it would tell."""
    question, values = statement
    [[number]] = rows((f"SELECT COUNT(*) FROM ({question}) AS found", values))  # noqa: S608 - written by Django
    return int(number)
