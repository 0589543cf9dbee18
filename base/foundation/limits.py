"""Token buckets in PostgreSQL: named limits per subject that survive a cache flush.

A bucket holds `capacity` tokens and regains them evenly over `period`. One statement takes a token, so that
parallel requests cannot take more than there are. A bucket may lend: who takes a token that is not there yet
waits for it, and the next one behind them.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection

from foundation.networks import networks_of

AT_ONCE = timedelta(0)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """`capacity` acts per `period` for each subject."""

    name: str
    capacity: int
    period: timedelta


class LimitReached(Exception):
    """Too many acts of one kind; `retry_after` is in seconds."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.retry_after = max(1, int(limit.period.total_seconds() / limit.capacity))


_TAKE = """
INSERT INTO foundation_tokenbucket AS bucket (key, tokens, refilled_at)
VALUES (%(key)s, %(capacity)s - 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    tokens = LEAST(%(capacity)s, bucket.tokens + {gained}) - 1,
    refilled_at = GREATEST(bucket.refilled_at, %(now)s)
WHERE LEAST(%(capacity)s, bucket.tokens + {gained}) >= 1 - %(lent)s
RETURNING tokens
""".format(
    gained="GREATEST(0, EXTRACT(EPOCH FROM %(now)s - bucket.refilled_at)::float8) * %(per_second)s::float8"
)


def take(limit: Limit, subject: str, *, now: datetime) -> None:
    """Take one token of `subject`'s bucket. Raises LimitReached when it is empty."""
    turn(limit, subject, now=now, patience=AT_ONCE)


def turn(limit: Limit, subject: str, *, now: datetime, patience: timedelta) -> timedelta:
    """Take one token of `subject`'s bucket, lent if need be, and return how long to wait for it.

    Raises LimitReached, taking nothing, if that were longer than `patience`. Subjects (addresses, e-mails)
    are stored hashed. Nobody waits when RATE_LIMITS is off.
    """
    if not settings.RATE_LIMITS_ON:
        return AT_ONCE
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{subject}".encode()).hexdigest()[:32]
    per_second = limit.capacity / limit.period.total_seconds()
    values: dict[str, str | float | datetime] = {
        "key": f"{limit.name}:{digest}",
        "capacity": float(limit.capacity),
        "per_second": per_second,
        "lent": patience.total_seconds() * per_second,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        taken = cursor.fetchone()
    if taken is None:
        log.info("limit_reached", limit=limit.name)
        raise LimitReached(limit)
    return max(AT_ONCE, timedelta(seconds=-taken[0] / per_second))


def take_from_networks(limit: Limit, client: str, *, now: datetime) -> None:
    """Take one token of each network `client` stands in, wider ones holding more. Raises LimitReached."""
    for network in networks_of(client):
        take(replace(limit, capacity=limit.capacity * network.share), network.name, now=now)
