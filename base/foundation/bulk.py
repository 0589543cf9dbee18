"""Writing very many rows: in statements whose number and cost hardly grow with them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Func, Model, Value
from psycopg import sql
from psycopg.adapt import PyFormat, Transformer

AT_ONCE = 5000
"""Rows in one statement, so that none takes long however many there are."""


def copy_like(template: Model, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    """Write a row like the unsaved `template` for each of `lines`, which hold its `columns`; return how many.

    Values are as PostgreSQL takes them, JSON as text. The database gives the keys, nothing comes back and no
    signal is sent. Only inside a transaction: a line that is refused refuses all.
    """
    fields = [field for field in template._meta.concrete_fields if not field.primary_key]
    like = [field for field in fields if field.column not in columns]
    rest = _texts([field.get_db_prep_save(getattr(template, field.attname), connection) for field in like])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(template._meta.db_table),
        sql.SQL(", ").join(
            [sql.Identifier(name) for name in [*columns, *(str(each.column) for each in like)]]
        ),
    )
    count, coming = 0, iter(lines)
    with connection.cursor() as cursor:
        while piece := list(islice(coming, AT_ONCE)):
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for line in piece:
                    copy.write_row((*line, *rest))
            count += len(piece)
    return count


def _texts(values: Iterable[Any]) -> tuple[str | None, ...]:
    """Return values as PostgreSQL reads them, so that those of every row are put into words once."""
    connection.ensure_connection()
    words = Transformer(connection.connection)

    def text(value: Any) -> str | None:
        told = None if value is None else words.get_dumper(value, PyFormat.TEXT).dump(value)
        return None if told is None else bytes(told).decode()

    return tuple(map(text, values))


def among(keys: Iterable[int]) -> Func:
    """Return what a lookup `pk__in` takes for very many keys: one array in place of a parameter for each."""
    array = Value(list(keys), output_field=ArrayField(BigIntegerField()))
    return Func(array, function="unnest", template="(SELECT %(function)s(%(expressions)s))")


def set_each(model: type[Model], column: str, values: Mapping[int, float]) -> None:
    """Set a number in `column` of each row by its key; the caller has locked the rows."""
    statement = sql.SQL(
        "UPDATE {table} SET {column} = given.value"
        " FROM unnest(%s::bigint[], %s::double precision[]) AS given(id, value) WHERE {table}.id = given.id"
    ).format(table=sql.Identifier(model._meta.db_table), column=sql.Identifier(column))
    coming = iter(values.items())
    with connection.cursor() as cursor:
        while piece := list(islice(coming, AT_ONCE)):
            keys, numbers = zip(*piece, strict=True)
            cursor.execute(statement, [list(keys), list(numbers)])
