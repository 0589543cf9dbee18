"""Weekly times become dates, eight weeks ahead, in local time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from foundation.sweeps import run
from programs.domain.rhythms import rule_of
from programs.domain.shift_times import span_of
from programs.models import Opportunity, Shift, ShiftSeries
from programs.services.publishing import send_back
from programs.services.shifts import cancel_coming, follow_series, roll_out_due
from tests.factories import make_coordinator, make_opportunity, retime

pytestmark = pytest.mark.django_db


def starts(opportunity: Opportunity, **wanted: bool) -> list[datetime]:
    shifts = opportunity.shifts.filter(**(wanted or {"is_cancelled": False}))
    return list(shifts.values_list("starts_at", flat=True))


def test_eight_weeks_of_a_weekly_time_come_into_being(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 15 * 60, 16 * 60 + 30)])
    assert follow_series(opportunity, now=now) == 8
    first = opportunity.shifts.first()
    assert first is not None
    assert (first.starts_at, first.ends_at) == (
        datetime(2026, 3, 3, 14, 0, tzinfo=UTC),
        datetime(2026, 3, 3, 15, 30, tzinfo=UTC),
    )
    series = ShiftSeries.objects.get()
    assert (series.rrule, series.first_on, series.rolled_out_until) == (
        "FREQ=WEEKLY;BYDAY=TU",
        date(2026, 1, 5),
        date(2026, 4, 27),
    )


def test_rolling_out_twice_changes_nothing(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960), (4, 900, 960)])
    assert follow_series(opportunity, now=now) == 16
    before = list(Shift.objects.values())
    assert follow_series(opportunity, now=now) == 0
    assert roll_out_due(now) == 0
    assert list(Shift.objects.values()) == before


def test_wall_time_stays_when_the_clocks_go_forward() -> None:
    opportunity = make_opportunity(slots=[(6, 10 * 60, 11 * 60)])
    follow_series(opportunity, now=datetime(2026, 3, 20, 12, 0, tzinfo=UTC))
    assert starts(opportunity)[:3] == [
        datetime(2026, 3, 22, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 8, 0, tzinfo=UTC),
        datetime(2026, 4, 5, 8, 0, tzinfo=UTC),
    ]


def test_wall_time_stays_when_the_clocks_go_back() -> None:
    opportunity = make_opportunity(slots=[(6, 10 * 60, 11 * 60)])
    follow_series(opportunity, now=datetime(2026, 10, 17, 12, 0, tzinfo=UTC))
    assert starts(opportunity)[:3] == [
        datetime(2026, 10, 18, 8, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        # the hour from 02:00 to 03:00 does not exist: the shift keeps its length
        (
            date(2026, 3, 29),
            135,
            175,
            (datetime(2026, 3, 29, 1, 15, tzinfo=UTC), datetime(2026, 3, 29, 1, 55, tzinfo=UTC)),
        ),
        (
            date(2026, 3, 29),
            135,
            195,
            (datetime(2026, 3, 29, 1, 15, tzinfo=UTC), datetime(2026, 3, 29, 2, 15, tzinfo=UTC)),
        ),
        (
            date(2027, 3, 28),
            135,
            225,
            (datetime(2027, 3, 28, 1, 15, tzinfo=UTC), datetime(2027, 3, 28, 2, 45, tzinfo=UTC)),
        ),
        # it begins before that hour: the wall clock counts
        (
            date(2027, 3, 28),
            90,
            210,
            (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ),
        # the hour from 02:00 to 03:00 comes twice: the wall clock counts
        (
            date(2026, 10, 25),
            105,
            210,
            (datetime(2026, 10, 24, 23, 45, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ),
        # until midnight
        (
            date(2026, 3, 28),
            1380,
            1440,
            (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        ),
    ],
)
def test_the_nights_of_the_clock_changes(
    day: date, start: int, end: int, expected: tuple[datetime, datetime]
) -> None:
    assert span_of(day, start, end) == expected


def test_the_period_bounds_the_dates(now: datetime) -> None:
    opportunity = make_opportunity(
        slots=[(1, 900, 960)], starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 24)
    )
    assert follow_series(opportunity, now=now) == 3
    one_day = make_opportunity(slots=[(5, 600, 900)], starts_on=date(2026, 3, 7), ends_on=date(2026, 3, 7))
    assert follow_series(one_day, now=now) == 1


def test_what_has_begun_today_does_not_come_into_being(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(0, 9 * 60, 10 * 60), (0, 11 * 60, 12 * 60)])
    follow_series(opportunity, now=now)
    assert starts(opportunity)[0] == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_a_date_that_people_cancelled_stays_cancelled(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960)])
    follow_series(opportunity, now=now)
    holiday = opportunity.shifts.all()[2]
    Shift.objects.filter(pk=holiday.pk).update(is_cancelled=True)
    retime(opportunity, [(1, 900, 990)], now)
    assert starts(opportunity, is_cancelled=True) == [holiday.starts_at]


def test_a_changed_end_moves_the_coming_dates(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960)])
    follow_series(opportunity, now=now)
    retime(opportunity, [(1, 900, 990)], now)
    assert opportunity.shifts.count() == 8
    assert {shift.ends_at - shift.starts_at for shift in Shift.objects.all()} == {timedelta(minutes=90)}


def test_a_dropped_time_cancels_its_coming_dates_and_its_return_revives_them(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960), (3, 900, 960)])
    follow_series(opportunity, now=now)
    later = now + timedelta(days=8)
    retime(opportunity, [(1, 900, 960)], later)
    assert {start.weekday() for start in starts(opportunity)} == {1, 3}
    assert [start for start in starts(opportunity) if start > later and start.weekday() == 3] == []
    assert not ShiftSeries.objects.filter(rrule=rule_of("weekly", 3)).exists()
    retime(opportunity, [(1, 900, 960), (3, 900, 960)], later)
    assert starts(opportunity, is_cancelled=True) == []


def test_a_shortened_and_prolonged_period_is_followed(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960)])
    follow_series(opportunity, now=now)
    Opportunity.objects.update(ends_on=date(2026, 3, 17))
    opportunity.refresh_from_db()
    follow_series(opportunity, now=now)
    assert len(starts(opportunity)) == 3
    Opportunity.objects.update(ends_on=None)
    opportunity.refresh_from_db()
    follow_series(opportunity, now=now)
    assert len(starts(opportunity)) == 8


def test_the_nightly_sweep_keeps_running_ones_ahead(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960)])
    ended = make_opportunity(slots=[(1, 900, 960)])
    for each in (opportunity, ended):
        follow_series(each, now=now)
    Opportunity.objects.filter(pk=ended.pk).update(status="closed")
    assert run("programs.roll_out_shifts", now + timedelta(days=7)) == 1
    assert run("programs.roll_out_shifts", now + timedelta(days=7)) == 0
    assert (opportunity.shifts.count(), ended.shifts.count()) == (9, 8)


def test_who_comes_goes_on_coming_while_a_changed_text_is_back_with_its_author(now: datetime) -> None:
    task, never_released = make_opportunity(slots=[(1, 900, 960)]), make_opportunity(status="draft")
    follow_series(task, now=now)
    Opportunity.objects.filter(pk=task.pk).update(status="in_review")
    assert not send_back(task, by=make_coordinator(task.provider), now=now)
    task.refresh_from_db()
    assert task.status == "draft"
    assert run("programs.roll_out_shifts", now + timedelta(days=14)) == 2
    assert (task.shifts.count(), never_released.shifts.count()) == (10, 0)


def test_the_sweep_handles_many_series_in_few_queries(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        make_opportunity(slots=[(1, 900, 960)])
    with django_assert_max_num_queries(12):
        assert roll_out_due(now) == 240


def test_an_end_cancels_what_is_to_come_and_keeps_what_was(now: datetime) -> None:
    opportunity = make_opportunity(slots=[(1, 900, 960)])
    follow_series(opportunity, now=now)
    assert cancel_coming(opportunity, now=now + timedelta(days=10)) == 6
    assert starts(opportunity) == [
        datetime(2026, 3, 3, 14, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 14, 0, tzinfo=UTC),
    ]
    assert cancel_coming(opportunity, now=now + timedelta(days=10)) == 0
