"""How often somebody may be asked: nobody gets ten mails a week."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactBudget:
    """`open_at_once` questions may wait for an answer, `per_week` may be put in any seven days."""

    open_at_once: int
    per_week: int

    def left(self, *, open_now: int, asked_this_week: int, is_resting: bool = False) -> int:
        """Return how many more questions may be put now; none to somebody who asked for a rest."""
        if is_resting:
            return 0
        return max(0, min(self.open_at_once - open_now, self.per_week - asked_this_week))
