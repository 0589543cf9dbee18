"""Published series move by steps, and what was published stays."""

from datetime import date, timedelta
from random import Random

import pytest

from figures.domain.cells import NOTHING, TOO_SMALL, Cell, cell_of_readings
from figures.domain.measures import span, span_before
from figures.domain.steps import Arrival, Entry, step_size, steps_of_heads, steps_of_sums, whole_hours

MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def alone(*numbers: int) -> list[Arrival]:
    return [Arrival(day(number)) for number in numbers]


def groups(number: int, *heads: int) -> list[Arrival]:
    return [Arrival(day(number), each) for each in heads]


def test_nobody_is_told_apart_from_too_few() -> None:
    assert (NOTHING.shown, NOTHING.before, NOTHING.change) == (0, None, None)
    assert (TOO_SMALL.shown, TOO_SMALL.before, TOO_SMALL.change) == (None, None, None)


def test_a_period_ends_on_the_last_counted_day_and_a_year_on_its_own() -> None:
    last_on = date(2026, 11, 20)
    assert span("30", last_on) == (date(2026, 10, 22), last_on)
    assert span_before("30", last_on) == (date(2026, 9, 22), date(2026, 10, 21))
    assert span("90", last_on) == (date(2026, 8, 23), last_on)
    assert span("365", last_on) == (date(2025, 11, 21), last_on)
    assert span("alle", last_on) == (last_on - timedelta(days=365 * 50 - 1), last_on)
    assert span("2026", last_on) == (date(2026, 1, 1), last_on)
    assert span("2025", last_on) == (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("people", "reading"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (14, 10)]
)
def test_heads_are_rounded_down_to_fives(people: int, reading: int | None) -> None:
    steps = steps_of_heads(alone(*[0] * people), known={}, size=5)
    assert steps == ([] if reading is None else [(day(0), reading)])


def test_a_step_comes_on_the_day_on_which_enough_are_there() -> None:
    days = alone(0, 0, 1, 3, 3, 3, 9, 9, 9, 9)
    assert steps_of_heads(days, known={}, size=5) == [(day(3), 5), (day(9), 10)]
    assert steps_of_heads(days[:9], known={}, size=10) == []
    assert steps_of_heads(days, known={}, size=10) == [(day(9), 10)]
    assert steps_of_heads([*days, *alone(*[12] * 7, *[13] * 3)], known={}, size=10) == [
        (day(9), 10),
        (day(13), 20),
    ]
    assert steps_of_heads(alone(*[0] * 17), known={}, size=10) == [(day(0), 10)]


def test_what_was_published_of_heads_is_carried_on() -> None:
    days = alone(*[0] * 7, *[2] * 3)
    assert steps_of_heads(days, known={day(0): 5}, size=5) == [(day(2), 10)]
    assert steps_of_heads(days, known={day(0): 5, day(2): 10}, size=5) == []
    assert steps_of_heads(alone(*[0] * 12), known={day(0): 5}, size=5) == []
    gone = alone(*[0] * 3, *[4] * 6)
    assert steps_of_heads(gone, known={day(0): 5}, size=5) == []


def test_of_a_group_all_heads_are_read_and_one_contact_is_behind_them() -> None:
    assert steps_of_heads(groups(0, 99, 99, 99, 99), known={}, size=5) == []
    five = [*groups(0, 8, 15, 1), *groups(3, 1, 20)]
    assert steps_of_heads(five, known={}, size=5) == [(day(3), 45)]
    four_more = [*five, *groups(5, 8, 8, 8, 8)]
    assert steps_of_heads(four_more, known={}, size=5) == [(day(3), 45)]
    assert steps_of_heads(four_more, known={day(3): 45}, size=5) == []
    ten = [*four_more, *groups(9, 2)]
    assert steps_of_heads(ten, known={day(3): 45}, size=5) == [(day(9), 75)]
    assert steps_of_heads(reversed(ten), known={}, size=5) == [(day(3), 45), (day(9), 75)]


def test_groups_that_left_or_shrank_make_no_step_of_a_few() -> None:
    left = [*groups(0, 8, 8), *groups(4, 40, 40, 8)]
    assert steps_of_heads(left, known={day(0): 40}, size=5) == []
    shrunk = [*groups(0, *[2] * 5), *groups(4, *[3] * 5)]
    assert steps_of_heads(shrunk, known={day(0): 40}, size=5) == []
    assert steps_of_heads(alone(*[0] * 15, *[4] * 5), known={day(0): 15}, size=10) == [(day(4), 20)]
    nearly = groups(4, *[2] * 19, 9)
    assert steps_of_heads(nearly, known={day(0): 40}, size=10) == []
    assert steps_of_heads([*nearly, *groups(4, 3)], known={day(0): 40}, size=10) == [(day(4), 50)]


def test_whatever_groups_come_no_step_stands_on_less_contacts_than_its_size() -> None:
    draw = Random(7)
    made = 0
    for _town in range(200):
        arrivals = [Arrival(day(draw.randint(0, 30)), draw.choice((1, 1, 2, 8, 99))) for _ in range(40)]
        steps: dict[date, int] = {}
        for night in range(31):
            until = [each for each in arrivals if each.day <= day(night)]
            steps |= dict(steps_of_heads(until, known=steps, size=5))
        for number, (on, value) in enumerate(sorted(steps.items()), start=1):
            contacts = [each.heads for each in arrivals if each.day <= on]
            assert len(contacts) >= 5 * number
            assert 0 <= sum(contacts) - value < 5
        made += len(steps)
    assert made > 400


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


def test_nothing_is_read_where_more_went_back_than_came() -> None:
    given = [Entry(day(0), person, 1000) for person in (1, 2, 3)]
    back = [Entry(day(1), person, -2000) for person in (1, 2, 3)]
    assert steps_of_sums([*given, *back], known={}, shown_from=3) == [(day(0), 3000), (day(1), 0)]


def test_a_day_already_published_begins_anew_even_if_its_rows_are_gone() -> None:
    entries = [Entry(day(0), 1, 10), Entry(day(2), 2, 10), Entry(day(3), 3, 10), Entry(day(4), 4, 10)]
    assert steps_of_sums(entries, known={day(1): 30}, shown_from=3) == [(day(4), 40)]


def test_whatever_lies_between_two_readings_is_their_difference() -> None:
    assert cell_of_readings(25, 10) == Cell(15)
    assert cell_of_readings(25, 10, 5) == Cell(15, 5)
    assert cell_of_readings(10, 10, 10) == Cell(None)
    assert cell_of_readings(25, 10, 10) == cell_of_readings(25, 10, 15) == Cell(15, None)
    assert cell_of_readings(11, 10, 9) == Cell(1, 1)
    assert cell_of_readings(5, 10) == Cell(None)
    assert cell_of_readings(25, 10, 5).change == 10
    assert cell_of_readings(25, 10).change is None


@pytest.mark.parametrize(("minutes", "hours"), [(0, 0), (299, 0), (300, 5), (599, 5), (600, 10), (6059, 100)])
def test_hours_are_whole_fives(minutes: int, hours: int) -> None:
    assert whole_hours(minutes) == hours
