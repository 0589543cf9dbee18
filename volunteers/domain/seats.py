"""Who gets the seat of a date, and which of two tasks at the same time yields.

Whoever is there first stays: of two tasks the one begun earlier, and where a date is moved onto another one,
the other one. What yields holds neither time nor seat, and comes back when both are free again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from foundation.choices import TextChoices
from foundation.choices import noop as _

BINDS = frozenset({"confirmed", "on_hold"})
"""Statuses of an assignment in which a person can be nowhere else at that time."""

HOLDS_SEAT = BINDS | {"attended", "missed"}
"""Statuses of an assignment that are counted in the seats taken of its date."""

Span = tuple[datetime, datetime]
"""Half open [from, until)."""


class ReleaseReason(TextChoices):
    """Why somebody is not expected on a date of their own task."""

    SAME_TIME = "same_time", _("zur selben Zeit in einer anderen Aufgabe eingeteilt")
    AGE = "age", _("endet zu spät für Freiwillige unter 18 Jahren")
    MINOR = "minor", _("eine Vertretung muss mindestens 18 Jahre alt sein")
    LACKING = "lacking", _("für diesen Tag fehlt, was die Aufgabe verlangt")
    FULL = "full", _("an diesem Tag sind alle Plätze vergeben")


@dataclass(frozen=True)
class Wish:
    """Somebody who would come to a date, of a group several; `seat_id` are the seats of their role there."""

    volunteer_id: int
    seat_id: int
    span: Span
    heads: int = 1


def overlap(one: Span, other: Span) -> bool:
    """Tell whether both share a moment; touching is not sharing."""
    return one[0] < other[1] and other[0] < one[1]


def settle(
    wishes: Iterable[Wish], bound: Mapping[int, Sequence[Span]], free: Mapping[int, int]
) -> list[ReleaseReason | None]:
    """Return why each wish yields, or None where the person comes; earlier wishes go first.

    A group comes with all its heads or not at all.

    `bound`: by person, when they are somewhere already; `free`: by `seat_id`, how many are left.
    """
    taken = {person: list(spans) for person, spans in bound.items()}
    left = dict(free)
    found: list[ReleaseReason | None] = []
    for wish in wishes:
        own = taken.setdefault(wish.volunteer_id, [])
        if any(overlap(wish.span, span) for span in own):
            found.append(ReleaseReason.SAME_TIME)
        elif left[wish.seat_id] < wish.heads:
            found.append(ReleaseReason.FULL)
        else:
            own.append(wish.span)
            left[wish.seat_id] -= wish.heads
            found.append(None)
    return found


Claim = tuple[int, int, int]
"""A placement that waits for dates: its key, its person, its role."""


def apart(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return the claims in parts that share neither a person nor a role, in each the order as it was."""
    waiting, root = list(claims), dict[tuple[str, int], tuple[str, int]]()

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for _placement_id, person, role in waiting:
        root[find(("person", person))] = find(("role", role))
    parts: dict[tuple[str, int], list[Claim]] = {}
    for claim in waiting:
        parts.setdefault(find(("role", claim[2])), []).append(claim)
    return list(parts.values())
