"""Which stretch of an account's history a statement tells, and how two of them stand to each other."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self

from foundation.units import Cents

Said = Literal["apart", "perhaps", "same"]


@dataclass
class Period:
    """What moved on each day of an account, and its balance before, None where the bank is silent."""

    account_id: int
    opening_cents: Cents | None = None
    by_day: Counter[date] = field(default_factory=Counter)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return what `kept` was made of."""
        days = {date.fromisoformat(day): cents for day, cents in kept["by_day"].items()}
        return cls(kept["account_id"], kept["opening_cents"], Counter(days))

    def kept(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "account_id": self.account_id,
            "opening_cents": self.opening_cents,
            "by_day": {day.isoformat(): cents for day, cents in self.by_day.items()},
        }

    def tells(self, account_id: int, day: date) -> bool:
        """Return whether something moved on that day of this account."""
        return self.account_id == account_id and day in self.by_day

    def balances(self, day: date) -> tuple[int, int] | None:
        """Return what stood on the account before and after what it tells of that day."""
        if self.opening_cents is None:
            return None
        before = self.opening_cents + sum(cents for on, cents in self.by_day.items() if on < day)
        return before, before + self.by_day[day]


def told_by_balances(one: Period, other: Period, day: date) -> Said:
    """Return whether two statements have all that moved on a day in common, or nothing.

    Nothing, if one begins where the other ends; from a day on which nothing remained nothing follows.
    """
    mine, theirs = one.balances(day), other.balances(day)
    if mine is None or theirs is None:
        return "perhaps"
    if mine == theirs:
        return "same"
    follows = mine[0] == theirs[1] or theirs[0] == mine[1]
    return "apart" if follows and one.by_day[day] and other.by_day[day] else "perhaps"
