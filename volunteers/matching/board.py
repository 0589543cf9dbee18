"""What the inner loops of the auction read and write: lists in plain Python, arrays when compiled."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import NamedTuple

NO_PRICE = 1 << 40
"""The price of an opportunity without a place left: nobody can afford it."""

HANDS = 3
"""Placements a volunteer can hold."""

FEW = 32
"""Up to so many edges are sorted quicker than grouped or set aside."""


class Market(NamedTuple):
    """What does not change: E edges, n volunteers, m opportunities, s slots.

    opportunity, score, volunteer (E), sorted by volunteer, best score first. most, hours (n): placements
    and quarter hours left. effort, start, end (m): start of the first and end of the last slot. slot_ptr
    (m+1), slot_start, slot_end (s). desk (m+1): where the places of each start. kind (m): equal for what has
    the same slots and effort; nobody can take two of a kind. several: 1 if any opportunity has more than one
    slot.
    """

    opportunity: Sequence[int]
    score: Sequence[int]
    volunteer: Sequence[int]
    most: Sequence[int]
    hours: Sequence[int]
    effort: Sequence[int]
    start: Sequence[int]
    end: Sequence[int]
    slot_ptr: Sequence[int]
    slot_start: Sequence[int]
    slot_end: Sequence[int]
    desk: Sequence[int]
    kind: Sequence[int]
    several: int


class Book(NamedTuple):
    """What the auction writes.

    price, rivalry (highest bid turned away), taken (m). holder, bid (places): edge and bid behind each place
    taken. held (E): 1 where the volunteer holds a place. mine (3 n): the edges held, -1 for a free hand.
    live (E): edges that may be worth something, those of each volunteer from `first` to `near`, which are
    looked at, and from there to `last`, of which none is worth more than `level` (all n). order (n): who
    arrives when. queue, queued (n): a ring of volunteers who have to look, 1 for those who are in it or have
    yet to arrive.

    All else is scratch. net, pick, runner: see `wanted`; place (kinds): where in them a kind is, -1
    between two looks; rest (largest degree). bundle, gain (3): see `choose`.
    """

    price: MutableSequence[int]
    rivalry: MutableSequence[int]
    taken: MutableSequence[int]
    holder: MutableSequence[int]
    bid: MutableSequence[int]
    held: MutableSequence[int]
    mine: MutableSequence[int]
    live: MutableSequence[int]
    first: Sequence[int]
    near: MutableSequence[int]
    last: MutableSequence[int]
    level: MutableSequence[int]
    order: Sequence[int]
    queue: MutableSequence[int]
    queued: MutableSequence[int]
    net: MutableSequence[int]
    pick: MutableSequence[int]
    runner: MutableSequence[int]
    place: MutableSequence[int]
    rest: MutableSequence[int]
    bundle: MutableSequence[int]
    gain: MutableSequence[int]
