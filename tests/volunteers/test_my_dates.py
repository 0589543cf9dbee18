"""One can stay away from a date, come after all, take an absence back, leave one task and keep the pledge."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.sweeps import run
from programs.models import Role, Shift
from programs.services.closures import close_days, open_again
from programs.services.shifts import follow_series
from tests.factories import asking, make_opportunity, occupied, retime
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, Clearance, MatchRequest, Placement
from volunteers.services.absences import Back, add_absence, come_after_all, remove_absence, skip_date
from volunteers.services.assignments import assign_coming_shifts

pytestmark = pytest.mark.django_db
TUESDAY = (1, 15 * 60, 16 * 60)


def make_active(now: datetime, title: str = "Vorlesen", email: str = "maria@example.org") -> Placement:
    """Somebody who is expected on eight Tuesdays."""
    task = make_opportunity(title, slots=[TUESDAY], clearance_required=False)
    follow_series(task, now=now)
    pledge = make_pledge(now, email=email)
    placement = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
    pledge.status = "placed"
    pledge.save(update_fields=["status"])
    assign_coming_shifts(now, placement=placement)
    return placement


@pytest.fixture
def placement(now: datetime) -> Placement:
    return make_active(now)


def statuses(placement: Placement) -> list[str]:
    return list(placement.assignments.order_by("shift__starts_at").values_list("status", flat=True))


def away(placement: Placement, first: int, last: int, now: datetime) -> int:
    """Note an absence in March and return its key."""
    days = {"from_on": date(2026, 3, first), "until_on": date(2026, 3, last)}
    assert add_absence(placement.pledge, **days, now=now)
    return placement.pledge.exceptions.latest("pk").pk


class TestAnAbsenceTakenBack:
    def test_brings_its_dates_back_and_the_provider_learns_it(
        self, placement: Placement, now: datetime
    ) -> None:
        key = away(placement, 10, 17, now)
        assert statuses(placement)[:4] == ["confirmed", "excused", "excused", "confirmed"]
        remove_absence(placement.pledge, key, now=now + timedelta(hours=1))
        assert set(statuses(placement)) == {"confirmed"}
        told = mails("assignment_back")
        assert [mail.subject for mail in told] == [
            "Kommt am 10.03. doch: Vorlesen",
            "Kommt am 17.03. doch: Vorlesen",
        ]
        assert "Maria" not in told[0].body_text

    def test_leaves_what_another_absence_covers_until_that_goes_too(
        self, placement: Placement, now: datetime
    ) -> None:
        first, second = away(placement, 9, 11, now), away(placement, 10, 20, now)
        remove_absence(placement.pledge, first, now=now)
        assert statuses(placement)[1:3] == ["excused", "excused"]
        remove_absence(placement.pledge, second, now=now)
        assert statuses(placement)[1:3] == ["confirmed", "confirmed"]

    def test_leaves_a_date_that_was_skipped_for_itself(self, placement: Placement, now: datetime) -> None:
        assert skip_date(placement.assignments.order_by("shift__starts_at")[1], now=now)
        key = away(placement, 9, 20, now)
        remove_absence(placement.pledge, key, now=now)
        assert statuses(placement)[1:3] == ["excused", "confirmed"]

    def test_gives_dates_that_came_into_being_meanwhile(self, placement: Placement, now: datetime) -> None:
        key = away(placement, 2, 31, now)
        Assignment.objects.all().delete()
        remove_absence(placement.pledge, key, now=now)
        assert len(statuses(placement)) == 8

    def test_does_not_bring_back_what_is_over(self, placement: Placement, now: datetime) -> None:
        key = away(placement, 3, 10, now)
        remove_absence(placement.pledge, key, now=now + timedelta(days=4))
        assert statuses(placement)[:2] == ["excused", "confirmed"]

    def test_expects_nobody_without_the_inspection_that_is_needed_now(
        self, placement: Placement, now: datetime
    ) -> None:
        key = away(placement, 10, 10, now)
        Clearance.objects.create(
            volunteer=placement.volunteer, opportunity=placement.opportunity, certificate_on=date(2021, 3, 5)
        )
        Role.objects.update(**asking(clearance=True))
        assert remove_absence(placement.pledge, key, now=now) == Back.NOT_EVERYWHERE
        assert statuses(placement)[1] == "excused"

    def test_said_twice_the_provider_hears_each_time(self, placement: Placement, now: datetime) -> None:
        for number in range(2):
            at = now + timedelta(hours=number)
            remove_absence(placement.pledge, away(placement, 10, 10, at), now=at)
        assert (mails("assignment_excused").count(), mails("assignment_back").count()) == (2, 2)

    def test_of_somebody_else_changes_nothing(self, placement: Placement, now: datetime) -> None:
        other = make_active(now, "Kochen", "erika@example.org")
        key = away(placement, 10, 10, now)
        remove_absence(other.pledge, key, now=now)
        assert statuses(placement)[1] == "excused"

    def test_ends_for_a_date_that_is_moved_out_of_it_and_the_person_is_told(
        self, placement: Placement, now: datetime
    ) -> None:
        """Else nobody comes on a day on which nobody is away."""
        away(placement, 10, 10, now)
        assert statuses(placement)[:3] == ["confirmed", "excused", "confirmed"]
        retime(placement.opportunity, [(2, 15 * 60, 16 * 60)], now)
        assert set(statuses(placement)) == {"confirmed"}
        assert mails("assignment_back").get().subject == "Kommt am 11.03. doch: Vorlesen"
        assert run("volunteers.tell_of_changed_dates", now + timedelta(minutes=1)) == 1
        told = mails("dates_changed").get().body_text.replace("\u00a0", " ")
        assert "Mittwoch, 11. März 2026, 15–16 Uhr: Sie sind jetzt doch eingeteilt" in told

    def test_into_which_a_date_is_moved_and_out_again_leaves_it_as_it_was(
        self, placement: Placement, now: datetime
    ) -> None:
        away(placement, 11, 11, now)
        retime(placement.opportunity, [(2, 15 * 60, 16 * 60)], now)
        assert statuses(placement)[:3] == ["confirmed", "excused", "confirmed"]
        retime(placement.opportunity, [TUESDAY], now)
        assert set(statuses(placement)) == {"confirmed"}
        assert placement.assignments.filter(absence__isnull=False).count() == 0

    def test_stays_for_a_date_that_is_moved_from_one_into_another(
        self, placement: Placement, now: datetime
    ) -> None:
        away(placement, 10, 10, now)
        other = away(placement, 11, 11, now)
        retime(placement.opportunity, [(2, 15 * 60, 16 * 60)], now)
        moved = placement.assignments.order_by("shift__starts_at")[1]
        assert (moved.status, moved.absence_id) == ("excused", other)
        assert not mails("assignment_back").exists()

    def test_rows_from_before_are_tied_to_their_absence(self, placement: Placement, now: datetime) -> None:
        """What the migration does to those who were excused already."""
        key = away(placement, 10, 17, now)
        skip_date(placement.assignments.order_by("shift__starts_at")[4], now=now)
        Assignment.objects.update(absence=None)
        with connection.cursor() as cursor:
            cursor.execute(import_module("volunteers.migrations.0014_why_somebody_stays_away").TIE)
        tied = placement.assignments.order_by("shift__starts_at").values_list("absence_id", flat=True)
        assert list(tied)[:5] == [None, key, key, None, None]


def plain(text: str) -> str:
    """The text with plain blanks and without the marks of HTML."""
    return re.sub(r"<[^>]+>", "", text).replace("\u00a0", " ").replace("\u2060", "")


class TestOneDate:
    def test_is_skipped_and_nothing_else(self, placement: Placement, now: datetime) -> None:
        second = placement.assignments.order_by("shift__starts_at")[1]
        assert skip_date(second, now=now)
        assert statuses(placement)[:3] == ["confirmed", "excused", "confirmed"]
        assert mails("assignment_excused").get().subject == "Abgesagt für 10.03.: Vorlesen"
        assert not skip_date(second, now=now)
        assert mails("assignment_excused").count() == 1
        assert come_after_all(second, now=now)
        assert not come_after_all(second, now=now)
        assert set(statuses(placement)) == {"confirmed"}
        moves = Event.objects.filter(model="assignment", object_id=second.pk).order_by("pk")
        assert list(moves.values_list("to_status", flat=True)) == ["excused", "confirmed"]

    def test_is_told_apart_from_another_of_the_same_day(self, now: datetime) -> None:
        """Else the provider looks for somebody at the wrong one."""
        task = make_opportunity("Vorlesen", slots=[TUESDAY, (1, 600, 690)], clearance_required=False)
        follow_series(task, now=now)
        placement = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2))
        assign_coming_shifts(now, placement=placement)
        later = placement.assignments.order_by("shift__starts_at")[1]
        assert skip_date(later, now=now)
        assert come_after_all(later, now=now)
        excused, back = mails("assignment_excused").get(), mails("assignment_back").get()
        for text in (excused.body_text, excused.body_html):
            assert "kann am Dienstag, 3. März 2026, 15–16 Uhr nicht kommen: Vorlesen." in plain(text)
        for text in (back.body_text, back.body_html):
            assert "die für Dienstag, 3. März 2026, 15–16 Uhr abgesagt hatte" in plain(text)

    def test_that_is_cancelled_is_no_news_to_the_provider(self, placement: Placement, now: datetime) -> None:
        """Pressed on a page from before; where the date takes place after all, the person stays away."""
        second = placement.assignments.order_by("shift__starts_at")[1]
        days = {"from_on": date(2026, 3, 10), "until_on": date(2026, 3, 10)}
        closure = close_days(placement.opportunity, **days, reason="illness", now=now)
        assert skip_date(Assignment.objects.get(pk=second.pk), now=now)
        assert not mails("assignment_excused").exists()
        assert open_again(closure, now=now) == 1
        assert statuses(placement)[:3] == ["confirmed", "excused", "confirmed"]

    def test_that_has_begun_is_not_skipped(self, placement: Placement) -> None:
        first = placement.assignments.order_by("shift__starts_at")[0]
        assert not skip_date(first, now=datetime(2026, 3, 3, 14, tzinfo=UTC))
        assert statuses(placement)[0] == "confirmed"

    def test_within_an_absence_comes_back_with_it_only(self, placement: Placement, now: datetime) -> None:
        away(placement, 10, 10, now)
        assert not come_after_all(placement.assignments.order_by("shift__starts_at")[1], now=now)


class TestThePage:
    @pytest.fixture
    def placement(self) -> Placement:
        return make_active(utc_now())

    def address(self, placement: Placement, name: str, *args: int) -> str:
        return reverse(name, args=[my_page_token(placement.volunteer.mailbox, utc_now()), *args])

    def page(self, placement: Placement) -> str:
        return Client().get(self.address(placement, "my_page")).content.decode()

    def test_skips_a_date_and_takes_it_back(self, client: Client, placement: Placement) -> None:
        first = placement.assignments.order_by("shift__starts_at")[0]
        assert self.page(placement).count("Da kann ich nicht") == 3
        answer = client.post(self.address(placement, "date_skip", first.pk), follow=True)
        text = answer.content.decode()
        assert "An diesem Termin kommen Sie nicht. Der Träger weiß Bescheid." in text
        assert "Sie kommen nicht" in text
        assert text.count("Da kann ich nicht") == 2
        answer = client.post(self.address(placement, "date_come", first.pk), follow=True)
        assert "Schön! Der Träger weiß, dass Sie doch kommen." in answer.content.decode()
        assert self.page(placement).count("Da kann ich nicht") == 3

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("date_skip", "An diesem Termin kommen Sie nicht."),
            ("date_come", "Der Träger weiß, dass Sie doch kommen."),
        ],
    )
    def test_a_button_pressed_twice_says_the_same_twice(
        self, name: str, said: str, client: Client, placement: Placement
    ) -> None:
        """And not that the date cannot be changed any more and one has to ring up."""
        first = placement.assignments.order_by("shift__starts_at")[0]
        if name == "date_come":
            client.post(self.address(placement, "date_skip", first.pk))
        for _time in range(2):
            answer = client.post(self.address(placement, name, first.pk), follow=True)
            assert said in answer.content.decode()
            assert "lässt sich nicht mehr ändern" not in answer.content.decode()
        told = {"date_skip": "assignment_excused", "date_come": "assignment_back"}
        assert mails(told[name]).count() == 1

    def test_coming_to_a_date_that_is_cancelled_is_promised_to_nobody(
        self, client: Client, placement: Placement
    ) -> None:
        first = placement.assignments.order_by("shift__starts_at")[0]
        Shift.objects.filter(pk=first.shift_id).update(is_cancelled=True)
        answer = client.post(self.address(placement, "date_come", first.pk), follow=True)
        assert "Dieser Termin lässt sich nicht mehr ändern." in answer.content.decode()

    def test_a_pledge_withdrawn_twice_is_withdrawn_once_and_says_so_twice(
        self, client: Client, placement: Placement
    ) -> None:
        address = self.address(placement, "pledge_withdraw", placement.pledge_id)
        for send in (client.post, client.post, client.get):
            assert "Ihre Zusage ist zurückgezogen." in send(address, follow=True).content.decode()
        assert (mails("pledge_withdrawn").count(), mails("placement_left").count()) == (1, 1)

    def test_an_absence_sent_twice_is_noted_once_and_goes_with_one_button(
        self, client: Client, placement: Placement
    ) -> None:
        day = local_day(placement.assignments.order_by("shift__starts_at")[0].shift.starts_at)
        days = {"from_on": day.isoformat(), "until_on": day.isoformat()}
        for _time in range(2):
            answer = client.post(self.address(placement, "pledge_absence", placement.pledge_id), days)
            assert answer["Location"].endswith("hinweis=abwesend")
        absence = placement.pledge.exceptions.get()
        gone = client.post(
            self.address(placement, "pledge_absence_delete", placement.pledge_id, absence.pk), follow=True
        )
        assert "Ihre Termine an diesen Tagen gelten wieder." in gone.content.decode()
        assert set(statuses(placement)) == {"confirmed"}

    def test_an_absence_below_another_does_not_say_that_its_dates_are_back(
        self, client: Client, placement: Placement
    ) -> None:
        day = local_day(placement.assignments.order_by("shift__starts_at")[0].shift.starts_at)
        add_absence(placement.pledge, from_on=day, until_on=day, now=utc_now())
        shorter = placement.pledge.exceptions.get()
        add_absence(placement.pledge, from_on=day, until_on=day + timedelta(days=1), now=utc_now())
        gone = client.post(
            self.address(placement, "pledge_absence_delete", placement.pledge_id, shorter.pk), follow=True
        )
        text = gone.content.decode()
        assert "Die Abwesenheit ist gelöscht. Nicht jeder Termin an diesen Tagen gilt wieder" in text
        assert "Ihre Termine an diesen Tagen gelten wieder" not in text
        assert statuses(placement)[0] == "excused"

    def test_the_time_of_a_date_stays_on_one_line(self, placement: Placement) -> None:
        assert self.page(placement).count(', <span class="nowrap">15–16 Uhr</span>') == 3

    def test_says_so_when_it_is_too_late(self, client: Client, placement: Placement) -> None:
        first = placement.assignments.order_by("shift__starts_at")[0]
        first.shift.starts_at = utc_now() - timedelta(minutes=1)
        first.shift.save()
        answer = client.post(self.address(placement, "date_skip", first.pk), follow=True)
        assert "Dieser Termin lässt sich nicht mehr ändern." in answer.content.decode()

    def test_leaves_one_task_and_keeps_the_pledge(
        self, client: Client, placement: Placement, run_commits: Callable[..., Any]
    ) -> None:
        address = self.address(placement, "placement_leave", placement.pk)
        assert "Ja, hier höre ich auf" in client.get(address).content.decode()
        placement.refresh_from_db()
        assert placement.status == "active"
        with run_commits(execute=True):
            answer = client.post(address, follow=True)
        assert "Ihre Zeitzusage gilt weiter." in answer.content.decode()
        placement.refresh_from_db()
        placement.pledge.refresh_from_db()
        placement.opportunity.refresh_from_db()
        assert (placement.status, placement.pledge.status) == ("ended", "open")
        assert occupied(placement.opportunity) == 0
        assert set(statuses(placement)) == {"cancelled"}
        assert "hört auf und kommt nicht mehr" in mails("placement_left").get().body_text
        assert mails("placement_ended").count() == 1
        assert MatchRequest.objects.exists()
        for again in (client.post(address, follow=True), client.get(address, follow=True)):
            assert "Bei dieser Aufgabe sind Sie nicht mehr dabei." in again.content.decode()
        assert (mails("placement_left").count(), mails("placement_ended").count()) == (1, 1)

    def test_leaves_what_has_not_begun_without_words_of_refusal(
        self, client: Client, placement: Placement
    ) -> None:
        waiting = make_placement(placement.pledge, make_opportunity(), utc_now(), "awaiting_confirmation")
        client.post(self.address(placement, "placement_leave", waiting.pk))
        waiting.refresh_from_db()
        placement.pledge.refresh_from_db()
        assert (waiting.status, placement.pledge.status) == ("cancelled", "placed")
        assert not mails("placement_cancelled").exists()

    @pytest.mark.parametrize("name", ["date_skip", "date_come", "placement_leave"])
    def test_of_somebody_else_does_not_exist(self, name: str, client: Client, placement: Placement) -> None:
        other = make_active(utc_now(), "Kochen", "erika@example.org")
        date_of_theirs = other.assignments.order_by("shift__starts_at")[0].pk
        pk = other.pk if name == "placement_leave" else date_of_theirs
        assert client.post(self.address(placement, name, pk)).status_code == 404
        assert set(statuses(other)) == {"confirmed"}
