from datetime import UTC, date, datetime

from foundation.clock import local_day, local_moment


def test_the_local_day_begins_at_berlin_midnight() -> None:
    assert local_day(datetime(2026, 7, 1, 21, 59, tzinfo=UTC)) == date(2026, 7, 1)
    assert local_day(datetime(2026, 7, 1, 22, 0, tzinfo=UTC)) == date(2026, 7, 2)


def test_wall_time_keeps_over_both_clock_changes() -> None:
    assert local_moment(date(2026, 3, 28), 900) == datetime(2026, 3, 28, 14, tzinfo=UTC)
    assert local_moment(date(2026, 3, 29), 900) == datetime(2026, 3, 29, 13, tzinfo=UTC)
    assert local_moment(date(2026, 10, 24), 900) == datetime(2026, 10, 24, 13, tzinfo=UTC)
    assert local_moment(date(2026, 10, 25), 900) == datetime(2026, 10, 25, 14, tzinfo=UTC)


def test_the_skipped_hour_moves_forward_and_the_double_hour_means_the_first() -> None:
    assert local_moment(date(2026, 3, 29), 150) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert local_moment(date(2026, 10, 25), 150) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
