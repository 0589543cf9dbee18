"""What the balances of a statement and of those before it tell of the days that both have."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from donations.domain.periods import Period, Said, told_by_balances
from donations.models import BankTransaction, StatementImport


@dataclass
class Balances:
    """The periods of the statement that is taken over, and those of the ones before as they are asked for."""

    periods: list[Period]
    _before: dict[int, list[Period]] = field(default_factory=dict)

    def told(self, place: int, statement_id: int | None, day: date) -> Said:
        """What the period at this place and an earlier file tell of a day; a file may have several of it."""
        mine = self.periods[place]
        theirs = [each for each in self._of(statement_id) if each.tells(mine.account_id, day)]
        said = {told_by_balances(mine, each, day) for each in theirs}
        if "same" in said:
            return "same"
        return "apart" if said == {"apart"} else "perhaps"

    def is_retold(self, statement_id: int | None, day: date) -> bool:
        """Whether an earlier file told what this one tells of a day, between the same balances."""
        mine = [place for place, each in enumerate(self.periods) if day in each.by_day]
        return any(self.told(place, statement_id, day) == "same" for place in mine)

    def retold_cents(self, account_id: int, day: date, lines: QuerySet[BankTransaction]) -> int | None:
        """Return what moved on a day that this file tells once and another told between the same balances."""
        mine = [place for place, each in enumerate(self.periods) if each.tells(account_id, day)]
        before = lines.order_by().values_list("statement", flat=True).distinct()
        if len(mine) == 1 and any(self.told(mine[0], each, day) == "same" for each in before):
            return self.periods[mine[0]].by_day[day]
        return None

    def _of(self, statement_id: int | None) -> list[Period]:
        if statement_id is None:
            return []
        if statement_id not in self._before:
            kept = StatementImport.objects.values_list("periods", flat=True).get(pk=statement_id)
            self._before[statement_id] = [Period.of(each) for each in kept]
        return self._before[statement_id]
