"""Writing the one history. Field changes are written by the database itself, for whoever is `acting`."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection, models

from foundation.actors import Actor
from foundation.models import Event

_ACTOR = "SELECT set_config('history.actor', %s, false)"


def lines_of(row: type[models.Model] | models.Model) -> models.QuerySet[Event]:
    """Return the lines about one row, or about all rows of a model."""
    found = Event.objects.filter(app_label=row._meta.app_label, model=row._meta.model_name)
    return found if isinstance(row, type) else found.filter(object_id=row.pk)


def note_transition(
    row: models.Model, *, from_status: str, to_status: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Write that `row` moved, in the transaction of the move."""
    note_transitions([row], from_status=from_status, to_status=to_status, reason=reason, actor=actor, now=now)


def note_transitions(
    rows: Iterable[models.Model],
    *,
    from_status: str,
    to_status: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write that each of `rows` moved, in one statement."""
    lines = [_line(row, Event.Kind.TRANSITION, actor, now) for row in rows]
    for line in lines:
        line.from_status, line.to_status, line.reason = from_status, to_status, reason
    Event.objects.bulk_create(lines)


def note_act(row: models.Model, name: str, what: str, *, actor: Actor, now: datetime) -> None:
    """Write that somebody did `what` to the part `name` of `row`, without the values before and after."""
    line = _line(row, Event.Kind.CHANGED, actor, now)
    line.changes = {name: [None, what]}
    line.save(force_insert=True)


def note_access(row: models.Model, event: str, *, actor: Actor, now: datetime) -> None:
    """Write what happened at the door of the account `row`: it was opened, refused, locked."""
    line = _line(row, Event.Kind.ACCESS, actor, now)
    line.reason = event
    line.save(force_insert=True)


def note_reads(rows: Iterable[models.Model], *, actor: Actor, now: datetime, route: str) -> None:
    """Write that somebody looked at each of `rows`; what they saw is not written."""
    lines = [_line(row, Event.Kind.READ, actor, now) for row in rows]
    for line in lines:
        line.route = route
    Event.objects.bulk_create(lines)


def note_file(
    reader: models.Model, name: str, count: int, *, actor: Actor, now: datetime, route: str
) -> None:
    """Write that `reader` took away the file `name` with `count` rows; what stood in them is not written."""
    line = _line(reader, Event.Kind.READ, actor, now)
    line.route, line.changes = route, {"file": [None, name], "rows": [None, count]}
    line.save(force_insert=True)


def _line(row: models.Model, kind: Event.Kind, actor: Actor, now: datetime) -> Event:
    return Event(
        at=now,
        kind=kind,
        app_label=row._meta.app_label,
        model=str(row._meta.model_name),
        object_id=row.pk,
        actor_kind=actor.kind,
        actor_user=actor.user_id,
        actor_role=actor.role,
    )


@contextmanager
def acting(actor: Actor, route: str = "") -> Iterator[None]:
    """Tell the database whose hand changes rows inside this block, so that its triggers can write it down.

    It is told to the connection, not to a transaction, because a request has many. A connection that cannot
    be told to forget is closed: nobody's changes are ever written under the name of who came before.
    """
    hand = {"kind": actor.kind, "user": actor.user_id, "role": actor.role, "route": route}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('history.actor', true)")
        before = cursor.fetchone()[0] or ""
        cursor.execute(_ACTOR, [json.dumps(hand)])
    try:
        yield
    finally:
        _tell_again(before)


def _tell_again(before: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ACTOR, [before])
    except DatabaseError:
        connection.close()
