"""Published series move by steps, and what was published stays."""

from datetime import date, timedelta

import pytest

from figures.domain.cells import Cell, cell_of_readings
from figures.domain.measures import span, span_before
from figures.domain.steps import Entry, step_size, steps_of_heads, steps_of_sums, whole_hours

MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_a_period_ends_on_the_last_counted_day_and_a_year_on_its_own() -> None:
    last_on = date(2026, 11, 20)
    assert span("30", last_on) == (date(2026, 10, 22), last_on)
    assert span_before("30", last_on) == (date(2026, 9, 22), date(2026, 10, 21))
    assert span("2026", last_on) == (date(2026, 1, 1), last_on)
    assert span("2025", last_on) == (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("people", "reading"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (14, 10)]
)
def test_heads_are_rounded_down_to_fives(people: int, reading: int | None) -> None:
    steps = steps_of_heads([day(0)] * people, known={}, size=5)
    assert steps == ([] if reading is None else [(day(0), reading)])


def test_a_step_comes_on_the_day_on_which_enough_are_there() -> None:
    days = [day(0), day(0), day(1), day(3), day(3), day(3), day(9), day(9), day(9), day(9)]
    assert steps_of_heads(days, known={}, size=5) == [(day(3), 5), (day(9), 10)]
    assert steps_of_heads(days[:9], known={}, size=10) == []
    assert steps_of_heads(days, known={}, size=10) == [(day(9), 10)]
    assert steps_of_heads([*days, *[day(12)] * 7, *[day(13)] * 3], known={}, size=10) == [
        (day(9), 10),
        (day(13), 20),
    ]
    assert steps_of_heads([day(0)] * 17, known={}, size=10) == [(day(0), 10)]


def test_what_was_published_of_heads_is_carried_on() -> None:
    days = [day(0)] * 7 + [day(2)] * 3
    assert steps_of_heads(days, known={day(0): 5}, size=5) == [(day(2), 10)]
    assert steps_of_heads(days, known={day(0): 5, day(2): 10}, size=5) == []
    gone = [day(0)] * 3 + [day(4)] * 6
    assert steps_of_heads(gone, known={day(0): 5}, size=5) == []


@pytest.mark.parametrize(("shown_from", "size"), [(3, 5), (5, 5), (6, 10), (10, 10), (11, 15)])
def test_a_step_is_a_multiple_of_five_and_never_below_the_threshold(shown_from: int, size: int) -> None:
    assert step_size(shown_from) == size


def test_a_sum_waits_for_three_people_and_then_for_three_more() -> None:
    entries = [
        Entry(day(0), 1, 1000),
        Entry(day(1), 2, 2000),
        Entry(day(2), 1, 500),
        Entry(day(3), 3, 50),
        Entry(day(4), 4, 7),
        Entry(day(5), 4, 7),
        Entry(day(6), 1, 7),
        Entry(day(7), 5, 7),
    ]
    steps = [(day(3), 3550), (day(7), 3578)]
    assert steps_of_sums(entries, known={}, shown_from=3) == steps
    assert steps_of_sums(entries, known=dict(steps), shown_from=3) == []
    assert steps_of_sums(entries, known=dict(steps[:1]), shown_from=3) == steps[1:]


def test_who_got_everything_back_stands_behind_nothing() -> None:
    given = [Entry(day(0), person, 1000) for person in (1, 2)]
    back = [Entry(day(1), 3, 500), Entry(day(1), 3, -500)]
    assert steps_of_sums([*given, *back], known={}, shown_from=3) == []
    three = [Entry(day(0), person, 1000) for person in (1, 2, 3)]
    refunds = [Entry(day(2), person, -1000) for person in (1, 2, 3)]
    late = [Entry(day(3), 4, 700)]
    assert steps_of_sums([*three, *refunds, *late], known={}, shown_from=3) == [(day(0), 3000)]


def test_a_day_already_published_begins_anew_even_if_its_rows_are_gone() -> None:
    entries = [Entry(day(0), 1, 10), Entry(day(2), 2, 10), Entry(day(3), 3, 10), Entry(day(4), 4, 10)]
    assert steps_of_sums(entries, known={day(1): 30}, shown_from=3) == [(day(4), 40)]


def test_whatever_lies_between_two_readings_is_their_difference() -> None:
    assert cell_of_readings(25, 10) == Cell(15)
    assert cell_of_readings(25, 10, 5) == Cell(15, 5)
    assert cell_of_readings(10, 10, 10) == Cell(None)
    assert cell_of_readings(5, 10) == Cell(None)
    assert cell_of_readings(25, 10, 5).change == 10
    assert cell_of_readings(25, 10).change is None


@pytest.mark.parametrize(("minutes", "hours"), [(0, 0), (299, 0), (300, 5), (599, 5), (600, 10), (6059, 100)])
def test_hours_are_whole_fives(minutes: int, hours: int) -> None:
    assert whole_hours(minutes) == hours
