"""Where in the database a word stands: every table, the history, the outbox and the indexes' rows."""

from functools import cache

from django.db import connection


def tables_with(word: str) -> list[str]:
    """Return the tables that have a row in which `word` stands, in whatever column and case."""
    statement, count = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"%{word}%"] * count)
        return sorted(name for (name,) in cursor.fetchall())


@cache
def _statement() -> tuple[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    parts = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\" AS each WHERE each::text ILIKE %s)"
        for table in tables
    ]
    return " UNION ALL ".join(parts), len(parts)
