"""A task that is elsewhere, or at other times before anybody had a date there: whoever said yes hears it."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import User
from foundation.sweeps import run
from programs.models import Opportunity
from programs.services.publishing import close
from programs.services.seats import take_seat
from programs.services.shifts import follow_series
from tests.factories import make_coordinator, make_district, make_opportunity, publish, role_of
from tests.volunteers.pledging import feed_in, mails, make_placement, make_pledge, make_sent_offer
from tests.volunteers.test_changed_dates import MINUTE, TELL, TUESDAY, change
from volunteers.access import access_person_calendar
from volunteers.models import Assignment, Placement, TaskNotice
from volunteers.services.answers import accept_offer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.placement_endings import leave_placement

pytestmark = pytest.mark.django_db
THURSDAY = (3, 10 * 60, 11 * 60)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    found = make_opportunity(
        "Vorlesen",
        slots=[TUESDAY],
        places=9,
        clearance_required=False,
        site="Haus 3",
        district=make_district("Nord"),
    )
    follow_series(found, now=now)
    return found


@pytest.fixture
def editor(task: Opportunity) -> User:
    return make_coordinator(task.provider)


def placed(task: Opportunity, now: datetime, status: str = "active", name: str = "maria") -> Placement:
    pledge = make_pledge(now, email=f"{name}@example.org", first_name=name.capitalize())
    from_on = now.date() if status == "active" else None
    made = make_placement(pledge, task, now, status, from_on=from_on)
    assign_coming_shifts(now, placement=made)
    return made


def told(to: str = "maria") -> list[str]:
    found = mails("placement_changed").filter(to_email=f"{to}@example.org").order_by("pk")
    return [each.body_text.replace("\u00a0", " ") for each in found]


class TestAnotherPlace:
    def test_is_told_to_everybody_who_would_go_to_the_old_one(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        active = placed(task, now)
        placed(task, now, "awaiting_confirmation", "paul")
        placed(task, now, "awaiting_clearance", "clara")
        ended = placed(task, now, "active", "emil")
        assert leave_placement(ended, now=now)
        shift = task.shifts.order_by("starts_at")[0]
        assert take_seat(shift.pk, role_of(task).pk)
        Assignment.objects.create(
            volunteer=make_pledge(now, email="vera@example.org", first_name="Vera").volunteer,
            shift=shift,
            role=role_of(task),
            status_changed_at=now,
        )
        change(task, editor, now, site="Schule Am Park", district=make_district("Süd"))

        assert run(TELL, now + MINUTE - timedelta(seconds=1)) == 0
        assert run(TELL, now + MINUTE) == 1
        assert run(TELL, now + 2 * MINUTE) == 0

        people = ["clara", "maria", "paul", "vera"]
        assert sorted(mails("placement_changed").values_list("to_email", flat=True)) == [
            f"{each}@example.org" for each in people
        ]
        (text,) = told()
        assert "\n- Wo: Schule Am Park, Süd (bisher: Haus 3, Nord)\n\n" in text
        assert "Wann:" not in text
        assert "Passt das für Sie? Dann brauchen Sie nichts zu tun." in text
        feed = feed_in(mails("placement_changed").get(to_email="maria@example.org"))
        assert access_person_calendar(feed.split("/")[2], now + MINUTE) == active.volunteer
        assert "Kalender" in told("vera")[0]
        assert "Kalender" not in told("paul")[0]
        assert mails("placement_changed").get(to_email="maria@example.org").subject == "Anderer Ort: Vorlesen"
        assert not TaskNotice.objects.exists()

    def test_several_edits_are_one_mail_about_the_whole_difference(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        placed(task, now)
        for second, site in enumerate(["Haus 4", "Haus 5", "Haus 6"]):
            change(task, editor, now + timedelta(seconds=second * 50), site=site)
        assert run(TELL, now + timedelta(seconds=159)) == 0
        assert run(TELL, now + timedelta(seconds=160)) == 1
        (text,) = told()
        assert "Wo: Haus 6, Nord (bisher: Haus 3, Nord)" in text

    def test_that_is_the_old_one_again_is_no_mail(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        placed(task, now)
        change(task, editor, now, site="Haus 4")
        change(task, editor, now, site="Haus 3")
        assert run(TELL, now + MINUTE) == 0
        assert told() == []
        assert not TaskNotice.objects.exists()

    def test_is_no_news_for_who_said_yes_to_it_or_for_a_task_that_is_over(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        change(task, editor, now, site="Haus 4")
        assert not TaskNotice.objects.exists()
        publish(task)
        placed(task, now)
        change(task, editor, now, site="Haus 5")
        publish(task)
        placed(task, now + timedelta(seconds=5), "active", "paul")
        assert run(TELL, now + MINUTE) == 1
        assert (len(told()), told("paul")) == (1, [])
        change(task, editor, now + MINUTE, site="Haus 6")
        close(task, by=editor, now=now + MINUTE)
        Placement.objects.update(status="ended", until_on=now.date())
        run(TELL, now + 2 * MINUTE)
        assert len(told()) == 1


class TestOtherTimes:
    def test_are_told_to_who_has_no_dates_yet_and_to_others_by_their_dates(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        placed(task, now)
        offer = make_sent_offer(make_pledge(now, email="paul@example.org", first_name="Paul"), task, now)
        accept_offer(offer, now=now)
        change(task, editor, now, slots=[THURSDAY])
        assert run(TELL, now + MINUTE) == 2
        (text,) = told("paul")
        assert "\n- Wann: donnerstags 10–11 Uhr (bisher: dienstags 15–16 Uhr)\n\n" in text
        assert "Wo:" not in text
        assert "Kalender" not in text
        assert mails("placement_changed").get().subject == "Andere Zeiten: Vorlesen"
        assert told() == []
        assert mails("dates_changed").get().to_email == "maria@example.org"

    def test_and_another_place_are_one_mail(self, task: Opportunity, editor: User, now: datetime) -> None:
        placed(task, now, "awaiting_confirmation")
        change(task, editor, now, slots=[THURSDAY], site="Haus 4")
        assert run(TELL, now + MINUTE) == 1
        (text,) = told()
        assert "- Wo: Haus 4, Nord (bisher: Haus 3, Nord)\n- Wann: donnerstags 10–11 Uhr (bisher: " in text


class TestAnotherPeriod:
    def test_is_told_to_who_has_no_dates_yet_and_to_others_by_their_dates(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        placed(task, now)
        placed(task, now, "awaiting_confirmation", "paul")
        Opportunity.objects.filter(pk=task.pk).update(starts_on=date(2026, 1, 5))
        change(task, editor, now, starts_on=date(2026, 5, 5), ends_on=date(2026, 7, 28))
        assert run(TELL, now + MINUTE) == 2
        (text,) = told("paul")
        was = "ab 5. Januar 2026, ohne festes Ende"
        assert f"\n- Zeitraum: 5. Mai 2026 bis 28. Juli 2026 (bisher: {was})\n\n" in text
        assert "Wann:" not in text
        assert (told(), mails("dates_changed").get().to_email) == ([], "maria@example.org")

    def test_that_is_the_old_one_again_is_no_mail(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        placed(task, now, "awaiting_confirmation")
        change(task, editor, now, ends_on=date(2026, 7, 28))
        change(task, editor, now, ends_on=None)
        assert run(TELL, now + MINUTE) == 0
        assert told() == []
