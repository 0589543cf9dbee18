"""From rows to arrays: keys become row numbers, words bits of a mask, minutes quarter hours of the week."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Field, Func, IntegerField, QuerySet, Value
from django.db.models.sql import Query
from psycopg import sql

from foundation.choices import TextChoices
from foundation.units import DAY, QUARTER
from volunteers.matching.problem import Bools, Ints

BETWEEN_WORDS = " "


def columns_of(
    rows: QuerySet[Any], names: Sequence[str], *, words: Collection[str] = ()
) -> dict[str, tuple[Any, ...]]:
    """Return the named values of every row, one tuple per name.

    Arrays named in `words` come as texts, joined as `masks` takes them: of many rows no list is made for any.
    """
    read = [_joined(name) if name in words else name for name in names]
    values = list(rows.values_list(*read))
    return dict(zip(names, zip(*values, strict=True) if values else [()] * len(names), strict=True))


def _joined(name: str) -> Func:
    return Func(name, Value(BETWEEN_WORDS), function="array_to_string", output_field=CharField())


def times_beside(times: QuerySet[Any], *more: str) -> ArraySubquery:
    """Return, to be read with each row, its weekly times as lists of weekday, start and end in minutes.

    `more` are further columns of whole numbers. For few rows: many are read faster in a query of their own.
    """
    time = Func(
        "weekday",
        "start_minute",
        "end_minute",
        *more,
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(IntegerField()),
    )
    return ArraySubquery(
        times.order_by().values_list(time), output_field=ArrayField(ArrayField(IntegerField()))
    )


def unfolded(keys: Iterable[int], times: Iterable[Iterable[Sequence[int]]]) -> Iterator[tuple[int, ...]]:
    """Yield (key, weekday, start, end, …) for each of the times read beside the rows of `keys`."""
    for key, own in zip(keys, times, strict=True):
        for time in own:
            yield key, *time


def microseconds(name: str) -> Func:
    """The moment in column `name` since 1970: a whole number is read ten times as fast as a datetime.

    As a field of no kind, which Django does not look at value by value.
    """
    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    return Func(name, template=template, output_field=Field())


def integers(rows: Iterable[tuple[int, ...]], width: int) -> list[Ints]:
    """Return `width` int64 arrays, one per place in the tuples.

    Those of a query, none of them missing, come as bytes: no object is made for any.
    """
    if isinstance(rows, QuerySet):
        return _sent(rows.query, width)
    return list(np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, width).T)


def _sent(query: Query, width: int) -> list[Ints]:
    try:
        statement, values = query.sql_with_params()
    except EmptyResultSet:
        return [np.empty(0, np.int64) for _ in range(width)]
    names = [sql.Identifier(f"column_{place}") for place in range(width)]
    sent = sql.SQL("SELECT {} FROM ({}) AS given({})").format(
        sql.SQL(", ").join([sql.SQL("string_agg(int8send({}::bigint), '')").format(name) for name in names]),
        sql.SQL(statement),
        sql.SQL(", ").join(names),
    )
    with connection.cursor() as cursor:
        cursor.execute(sent.as_string(), values)
        columns = cursor.fetchone()
    return [np.frombuffer(column or b"", ">i8").astype(np.int64) for column in columns]


def located(pks: Ints, keys: Ints) -> tuple[Bools, Ints]:
    """Return which of `keys` are among the rising `pks`, and the rows of those that are.

    Rows written while a run is being read have keys that are not.
    """
    row = np.searchsorted(pks, keys)
    known = np.zeros(len(keys), np.bool_)
    inside = row < len(pks)
    known[inside] = pks[row[inside]] == keys[inside]
    return known, row[known]


def lines_of(keys: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return (line of `wanted`, row) for every row of `keys`, in any order, that has that key."""
    order = np.argsort(keys, kind="stable")
    first = np.searchsorted(keys[order], wanted, "left")
    length = np.searchsorted(keys[order], wanted, "right") - first
    line = np.repeat(np.arange(len(wanted)), length)
    offset = np.arange(len(line)) - np.repeat(np.cumsum(length) - length, length)
    return line, order[np.repeat(first, length) + offset]


def bits_of(choices: type[TextChoices]) -> dict[str, int]:
    """Return word → bit in the order of the choices."""
    return {word: bit for bit, word in enumerate(choices.values)}


def masks(rows: Iterable[Sequence[str]], choices: type[TextChoices]) -> Ints:
    """Return one mask per row of words (n, int64), which may be joined; words that are no choice any more are
    left out.
    """
    bits = bits_of(choices)
    texts = [row if isinstance(row, str) else BETWEEN_WORDS.join(row) for row in rows]
    known = {text: sum({1 << bits[word] for word in text.split() if word in bits}) for text in set(texts)}
    return np.array([known[text] for text in texts], np.int64)


def week_quarters_inside(weekday: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the whole quarter hours of the week that lie inside windows given in minutes of their day."""
    return (
        (weekday * DAY + start + QUARTER - 1) // QUARTER,
        (weekday * DAY + end) // QUARTER,
    )


def week_quarters_around(weekday: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the quarter hours of the week that slots given in minutes of their day touch."""
    return (
        (weekday * DAY + start) // QUARTER,
        (weekday * DAY + end + QUARTER - 1) // QUARTER,
    )
