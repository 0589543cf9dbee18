"""The database of the faulty runs: a copy of the migrated template that the tests keep beside theirs."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

COPY = "CREATE DATABASE {} TEMPLATE {}"
DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"


@dataclass(frozen=True)
class TestDatabase:
    """The one that pytest-django makes for this DATABASE_URL."""

    __test__ = False
    url: str

    def restore(self) -> None:
        """Make it anew: at the beginning, and when a run that was killed may have left rows."""
        server, _slash, database = self.url.rpartition("/")
        ours, template = sql.Identifier(f"test_{database}"), sql.Identifier(f"template_{database}")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(DROP).format(ours))
            connection.execute(sql.SQL(COPY).format(ours, template))
