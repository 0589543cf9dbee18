"""Several workers take one sweep side by side: each row once, and nobody waits for whom another holds."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import connections, transaction

from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from foundation.units import MinuteOfDay
from programs.models import Opportunity, Role, ShiftRole
from programs.services.closures import close_days
from programs.services.shifts import follow_series
from tests.concurrency.test_last_place import all_at_once
from tests.factories import make_opportunity, make_provider, role_of
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import DateNotice, Offer, Placement, StandInQuestion, StandInSearch, Volunteer
from volunteers.services import date_notices, provider_silence
from volunteers.services.absences import skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.date_notices import tell_of_changes
from volunteers.services.placement_endings import end_over
from volunteers.services.provider_silence import press_providers
from volunteers.services.stand_in_rounds import find_stand_ins

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 5


def time_on(weekday: int) -> WeeklyTime:
    return WeeklyTime(weekday, MinuteOfDay(15 * 60), MinuteOfDay(18 * 60))


def in_another_connection(name: str, now: datetime) -> int | None:
    try:
        return run(name, now)
    finally:
        connections.close_all()


class TestChangedDates:
    @pytest.fixture
    def settled(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
        """The moment at which five people are to hear of two dates each, two people at once."""
        monkeypatch.setattr(date_notices, "PEOPLE_AT_ONCE", 2)
        task = make_opportunity("Vorlesen", slots=[(1, 900, 960)], places=COUNT, clearance_required=False)
        follow_series(task, now=now)
        for number in range(COUNT):
            pledge = make_pledge(now, email=f"p{number}@example.org")
            make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
        assign_coming_shifts(now)
        close_days(task, from_on=date(2026, 3, 10), until_on=date(2026, 3, 17), reason="illness", now=now)
        return now + timedelta(minutes=1)

    def test_four_at_once_tell_everybody_once(self, settled: datetime) -> None:
        told = sum(all_at_once([partial(tell_of_changes, settled)] * 4))
        assert told + tell_of_changes(settled + timedelta(seconds=15)) == COUNT
        written = mails("dates_changed")
        assert sorted(mail.to_email for mail in written) == [f"p{n}@example.org" for n in range(COUNT)]
        assert {mail.body_text.count("fällt aus") for mail in written} == {2}
        assert not DateNotice.objects.exists()

    def test_whom_somebody_holds_is_left_to_the_next_run(self, settled: datetime) -> None:
        tell = partial(in_another_connection, "volunteers.tell_of_changed_dates", settled)
        held = Volunteer.objects.order_by("pk")[2]
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Volunteer.objects.select_for_update().get(pk=held.pk)
                assert pool.submit(tell).result(timeout=60) == COUNT - 1
            assert not mails("dates_changed").filter(to_email=held.mailbox.email).exists()
            assert pool.submit(tell).result(timeout=60) == 1


class TestQuestions:
    def test_a_place_that_somebody_holds_is_left_to_the_next_run_and_nobody_waits(
        self, now: datetime
    ) -> None:
        send = partial(in_another_connection, "volunteers.send_offers", now)
        tasks = [make_opportunity(slots=[(day, 900, 960)]) for day in range(3)]
        proposed = []
        for number, task in enumerate(tasks):
            pledge = make_pledge(now, email=f"p{number}@example.org")
            moments = {"status_changed_at": now, "created_at": now}
            proposed.append(Offer.objects.create(pledge=pledge, role=role_of(task), **moments))
        for held in (Role.objects.filter(opportunity=tasks[1]), Opportunity.objects.filter(pk=tasks[1].pk)):
            with ThreadPoolExecutor(1) as pool, transaction.atomic():
                list(held.select_for_update(no_key=True))
                assert pool.submit(send).result(timeout=60) == (2 if held.model is Role else 0)
            assert [Offer.objects.get(pk=each.pk).status for each in proposed] == ["sent", "proposed", "sent"]
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(send).result(timeout=60) == 1


class TestProviders:
    @pytest.fixture
    def overdue(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
        """The moment at which five people have waited too long for a provider, two of them at once."""
        monkeypatch.setattr(provider_silence, "PLACEMENTS_AT_ONCE", 2)
        provider = make_provider("Haus", coordination_email="team@traeger.example")
        task = make_opportunity("Vorlesen", provider=provider, places=COUNT)
        for number in range(COUNT):
            pledge = make_pledge(now, email=f"p{number}@example.org")
            make_placement(pledge, task, now, "awaiting_confirmation")
        return datetime(2026, 3, 5, 23, tzinfo=UTC)

    def test_four_at_once_press_for_everybody_once(self, overdue: datetime) -> None:
        pressed = sum(all_at_once([partial(press_providers, overdue)] * 4))
        assert pressed + press_providers(overdue) == COUNT
        assert press_providers(overdue) == 0
        texts = mails("placement_overdue").values_list("body_text", flat=True)
        pages = [f"/koordination/einsaetze/{pk}/" for pk in Placement.objects.values_list("pk", flat=True)]
        assert [sum(page in text for text in texts) for page in pages] == [1] * COUNT
        assert set(Placement.objects.values_list("pressed", flat=True)) == {1}

    def test_what_somebody_holds_is_left_to_the_next_run(self, overdue: datetime) -> None:
        press = partial(in_another_connection, "volunteers.press_providers", overdue)
        held = Placement.objects.order_by("pk")[2]
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Placement.objects.select_for_update().get(pk=held.pk)
                assert pool.submit(press).result(timeout=60) == COUNT - 1
            held.refresh_from_db()
            assert held.pressed == 0
            assert pool.submit(press).result(timeout=60) == 1


class TestEnding:
    @pytest.fixture
    def over(self, now: datetime) -> datetime:
        """The moment at which two tasks of five people each are over; one person is at both."""
        last_day = {"ends_on": date(2026, 3, 10), "places": 3, "clearance_required": False}
        tasks = [make_opportunity(title, **last_day) for title in ("Vorlesen", "Kochen")]
        for number in range(COUNT):
            pledge = make_pledge(now, email=f"p{number}@example.org")
            make_placement(pledge, tasks[number % 2], now, "active", from_on=date(2026, 3, 2))
        make_placement(pledge, tasks[1], now, "active", from_on=date(2026, 3, 2))
        return datetime(2026, 3, 11, 2, tzinfo=UTC)

    def test_four_at_once_end_every_placement_once(self, over: datetime) -> None:
        ended = sum(all_at_once([partial(end_over, over)] * 4))
        assert ended + end_over(over) == COUNT + 1
        assert end_over(over) == 0
        assert set(Placement.objects.values_list("status", flat=True)) == {"ended"}
        assert set(Role.objects.values_list("places_taken", flat=True)) == {0}
        told = Counter(mails("placement_ended").values_list("to_email", flat=True))
        assert told == {f"p{number}@example.org": 1 for number in range(COUNT - 1)} | {"p4@example.org": 2}

    def test_whom_somebody_holds_is_left_to_the_next_run(self, over: datetime) -> None:
        end = partial(in_another_connection, "volunteers.end_placements", over)
        held = Volunteer.objects.order_by("pk").last()
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Volunteer.objects.select_for_update().get(pk=held.pk)
                assert pool.submit(end).result(timeout=60) == COUNT - 1
            assert set(held.placements.values_list("status", flat=True)) == {"active"}
            assert pool.submit(end).result(timeout=60) == 2


class TestAssigning:
    @pytest.fixture
    def placed(self, now: datetime) -> list[list[Placement]]:
        """Three tasks with one seat at each date, and two people placed at each: the first comes first."""
        found = []
        for task_number in range(3):
            task = make_opportunity(slots=[(1, 900, 960)], places=2, clearance_required=False)
            follow_series(task, now=now)
            ShiftRole.objects.filter(shift__opportunity=task).update(places=1)
            pledges = [make_pledge(now, email=f"p{task_number}{n}@example.org") for n in range(2)]
            found.append(
                [make_placement(each, task, now, "active", from_on=date(2026, 3, 2)) for each in pledges]
            )
        return found

    def test_four_at_once_give_every_last_seat_to_who_was_placed_first(
        self, placed: list[list[Placement]], now: datetime
    ) -> None:
        made = sum(all_at_once([partial(assign_coming_shifts, now)] * 4))
        dates = placed[0][0].assignments.count()
        assert made + assign_coming_shifts(now) == 3 * dates > 0
        for first, second in placed:
            assert set(first.assignments.values_list("status", flat=True)) == {"confirmed"}
            assert set(second.assignments.values_list("status", flat=True)) == {"released"}

    def test_while_the_first_is_held_nobody_passes_them_and_the_others_are_assigned(
        self, placed: list[list[Placement]], now: datetime
    ) -> None:
        assign = partial(in_another_connection, "volunteers.assign_shifts", now)
        first, second = placed[1]
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Volunteer.objects.select_for_update().get(pk=first.volunteer_id)
                made = pool.submit(assign).result(timeout=60)
            dates = placed[0][0].assignments.count()
            assert made == 2 * dates > 0
            assert (first.assignments.count(), second.assignments.count()) == (0, 0)
            assert pool.submit(assign).result(timeout=60) == dates
        assert set(first.assignments.values_list("status", flat=True)) == {"confirmed"}


class TestStandIns:
    @pytest.fixture
    def searching(self, now: datetime) -> datetime:
        """The moment at which each of three dates needs somebody, and Berta alone could come to any."""
        for weekday in (1, 2, 3):
            task = make_opportunity(slots=[(weekday, 900, 960)], places=1, clearance_required=False)
            follow_series(task, now=now)
            pledge = make_pledge(now, email=f"anna{weekday}@example.org", times=[time_on(6)])
            placement = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
            assign_coming_shifts(now, placement=placement)
            assert skip_date(placement.assignments.order_by("shift__starts_at")[1], now=now)
        free = [time_on(weekday) for weekday in (1, 2, 3)]
        make_pledge(now, email="berta@example.org", times=free)
        return now + timedelta(minutes=1)

    def test_four_at_once_ask_nobody_more_than_twice_a_week(self, searching: datetime) -> None:
        asked = sum(all_at_once([partial(find_stand_ins, searching)] * 4))
        for minute in range(1, 4):
            asked += find_stand_ins(searching + timedelta(minutes=minute))
        assert asked == 2 == StandInQuestion.objects.count() == mails("stand_in").count()
        assert StandInQuestion.objects.values("search").distinct().count() == 2

    def test_whom_somebody_holds_is_asked_by_the_next_run_and_the_search_is_not_given_up(
        self, searching: datetime
    ) -> None:
        find = partial(in_another_connection, "volunteers.find_stand_ins", searching)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Volunteer.objects.select_for_update().get(mailbox__email="berta@example.org")
                assert pool.submit(find).result(timeout=60) == 0
            assert set(StandInSearch.objects.values_list("status", flat=True)) == {"searching"}
            assert pool.submit(find).result(timeout=60) == 2
