"""Resting for a while, and days on which somebody cannot come."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.actors import citizen
from foundation.clock import local_day, utc_now
from foundation.sweeps import run
from foundation.working_days import end_of_working_day
from tests.factories import make_opportunity, make_provider, make_shift, occupied
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment
from volunteers.services.absences import add_absence
from volunteers.services.pauses import pause_pledge, resume_pledge

pytestmark = pytest.mark.django_db


def own(pledge, name, *args):
    return reverse(name, args=[my_page_token(pledge.volunteer.mailbox, utc_now()), *args])


@pytest.fixture
def pledge():
    return make_pledge(utc_now())


class TestPausing:
    def test_asks_nothing_new_until_the_day(self, client, pledge):
        until = local_day(utc_now()) + timedelta(days=30)
        response = client.post(own(pledge, "pledge_pause", pledge.pk), {"until": until.isoformat()})
        assert response.status_code == 303
        pledge.refresh_from_db()
        assert (pledge.status, pledge.paused_until) == ("paused", until)
        page = client.get(response["Location"]).content.decode()
        assert "Ihre Pause ist eingetragen" in page
        assert "Pause beenden" in page

    def test_a_page_that_was_open_all_the_while_changes_the_day(self, client, pledge):
        today = local_day(utc_now())
        for days in (30, 60, 10):
            until = today + timedelta(days=days)
            answer = client.post(own(pledge, "pledge_pause", pledge.pk), {"until": until.isoformat()})
            assert answer["Location"].endswith("?hinweis=pausiert")
            pledge.refresh_from_db()
            assert (pledge.status, pledge.paused_until) == ("paused", until)

    def test_a_day_typed_the_german_way_is_understood(self, client, pledge):
        until = local_day(utc_now()) + timedelta(days=30)
        client.post(own(pledge, "pledge_pause", pledge.pk), {"until": f"{until:%d.%m.%Y}"})
        pledge.refresh_from_db()
        assert pledge.paused_until == until

    def test_takes_back_open_questions_and_leaves_placements(self, pledge, now):
        asked = make_opportunity(places=1)
        offer = make_sent_offer(pledge, asked, now)
        placement = make_placement(pledge, make_opportunity(), now, "awaiting_clearance")
        assert pause_pledge(pledge, until=date(2026, 5, 1), now=now)
        for row in (offer, asked, placement):
            row.refresh_from_db()
        assert (offer.status, occupied(asked), placement.status) == ("withdrawn", 0, "awaiting_clearance")

    @pytest.mark.parametrize("days", [-1, 0, 367, 100_000])
    def test_refuses_a_day_that_is_no_pause(self, client, pledge, days):
        until = local_day(utc_now()) + timedelta(days=days)
        response = client.post(own(pledge, "pledge_pause", pledge.pk), {"until": until.isoformat()})
        assert response.status_code == 422
        assert until.isoformat() in response.content.decode()
        pledge.refresh_from_db()
        assert (pledge.status, pledge.paused_until) == ("open", None)

    @pytest.mark.parametrize("until", ["", "bald", "31.02.2027", "\x00", "9" * 10_000, "2027-13-01", "💤"])
    def test_refuses_what_is_no_day(self, client, pledge, until):
        assert client.post(own(pledge, "pledge_pause", pledge.pk), {"until": until}).status_code == 422

    def test_can_be_ended_early_with_a_new_promise(self, client, pledge):
        pause_pledge(pledge, until=date(2027, 5, 1), now=utc_now() - timedelta(days=20))
        before = utc_now()
        assert client.post(own(pledge, "pledge_resume", pledge.pk)).status_code == 303
        pledge.refresh_from_db()
        assert (pledge.status, pledge.paused_until, pledge.escalated_at) == ("open", None, None)
        assert pledge.answer_due_at >= end_of_working_day(before, 5)

    def test_is_ended_by_no_mere_click(self, client, pledge):
        pause_pledge(pledge, until=date(2027, 5, 1), now=utc_now())
        assert client.get(own(pledge, "pledge_resume", pledge.pk)).status_code == 405
        pledge.refresh_from_db()
        assert pledge.status == "paused"

    def test_a_pledge_that_is_not_paused_is_not_resumed(self, pledge, now):
        assert not resume_pledge(pledge, actor=citizen("volunteer"), now=now)
        pledge.refresh_from_db()
        assert pledge.status == "open"

    def test_ends_by_itself_on_its_day_and_says_so_once(self, now):
        pledge = make_pledge(now)
        pause_pledge(pledge, until=date(2026, 4, 1), now=now)
        last_evening = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
        assert run("volunteers.resume_paused", last_evening) == 0
        morning = datetime(2026, 3, 31, 22, 1, tzinfo=UTC)
        assert run("volunteers.resume_paused", morning) == 1
        assert run("volunteers.resume_paused", morning) == 0
        pledge.refresh_from_db()
        assert (pledge.status, pledge.answer_due_at) == ("open", datetime(2026, 4, 10, 22, tzinfo=UTC))
        assert "Ihre Pause ist vorbei" in mails("pledge_resumed").get().subject

    def test_with_a_running_placement_it_ends_as_placed(self, pledge, now):
        make_placement(pledge, make_opportunity(), now, "awaiting_clearance")
        pause_pledge(pledge, until=date(2026, 4, 1), now=now)
        assert resume_pledge(pledge, actor=citizen("volunteer"), now=now)
        assert pledge.status == "placed"

    def test_with_a_provider_that_has_not_confirmed_it_ends_as_open(self, pledge, now):
        make_placement(pledge, make_opportunity(), now, "awaiting_confirmation")
        pause_pledge(pledge, until=date(2026, 4, 1), now=now)
        assert resume_pledge(pledge, actor=citizen("volunteer"), now=now)
        assert pledge.status == "open"


class TestAbsences:
    def test_are_noted_shown_and_forgotten(self, client, pledge):
        start = local_day(utc_now()) + timedelta(days=10)
        answers = {"from_on": start.isoformat(), "until_on": (start + timedelta(days=5)).isoformat()}
        response = client.post(own(pledge, "pledge_absence", pledge.pk), answers)
        assert response.status_code == 303
        absence = pledge.exceptions.get()
        assert (absence.from_on, absence.until_on) == (start, start + timedelta(days=5))
        assert "An diesen Tagen können Sie nicht" in client.get(response["Location"]).content.decode()
        client.post(own(pledge, "pledge_absence_delete", pledge.pk, absence.pk))
        assert pledge.exceptions.count() == 0

    def test_excuse_the_dates_within_and_warn_the_provider(self, now):
        pledge = make_pledge(now)
        provider = make_provider(coordination_email="team@traeger.example")
        opportunity = make_opportunity("Fußball", provider=provider, clearance_required=False)
        placement = make_placement(pledge, opportunity, now, "active", from_on=now.date())
        moments = [datetime(2026, 3, day, 15, tzinfo=UTC) for day in (9, 10, 12, 13)]
        plans = [
            Assignment.objects.create(
                placement=placement, shift=make_shift(opportunity, moment), status_changed_at=now
            )
            for moment in moments
        ]
        assert add_absence(pledge, from_on=date(2026, 3, 10), until_on=date(2026, 3, 12), now=now)
        statuses = [Assignment.objects.get(pk=plan.pk).status for plan in plans]
        assert statuses == ["confirmed", "excused", "excused", "confirmed"]
        told = mails("assignment_excused")
        assert [mail.to_email for mail in told] == ["team@traeger.example"] * 2
        assert "Dienstag, 10. März 2026" in told[0].body_text
        assert "Maria" not in told[0].body_text

    @pytest.mark.parametrize(("first", "last"), [(5, 3), (-3, 3), (-3, -1), (3, 400), (400, 401)])
    def test_refuse_days_in_the_wrong_order_past_or_far(self, client, pledge, first, last):
        today = local_day(utc_now())
        answers = {
            "from_on": (today + timedelta(days=first)).isoformat(),
            "until_on": (today + timedelta(days=last)).isoformat(),
        }
        response = client.post(own(pledge, "pledge_absence", pledge.pk), answers)
        assert response.status_code == 422
        assert answers["from_on"] in response.content.decode()
        assert pledge.exceptions.count() == 0

    @pytest.mark.parametrize("day", ["", "\x00", "morgen", "9" * 5000])
    def test_refuse_what_is_no_day(self, client, pledge, day):
        answers = {"from_on": day, "until_on": day}
        assert client.post(own(pledge, "pledge_absence", pledge.pk), answers).status_code == 422

    def test_stop_at_twenty(self, client, pledge):
        today = local_day(utc_now())
        for number in range(1, 21):
            day = today + timedelta(days=number)
            assert add_absence(pledge, from_on=day, until_on=day, now=utc_now())
        day = today + timedelta(days=21)
        answers = {"from_on": day.isoformat(), "until_on": day.isoformat()}
        assert client.post(own(pledge, "pledge_absence", pledge.pk), answers).status_code == 422
        assert pledge.exceptions.count() == 20

    def test_of_somebody_else_are_not_forgotten(self, client, pledge):
        other = make_pledge(utc_now(), email="erika@example.org")
        day = local_day(utc_now())
        add_absence(other, from_on=day, until_on=day, now=utc_now())
        absence = other.exceptions.get()
        client.post(own(pledge, "pledge_absence_delete", pledge.pk, absence.pk))
        assert other.exceptions.count() == 1
