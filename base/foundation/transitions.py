"""Status moves: a conditional UPDATE plus an event row in one transaction.

Somebody else having moved the row first is a normal outcome (`False`), not an error.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction

from foundation.actors import Actor
from foundation.history import note_transition, note_transitions
from foundation.moves import Moves


class IllegalMove(Exception):
    """The table of legal moves knows no such move: a fault in the program."""


class MovedMeanwhile(Exception):
    """A row that was to be locked was moved by somebody else: a fault in the program."""


def move(
    row: models.Model,
    moves: Moves,
    to: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **changes: Any,
) -> bool:
    """Move `row.status` to `to` if the database still has the status that `row` was read with.

    `changes` are set in the same UPDATE. Returns False, changing nothing, if another process moved the row
    first. On success `row` carries the new values. Raises IllegalMove if `moves` forbids it.
    """
    from_status = row.status  # type: ignore[attr-defined]
    if to not in moves.get(from_status, ()):
        raise IllegalMove(f"{type(row).__name__}: {from_status} → {to}")
    with transaction.atomic():
        moved = (
            type(row)
            ._base_manager.filter(pk=row.pk, status=from_status)
            .update(status=to, status_changed_at=now, **changes)
        )
        if not moved:
            return False
        note_transition(row, from_status=from_status, to_status=to, reason=reason, actor=actor, now=now)
    _carry(row, to, now, changes)
    return True


def move_all(
    rows: Sequence[models.Model],
    moves: Moves,
    to: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **changes: Any,
) -> None:
    """Move rows of one model and one status, which the caller has locked, in two statements.

    Raises IllegalMove if `moves` forbids it, and MovedMeanwhile, changing nothing, if any of them has another
    status in the database than it was read with.
    """
    if not rows:
        return
    model, (from_status,) = type(rows[0]), {row.status for row in rows}  # type: ignore[attr-defined]
    if to not in moves.get(from_status, ()):
        raise IllegalMove(f"{model.__name__}: {from_status} → {to}")
    with transaction.atomic():
        still = model._base_manager.filter(pk__in=[row.pk for row in rows], status=from_status)
        if still.update(status=to, status_changed_at=now, **changes) != len(rows):
            raise MovedMeanwhile(f"{model.__name__}: {from_status} → {to}")
        note_transitions(rows, from_status=from_status, to_status=to, reason=reason, actor=actor, now=now)
    for row in rows:
        _carry(row, to, now, changes)


def _carry(row: models.Model, to: str, now: datetime, changes: dict[str, Any]) -> None:
    row.status = to  # type: ignore[attr-defined]
    row.status_changed_at = now  # type: ignore[attr-defined]
    for name, value in changes.items():
        if not hasattr(value, "resolve_expression"):
            setattr(row, name, value)
