"""Weekly windows have one normal form."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from foundation.times_of_week import WeeklyTime
from foundation.units import DAY
from foundation.weekly_times import WeeklyTimesField, answer_for
from volunteers.domain.availability import normal_windows, suggested_for

windows = st.lists(
    st.builds(WeeklyTime, st.integers(0, 6), st.integers(0, DAY - 1), st.integers(0, DAY)).filter(
        lambda window: window.start_minute != window.end_minute
    ),
    max_size=12,
)


def minutes_of_week(some: list[WeeklyTime]) -> set[int]:
    """Every minute of the week, Monday 0:00 = 0, that the windows cover; over midnight into the next day."""
    covered: set[int] = set()
    for weekday, start, end in some:
        length = end - start if end > start else end - start + DAY
        covered |= {(weekday * DAY + start + minute) % (7 * DAY) for minute in range(length)}
    return covered


def test_touching_and_overlapping_windows_become_one():
    given_windows = [WeeklyTime(1, 900, 960), WeeklyTime(1, 960, 1020), WeeklyTime(1, 1000, 1080)]
    assert normal_windows(given_windows) == [WeeklyTime(1, 900, 1080)]


def test_windows_with_a_gap_stay_two_and_are_sorted():
    assert normal_windows([WeeklyTime(3, 600, 660), WeeklyTime(1, 900, 960)]) == [
        WeeklyTime(1, 900, 960),
        WeeklyTime(3, 600, 660),
    ]


def test_a_window_over_midnight_is_split_and_sunday_goes_into_monday():
    assert normal_windows([WeeklyTime(6, 1380, 60)]) == [WeeklyTime(0, 0, 60), WeeklyTime(6, 1380, DAY)]


def test_a_window_until_midnight_stays_on_its_day():
    assert normal_windows([WeeklyTime(4, 1200, 0)]) == [WeeklyTime(4, 1200, DAY)]


@given(windows)
def test_the_same_minutes_of_the_week_are_covered(some):
    assert minutes_of_week(normal_windows(some)) == minutes_of_week(some)


@given(windows)
def test_no_window_touches_another_or_leaves_its_day(some):
    normal = normal_windows(some)
    assert normal == sorted(normal)
    for window in normal:
        assert 0 <= window.weekday <= 6
        assert 0 <= window.start_minute < window.end_minute <= DAY
    for before, after in pairwise(normal):
        assert before.weekday < after.weekday or before.end_minute < after.start_minute


@given(windows)
def test_there_are_at_most_two_windows_for_each_given_and_bringing_them_in_order_again_changes_nothing(some):
    normal = normal_windows(some)
    assert len(normal) <= 2 * len(some)
    assert normal_windows(normal) == normal


@given(windows, st.randoms(use_true_random=False))
def test_the_order_in_which_windows_are_given_does_not_matter(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert normal_windows(shuffled) == normal_windows(some)


def test_a_task_within_a_part_of_the_day_suggests_that_part():
    assert suggested_for([WeeklyTime(1, 960, 1050)]) == [WeeklyTime(1, 900, 1080)]


def test_a_task_across_two_parts_suggests_both_and_one_outside_all_itself():
    slots = [WeeklyTime(3, 840, 960), WeeklyTime(4, 420, 540)]
    assert suggested_for(slots) == [WeeklyTime(3, 720, 1080), WeeklyTime(4, 420, 540)]
    assert suggested_for([WeeklyTime(0, 480, 720)]) == [WeeklyTime(0, 480, 720)]


def test_two_odd_times_of_a_day_become_one_because_the_form_takes_one_exact_time_a_day():
    slots = [WeeklyTime(0, 360, 420), WeeklyTime(0, 900, 960), WeeklyTime(0, 1320, DAY), WeeklyTime(1, 0, 60)]
    assert suggested_for(slots) == [WeeklyTime(0, 360, DAY), WeeklyTime(1, 0, 60)]


@given(windows)
def test_what_is_suggested_can_be_filled_into_the_form_and_read_back(some):
    suggested = suggested_for(some)
    assert WeeklyTimesField(required=False).clean(answer_for(suggested)) == suggested


@given(windows)
def test_what_is_suggested_has_room_for_every_time_of_the_task(some):
    assert minutes_of_week(some) <= minutes_of_week(suggested_for(some))
