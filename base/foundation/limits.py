"""Token buckets in PostgreSQL: named limits per subject that survive a cache flush.

A bucket holds `capacity` tokens and regains them evenly over `period`. One statement takes a token, so that
parallel requests cannot take more than there are.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection


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
WHERE LEAST(%(capacity)s, bucket.tokens + {gained}) >= 1
RETURNING tokens
""".format(
    gained="GREATEST(0, EXTRACT(EPOCH FROM %(now)s - bucket.refilled_at)::float8) * %(per_second)s::float8"
)


def take(limit: Limit, subject: str, *, now: datetime) -> None:
    """Take one token of `subject`'s bucket. Raises LimitReached when it is empty.

    Subjects (addresses, e-mails) are stored hashed. Does nothing when RATE_LIMITS is off.
    """
    if not settings.RATE_LIMITS_ON:
        return
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{subject}".encode()).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "key": f"{limit.name}:{digest}",
                "capacity": float(limit.capacity),
                "per_second": limit.capacity / limit.period.total_seconds(),
                "now": now,
            },
        )
        if cursor.fetchone() is None:
            raise LimitReached(limit)


def normalised_email(address: str) -> str:
    """Return the mailbox behind an address: lower case, without dots and `+tag` before the @."""
    local, _, domain = address.strip().lower().rpartition("@")
    return re.sub(r"\.", "", local.split("+", 1)[0]) + "@" + domain
