"""Compile the kernel with numba where that is installed, and keep what was compiled."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple

from volunteers.matching import board, bundles, kernel, mending
from volunteers.matching.board import Book, Market
from volunteers.matching.mending import Roster

MODULES = (board, bundles, kernel, mending)
CALLED = (
    bundles.best_two,
    bundles.wanted_kinds,
    bundles.wanted,
    bundles.slots_meet,
    bundles.best_bundle,
    bundles.best_without,
    bundles.choose,
    kernel.drop,
    kernel.let_go,
    kernel.take,
    kernel.push,
    kernel.look,
    mending.fits_beside,
    mending.best_move,
    mending.swap,
    mending.taker,
    mending.mend,
    mending.rearrange,
)
ENTRIES = (kernel.auction, kernel.bundles_worth, kernel.demand, mending.mend_all, mending.rearrange_all)


class Engine(NamedTuple):
    """The entry points of the kernel, and whether they take arrays (compiled) or lists (plain)."""

    compiled: bool
    auction: Callable[[Market, Book, int, int], int]
    bundles_worth: Callable[[Market, Book], int]
    demand: Callable[[Market, Book], int]
    mend_all: Callable[[Market, Roster, Sequence[int], int], int]
    rearrange_all: Callable[[Market, Book], int]


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
        # Passing a Market and a Book to a function that is not inlined copies some 250 words.
        register_jitable(forceinline=True)(function)
    # The kernel allocates nothing: counting references to its arrays would double its time.
    options = {"_nrt": False, "error_model": "numpy"}
    numba.config.CACHE_DIR = _cache_folder()
    try:
        return Engine(True, *(numba.njit(cache=True, **options)(entry) for entry in ENTRIES))
    except RuntimeError:  # no folder in which the cache may be written
        return Engine(True, *(numba.njit(**options)(entry) for entry in ENTRIES))


def _cache_folder() -> str:
    """A folder beside the modules, else one in the home, else one for passing things, named after what the
    modules say: numba itself only sees changes in the module of an entry. What lies there is executed, so it
    must belong to this account alone. Empty, which lets numba choose, where there is none.
    """
    sources = b"".join(Path(module.__file__ or "").read_bytes() for module in MODULES)
    name = f"kernel-{sha256(sources).hexdigest()[:16]}"
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for folder in (
        Path(__file__).parent / "__pycache__" / name,
        Path(home) / "wirbrauchensie" / name,
        Path(gettempdir()) / f"wirbrauchensie-{name}-{os.getuid()}",
    ):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        found = folder.stat()
        if found.st_uid == os.getuid() and not found.st_mode & 0o022 and os.access(folder, os.W_OK):
            return str(folder)
    return ""
