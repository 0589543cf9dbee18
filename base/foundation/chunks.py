"""Many rows in chunks that any number of workers take side by side."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet


def in_chunks(rows: QuerySet[Any], keys: Iterable[int], size: int, handle: Callable[[list[int]], int]) -> int:
    """Lock `rows` of `keys` chunk by chunk and hand each chunk's keys to `handle`; return what it adds up to.

    Each chunk is a transaction: a worker that dies leaves it to the next. What somebody else holds at this
    moment is left out, so nobody waits; `handle` reads again what is still due of the keys it gets.
    """
    waiting = list(dict.fromkeys(keys))
    chunks = (waiting[first : first + size] for first in range(0, len(waiting), size))
    return sum(_take(rows, chunk, handle) for chunk in chunks)


@transaction.atomic
def _take(rows: QuerySet[Any], keys: list[int], handle: Callable[[list[int]], int]) -> int:
    unheld = rows.filter(pk__in=keys).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    locked = list(unheld.values_list("pk", flat=True))
    return handle(locked) if locked else 0
