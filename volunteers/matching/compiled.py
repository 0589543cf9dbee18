"""Compile the kernel with numba where that extra is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

from volunteers.matching import kernel, mending
from volunteers.matching.kernel import Book, Market
from volunteers.matching.mending import Roster

CALLED = (
    kernel.wanted,
    kernel.slots_meet,
    kernel.best_bundle,
    kernel.let_go,
    kernel.take,
    mending.fits_beside,
    mending.best_move,
    mending.swap,
    mending.taker,
    mending.mend,
)
ENTRIES = (kernel.auction, kernel.bundles_worth, mending.mend_all)


class Engine(NamedTuple):
    """The entry points of the kernel, and whether they take arrays (compiled) or lists (plain)."""

    compiled: bool
    auction: Callable[[Market, Book, int, int], int]
    bundles_worth: Callable[[Market, Book], int]
    mend_all: Callable[[Market, Roster, Sequence[int], int], int]


def engine(compiled: bool | None) -> Engine:
    """None takes numba if it is installed, False never; True raises ImportError without it."""
    if compiled is None:
        compiled = find_spec("numba") is not None
    return _compile() if compiled else Engine(False, *ENTRIES)


@cache
def _compile() -> Engine:
    import numba
    from numba.extending import register_jitable

    for function in CALLED:
        register_jitable(function)
    # The kernel allocates nothing: counting references to its arrays would double its time.
    options = {"_nrt": False, "error_model": "numpy"}
    try:
        return Engine(True, *(numba.njit(cache=True, **options)(entry) for entry in ENTRIES))
    except RuntimeError:  # no folder in which the cache may be written
        return Engine(True, *(numba.njit(**options)(entry) for entry in ENTRIES))
