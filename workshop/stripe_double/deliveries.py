"""The queue of webhooks: each event at least once, repeated with growing pauses for three days."""

from dataclasses import dataclass

from workshop.stripe_double.store import Json, Store

GIVE_UP_AFTER_SECONDS = 3 * 86_400
LONGEST_PAUSE_SECONDS = 300.0


@dataclass(frozen=True)
class Delivery:
    id: int
    event_id: str
    first_due_at: float
    tries: int


def queue(store: Store, event_id: str, now: float) -> None:
    statement = "INSERT INTO deliveries (event_id, first_due_at, due_at) VALUES (?, ?, ?)"
    store.execute(statement, event_id, now, now)


def next_due(store: Store, now: float) -> Delivery | None:
    statement = (
        "SELECT id, event_id, first_due_at, tries FROM deliveries"
        " WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY id LIMIT 1"
    )
    rows = store.execute(statement, now)
    return Delivery(*rows[0]) if rows else None


def next_due_at(store: Store) -> float | None:
    due_at: float | None = store.execute("SELECT min(due_at) FROM deliveries WHERE due_at IS NOT NULL")[0][0]
    return due_at


def pause_seconds(tries: int) -> float:
    """Return the pause after so many failed tries: 1, 2, 4 … 300 seconds."""
    return min(2.0 ** min(tries - 1, 16), LONGEST_PAUSE_SECONDS)


def settle(store: Store, delivery: Delivery, now: float, *, accepted: bool) -> None:
    """Close the delivery, or set its next try; after three days it is given up."""
    tries = delivery.tries + 1
    due_at = None
    if not accepted and now - delivery.first_due_at < GIVE_UP_AFTER_SECONDS:
        due_at = now + pause_seconds(tries)
    statement = "UPDATE deliveries SET tries = ?, due_at = ?, delivered_at = ? WHERE id = ?"
    store.execute(statement, tries, due_at, now if accepted else None, delivery.id)


def retry_now(store: Store, now: float) -> None:
    """Make every open delivery due, as after a restart."""
    store.execute("UPDATE deliveries SET due_at = ? WHERE due_at > ?", now, now)


def record(
    store: Store, event_id: str, mode: str, at: float, *, status: int | None, error: str | None
) -> None:
    statement = "INSERT INTO attempts (event_id, mode, at, status, error) VALUES (?, ?, ?, ?, ?)"
    store.execute(statement, event_id, mode, at, status, error)


def attempts(store: Store, event_id: str | None, limit: int = 1000) -> list[Json]:
    """Return what was tried, newest first."""
    names = ("event", "mode", "at", "status", "error")
    statement = (
        "SELECT event_id, mode, at, status, error FROM attempts"
        " WHERE ?1 IS NULL OR event_id = ?1 ORDER BY id DESC LIMIT ?2"
    )
    return [dict(zip(names, row, strict=True)) for row in store.execute(statement, event_id, limit)]


def pending(store: Store, event_id: str) -> int:
    """Return how many webhooks have not been accepted yet."""
    statement = "SELECT count(*) FROM deliveries WHERE event_id = ? AND delivered_at IS NULL"
    count: int = store.execute(statement, event_id)[0][0]
    return count


def is_paused(store: Store) -> bool:
    return bool(store.execute("SELECT 1 FROM switches WHERE name = 'deliveries' AND value = 'paused'"))


def set_paused(store: Store, paused: bool) -> None:
    value = "paused" if paused else "running"
    store.execute("INSERT OR REPLACE INTO switches (name, value) VALUES ('deliveries', ?)", value)
