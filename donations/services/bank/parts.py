"""Equal lines in several parts of one day are several: their running numbers go on from part to part.

Without a reference of the bank a key is made of what is said and of a number that begins anew in every
statement. Where the balances tell that two statements have no movement of a day in common, the second leaves
out the numbers of the first, as a statement of the whole day counts them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from donations.domain.bank_lines import numbered_key
from donations.domain.periods import Period, told_by_balances
from donations.models import BankTransaction, StatementImport, StatementKey
from donations.services.bank import staging
from donations.services.bank.balances import Balances
from programs.models import Provider

_Numbered = tuple[int, bool, str]  # place, whether it is a batch, and the key it has now


def go_on_counting(provider: Provider, periods: list[Period]) -> None:
    """Give the staged lines of parts of a day the numbers that no other part of it has."""
    told: dict[date, list[int]] = defaultdict(list)
    for place, period in enumerate(periods):
        for day in period.by_day:
            told[day].append(place)
    before = _earlier(provider, told.keys())
    for day, places in sorted(told.items()):
        others = before[day] + [periods[place] for place in places]
        if any(_is_apart(periods[place], each, day) for place in places for each in others):
            _Day(day, Balances(periods)).count(places)


def _earlier(provider: Provider, days: Collection[date]) -> dict[date, list[Period]]:
    """What earlier statements told of these days."""
    found: dict[date, list[Period]] = defaultdict(list)
    kept = StatementImport.objects.filter(provider=provider).values_list("periods", flat=True)
    for period in (Period.of(each) for periods in kept.iterator() for each in periods):
        for day in period.by_day.keys() & days:
            found[day].append(period)
    return found


def _is_apart(one: Period, other: Period, day: date) -> bool:
    return other.tells(one.account_id, day) and told_by_balances(one, other, day) == "apart"


class _Day:
    """The keys of one day, given part by part."""

    def __init__(self, day: date, balances: Balances) -> None:
        self._day, self._balances = day, balances
        self._given: dict[str, set[int]] = defaultdict(set)

    def count(self, places: list[int]) -> None:
        """Number the lines of the statements at these places in their order."""
        for place in places:
            equal: dict[bytes, list[_Numbered]] = defaultdict(list)
            for at, is_batch, words, key in staging.numbered(place, self._day):
                equal[words].append((at, is_batch, key))
            known = _holders([key for lines in equal.values() for _at, _is_batch, key in lines])
            for words, lines in equal.items():
                if any(self._is_of_others(key, place, known) for _at, _is_batch, key in lines):
                    self._number(words, lines, place)
                else:
                    for _at, _is_batch, key in lines:
                        self._given[key].add(place)

    def _number(self, words: bytes, lines: list[_Numbered], place: int) -> None:
        number = 0
        for at, is_batch, key in lines:
            number += 1
            while self._is_of_others(free := numbered_key(words, number), place, _holders([free])):
                number += 1
            self._given[free].add(place)
            if free != key:
                staging.renumber(at, free, is_batch=is_batch)

    def _is_of_others(self, key: str, place: int, known: dict[str, set[int | None]]) -> bool:
        """Whether all that have this key are of parts with which this statement has nothing in common."""
        mine = self._balances.periods[place]
        said = {self._balances.told(place, each, self._day) for each in known.get(key, ())}
        said |= {told_by_balances(mine, self._balances.periods[each], self._day) for each in self._given[key]}
        return said == {"apart"}


def _holders(keys: list[str]) -> dict[str, set[int | None]]:
    """The statements that brought the lines which have these keys."""
    found: dict[str, set[int | None]] = defaultdict(set)
    lines = BankTransaction.objects.filter(Q(fingerprint__in=keys) | Q(statement_key__in=keys))
    for fingerprint, key, statement in lines.values_list("fingerprint", "statement_key", "statement"):
        found[fingerprint].add(statement)
        if key is not None:
            found[key].add(statement)
    further = StatementKey.objects.filter(key__in=keys)
    for key, statement in further.values_list("key", "line__statement"):
        found[key].add(statement)
    return found
