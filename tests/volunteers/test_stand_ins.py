"""Somebody cannot come: others are asked for that one date, in the right order and at the right pace."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import Mailbox
from citizens.services.links import my_page_token
from foundation.actors import system
from foundation.clock import utc_now
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from outbox.models import Message
from programs.models import Opportunity, Provider, Role, Shift, ShiftRole
from programs.services.closures import close_days, open_again
from programs.services.providers import stop_provider, tell_of_verification
from programs.services.publishing import close, pause, resume
from programs.services.seats import follow_places
from programs.services.shifts import follow_series
from tests.factories import (
    Slot,
    make_coordinator,
    make_district,
    make_opportunity,
    make_shift,
    occupied,
    retime,
    role_of,
    seats_of,
)
from tests.volunteers.pledging import link_in, mails, make_placement, make_pledge
from volunteers.models import (
    Assignment,
    Clearance,
    HoursEntry,
    Offer,
    Placement,
    StandInQuestion,
    StandInSearch,
    TimePledge,
)
from volunteers.services.absences import Back, add_absence, come_after_all, remove_absence, skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar import person_calendar
from volunteers.services.links import stand_in_token
from volunteers.services.pauses import pause_pledge
from volunteers.services.placement_endings import leave_placement, stop_placement
from volunteers.services.stand_in_answers import Yes, accept_stand_in, decline_stand_in
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db
FIND = "volunteers.find_stand_ins"
TUESDAY: Slot = (1, 15 * 60, 16 * 60)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    found = make_opportunity("Vorlesen", slots=[TUESDAY], places=1, clearance_required=False)
    follow_series(found, now=now)
    return found


@pytest.fixture
def absent(task: Opportunity, now: datetime) -> Placement:
    """Whoever has the only place: Anna."""
    return placed(make_pledge(now, email="anna@example.org", first_name="Anna"), task, now)


def placed(pledge: TimePledge, task: Opportunity, now: datetime) -> Placement:
    made = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
    TimePledge.objects.filter(pk=pledge.pk).update(status="placed")
    assign_coming_shifts(now, placement=made)
    return made


def helper(name: str, now: datetime, **wishes: Any) -> TimePledge:
    return make_pledge(now, email=f"{name.lower()}@example.org", first_name=name, **wishes)


def skip(placement: Placement, now: datetime, week: int = 1) -> Assignment:
    """Let the person stay away from the date in `week` weeks; return it as it is then."""
    chosen = placement.assignments.order_by("shift__starts_at")[week]
    assert skip_date(chosen, now=now)
    return Assignment.objects.select_related("shift", "placement").get(pk=chosen.pk)


def asked() -> list[str]:
    """The first names of who was asked, in order."""
    return [row.pledge.volunteer.first_name for row in StandInQuestion.objects.order_by("pk")]


def question(name: str) -> StandInQuestion:
    return StandInQuestion.objects.get(pledge__volunteer__first_name=name)


def states() -> dict[str, str]:
    rows = StandInQuestion.objects.values_list("pledge__volunteer__first_name", "status")
    return dict(rows)


def text(mail: Message) -> str:
    return mail.body_text.replace("\u00a0", " ")


class TestWhoIsAsked:
    def test_nobody_before_a_minute_has_passed(self, absent: Placement, now: datetime) -> None:
        helper("Berta", now)
        skip(absent, now)
        assert run(FIND, now + MINUTE - timedelta(seconds=1)) == 0
        assert run(FIND, now + MINUTE) == 1
        assert asked() == ["Berta"]

    def test_coming_after_all_within_the_minute_asks_nobody(self, absent: Placement, now: datetime) -> None:
        helper("Berta", now)
        assert come_after_all(skip(absent, now), now=now)
        assert run(FIND, now + MINUTE) == 0
        assert StandInSearch.objects.get().status == "ended"
        assert not mails("stand_in_over").exists()

    def test_nobody_whom_no_mail_reaches_in_time(self, absent: Placement, now: datetime) -> None:
        on_paper, bounced = helper("Hedwig", now), helper("Berta", now)
        Mailbox.objects.filter(volunteers__pledges=on_paper).update(
            email="1@brief.invalid", postal_address="Hedwig"
        )
        Mailbox.objects.filter(volunteers__pledges=bounced).update(bounced_at=now)
        helper("Carla", now + HOUR)
        skip(absent, now)
        assert run(FIND, now + HOUR + MINUTE) == 1
        assert asked() == ["Carla"]
        assert run(FIND, now + HOUR + timedelta(hours=49)) == 0
        assert StandInSearch.objects.get().status == "exhausted"

    def test_first_whoever_wished_for_the_task_the_longest_waiting_ahead_then_the_best_match(
        self, task: Opportunity, absent: Placement, now: datetime
    ) -> None:
        helper("Fern", now, home_district=make_district(latitude=50.83))
        helper("Nah", now, home_district=task.district)
        helper("Wartet", now + HOUR, wanted=task)
        helper("Länger", now, wanted=task)
        skip(absent, now)
        for number in range(4):
            run(FIND, now + HOUR + MINUTE + number * timedelta(hours=48))
        assert asked()[:2] == ["Länger", "Wartet"]
        assert asked()[2:] == ["Nah", "Fern"]

    def test_nobody_whom_the_gates_stop(self, task: Opportunity, absent: Placement, now: datetime) -> None:
        Role.objects.filter(opportunity=task).update(languages=["tr"], minimum_age=18)
        helper("Stumm", now)
        helper("Abends", now, languages=["tr"], times=[WeeklyTime(1, 18 * 60, 21 * 60)])  # type: ignore[arg-type]
        young = helper("Jung", now, languages=["tr"])
        young.volunteer.is_adult = False
        young.volunteer.save()
        away = helper("Verreist", now, languages=["tr"])
        add_absence(away, from_on=date(2026, 3, 9), until_on=date(2026, 3, 11), now=now)
        paused = helper("Pause", now, languages=["tr"])
        pause_pledge(paused, until=date(2026, 5, 1), now=now)
        helper("Weit", now, languages=["tr"], home_district=make_district(latitude=51.8))
        no = helper("Nein", now, languages=["tr"])
        Offer.objects.create(
            pledge=no,
            role=role_of(task),
            status="declined",
            status_changed_at=now,
            created_at=now,
            answered_at=now,
        )
        skip(absent, now)
        assert run(FIND, now + MINUTE) == 0
        assert asked() == []
        helper("Passt", now, languages=["tr"])
        StandInSearch.objects.update(status="searching", look_at=now)
        assert run(FIND, now + MINUTE) == 1
        assert asked() == ["Passt"]

    @pytest.mark.parametrize("whose", ["own", "providers"])
    def test_nobody_who_was_there_and_is_no_more(
        self, whose: str, task: Opportunity, absent: Placement, now: datetime
    ) -> None:
        """Whoever has just left, or did not fit, is not asked back for a day; next season they may be."""
        Role.objects.update(places=2)
        gone = make_placement(helper("Gerda", now), task, now, "awaiting_confirmation")
        if whose == "own":
            assert leave_placement(gone, now=now)
        else:
            assert stop_placement(gone, reason="not_fitting", actor=system("test"), now=now)
        skip(absent, now)
        assert run(FIND, now + MINUTE) == 0
        assert asked() == []
        Placement.objects.filter(pk=gone.pk).update(status_changed_at=now - timedelta(days=400))
        StandInSearch.objects.update(status="searching", look_at=now)
        assert run(FIND, now + MINUTE) == 1
        assert asked() == ["Gerda"]

    def test_somebody_placed_elsewhere_but_not_at_that_time(
        self, task: Opportunity, absent: Placement, now: datetime
    ) -> None:
        slots: list[Slot] = [(1, 15 * 60 + 30, 17 * 60), (2, 15 * 60, 16 * 60)]
        for name, slot in zip(["Besetzt", "Mittwoch"], slots, strict=True):
            other = make_opportunity(slots=[slot], clearance_required=False)
            follow_series(other, now=now)
            placed(helper(name, now), other, now)
        skip(absent, now)
        run(FIND, now + MINUTE)
        assert asked() == ["Mittwoch"]

    def test_only_whose_inspection_counts_on_that_day_where_the_task_needs_one(self, now: datetime) -> None:
        task = make_opportunity("Hausaufgaben", slots=[TUESDAY])
        follow_series(task, now=now)
        anna = helper("Anna", now)
        Clearance.objects.create(volunteer=anna.volunteer, opportunity=task, certificate_on=date(2026, 1, 5))
        absent = placed(anna, task, now)
        days = {"Keins": None, "Abgelaufen": date(2021, 3, 10), "Gilt": date(2021, 3, 11)}
        for name, certificate_on in days.items():
            person = helper(name, now).volunteer
            if certificate_on:
                Clearance.objects.create(volunteer=person, opportunity=task, certificate_on=certificate_on)
        skip(absent, now)
        run(FIND, now + MINUTE)
        assert asked() == ["Gilt"]
        assert accept_stand_in(question("Gilt"), now=now + HOUR) == Yes.TAKEN

    def test_nobody_for_a_date_on_which_whoever_is_placed_has_another_task(
        self, absent: Placement, now: datetime
    ) -> None:
        """The provider hears that somebody is missing; only who stands in leaves a search behind."""
        other = make_opportunity("Fußball", slots=[TUESDAY], clearance_required=False)
        follow_series(other, now=now)
        second = placed(absent.pledge, other, now)
        assert set(second.assignments.values_list("status", flat=True)) == {"released"}
        helper("Berta", now)
        assert run(FIND, now + HOUR) == 0
        assert not StandInSearch.objects.exists()

    def test_nobody_more_than_twice_a_week(self, absent: Placement, now: datetime) -> None:
        helper("Berta", now)
        for week in (0, 1, 2):
            skip(absent, now, week)
        run(FIND, now + MINUTE)
        assert StandInSearch.objects.filter(status="exhausted").count() == 1
        assert asked() == ["Berta", "Berta"]

    def test_one_person_with_two_pledges_is_asked_once(self, absent: Placement, now: datetime) -> None:
        helper("Berta", now)
        helper("Berta", now)
        skip(absent, now)
        for number in range(3):
            run(FIND, now + MINUTE + number * timedelta(hours=48))
        assert asked() == ["Berta"]


class TestThePace:
    @pytest.fixture(autouse=True)
    def _people(self, absent: Placement, now: datetime) -> None:
        for name in ("Berta", "Carla", "Dora", "Emil", "Fritz"):
            helper(name, now)

    def test_with_more_than_a_week_one_after_the_other_has_two_days(
        self, absent: Placement, now: datetime
    ) -> None:
        skip(absent, now, week=2)
        first = now + MINUTE
        assert run(FIND, first) == 1
        assert StandInQuestion.objects.get().expires_at == first + timedelta(hours=48)
        assert run(FIND, first + timedelta(hours=47)) == 0
        assert run(FIND, first + timedelta(hours=48)) == 1
        assert list(states().values()) == ["expired", "sent"]

    def test_with_less_than_a_week_two_side_by_side_have_half_a_day(
        self, absent: Placement, now: datetime
    ) -> None:
        later = datetime(2026, 3, 3, 14, tzinfo=UTC)
        skip(absent, later)
        assert run(FIND, later + MINUTE) == 2
        ends = set(StandInQuestion.objects.values_list("expires_at", flat=True))
        assert ends == {later + MINUTE + timedelta(hours=12)}

    def test_with_less_than_two_days_three_at_once_and_then_the_provider_knows(
        self, absent: Placement, now: datetime
    ) -> None:
        late = datetime(2026, 3, 10, 6, tzinfo=UTC)
        skip(absent, late)
        assert run(FIND, late + MINUTE) == 3
        assert set(StandInQuestion.objects.values_list("expires_at", flat=True)) == {late + MINUTE + 4 * HOUR}
        for name in asked():
            decline_stand_in(question(name), now=late + HOUR)
        assert run(FIND, late + HOUR) == 2
        last = StandInQuestion.objects.latest("pk")
        assert last.expires_at == late + 5 * HOUR
        assert not mails("stand_in_missing").exists()
        assert run(FIND, late + 6 * HOUR) == 0
        assert StandInSearch.objects.get().status == "exhausted"
        missing = mails("stand_in_missing").get()
        assert missing.subject == "Kein Ersatz für 10.03.: Vorlesen"
        assert "für Dienstag, 10. März 2026, 15–16 Uhr haben wir keinen Ersatz gefunden" in text(missing)
        assert "Gefragt haben wir 5 Personen." in text(missing)
        assert "Berta" not in missing.body_text

    def test_where_the_task_pauses_nobody_is_asked_any_more_and_the_provider_knows(
        self, absent: Placement, task: Opportunity, now: datetime
    ) -> None:
        later = datetime(2026, 3, 3, 14, tzinfo=UTC)
        skip(absent, later)
        excused = text(mails("assignment_excused").get())
        assert (
            "Wir fragen jetzt andere, ob sie einspringen, und sagen Ihnen, ob sich jemand findet." in excused
        )
        assert run(FIND, later + MINUTE) == 2
        assert pause(task, by=make_coordinator(task.provider), now=later + HOUR) == []
        assert set(states().values()) == {"withdrawn"}
        assert mails("stand_in_over").count() == 2
        missing = mails("stand_in_missing").get()
        assert missing.to_email == task.provider.coordination_email
        assert "Gefragt haben wir 2 Personen. Für diese Aufgabe wird zurzeit niemand gesucht" in text(missing)
        assert "Wer sich noch meldet" not in missing.body_text
        assert resume(task, by=make_coordinator(task.provider), now=later + 2 * HOUR) == []
        assert list(StandInSearch.objects.order_by("pk").values_list("status", flat=True)) == [
            "ended",
            "searching",
        ]

    def test_two_hours_before_nobody_is_asked_but_the_provider_told(
        self, absent: Placement, now: datetime
    ) -> None:
        close_by = datetime(2026, 3, 10, 12, tzinfo=UTC)
        skip(absent, close_by)
        assert run(FIND, close_by + MINUTE) == 0
        assert mails("stand_in_missing").get().to_email == absent.opportunity.provider.coordination_email

    def test_a_date_far_away_waits_for_its_third_week_before(self, absent: Placement, now: datetime) -> None:
        skip(absent, now, week=5)
        assert run(FIND, now + MINUTE) == 0
        assert run(FIND, datetime(2026, 3, 17, 14, tzinfo=UTC)) == 1

    def test_a_no_brings_the_next_question_with_the_next_sweep(
        self, absent: Placement, now: datetime
    ) -> None:
        skip(absent, now)
        run(FIND, now + MINUTE)
        decline_stand_in(StandInQuestion.objects.get(), now=now + HOUR)
        assert run(FIND, now + HOUR) == 1
        assert sorted(states().values()) == ["declined", "sent"]


class TestAYes:
    @pytest.fixture
    def two_asked(self, absent: Placement, now: datetime) -> datetime:
        """Berta and Carla are asked for 10 March; returns when."""
        helper("Berta", now)
        helper("Carla", now)
        at = datetime(2026, 3, 5, 9, tzinfo=UTC)
        skip(absent, at)
        assert run(FIND, at + MINUTE) == 2
        return at + MINUTE

    def test_takes_the_seat_for_that_one_date_and_everybody_is_told(
        self, task: Opportunity, absent: Placement, two_asked: datetime
    ) -> None:
        assert accept_stand_in(question("Carla"), now=two_asked + HOUR) == Yes.TAKEN
        seat = Assignment.objects.get(placement=None)
        assert (seat.volunteer.first_name, seat.status) == ("Carla", "confirmed")
        seats = seats_of(seat.shift_id)
        assert (seats.places_taken, seats.places) == (1, 1)
        assert states() == {"Berta": "withdrawn", "Carla": "accepted"}
        assert StandInSearch.objects.get().status == "found"
        task.refresh_from_db()
        assert occupied(task) == 1

        thanks = mails("stand_in_confirmed").get()
        assert thanks.to_email == "carla@example.org"
        assert thanks.subject == "Danke, Sie springen am 10.03. ein: Vorlesen"
        assert "Dienstag, 10. März 2026, 15–16 Uhr" in text(thanks)
        assert thanks.attachment_body.count("BEGIN:VEVENT") == 1
        assert "DTSTART;TZID=Europe/Berlin:20260310T150000" in thanks.attachment_body
        over = mails("stand_in_over").get()
        assert over.to_email == "berta@example.org"
        assert "Es hat sich schon jemand gefunden." in text(over)
        found = mails("stand_in_found").get()
        assert found.subject == "Ersatz gefunden für 10.03.: Vorlesen"
        assert "für Dienstag, 10. März 2026, 15–16 Uhr springt jemand ein" in text(found)
        assert "Carla" not in found.body_text + found.body_html
        assert run(FIND, two_asked + timedelta(days=1)) == 0

    def test_is_late_for_whoever_was_slower(self, two_asked: datetime) -> None:
        accept_stand_in(question("Carla"), now=two_asked + HOUR)
        assert accept_stand_in(question("Berta"), now=two_asked + 2 * HOUR) == Yes.TOO_LATE
        assert Assignment.objects.filter(placement=None).count() == 1
        assert accept_stand_in(question("Carla"), now=two_asked + 2 * HOUR) == Yes.TAKEN
        assert mails("stand_in_confirmed").count() == 1

    def test_after_its_time_still_counts_while_nobody_was_found(self, two_asked: datetime) -> None:
        run(FIND, two_asked + timedelta(hours=13))
        assert states() == {"Berta": "expired", "Carla": "expired"}
        assert StandInSearch.objects.get().status == "exhausted"
        assert accept_stand_in(question("Berta"), now=two_asked + timedelta(hours=14)) == Yes.TAKEN
        assert accept_stand_in(question("Carla"), now=two_asked + timedelta(hours=15)) == Yes.TOO_LATE

    def test_of_somebody_who_is_elsewhere_by_now_changes_nothing(
        self, two_asked: datetime, now: datetime
    ) -> None:
        other = make_opportunity(slots=[TUESDAY], clearance_required=False)
        follow_series(other, now=now)
        placed(TimePledge.objects.get(volunteer__first_name="Berta"), other, now)
        assert accept_stand_in(question("Berta"), now=two_asked) == Yes.ELSEWHERE
        assert question("Berta").status == "sent"
        assert not Assignment.objects.filter(placement=None).exists()

    def test_for_a_date_that_has_filled_up_finds_no_seat(self, two_asked: datetime) -> None:
        shift = StandInSearch.objects.get().absent.shift
        shift.seats.update(places_taken=1)
        assert accept_stand_in(question("Berta"), now=two_asked) == Yes.TOO_LATE
        assert states() == {"Berta": "withdrawn", "Carla": "withdrawn"}
        assert seats_of(shift.pk).places_taken == 1

    def test_shows_in_the_calendar_and_counts_as_hours(self, task: Opportunity, two_asked: datetime) -> None:
        accept_stand_in(question("Berta"), now=two_asked)
        seat = Assignment.objects.get(placement=None)
        assert "einsprung-" in person_calendar(seat.volunteer, two_asked)
        client = Client()
        client.force_login(make_coordinator(task.provider))
        Shift.objects.filter(pk=seat.shift_id).update(
            starts_at=two_asked - 2 * HOUR, ends_at=two_asked - HOUR
        )
        answer = client.post(reverse("coordination_attendance", args=[seat.pk]), {"outcome": "attended"})
        assert answer["Location"] == reverse("coordination_opportunity", args=[task.pk])
        given = HoursEntry.objects.get()
        assert (given.volunteer, given.opportunity, given.placement) == (seat.volunteer, task, None)
        assert given.minutes == 60


class TestWhenItIsSettledOtherwise:
    @pytest.fixture
    def asked_at(self, absent: Placement, now: datetime) -> datetime:
        """Berta is asked for 17 March."""
        helper("Berta", now)
        skip(absent, now, week=2)
        assert run(FIND, now + MINUTE) == 1
        return now + HOUR

    def test_the_person_comes_back_and_who_was_asked_is_told(
        self, absent: Placement, asked_at: datetime
    ) -> None:
        assert come_after_all(StandInSearch.objects.get().absent, now=asked_at)
        assert states() == {"Berta": "withdrawn"}
        assert "kommt doch selbst" in text(mails("stand_in_over").get())
        assert accept_stand_in(question("Berta"), now=asked_at) == Yes.TOO_LATE

    def test_once_somebody_stands_in_the_person_stays_away_and_reads_so(
        self, client: Client, absent: Placement, asked_at: datetime
    ) -> None:
        accept_stand_in(question("Berta"), now=asked_at)
        away = StandInSearch.objects.get().absent
        assert not come_after_all(away, now=asked_at)
        away.refresh_from_db()
        assert away.status == "excused"
        assert seats_of(away.shift_id).places_taken == 1

    def test_an_absence_taken_back_ends_its_searches_and_says_where_somebody_stands_in(
        self, absent: Placement, now: datetime
    ) -> None:
        helper("Berta", now)
        days = {"from_on": date(2026, 3, 9), "until_on": date(2026, 3, 18)}
        assert add_absence(absent.pledge, now=now, **days)
        assert StandInSearch.objects.count() == 2
        run(FIND, now + MINUTE)
        first = StandInQuestion.objects.order_by("pk")[0]
        assert accept_stand_in(first, now=now + HOUR) == Yes.TAKEN
        key = absent.pledge.exceptions.get().pk
        assert remove_absence(absent.pledge, key, now=now + 2 * HOUR) == Back.NOT_WHERE_REPLACED
        found = absent.assignments.order_by("shift__starts_at").values_list("status", flat=True)
        assert list(found)[:4] == ["confirmed", "excused", "confirmed", "confirmed"]
        assert sorted(StandInSearch.objects.values_list("status", flat=True)) == ["ended", "found"]

    def test_the_date_is_cancelled(self, task: Opportunity, asked_at: datetime) -> None:
        day = date(2026, 3, 17)
        close_days(task, from_on=day, until_on=day, reason="illness", now=asked_at)
        assert states() == {"Berta": "withdrawn"}
        assert "Der Termin fällt aus." in text(mails("stand_in_over").get())

    def test_the_date_is_moved_and_looked_for_anew(self, task: Opportunity, asked_at: datetime) -> None:
        retime(task, [(1, 16 * 60, 17 * 60)], asked_at)
        assert "Der Termin ist verlegt worden." in text(mails("stand_in_over").get())
        assert "am Dienstag, 17. März 2026 um 15 Uhr bei" in text(mails("stand_in_over").get())
        assert run(FIND, asked_at + MINUTE) == 1
        assert sorted(StandInSearch.objects.values_list("status", flat=True)) == ["ended", "searching"]

    def test_the_task_is_closed_or_its_provider_stopped(self, task: Opportunity, asked_at: datetime) -> None:
        assert stop_provider(task.provider, reasons="Es fehlt etwas.", now=asked_at)
        assert states() == {"Berta": "withdrawn"}
        assert "wird zurzeit niemand gesucht" in text(mails("stand_in_over").get())

    def test_a_date_that_takes_place_after_all_is_looked_for_anew(
        self, task: Opportunity, asked_at: datetime
    ) -> None:
        day = date(2026, 3, 17)
        closure = close_days(task, from_on=day, until_on=day, reason="illness", now=asked_at)
        open_again(closure, now=asked_at + MINUTE)
        assert run(FIND, asked_at + 2 * MINUTE) == 1
        assert list(StandInQuestion.objects.order_by("pk").values_list("status", flat=True)) == [
            "withdrawn",
            "sent",
        ]
        assert mails("stand_in").count() == 2

    def test_and_so_is_one_whose_provider_is_verified_again(
        self, task: Opportunity, asked_at: datetime
    ) -> None:
        assert stop_provider(task.provider, reasons="Es fehlt etwas.", now=asked_at)
        assert run(FIND, asked_at + MINUTE) == 0
        Provider.objects.filter(pk=task.provider_id).update(is_verified=True)
        for _twice in range(2):
            tell_of_verification(task.provider, now=asked_at + HOUR)
        assert run(FIND, asked_at + HOUR + MINUTE) == 1
        assert sorted(StandInSearch.objects.values_list("status", flat=True)) == ["ended", "searching"]

    def test_closing_the_task_tells_who_was_asked(self, task: Opportunity, asked_at: datetime) -> None:
        assert close(task, by=make_coordinator(task.provider), now=asked_at) == []
        assert states() == {"Berta": "withdrawn"}

    def test_who_was_asked_pauses_and_the_next_one_is_asked(self, asked_at: datetime, now: datetime) -> None:
        helper("Carla", now)
        pledge = TimePledge.objects.get(volunteer__first_name="Berta")
        assert pause_pledge(pledge, until=date(2026, 6, 1), now=asked_at)
        assert run(FIND, asked_at) == 1
        assert states() == {"Berta": "withdrawn", "Carla": "sent"}


class TestWhoStandsIn:
    @pytest.fixture
    def seat(self, absent: Placement, now: datetime) -> Assignment:
        """Berta stands in on 17 March."""
        helper("Berta", now)
        skip(absent, now, week=2)
        run(FIND, now + MINUTE)
        assert accept_stand_in(question("Berta"), now=now + HOUR) == Yes.TAKEN
        return Assignment.objects.get(placement=None)

    def test_sees_it_on_their_page_and_may_give_it_back(
        self, client: Client, seat: Assignment, now: datetime
    ) -> None:
        helper("Carla", now)
        assert skip_date(seat, now=now + 2 * HOUR)
        assert seats_of(seat.shift_id).places_taken == 0
        assert run(FIND, now + 3 * HOUR) == 1
        assert accept_stand_in(question("Carla"), now=now + 4 * HOUR) == Yes.TAKEN
        assert seats_of(seat.shift_id).places_taken == 1

    def test_is_reminded_of_it(self, seat: Assignment) -> None:
        assert run("volunteers.remind_first_shift", datetime(2026, 3, 16, 10, tzinfo=UTC)) == 1
        assert mails("shift_reminder").get().to_email == "berta@example.org"

    def test_is_told_when_it_is_moved_or_cancelled(self, task: Opportunity, seat: Assignment) -> None:
        day, then = date(2026, 3, 17), datetime(2026, 3, 16, 10, tzinfo=UTC)
        close_days(task, from_on=day, until_on=day, reason="illness", now=then)
        assert run("volunteers.tell_of_changed_dates", then + MINUTE) == 1
        told = mails("dates_changed").get()
        assert told.to_email == "berta@example.org"
        assert "Dienstag, 17. März 2026, 15–16 Uhr: fällt aus (Krankheit beim Träger)" in text(told)
        assert "STATUS:CANCELLED" in told.attachment_body

    def test_yields_to_their_own_task_when_the_date_is_moved_onto_it(
        self, task: Opportunity, seat: Assignment, now: datetime
    ) -> None:
        own = make_opportunity(slots=[(3, 900, 960)], clearance_required=False)
        follow_series(own, now=now)
        placed(TimePledge.objects.get(volunteer__first_name="Berta"), own, now)
        retime(task, [(3, 900, 960)], now + 2 * HOUR)
        seat.refresh_from_db()
        assert seat.status == "released"
        run(FIND, now + 2 * HOUR)
        assert StandInSearch.objects.filter(absent=seat, status="searching").exists()

    def test_who_is_placed_there_later_keeps_the_date_they_stand_in_on(
        self, task: Opportunity, seat: Assignment, now: datetime
    ) -> None:
        Role.objects.filter(opportunity=task).update(places=2)
        follow_places(task, now)
        placed(TimePledge.objects.get(volunteer__first_name="Berta"), task, now)
        own = Assignment.objects.filter(volunteer=seat.volunteer).order_by("shift__starts_at")
        assert [(each.status, each.is_stand_in) for each in own] == [
            ("confirmed", number == 2) for number in range(8)
        ]

    def test_leaving_for_good_gives_the_date_back(self, seat: Assignment, now: datetime) -> None:
        pledge = TimePledge.objects.get(volunteer__first_name="Berta")
        assert withdraw_pledge(pledge, now=now + 2 * HOUR)
        seat.refresh_from_db()
        assert (seat.status, seats_of(seat.shift_id).places_taken) == ("excused", 0)
        assert StandInSearch.objects.filter(absent=seat, status="searching").exists()


ALWAYS = [WeeklyTime(day, 0, 24 * 60) for day in range(7)]  # type: ignore[arg-type]


class TestThePages:
    @pytest.fixture
    def asked_now(self) -> Opportunity:
        """Berta and Carla have been asked a minute ago to come in four days."""
        now = utc_now()
        task = make_opportunity("Basteln", slots=[], places=1, clearance_required=False)
        absent = make_placement(make_pledge(now, email="anna@example.org"), task, now, "active", from_on=now)
        at_noon = (now + timedelta(days=4)).replace(hour=11, minute=0, second=0, microsecond=0)
        coming = Assignment.objects.create(
            placement=absent, shift=make_shift(task, at_noon), status_changed_at=now
        )
        ShiftRole.objects.update(places_taken=1)
        for name in ("Berta", "Carla"):
            helper(name, now, times=ALWAYS)
        assert skip_date(coming, now=now - 2 * MINUTE)
        assert run(FIND, now - MINUTE) == 2
        return task

    def answer(self, client: Client, number: int, answer: str) -> tuple[int, str]:
        """Answer by the link in that mail; return status and what the link shows then."""
        path = link_in(mails("stand_in")[number], "/einspringen/")
        status = client.post(path, {"answer": answer}).status_code
        return status, shown(client, path)

    def test_the_link_asks_about_that_one_date_and_changes_nothing(
        self, client: Client, asked_now: Opportunity
    ) -> None:
        body = shown(client, link_in(mails("stand_in")[0], "/einspringen/"))
        assert "sucht Ersatz für einen Tag" in body
        assert "Ja, ich springe ein" in body
        assert "12–13:30 Uhr" in body or "13–14:30 Uhr" in body
        assert set(states().values()) == {"sent"}

    def test_the_first_yes_is_thanked_and_the_second_reads_it_kindly_with_the_waiting_list(
        self, client: Client, asked_now: Opportunity
    ) -> None:
        status, body = self.answer(client, 0, "accept")
        assert (status, "Danke, dass Sie einspringen, Berta!" in body) == (303, True)
        status, body = self.answer(client, 1, "accept")
        assert (status, "hier ist schon für alles gesorgt" in body) == (303, True)
        assert reverse("pledge_time_for", args=[asked_now.slug]) in body
        assert Assignment.objects.filter(placement=None).count() == 1

    def test_a_no_is_fine_and_nonsense_is_not(self, client: Client, asked_now: Opportunity) -> None:
        status, body = self.answer(client, 0, "vielleicht")
        assert (status, "Ja, ich springe ein" in body) == (422, True)
        status, body = self.answer(client, 0, "decline")
        assert (status, "Ein Nein ist völlig in Ordnung" in body) == (303, True)
        assert states() == {"Berta": "declined", "Carla": "sent"}

    def test_who_is_elsewhere_by_then_reads_why(self, client: Client, asked_now: Opportunity) -> None:
        shift = StandInSearch.objects.get().absent.shift
        other = make_opportunity(slots=[], clearance_required=False)
        there = make_placement(
            TimePledge.objects.get(volunteer__first_name="Berta"),
            other,
            utc_now(),
            "active",
            from_on=utc_now().date(),
        )
        Assignment.objects.create(
            placement=there, shift=make_shift(other, shift.starts_at), status_changed_at=utc_now()
        )
        path = link_in(mails("stand_in")[0], "/einspringen/")
        refused = client.post(path, {"answer": "accept"})
        assert refused.status_code == 422
        assert "kommen Sie schon zu einer anderen Aufgabe" in refused.content.decode()

    def test_the_provider_sees_how_the_search_stands_and_no_name_before_a_yes(
        self, client: Client, asked_now: Opportunity
    ) -> None:
        client.force_login(make_coordinator(asked_now.provider))
        address = reverse("coordination_opportunity", args=[asked_now.pk])
        assert ": 2 gefragt, noch ohne Antwort" in shown(client, address)
        assert "Ersatz gesucht für" in shown(client, address)
        assert "Berta" not in shown(client, address)
        decline_stand_in(question("Carla"), now=utc_now())
        assert ": 2 gefragt, 1 noch ohne Antwort" in shown(client, address)
        accept_stand_in(question("Berta"), now=utc_now())
        assert "Berta springt ein" in shown(client, address)
        assert "Ersatz gesucht" not in shown(client, address)

    def test_the_persons_own_page_shows_the_date_and_takes_it_back(
        self, client: Client, asked_now: Opportunity
    ) -> None:
        accept_stand_in(question("Berta"), now=utc_now())
        seat = Assignment.objects.get(placement=None)
        token = my_page_token(seat.volunteer.mailbox, utc_now())
        page = reverse("my_page", args=[token])
        assert "Hier springen Sie ein" in shown(client, page)
        assert client.post(reverse("date_skip", args=[token, seat.pk])).status_code == 303
        seat.refresh_from_db()
        assert seat.status == "excused"

    def test_who_comes_too_late_with_coming_after_all_reads_that_somebody_stands_in(
        self, client: Client, asked_now: Opportunity
    ) -> None:
        accept_stand_in(question("Berta"), now=utc_now())
        away = StandInSearch.objects.get().absent
        token = my_page_token(away.volunteer.mailbox, utc_now())
        answer = client.post(reverse("date_come", args=[token, away.pk]), follow=True)
        assert "ist schon jemand anderes eingesprungen" in answer.content.decode()


def shown(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().replace("\u00a0", " ").split())


class TestTheLinkAfterAYes:
    """It is opened again later; what it says is true by then."""

    def text(self, now: datetime) -> str:
        answer = Client().get(reverse("stand_in_answer", args=[stand_in_token(question("Berta"), now)]))
        return answer.content.decode()

    @pytest.fixture
    def today(self) -> datetime:
        """The page reads the clock."""
        return utc_now()

    @pytest.fixture
    def seat(self, today: datetime) -> Assignment:
        task = make_opportunity("Vorlesen", slots=[TUESDAY], places=1, clearance_required=False)
        follow_series(task, now=today)
        absent = placed(make_pledge(today, email="anna@example.org", first_name="Anna"), task, today)
        helper("Berta", today)
        skip(absent, today)
        assert run(FIND, today + MINUTE) == 1
        assert accept_stand_in(question("Berta"), now=today + MINUTE) == Yes.TAKEN
        return Assignment.objects.get(placement=None)

    def test_the_person_comes(self, seat: Assignment, today: datetime) -> None:
        assert "Der Träger weiß, dass Sie kommen." in self.text(today)
        assert "Danke, dass Sie einspringen, Berta!" in self.text(today)

    def test_the_person_has_said_no_since(self, seat: Assignment, today: datetime) -> None:
        assert skip_date(seat, now=today)
        assert "Hier kommen Sie nun doch nicht; der Träger weiß es." in self.text(today)
        assert "dass Sie einspringen" not in self.text(today)

    def test_the_date_does_not_take_place(self, seat: Assignment, today: datetime) -> None:
        Shift.objects.filter(pk=seat.shift_id).update(is_cancelled=True)
        assert "Dieser Termin fällt aus. Sie brauchen nicht zu kommen." in self.text(today)
        assert "dass Sie kommen" not in self.text(today)

    def test_the_date_is_over(self, seat: Assignment, today: datetime) -> None:
        Shift.objects.filter(pk=seat.shift_id).update(starts_at=today - 2 * HOUR, ends_at=today - HOUR)
        assert "Dieser Termin hat schon begonnen oder ist vorbei." in self.text(today)
        assert "dass Sie kommen" not in self.text(today)
