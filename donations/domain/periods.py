"""Which stretch of an account's history a statement tells, and how two of them stand to each other."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self

from foundation.units import Cents

Said = Literal["apart", "perhaps", "same"]


@dataclass
class Period:
    """What moved on each day of an account, and its balance before, None where the bank is silent.

    `came_by_day` is what came alone; None of statements from before anybody asked.
    """

    account_id: int
    opening_cents: Cents | None = None
    by_day: Counter[date] = field(default_factory=Counter)
    came_by_day: Counter[date] | None = None

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return what `kept` was made of."""
        came = kept.get("came_by_day")
        return cls(
            kept["account_id"],
            kept["opening_cents"],
            _dated(kept["by_day"]),
            None if came is None else _dated(came),
        )

    def kept(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "account_id": self.account_id,
            "opening_cents": self.opening_cents,
            "by_day": _written(self.by_day),
            "came_by_day": None if self.came_by_day is None else _written(self.came_by_day),
        }

    def add(self, day: date, cents: Cents) -> None:
        """Another line of that day."""
        self.came_by_day = self.came_by_day or Counter()
        self.by_day[day] += cents
        self.came_by_day[day] += max(cents, 0)

    def tells(self, account_id: int, day: date) -> bool:
        """Return whether something moved on that day of this account."""
        return self.account_id == account_id and day in self.by_day

    def balances(self, day: date) -> tuple[int, int] | None:
        """Return what stood on the account before and after what it tells of that day."""
        if self.opening_cents is None:
            return None
        before = self.opening_cents + sum(cents for on, cents in self.by_day.items() if on < day)
        return before, before + self.by_day[day]

    def is_one_way(self, day: date, sign: int) -> bool:
        """Return whether money only came on that day, or for a negative sign only left."""
        came = None if self.came_by_day is None else self.came_by_day[day]
        return came == (self.by_day[day] if sign > 0 else 0)

    def reach(self, day: date) -> tuple[int, int] | None:
        """Return the least and the most that can have stood on the account while it tells of that day."""
        balances = self.balances(day)
        if balances is None or self.came_by_day is None:
            return None
        came = self.came_by_day[day]
        return balances[0] + self.by_day[day] - came, balances[0] + came


def told_by_balances(one: Period, other: Period, day: date) -> Said:
    """Return whether two statements have all that moved on a day in common, or nothing.

    Nothing, if one begins where the other ends, or if both can have reached no two balances in common; from a
    day on which nothing remained nothing follows.
    """
    mine, theirs = one.balances(day), other.balances(day)
    if mine is None or theirs is None:
        return "perhaps"
    if mine == theirs:
        return "same" if one.by_day[day] else "perhaps"
    follows = mine[0] == theirs[1] or theirs[0] == mine[1]
    if follows and one.by_day[day] and other.by_day[day]:
        return "apart"
    return _told_by_reach(one, other, day)


def _told_by_reach(one: Period, other: Period, day: date) -> Said:
    mine, theirs = one.reach(day), other.reach(day)
    if mine is None or theirs is None:
        return "perhaps"
    return "apart" if max(mine[0], theirs[0]) >= min(mine[1], theirs[1]) else "perhaps"


def moved_on(day: date, told: list[Period]) -> Cents | None:
    """Return what moved on a day by the balances of all statements that tell of it; None if they do not say.

    Where money only came, or only left, no balance is reached twice: what several tell counts once, whatever
    parts of the day they are. Else the parts must lead from one balance to one other.
    """
    steps = {step for each in told if (step := each.balances(day)) is not None}
    if not steps or any(each.opening_cents is None for each in told):
        return None
    for sign in (1, -1):
        if all(each.is_one_way(day, sign) for each in told):
            return Cents(sign * _covered([(min(step), max(step)) for step in steps]))
    first = {before for before, _after in steps} - {after for _before, after in steps}
    last = {after for _before, after in steps} - {before for before, _after in steps}
    if len(first) == len(last) == 1:
        return Cents(last.pop() - first.pop())
    return None


def _covered(ways: list[tuple[int, int]]) -> int:
    """How much lies on these ways, what several have in common once."""
    covered, reached = 0, min(low for low, _high in ways)
    for low, high in sorted(ways):
        covered += max(high - max(low, reached), 0)
        reached = max(reached, high)
    return covered


def _dated(days: dict[str, int]) -> Counter[date]:
    return Counter({date.fromisoformat(day): cents for day, cents in days.items()})


def _written(days: Counter[date]) -> dict[str, int]:
    return {day.isoformat(): cents for day, cents in days.items()}
