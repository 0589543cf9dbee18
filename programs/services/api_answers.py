"""A write that is sent twice happens once: the same key gets the same answer, whatever was lost between."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from foundation.batches import delete_in_batches
from foundation.phrases import holding
from programs.models import ApiAnswer, ApiToken

KEPT = timedelta(days=7)


class OtherBody(Exception):
    """The key was used for something else."""


@dataclass(frozen=True)
class Answer:
    """A status and what is sent; `is_again` when it was given before."""

    status: int
    body: Any
    is_again: bool = False


@transaction.atomic
def answer_once(
    token: ApiToken, key: str, fingerprint: str, act: Callable[[], Answer], *, now: datetime
) -> Answer:
    """Return what `act` answers, or what it answered when `key` came first.

    A second one with the same key waits for the first. What `act` raises is not kept, so that it may be tried
    again. Raises OtherBody if the key came with another fingerprint.
    """
    row, is_new = ApiAnswer.objects.get_or_create(
        token=token, key=key, defaults={"fingerprint": fingerprint, "at": now}
    )
    if row.fingerprint != fingerprint:
        raise OtherBody
    if not is_new:
        assert row.status is not None
        return Answer(row.status, row.body, is_again=True)
    answer = act()
    ApiAnswer.objects.filter(pk=row.pk).update(status=answer.status, body=answer.body)
    return answer


def forget_phrases(phrases: Collection[str], by: str) -> int:
    """Keep nothing but `by` of each answer in which one of `phrases` stands; return how many."""
    told = holding(ApiAnswer.objects.all(), "body", phrases)
    return ApiAnswer.objects.filter(pk__in=told.values("pk")).update(body={"detail": by})


def purge_answers(now: datetime) -> int:
    """Delete answers that nobody asks for again; return how many."""
    return delete_in_batches(ApiAnswer.objects.filter(at__lte=now - KEPT))
