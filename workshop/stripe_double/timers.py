"""Acts that are due later, such as the settling of a debit; they survive a restart."""

import json
from dataclasses import dataclass

from workshop.stripe_double.store import Json, Store


@dataclass(frozen=True)
class Timer:
    name: str
    object_id: str
    detail: Json


def schedule(store: Store, name: str, object_id: str, due_at: float, detail: Json | None = None) -> None:
    """Set the timer of this name for the object, in place of one already set."""
    statement = "INSERT OR REPLACE INTO timers (name, object_id, due_at, detail) VALUES (?, ?, ?, ?)"
    store.execute(statement, name, object_id, due_at, json.dumps(detail or {}))


def cancel(store: Store, name: str, object_id: str) -> None:
    store.execute("DELETE FROM timers WHERE name = ? AND object_id = ?", name, object_id)


def take_due(store: Store, now: float) -> Timer | None:
    """Remove and return the timer that is due longest; call inside a transaction."""
    statement = "SELECT name, object_id, detail FROM timers WHERE due_at <= ? ORDER BY due_at, rowid LIMIT 1"
    rows = store.execute(statement, now)
    if not rows:
        return None
    name, object_id, detail = rows[0]
    cancel(store, name, object_id)
    return Timer(name, object_id, json.loads(detail))


def next_due_at(store: Store) -> float | None:
    due_at: float | None = store.execute("SELECT min(due_at) FROM timers")[0][0]
    return due_at
