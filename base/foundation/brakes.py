"""Brakes on what everybody together may cause: they make acts wait and refuse none of the honest.

Whoever floods a brake makes the known networks wait, their own among them; who comes from a network that was
not seen lately has a reserve (docs/decisions/0019).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.limits import Limit, LimitReached, take, turn
from foundation.networks import networks_of


@dataclass(frozen=True)
class Brake:
    """`in_all` for everybody, `reserve` for newcomers, and how long an act may have to wait at most.

    A newcomer is whose network has a token of `seen`.
    """

    in_all: Limit
    reserve: Limit
    seen: Limit
    patience: timedelta


def is_newcomer(brake: Brake, client: str, *, now: datetime) -> bool:
    """Return whether the widest network of `client` was not seen at this brake lately."""
    return take_if_there(brake.seen, networks_of(client)[-1].name, now=now)


def turn_at(brake: Brake, *, newcomer: bool, now: datetime) -> datetime:
    """Return when it is this act's turn, now in ordinary times. Raises LimitReached beyond all patience."""
    if take_if_there(brake.in_all, "all", now=now):
        return now
    if newcomer and take_if_there(brake.reserve, "all", now=now):
        return now
    queue = brake.reserve if newcomer else brake.in_all
    return now + turn(queue, "all", now=now, patience=brake.patience)


def take_if_there(limit: Limit, subject: str, *, now: datetime) -> bool:
    """Take a token; return whether there was one."""
    try:
        take(limit, subject, now=now)
    except LimitReached:
        return False
    return True
