"""What the night finishes for the pages is what reading every row by hand tells, for every choice."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donations.services.gifts.pledging import donor_for
from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.domain.sheets import Column, Sheet
from figures.models import Fact, FinishedSheet, Step
from figures.selectors import sheets
from figures.services.counting import count
from programs.domain.choices import Field
from programs.models import Provider
from tests.dashboard.test_report import company, place, pledge
from tests.factories import make_district, make_fund, make_opportunity, make_provider
from tests.figures.nights import book_gift, let_a_night_pass
from volunteers.models import TimePledge

pytestmark = pytest.mark.django_db
DAYS = {"30": 30, "90": 90, "365": 365, "alle": 365 * 50}
FIELDS = ["", *Field.values]


@pytest.fixture
def houses(now: datetime) -> list[Provider]:
    """A town of three districts and two houses, with people, hours and gifts of two years."""
    dice, houses = Random(59), [make_provider("Eins"), make_provider("Zwei")]
    districts = [make_district(name=name) for name in ("Nord", "Süd", "Ost")]
    tasks = [
        make_opportunity(
            f"{number}",
            provider=houses[number % 2],
            district=districts[number % 3],
            field=Field.values[number % 3],
            places=40,
            places_taken=number,
            clearance_required=False,
        )
        for number in range(6)
    ]
    funds = [
        make_fund(slug=f"z{number}", district=districts[number], provider=houses[number % 2], field="sport")
        for number in range(3)
    ]
    for number in range(50):
        at = now - timedelta(days=dice.choice([3, 40, 70, 200, 500, 600]))
        placed = place(number, dice.choice(tasks), at, minutes=dice.choice([45, 90, 200]))
        if number % 7 == 0:
            company(placed, dice.choice([3, 8]))
    for number in range(100, 140):
        at = now - timedelta(days=dice.choice([5, 45, 400]))
        pledge(number, dice.choice(districts), at, fields=dice.sample(Field.values, dice.randrange(3)))
    for number in range(30):
        at = now - timedelta(days=dice.choice([4, 35, 380]))
        book_gift(
            dice.choice(funds), dice.randrange(500, 9000), at, donor=donor_for(f"d{number}@example.org", at)
        )
    let_a_night_pass(now)
    return houses


def test_every_finished_sheet_tells_what_the_rows_tell(houses: list[Provider], now: datetime) -> None:
    on = now.date()
    told = 0
    for period in DAYS:
        for provider in (None, *houses):
            for field in FIELDS:
                pk = provider.pk if provider else None
                found = sheets.staff_sheet(period, provider_id=pk, field=field)
                slow = Slow(period, pk, field, on)
                assert found.counted_on == on
                assert {
                    key: found.columns.get(key, {}) for key in ("pledged", "placed", "hours")
                } == slow.columns
                assert {key: found.totals.get(key, NOTHING) for key in slow.totals} == slow.totals
                assert found.columns.get("gifts", {}) == slow.gifts()
                told += sum(cell.shown or 0 for column in slow.columns.values() for cell in column.values())
        public = sheets.public_sheet(period)
        assert public.columns["gifts"] == Slow(period, None, "", on).gifts()
        for measure in ("pledged", "placed", "hours"):
            assert public.columns[measure] == _of_steps(measure, period, on)
    assert told > 1000


class Slow:
    """One choice of one night, from the facts alone, row by row."""

    def __init__(self, period: str, provider: int | None, field: str, on: date) -> None:
        self._period, self._on = period, on
        self._provider, self._field = provider, field
        self.columns: dict[str, Column] = {}
        self.totals: dict[str, Cell] = {}
        for measure in ("pledged", "placed", "hours"):
            facts = [each for each in Fact.objects.filter(measure=measure) if self._is_chosen(each)]
            places = {each.district_id for each in facts if any(_span_of(each.day, period, on))}
            self.columns[measure] = {
                district: self._cell(measure, [each for each in facts if each.district_id == district])
                for district in places
            }
            self.totals[measure] = self._cell(measure, facts) if places else NOTHING

    def gifts(self) -> Column:
        sums: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
        for series, fund in _series_of_gifts():
            if self._provider in (None, fund[0]) and self._field in ("", fund[1]):
                for place, day in enumerate(_ends(self._period, self._on)):
                    sums[fund[2]][place] += _reading(series, day) // 500 * 500
        return {district: _of_readings(readings, self._period) for district, readings in sums.items()}

    def _is_chosen(self, fact: Fact) -> bool:
        return self._provider in (None, fact.provider_id) and self._field in ("", fact.field)

    def _cell(self, measure: str, facts: list[Fact]) -> Cell:
        now, before = [], []
        for fact in facts:
            is_now, is_before = _span_of(fact.day, self._period, self._on)
            now += [fact] if is_now else []
            before += [fact] if is_before else []
        shown = _shown(measure, now)
        if shown is None:
            return TOO_SMALL
        return Cell(shown, None if self._period == "alle" else _shown(measure, before))


def _shown(measure: str, facts: list[Fact]) -> int | None:
    heads: dict[int, int] = {}
    for fact in facts:
        heads[fact.person] = max(heads.get(fact.person, 0), fact.heads)
    if facts and len(heads) < 5:
        return None
    amount = sum(fact.minutes for fact in facts) // 60 if measure == "hours" else sum(heads.values())
    return amount // 5 * 5


def _span_of(day: date, period: str, on: date) -> tuple[bool, bool]:
    """Whether a day lies in the period that ends on `on`, and in the one before it."""
    ago = (on - day).days
    return 0 <= ago < DAYS[period], period != "alle" and DAYS[period] <= ago < 2 * DAYS[period]


def _ends(period: str, on: date) -> Iterator[date]:
    yield from (on - timedelta(days=DAYS[period] * times) for times in range(3))


def _reading(series: int, day: date) -> int:
    return max(Step.objects.filter(series=series, day__lte=day).values_list("day", "value"), default=(0, 0))[
        1
    ]


def _series_of_gifts() -> list[tuple[int, tuple[int, str, int | None]]]:
    rows = Step.objects.filter(series__measure="gifts").order_by().distinct()
    columns = ("series", "series__fund__provider", "series__fund__field", "series__fund__district")
    return [
        (series, (provider, field, district))
        for series, provider, field, district in rows.values_list(*columns)
    ]


def _of_steps(measure: str, period: str, on: date) -> Column:
    rows = Step.objects.filter(series__measure=measure).order_by().distinct()
    found: Column = {}
    for series, district in rows.values_list("series", "series__district"):
        readings = [_reading(series, day) for day in _ends(period, on)]
        if measure == "hours":
            readings = [minutes // 60 // 5 * 5 for minutes in readings]
        found[district] = _of_readings(readings, period)
    return found


def _of_readings(readings: list[int], period: str) -> Cell:
    now, first, earlier = readings
    before = first - earlier if period != "alle" and first > earlier else None
    return Cell(now - first if now > first else None, before)


def test_a_page_reads_one_row_whatever_it_shows(houses: list[Provider]) -> None:
    sheets.public_sheet("30")
    for _try in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sheets.public_sheet("30")
            sheets.staff_sheet("365", provider_id=houses[0].pk, field="sport")
        assert len(asked) == 2
        assert all("figures_finishedsheet" in each["sql"] for each in asked)


def test_a_house_of_which_nothing_is_known_has_an_empty_sheet_of_the_same_night(
    houses: list[Provider], now: datetime
) -> None:
    new = make_provider("Neu")
    assert sheets.staff_sheet("30", provider_id=new.pk, field="") == Sheet(now.date())


def test_every_year_in_which_something_was_published_has_its_sheet(
    houses: list[Provider], now: datetime
) -> None:
    first = min(Step.objects.values_list("day", flat=True)).year
    years = {str(year) for year in range(first, now.year + 1)}
    rows = FinishedSheet.objects.filter(is_public=True)
    assert set(rows.values_list("period", flat=True)) == {*DAYS, *years}


def test_sheets_of_another_threshold_are_none_and_are_made_anew(
    houses: list[Provider], now: datetime, settings: Any
) -> None:
    assert sheets.are_there()
    settings.PERSONS_SHOWN_FROM = 60
    assert not sheets.are_there()
    count(now + timedelta(days=1))
    assert sheets.are_there()
    assert sheets.staff_sheet("alle", provider_id=None, field="").totals["placed"] == TOO_SMALL


def test_another_count_of_the_same_night_changes_nothing(houses: list[Provider], now: datetime) -> None:
    def told() -> list[object]:
        columns = ("is_public", "period", "provider", "field", "content")
        return list(FinishedSheet.objects.order_by(*columns[:4]).values_list(*columns))

    before = told()
    TimePledge.objects.update(created_at=now)
    count(now + timedelta(days=1))
    assert told() == before
