"""Everything the double remembers, in one SQLite file: objects as JSON, deliveries, timers, kept answers."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Condition = tuple[str, Sequence[Any]]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    first_due_at REAL NOT NULL,
    due_at REAL,
    tries INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event_id);
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    at REAL NOT NULL,
    status INTEGER,
    error TEXT
);
CREATE TABLE IF NOT EXISTS timers (
    name TEXT NOT NULL,
    object_id TEXT NOT NULL,
    due_at REAL NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (name, object_id)
);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    created INTEGER NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

RANGE_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class Store:
    """One connection behind one lock: acts follow each other, which at this size is the simplest truth."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def execute(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def insert(self, body: Json) -> None:
        statement = "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)"
        self.execute(statement, body["id"], body["object"], body["created"], json.dumps(body))

    def save(self, body: Json) -> None:
        self.execute("UPDATE objects SET body = ? WHERE id = ?", json.dumps(body), body["id"])

    def find(self, object_id: str, kind: str | None = None) -> Json | None:
        rows = self.execute("SELECT kind, body FROM objects WHERE id = ?", object_id)
        return json.loads(rows[0][1]) if rows and kind in (None, rows[0][0]) else None

    def position(self, object_id: str, kind: str) -> int | None:
        rows = self.execute("SELECT seq FROM objects WHERE id = ? AND kind = ?", object_id, kind)
        return rows[0][0] if rows else None

    def select(
        self,
        kind: str,
        *,
        equal: Mapping[str, str] | None = None,
        created: Mapping[str, int] | None = None,
        before: int | None = None,
        after: int | None = None,
        conditions: Sequence[Condition] = (),
        limit: int = 100,
    ) -> list[Json]:
        """Return objects newest first.

        ``equal`` maps JSON paths (``$.payment_intent``) to texts, ``created`` maps gt|gte|lt|lte to seconds;
        ``before`` and ``after`` are positions; with ``after`` the oldest that follow it are meant.
        ``conditions`` are further clauses of SQL with their values.
        """
        where = ["kind = ?"]
        values: list[Any] = [kind]
        for path, text in (equal or {}).items():
            where.append("json_extract(body, ?) = ?")
            values += [path, text]
        for sign, seconds in (created or {}).items():
            where.append(f"created {RANGE_SIGNS[sign]} ?")
            values.append(seconds)
        for sign, position in (("<", before), (">", after)):
            if position is not None:
                where.append(f"seq {sign} ?")
                values.append(position)
        for clause, clause_values in conditions:
            where.append(clause)
            values += clause_values
        order = "seq ASC" if after is not None else "seq DESC"
        clauses = " AND ".join(where)
        statement = f"SELECT body FROM objects WHERE {clauses} ORDER BY {order} LIMIT {int(limit)}"  # noqa: S608
        rows = [json.loads(row[0]) for row in self.execute(statement, *values)]
        return rows[::-1] if after is not None else rows
