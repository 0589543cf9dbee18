"""How far a long command is, in lines somebody can wait by."""

from collections.abc import Callable
from time import perf_counter

SECONDS_BETWEEN = 2.0


class Progress:
    """Says how many of `total` are done and how many seconds the rest will take at this speed.

    A line every two seconds at most, and one at the end. `done` were there before the clock began.
    """

    def __init__(
        self,
        what: str,
        total: int,
        say: Callable[[str], None],
        done: int = 0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._what, self._total, self._say, self._clock = what, total, say, clock
        self._begun = self._said = clock()
        self._done = self._before = done

    def add(self, count: int) -> None:
        """Take note that `count` more are done."""
        self._done += count
        now = self._clock()
        if self._done < self._total and now - self._said < SECONDS_BETWEEN:
            return
        self._said = now
        fresh = max(self._done - self._before, 1)
        rest = (now - self._begun) * (self._total - self._done) / fresh
        self._say(f"{self._what}: {self._done} von {self._total}, noch etwa {rest:.0f} s")
