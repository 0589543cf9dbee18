"""Who may send which message: reserved by the hundred, begun one by one.

Reserved messages still wait (`queued`, `failed`). A worker holds an advisory lock while it works; when it
dies, the lock is free, and so is at once what it had reserved. Only the one that begins is `sending`,
so that a killed worker leaves one message in doubt at most (docs/decisions/0018).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from outbox.domain import verdicts
from outbox.models import WAITING, Message

CHUNK = 100
RESERVED_FOR = timedelta(minutes=2)
_PRESENCE = 3  # the space of these advisory locks

_RESERVE = """
UPDATE outbox_message SET reserved_until = %(until)s, claimed_by = %(worker)s
WHERE id IN (
    SELECT id FROM outbox_message
    WHERE status IN ('queued', 'failed') AND due_at <= %(due)s
        AND (reserved_until IS NULL OR reserved_until <= %(now)s)
    ORDER BY due_at, id LIMIT %(chunk)s FOR UPDATE SKIP LOCKED
) RETURNING *
"""

_MOVE_ON = """
UPDATE outbox_message SET
    status = CASE id WHEN %(next)s THEN 'sending' ELSE 'sent' END,
    claimed_at = CASE id WHEN %(next)s THEN %(now)s ELSE claimed_at END,
    attempts = CASE id WHEN %(next)s THEN attempts + 1 ELSE attempts END,
    sent_at = CASE id WHEN %(next)s THEN sent_at ELSE %(now)s END,
    reserved_until = CASE id WHEN %(next)s THEN reserved_until END,
    error = CASE id WHEN %(next)s THEN error ELSE '' END
WHERE claimed_by = %(worker)s AND (
    (id = %(next)s AND status IN ('queued', 'failed') AND reserved_until = %(until)s)
    OR (id = %(left)s AND status IN ('sending', 'unknown') AND claimed_at = %(left_began_at)s)
)
RETURNING id
"""


@contextmanager
def presence(worker: str) -> Iterator[None]:
    """Let the other workers see that `worker` is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_PRESENCE, worker])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_PRESENCE, worker])


def free_reservations_of_the_dead() -> int:
    """Give back what workers had reserved that are at work no more; return how many messages."""
    reserved = Message.objects.filter(reserved_until__isnull=False, status__in=WAITING)
    workers = reserved.order_by().values_list("claimed_by", flat=True).distinct()
    return sum(_free_if_dead(reserved.filter(claimed_by=worker), worker) for worker in list(workers))


def _free_if_dead(reserved: QuerySet[Message], worker: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_PRESENCE, worker])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return reserved.update(reserved_until=None)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_PRESENCE, worker])


def is_any_due(now: datetime, *, at: datetime) -> bool:
    """Tell whether a message due at `now` waits that nobody has reserved at the moment `at`."""
    free = Q(reserved_until=None) | Q(reserved_until__lte=at)
    return Message.objects.filter(free, status__in=WAITING, due_at__lte=now).exists()


def reserve(now: datetime, *, worker: str, at: datetime) -> list[Message]:
    """Reserve up to CHUNK messages due at `now` for `worker` from the moment `at` on, oldest first."""
    values = {"due": now, "now": at, "until": at + RESERVED_FOR, "worker": worker, "chunk": CHUNK}
    return sorted(Message.objects.raw(_RESERVE, values), key=lambda each: (each.due_at, each.pk))


def begin(message: Message, at: datetime, *, left: Message | None = None) -> bool:
    """Move a reserved message to `sending`, and record in the same commit that the one before has `left`.

    False if it was erased or reserved by another meanwhile; then it must not be sent.
    """
    values = {
        "next": message.pk,
        "left": left.pk if left else None,
        "left_began_at": left.claimed_at if left else None,
        "worker": message.claimed_by,
        "until": message.reserved_until,
        "now": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, values)
        has_begun = (message.pk,) in cursor.fetchall()
    message.claimed_at = at
    message.attempts += has_begun
    return has_begun


def release(messages: list[Message]) -> None:
    """Give back what was reserved and not begun."""
    if messages:
        first = messages[0]
        _still_reserved(first, [each.pk for each in messages]).update(reserved_until=None)


def record_sent(message: Message, at: datetime) -> None:
    _of_this_claim(message).update(status=Message.Status.SENT, sent_at=at, reserved_until=None, error="")


def record_unknown(message: Message, error: BaseException) -> None:
    _of_this_claim(message).update(
        status=Message.Status.UNKNOWN, reserved_until=None, error=_reason(message, error)
    )


def record_failed(message: Message, error: BaseException, at: datetime, *, is_final: bool) -> None:
    """Plan the next try, or give up for good."""
    _of_this_claim(message).update(
        status=Message.Status.DEAD if is_final else Message.Status.FAILED,
        due_at=at + verdicts.delay_after(message.attempts),
        reserved_until=None,
        error=_reason(message, error),
    )


def _still_reserved(message: Message, ids: list[int] | None = None) -> QuerySet[Message]:
    return Message.objects.filter(
        pk__in=ids or [message.pk],
        status__in=WAITING,
        claimed_by=message.claimed_by,
        reserved_until=message.reserved_until,
    )


def _of_this_claim(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(
        pk=message.pk,
        claimed_by=message.claimed_by,
        claimed_at=message.claimed_at,
        status__in=[Message.Status.SENDING, Message.Status.UNKNOWN],
    )


def _reason(message: Message, error: BaseException) -> str:
    """Return what went wrong without the address, which is emptied elsewhere when the person asks for it."""
    without_address = re.sub(re.escape(message.to_email), "–", repr(error), flags=re.IGNORECASE)
    return without_address.replace("\x00", "")[:300]
