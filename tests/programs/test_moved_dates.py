"""A changed time moves its dates: same keys, one sequence higher; closures hold for dates to come."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.formats import time_range
from foundation.models import Event
from foundation.sweeps import run
from programs.domain.rhythms import Rhythm
from programs.domain.series import followers
from programs.models import Closure, Opportunity, Shift, ShiftSeries
from programs.services.closures import close_dates, close_days, open_again
from programs.services.shifts import cancel_coming, follow_series
from tests.factories import make_coordinator, make_opportunity, make_shift, retime, weekly
from tests.words_of_pages import as_read

pytestmark = pytest.mark.django_db
TUESDAY = (1, 15 * 60, 16 * 60)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    opportunity = make_opportunity("Vorlesen", slots=[TUESDAY])
    follow_series(opportunity, now=now)
    return opportunity


def change_slot(opportunity: Opportunity, now: datetime, **values: int) -> None:
    slot = dict(zip(("weekday", "start_minute", "end_minute"), TUESDAY, strict=True)) | values
    retime(opportunity, [(slot["weekday"], slot["start_minute"], slot["end_minute"])], now)


def rows(opportunity: Opportunity) -> list[tuple[int, datetime, bool, int]]:
    return list(opportunity.shifts.order_by("pk").values_list("pk", "starts_at", "is_cancelled", "sequence"))


class TestMoving:
    def test_keeps_every_row_and_counts_one_up(self, task: Opportunity, now: datetime) -> None:
        before, series = rows(task), ShiftSeries.objects.get()

        change_slot(task, now, weekday=3, start_minute=17 * 60, end_minute=18 * 60)

        moved = timedelta(days=2, hours=2)
        assert [row[0] for row in rows(task)] == [row[0] for row in before]
        assert [row[1] for row in rows(task)][:4] == [row[1] + moved for row in before][:4]
        assert {row[2:] for row in rows(task)} == {(False, 1)}
        after = ShiftSeries.objects.get()
        assert (after.pk, after.rrule, after.start_minute) == (series.pk, "FREQ=WEEKLY;BYDAY=TH", 1020)
        assert after.sequence == 1

    def test_keeps_the_wall_time_over_the_clock_change(self, task: Opportunity, now: datetime) -> None:
        change_slot(task, now, weekday=6, start_minute=10 * 60, end_minute=11 * 60)
        assert list(task.shifts.values_list("starts_at", flat=True))[3:5] == [
            datetime(2026, 3, 29, 8, tzinfo=UTC),
            datetime(2026, 4, 5, 8, tzinfo=UTC),
        ]

    def test_a_shortened_date_keeps_its_row_too(self, task: Opportunity, now: datetime) -> None:
        before = rows(task)
        change_slot(task, now, end_minute=15 * 60 + 30)
        assert [row[:3] for row in rows(task)] == [row[:3] for row in before]
        assert set(task.shifts.values_list("sequence", flat=True)) == {1}

    def test_nothing_changed_is_nothing_counted(self, task: Opportunity, now: datetime) -> None:
        before = rows(task)
        follow_series(task, now=now)
        assert rows(task) == before
        assert ShiftSeries.objects.get().sequence == 0

    def test_what_was_stays_where_it_was(self, task: Opportunity, now: datetime) -> None:
        wednesday = now + timedelta(days=2)
        first = rows(task)[0]
        change_slot(task, wednesday, weekday=3)
        assert rows(task)[0] == first

    def test_a_week_whose_new_time_is_over_loses_its_date(self, task: Opportunity, now: datetime) -> None:
        tuesday_morning = datetime(2026, 3, 3, 9, tzinfo=UTC)
        change_slot(task, tuesday_morning, weekday=0)
        assert [row[2] for row in rows(task)][:2] == [True, False]
        assert rows(task)[1][1] == datetime(2026, 3, 9, 14, tzinfo=UTC)

    def test_two_times_swap_nothing_that_stays(self, now: datetime) -> None:
        task = make_opportunity(slots=[TUESDAY, (3, 900, 960)])
        follow_series(task, now=now)
        thursdays = set(task.shifts.filter(series__rrule__endswith="TH").values_list("pk", flat=True))
        tuesdays = set(task.shifts.exclude(pk__in=thursdays).values_list("pk", flat=True))
        retime(task, [(2, 900, 960), (3, 900, 960)], now)
        assert set(task.shifts.filter(series__rrule__endswith="TH").values_list("pk", flat=True)) == thursdays
        assert set(task.shifts.filter(series__rrule__endswith="WE").values_list("pk", flat=True)) >= tuesdays
        assert set(task.shifts.filter(pk__in=thursdays).values_list("sequence", flat=True)) == {0}

    def test_moved_there_and_back_the_rows_are_the_same(self, task: Opportunity, now: datetime) -> None:
        before = rows(task)
        change_slot(task, now, weekday=4)
        change_slot(task, now, weekday=1)
        assert [row[:3] for row in rows(task)][:7] == [row[:3] for row in before][:7]


TIMES = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 20).map(lambda n: n * 60)), max_size=5).map(
    lambda keys: weekly([(day, start, start + 60) for day, start in sorted(keys)])
)


@given(present=TIMES, wanted=TIMES)
def test_each_series_follows_one_time_and_none_is_followed_twice(
    present: list[Rhythm], wanted: list[Rhythm]
) -> None:
    series = dict(enumerate(present))
    found = followers(series, wanted)
    assert len(set(found.values())) == len(found) == min(len(present), len(wanted))
    assert set(found.values()) <= set(wanted)
    for key, time in series.items():
        if time in wanted:
            assert found[key] == time


class TestClosing:
    def test_one_day_cancels_its_date_alone(self, task: Opportunity, now: datetime) -> None:
        day = date(2026, 3, 10)
        closure = close_days(task, from_on=day, until_on=day, reason="illness", now=now)
        assert [(row[2], row[3]) for row in rows(task)][:3] == [(False, 0), (True, 1), (False, 0)]
        assert task.shifts.get(is_cancelled=True).closure == closure

    def test_holds_for_dates_that_are_not_rolled_out_yet(self, task: Opportunity, now: datetime) -> None:
        close_days(task, from_on=date(2026, 5, 4), until_on=date(2026, 5, 10), reason="holidays", now=now)
        run("programs.roll_out_shifts", now + timedelta(days=14))
        assert list(task.shifts.filter(is_cancelled=True).values_list("starts_at", flat=True)) == [
            datetime(2026, 5, 5, 13, tzinfo=UTC)
        ]

    def test_until_further_notice_closes_the_series_and_taken_back_it_goes_on(
        self, task: Opportunity, now: datetime
    ) -> None:
        before = rows(task)
        closure = close_days(task, from_on=date(2026, 3, 2), until_on=None, reason="other", now=now)
        assert not task.shifts.filter(is_cancelled=False).exists()
        run("programs.roll_out_shifts", now + timedelta(days=7))
        assert not task.shifts.filter(is_cancelled=False).exists()

        assert open_again(closure, now=now + timedelta(days=7)) == 8

        assert [row[2] for row in rows(task)] == [True] + [False] * 8
        assert [row[:2] for row in rows(task)][:8] == [row[:2] for row in before]
        assert not Closure.objects.exists()

    def test_leaves_alone_what_has_begun(self, task: Opportunity) -> None:
        during = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
        close_days(task, from_on=date(2026, 3, 3), until_on=date(2026, 3, 3), reason="illness", now=during)
        assert not task.shifts.filter(is_cancelled=True).exists()

    def test_taken_back_it_revives_nothing_that_fell_away_otherwise(
        self, task: Opportunity, now: datetime
    ) -> None:
        Shift.objects.filter(starts_at__lt=datetime(2026, 3, 4, tzinfo=UTC)).update(is_cancelled=True)
        closure = close_days(task, from_on=date(2026, 3, 2), until_on=None, reason="other", now=now)
        open_again(closure, now=now)
        assert [row[2] for row in rows(task)] == [True] + [False] * 7

    def test_taken_back_it_revives_nothing_that_is_closed_for_another_reason_too(
        self, task: Opportunity, now: datetime
    ) -> None:
        ill = close_days(
            task, from_on=date(2026, 3, 3), until_on=date(2026, 3, 17), reason="illness", now=now
        )
        away = close_days(
            task, from_on=date(2026, 3, 16), until_on=date(2026, 3, 24), reason="holidays", now=now
        )
        before = rows(task)
        assert open_again(ill, now=now) == 2
        assert [row[2] for row in rows(task)][:5] == [False, False, True, True, False]
        assert rows(task)[2:] == before[2:]
        assert open_again(away, now=now) == 2
        assert not task.shifts.filter(is_cancelled=True).exists()

    def test_a_date_moved_out_of_the_closed_days_takes_place(self, task: Opportunity, now: datetime) -> None:
        close_days(task, from_on=date(2026, 3, 10), until_on=date(2026, 3, 10), reason="closed", now=now)
        change_slot(task, now, weekday=3)
        assert not task.shifts.filter(is_cancelled=True).exists()

    def test_a_date_moved_into_them_does_not(self, task: Opportunity, now: datetime) -> None:
        close_days(task, from_on=date(2026, 3, 12), until_on=date(2026, 3, 12), reason="closed", now=now)
        change_slot(task, now, weekday=3)
        (fallen,) = task.shifts.filter(is_cancelled=True)
        assert fallen.starts_at == datetime(2026, 3, 12, 14, tzinfo=UTC)

    def test_an_ended_task_stays_ended(self, task: Opportunity, now: datetime) -> None:
        closure = close_days(task, from_on=date(2026, 3, 10), until_on=None, reason="other", now=now)
        cancel_coming(task, now=now)
        open_again(closure, now=now)
        assert not task.shifts.filter(is_cancelled=False).exists()

    def test_the_database_knows_no_closed_date_that_takes_place(
        self, task: Opportunity, now: datetime
    ) -> None:
        closure = close_days(task, from_on=date(2026, 3, 10), until_on=None, reason="other", now=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            Shift.objects.filter(closure=closure).update(is_cancelled=False)


class TestOneOfTwoOfADay:
    """Tuesdays from three to four and from five to six."""

    LATER = (1, 17 * 60, 18 * 60)

    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        opportunity = make_opportunity("Vorlesen", slots=[TUESDAY, self.LATER])
        follow_series(opportunity, now=now)
        return opportunity

    def days(self, task: Opportunity) -> list[tuple[str, bool, int]]:
        """Return of the first two days each date's beginning, whether it is cancelled, and its sequence."""
        first = task.shifts.order_by("starts_at")[:4]
        return [
            (f"{each.starts_at:%d %H}", each.is_cancelled, each.sequence) for each in first.select_related()
        ]

    def test_falls_out_alone_and_takes_place_again(self, task: Opportunity, now: datetime) -> None:
        chosen = task.shifts.earliest("starts_at")
        (closure,) = close_dates(task, [chosen.pk], reason="illness", now=now)
        assert (closure.only, closure.is_one_day) == (chosen, True)
        assert self.days(task) == [
            ("03 14", True, 1),
            ("03 16", False, 0),
            ("10 14", False, 0),
            ("10 16", False, 0),
        ]
        follow_series(task, now=now)
        assert self.days(task)[:2] == [("03 14", True, 1), ("03 16", False, 0)]
        assert open_again(closure, now=now) == 1
        assert self.days(task)[:2] == [("03 14", False, 2), ("03 16", False, 0)]

    def test_both_close_the_day_for_what_comes_later_too(self, task: Opportunity, now: datetime) -> None:
        both = list(task.shifts.order_by("starts_at").values_list("pk", flat=True)[:2])
        (closure,) = close_dates(task, both, reason="illness", now=now)
        assert (closure.only, closure.from_on) == (None, date(2026, 3, 3))
        assert [row[1] for row in self.days(task)] == [True, True, False, False]

    def test_moved_it_stays_cancelled_and_the_other_where_it_is(
        self, task: Opportunity, now: datetime
    ) -> None:
        chosen = task.shifts.earliest("starts_at")
        (closure,) = close_dates(task, [chosen.pk], reason="illness", now=now)
        retime(task, [(2, 15 * 60, 16 * 60), self.LATER], now)
        assert self.days(task) == [
            ("03 16", False, 0),
            ("04 14", True, 2),
            ("10 16", False, 0),
            ("11 14", False, 1),
        ]
        closure.refresh_from_db()
        assert (closure.from_on, closure.until_on) == (date(2026, 3, 4), date(2026, 3, 4))
        assert open_again(closure, now=now) == 1
        assert not task.shifts.filter(is_cancelled=True).exists()

    def test_a_closed_day_keeps_it_closed_when_its_own_reason_is_over(
        self, task: Opportunity, now: datetime
    ) -> None:
        chosen = task.shifts.earliest("starts_at")
        (own,) = close_dates(task, [chosen.pk], reason="illness", now=now)
        day = close_days(task, from_on=date(2026, 3, 3), until_on=date(2026, 3, 3), reason="closed", now=now)
        assert open_again(own, now=now) == 0
        assert [row[1] for row in self.days(task)] == [True, True, False, False]
        assert open_again(day, now=now) == 2

    def test_given_up_and_taken_up_again_it_stays_cancelled(self, task: Opportunity, now: datetime) -> None:
        chosen = task.shifts.earliest("starts_at")
        close_dates(task, [chosen.pk], reason="illness", now=now)
        retime(task, [self.LATER], now)
        retime(task, [TUESDAY, self.LATER], now)
        assert [row[:2] for row in self.days(task)] == [
            ("03 14", True),
            ("03 16", False),
            ("10 14", False),
            ("10 16", False),
        ]

    def test_the_page_asks_which_one_and_names_it(self, client: Client, now: datetime) -> None:
        task = make_opportunity("Vorlesen", slots=[])
        first, second = (
            make_shift(task, datetime(2099, 7, 6, hour, tzinfo=UTC), minutes=60) for hour in (8, 10)
        )
        client.force_login(make_coordinator(task.provider))
        address, answers = (
            reverse("coordination_closure_new", args=[task.pk]),
            {"from_on": "2099-07-06", "reason": "illness"},
        )
        asked = client.post(address, answers)
        assert asked.status_code == 422
        asked_again, whole = asked.content.decode(), time_range(first.starts_at, first.ends_at)
        assert "An diesem Tag gibt es mehrere Termine." in asked_again
        assert f'<span class="choice__label"><span class="nowrap">{whole}</span></span>' in asked_again
        assert client.post(address, {**answers, "dates": [second.pk + 999]}).status_code == 422
        assert not Closure.objects.exists()
        assert client.post(address, {**answers, "dates": [second.pk]}).status_code == 302
        assert list(Shift.objects.filter(is_cancelled=True)) == [second]
        page = client.get(reverse("coordination_opportunity", args=[task.pk])).content.decode()
        said = re.sub(r"<[^>]+>", "", page)
        assert f"{time_range(second.starts_at, second.ends_at)}: Krankheit beim Träger" in said
        assert "Termine fallen aus: – → ein Termin am 6. Juli 2099 (Krankheit beim Träger)" in said
        assert f"Mo, 6. Juli, {time_range(first.starts_at, first.ends_at)}" in said
        assert client.post(address, answers).status_code == 302
        assert list(Shift.objects.filter(is_cancelled=False)) == []
        assert first.pk in Shift.objects.filter(closure__only=None).values_list("pk", flat=True)


class TestThePage:
    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        return make_opportunity("Vorlesen", slots=[(day, 900, 960) for day in range(5)])

    @pytest.fixture
    def client(self, client: Client, task: Opportunity) -> Client:
        client.force_login(make_coordinator(task.provider))
        return client

    def send(self, client: Client, task: Opportunity, **answers: Any) -> Any:
        return client.post(reverse("coordination_closure_new", args=[task.pk]), answers)

    def test_cancels_a_range_and_shows_it_with_the_way_back(self, client: Client, task: Opportunity) -> None:
        answers = {"from_on": "2099-07-06", "until_on": "2099-07-10", "reason": "holidays"}
        assert self.send(client, task, **answers).status_code == 302
        closure = Closure.objects.get()
        assert (closure.from_on, closure.until_on) == (date(2099, 7, 6), date(2099, 7, 10))
        page = as_read(client.get(reverse("coordination_opportunity", args=[task.pk])).content.decode())
        assert "6. Juli 2099 – 10. Juli 2099: Ferien oder Feiertag" in page
        assert "Termine fallen aus: – → 6. Juli 2099–10. Juli 2099 (Ferien oder Feiertag)" in page
        assert client.post(reverse("coordination_closure_undo", args=[closure.pk])).status_code == 302
        assert not Closure.objects.exists()
        assert Event.objects.filter(model="opportunity", object_id=task.pk, kind="changed").count() == 7

    def test_without_a_last_day_is_about_one_day(self, client: Client, task: Opportunity) -> None:
        self.send(client, task, from_on="2099-07-06", reason="illness")
        assert Closure.objects.get().is_one_day

    def test_until_further_notice_has_no_last_day(self, client: Client, task: Opportunity) -> None:
        self.send(client, task, from_on="2099-07-06", until_on="2099-07-07", for_now="on", reason="other")
        assert Closure.objects.get().until_on is None

    @pytest.mark.parametrize(
        ("answers", "told"),
        [
            ({"from_on": "2099-07-06"}, "Bitte nennen Sie den Grund."),
            ({"reason": "illness"}, "Bitte geben Sie den ersten Tag an."),
            ({"from_on": "2020-01-01", "reason": "illness"}, "Dieser Tag ist schon vorbei."),
            (
                {"from_on": "2099-07-06", "until_on": "2099-07-05", "reason": "illness"},
                "Der letzte Tag liegt vor dem ersten.",
            ),
            ({"from_on": "2099-07-06", "reason": "rain"}, "Termine absagen"),
        ],
    )
    def test_says_what_is_missing_and_changes_nothing(
        self, answers: dict[str, str], told: str, client: Client, task: Opportunity
    ) -> None:
        response = self.send(client, task, **answers)
        assert response.status_code == 422
        assert told in response.content.decode()
        assert not Closure.objects.exists()

    def test_of_another_provider_does_not_exist(self, client: Client, now: datetime) -> None:
        other = make_opportunity()
        closure = close_days(other, from_on=date(2099, 1, 1), until_on=None, reason="other", now=now)
        assert self.send(client, other, from_on="2099-07-06", reason="illness").status_code == 404
        assert client.post(reverse("coordination_closure_undo", args=[closure.pk])).status_code == 404
        assert Closure.objects.get() == closure
