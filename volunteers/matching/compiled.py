"""Compile the kernel with numba where that extra is installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

from volunteers.matching import kernel
from volunteers.matching.kernel import Book, Market

CALLED = (kernel.wanted, kernel.slots_meet, kernel.best_bundle, kernel.let_go, kernel.take)


class Engine(NamedTuple):
    """The entry points of the kernel, and whether they take arrays (compiled) or lists (plain)."""

    compiled: bool
    auction: Callable[[Market, Book, int, int], int]
    bundles_worth: Callable[[Market, Book], int]


def engine(compiled: bool | None) -> Engine:
    """None takes numba if it is installed, False never; True raises ImportError without it."""
    if compiled is None:
        compiled = find_spec("numba") is not None
    return _compile() if compiled else Engine(False, kernel.auction, kernel.bundles_worth)


@cache
def _compile() -> Engine:
    import numba
    from numba.extending import register_jitable

    for function in CALLED:
        register_jitable(function)
    # The kernel allocates nothing: counting references to its arrays would double its time.
    options = {"_nrt": False, "error_model": "numpy"}
    try:
        compile_ = numba.njit(cache=True, **options)
        return Engine(True, compile_(kernel.auction), compile_(kernel.bundles_worth))
    except RuntimeError:  # no folder in which the cache may be written
        compile_ = numba.njit(**options)
        return Engine(True, compile_(kernel.auction), compile_(kernel.bundles_worth))
