"""Whose dates are moved or cancelled hears it at once: one mail a change, true, with the calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from icalendar import Calendar

from accounts.models import User
from foundation.sweeps import run
from outbox.services.sending import composed
from programs.models import Opportunity
from programs.services.closures import close_days, open_again
from programs.services.opportunities import Task, change_opportunity
from programs.services.publishing import close, pause
from programs.services.roles import Need
from programs.services.shifts import follow_series
from tests.factories import make_coordinator, make_opportunity, make_shift, occupied, role_of, weekly
from tests.volunteers.pledging import (
    end_without_a_word,
    feed_in,
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
)
from volunteers.access import access_person_calendar
from volunteers.models import Assignment, DateNotice, HoursEntry, Offer, Placement
from volunteers.services.absences import add_absence
from volunteers.services.assignments import assign_coming_shifts

pytestmark = pytest.mark.django_db
TELL = "volunteers.tell_of_changed_dates"
MINUTE = timedelta(minutes=1)
TUESDAY = (1, 15 * 60, 16 * 60)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    found = make_opportunity("Vorlesen", slots=[TUESDAY], places=9, clearance_required=False)
    follow_series(found, now=now)
    return found


@pytest.fixture
def placement(task: Opportunity, now: datetime) -> Placement:
    """Somebody who is expected on every date."""
    made = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2))
    assign_coming_shifts(now, placement=made)
    return made


@pytest.fixture
def editor(task: Opportunity) -> User:
    return make_coordinator(task.provider)


def change(task: Opportunity, editor: User, now: datetime, **values: Any) -> None:
    """Save the form with one thing changed."""
    names = Task.__dataclass_fields__.keys() - {"rhythms", "activity_question", "need"}
    said: dict[str, Any] = {name: getattr(task, name) for name in names}
    role = role_of(task)
    need: dict[str, Any] = {"places": role.places, "activity": role.activity}
    need |= {name: values.pop(name) for name in ("places", "languages") if name in values}
    said["need"] = Need(**need)
    said["rhythms"] = weekly(values.pop("slots", [TUESDAY]))
    assert change_opportunity(task, Task(**{**said, **values}), editor=editor, now=now) == []
    task.refresh_from_db()


def text() -> str:
    return mails("dates_changed").get().body_text.replace("\u00a0", " ")


def one_day(task: Opportunity, day: date, now: datetime, reason: str = "illness") -> Any:
    return close_days(task, from_on=day, until_on=day, reason=reason, now=now)


class TestTelling:
    def test_this_afternoons_date_is_told_within_the_hour_with_the_reason(
        self, task: Opportunity, placement: Placement
    ) -> None:
        noon = datetime(2026, 3, 3, 11, tzinfo=UTC)
        one_day(task, date(2026, 3, 3), noon)

        assert run(TELL, noon + MINUTE - timedelta(seconds=1)) == 0
        assert run(TELL, noon + MINUTE) == 1

        mail = mails("dates_changed").get()
        assert mail.to_email == "maria@example.org"
        assert mail.subject == "Geändert ab 03.03.: Vorlesen"
        assert "- Dienstag, 3. März 2026, 15–16 Uhr: fällt aus (Krankheit beim Träger)" in text()
        assert "neuen Zeit" not in text() + mail.body_html
        assert mail.attachment_name == "einsatz.ics"
        assert not DateNotice.objects.exists()
        assert run(TELL, noon + timedelta(hours=1)) == 0

    def test_a_moved_series_moves_who_is_expected_and_says_from_when_to_when(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        before = list(Assignment.objects.order_by("pk").values_list("pk", "shift_id", "status"))
        change(task, editor, now, slots=[(3, 17 * 60, 18 * 60)])
        assert list(Assignment.objects.order_by("pk").values_list("pk", "shift_id", "status")) == before
        assert run(TELL, now + MINUTE) == 1
        assert "Können Sie zu einer neuen Zeit nicht?" in text()
        line = "statt Dienstag, 3. März 2026, 15–16 Uhr: Donnerstag, 5. März 2026, 17–18 Uhr"
        assert line in text()
        assert text().count("\n- ") == len(before)
        assert not mails("dates_released").exists()

    def test_five_edits_within_a_minute_are_one_mail_about_the_whole_difference(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        for number in range(5):
            change(
                task, editor, now + number * timedelta(seconds=50), slots=[(2, (9 + number) * 60, 18 * 60)]
            )
        assert run(TELL, now + timedelta(seconds=259)) == 0
        assert run(TELL, now + timedelta(seconds=260)) == 1
        assert "statt Dienstag, 3. März 2026, 15–16 Uhr: Mittwoch, 4. März 2026, 13–18 Uhr" in text()

    def test_whoever_edits_without_end_delays_it_ten_minutes_at_most(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        for number in range(11):
            at = now + number * timedelta(seconds=55)
            change(task, editor, at, slots=[(1, (number + 1) * 15, 20 * 60)])
        assert run(TELL, now + timedelta(minutes=10)) == 1

    def test_what_is_as_it_was_is_no_mail(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, slots=[(3, 900, 960)])
        change(task, editor, now, slots=[TUESDAY])
        closure = one_day(task, date(2026, 3, 10), now)
        open_again(closure, now=now)
        assert run(TELL, now + MINUTE) == 0
        assert not mails("dates_changed").exists()
        assert not DateNotice.objects.exists()

    def test_each_turn_of_a_date_is_told(
        self, task: Opportunity, placement: Placement, now: datetime
    ) -> None:
        for turn in range(2):
            at = now + timedelta(hours=2 * turn)
            closure = one_day(task, date(2026, 3, 10), at)
            assert run(TELL, at + MINUTE) == 1
            open_again(closure, now=at + timedelta(hours=1))
            assert run(TELL, at + timedelta(hours=1) + MINUTE) == 1
        told = [mail.body_text for mail in mails("dates_changed")]
        assert [("fällt aus" in text, "findet doch statt" in text) for text in told] == [
            (True, False),
            (False, True),
        ] * 2

    def test_a_date_that_takes_place_after_all_is_said(
        self, task: Opportunity, placement: Placement, now: datetime
    ) -> None:
        closure = one_day(task, date(2026, 3, 10), now)
        run(TELL, now + MINUTE)
        mails("dates_changed").delete()
        open_again(closure, now=now + timedelta(hours=1))
        run(TELL, now + timedelta(hours=1) + MINUTE)
        assert "Dienstag, 10. März 2026, 15–16 Uhr: findet doch statt" in text()

    def test_a_shortened_period_tells_those_whose_dates_fall_away(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, ends_on=date(2026, 3, 17))
        run(TELL, now + MINUTE)
        assert "Dienstag, 24. März 2026, 15–16 Uhr: fällt aus" in text()
        assert "17. März 2026" not in text()

    def test_only_who_is_expected_on_the_date_is_told(
        self, task: Opportunity, placement: Placement, now: datetime
    ) -> None:
        away = make_placement(
            make_pledge(now, email="erika@example.org"), task, now, "active", from_on=date(2026, 3, 2)
        )
        add_absence(away.pledge, from_on=date(2026, 3, 10), until_on=date(2026, 3, 10), now=now)
        assign_coming_shifts(now, placement=away)
        gone = make_placement(
            make_pledge(now, email="hans@example.org"), task, now, "active", from_on=date(2026, 3, 2)
        )
        assign_coming_shifts(now, placement=gone)
        end_without_a_word(gone, until_on=date(2026, 3, 2))
        one_day(task, date(2026, 3, 10), now)
        assert run(TELL, now + MINUTE) == 1
        assert mails("dates_changed").get().to_email == "maria@example.org"

    def test_who_is_away_on_the_new_day_is_excused_and_the_provider_told(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        add_absence(placement.pledge, from_on=date(2026, 3, 11), until_on=date(2026, 3, 11), now=now)
        change(task, editor, now, slots=[(2, 900, 960)])
        excused = Assignment.objects.get(status="excused")
        assert excused.shift.starts_at == datetime(2026, 3, 11, 14, tzinfo=UTC)
        assert mails("assignment_excused").count() == 1

    def test_attendance_and_hours_of_what_was_stay(
        self, task: Opportunity, placement: Placement, editor: User, now: datetime
    ) -> None:
        first = Assignment.objects.order_by("shift__starts_at")[0]
        Assignment.objects.filter(pk=first.pk).update(status="attended")
        HoursEntry.objects.create(
            placement=placement, assignment=first, worked_on=date(2026, 3, 3), minutes=60, created_at=now
        )
        change(task, editor, now + timedelta(days=3), slots=[(3, 900, 960)])
        first.refresh_from_db()
        assert (first.status, first.shift.starts_at) == ("attended", datetime(2026, 3, 3, 14, tzinfo=UTC))
        assert HoursEntry.objects.get().assignment == first

    def test_many_changes_are_said_in_few_lines(
        self, task: Opportunity, placement: Placement, now: datetime
    ) -> None:
        for week in range(9, 16):
            shift = make_shift(task, now + timedelta(weeks=week), minutes=60)
            Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
        close_days(task, from_on=date(2026, 3, 2), until_on=None, reason="other", now=now)
        run(TELL, now + MINUTE)
        assert text().count("fällt aus") == 12
        assert "und 3 weitere Termine" in text()

    def test_takes_the_same_queries_for_more_people(
        self, task: Opportunity, now: datetime, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        for number in range(5):
            pledge = make_pledge(now, email=f"p{number}@example.org")
            make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
        assign_coming_shifts(now)
        with django_assert_max_num_queries(23):
            one_day(task, date(2026, 3, 10), now)

    def test_the_file_is_no_invitation_and_the_feed_stands_beside_it(
        self, task: Opportunity, placement: Placement, now: datetime
    ) -> None:
        """Thunderbird asks to accept or decline any `text/calendar`, and refuses to import what it has."""
        Opportunity.objects.filter(pk=task.pk).update(site="Größe „Ü“")
        one_day(task, date(2026, 3, 10), now)
        assert run(TELL, now + MINUTE) == 1
        told = mails("dates_changed").get()
        sent = message_from_bytes(composed(told).message().as_bytes(), policy=policy.default)
        (attached,) = sent.iter_attachments()
        assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "einsatz.ics")
        assert attached.get_content() == told.attachment_body.encode()
        (event, off) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
        assert (event["LOCATION"], off["STATUS"], off["SEQUENCE"]) == ("Größe „Ü“", "CANCELLED", 1)
        assert "Wer die Termine abonniert, hat immer die neuesten:" in told.body_text
        assert access_person_calendar(feed_in(told).split("/")[2], now + MINUTE) == placement.volunteer


class TestQuestionsThatStopFitting:
    @pytest.fixture
    def offer(self, task: Opportunity, now: datetime) -> Offer:
        return make_sent_offer(make_pledge(now), task, now)

    def withdrawn(self) -> str:
        return mails("offer_withdrawn").get().body_text.replace("\u00a0", " ")

    def test_are_withdrawn_with_what_does_not_fit(
        self, task: Opportunity, offer: Offer, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, slots=[(4, 9 * 60, 10 * 60)])
        offer.refresh_from_db()
        task.refresh_from_db()
        assert (offer.status, occupied(task)) == ("withdrawn", 0)
        assert "passt nicht mehr zu Ihren Angaben: Es fehlt Zeit freitags 9–10 Uhr." in self.withdrawn()
        assert "nicht mehr öffentlich" not in self.withdrawn()

    def test_stay_where_the_new_time_fits(
        self, task: Opportunity, offer: Offer, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, slots=[(1, 16 * 60, 17 * 60)])
        offer.refresh_from_db()
        assert offer.status == "sent"
        assert not mails("offer_withdrawn").exists()

    def test_stay_where_another_task_of_the_person_lies_beside_it(
        self, task: Opportunity, offer: Offer, editor: User, now: datetime
    ) -> None:
        other = make_opportunity(slots=[TUESDAY], clearance_required=False)
        make_placement(offer.pledge, other, now, "active", from_on=date(2026, 3, 2))
        change(task, editor, now, places=5)
        offer.refresh_from_db()
        assert offer.status == "sent"

    def test_of_a_skill_that_is_needed_now_name_it(
        self, task: Opportunity, offer: Offer, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, languages=["tr"])
        assert "Es fehlt Sprache Türkisch." in self.withdrawn()

    @pytest.mark.parametrize(
        ("step", "because"),
        [
            (pause, "Der Träger sucht dafür zurzeit niemanden mehr."),
            (close, "Dieses Angebot ist beendet."),
        ],
    )
    def test_of_a_task_that_stops_say_why(
        self, step: Any, because: str, task: Opportunity, offer: Offer, editor: User, now: datetime
    ) -> None:
        assert step(task, by=editor, now=now) == []
        run("volunteers.expire_offers", now)
        assert because in self.withdrawn()

    def test_of_a_text_that_waits_for_release_say_so(
        self, task: Opportunity, offer: Offer, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, title="Vorlesen und Basteln")
        run("volunteers.expire_offers", now)
        assert "wird gerade geändert und ist so lange nicht öffentlich" in self.withdrawn()
