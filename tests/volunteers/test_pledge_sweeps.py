"""What happens to pledges by itself: silence is escalated, what nobody confirmed is deleted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import Mailbox
from foundation.sweeps import all_sweeps, run
from outbox.models import Message
from tests.factories import make_opportunity, make_provider, make_youth_office
from tests.volunteers.pledging import TUESDAY_AFTERNOON, mails, make_pledge, make_sent_offer
from volunteers.models import Offer, TimePledge, Volunteer
from volunteers.services import unconfirmed
from volunteers.services.pledges import Person, record_pledge
from volunteers.services.wishes import Wishes

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
DUE = datetime(2026, 3, 9, 23, tzinfo=UTC)  # the end of the fifth working day
ESCALATE, PURGE = "volunteers.escalate_unanswered", "volunteers.delete_unconfirmed"


def typed(now, email="maria@example.org"):
    return record_pledge(Person("Maria", email), Wishes(times=[TUESDAY_AFTERNOON]), now=now)


class TestSilence:
    def test_of_a_week_comes_before_the_youth_office_and_the_person_is_told(self, now):
        make_youth_office(coordination_email="jugendamt@stadt.example")
        pledge = make_pledge(now)
        assert run(ESCALATE, DUE - timedelta(seconds=1)) == 0
        assert run(ESCALATE, DUE) == 1
        pledge.refresh_from_db()
        assert pledge.escalated_at == DUE
        told = mails("pledge_escalated").get()
        assert told.to_email == "jugendamt@stadt.example"
        assert "Maria" not in told.body_text
        assert mails("pledge_still_looking").get().to_email == "maria@example.org"

    def test_is_escalated_once(self, now):
        make_youth_office()
        make_pledge(now)
        run(ESCALATE, DUE)
        before = Message.objects.count()
        assert run(ESCALATE, DUE + WEEK) == 0
        assert Message.objects.count() == before

    def test_about_a_wanted_task_comes_before_its_provider_too(self, now):
        make_youth_office(coordination_email="jugendamt@stadt.example")
        provider = make_provider(coordination_email="team@traeger.example")
        make_pledge(now, wanted=make_opportunity("Vorlesen", provider=provider))
        run(ESCALATE, DUE)
        told = mails("pledge_escalated")
        assert {mail.to_email for mail in told} == {"jugendamt@stadt.example", "team@traeger.example"}
        assert all("Vorlesen" in mail.body_text for mail in told)

    def test_asks_the_database_no_more_for_many_than_for_few(self, now):
        provider = make_provider(coordination_email="team@traeger.example")
        task = make_opportunity("Vorlesen", provider=provider)
        asked = []
        for number, at in ((3, now), (9, now + 4 * WEEK)):
            for each in range(number):
                make_pledge(at, email=f"p{at:%d}-{each}@example.org", wanted=task if each % 2 else None)
            run(ESCALATE, at)
            with CaptureQueriesContext(connection) as caught:
                assert run(ESCALATE, at + 3 * WEEK) == number
            asked.append(len(caught))
        assert asked[0] == asked[1]
        told = mails("pledge_still_looking").values_list("to_email", flat=True)
        assert sorted(told) == sorted(Mailbox.objects.values_list("email", flat=True))
        assert sorted(mails("pledge_escalated").values_list("to_email", flat=True)) == (
            12 * [settings.OFFICE_EMAIL] + 5 * ["team@traeger.example"]
        )

    def test_reaches_the_office_where_no_youth_office_is_known(self, now, settings):
        make_pledge(now)
        assert run(ESCALATE, DUE) == 1
        assert mails("pledge_escalated").get().to_email == settings.OFFICE_EMAIL

    def test_is_not_where_a_question_waits(self, now):
        pledge = make_pledge(now)
        make_sent_offer(pledge, make_opportunity(), now, expires_at=DUE + WEEK)
        assert run(ESCALATE, DUE) == 0
        pledge.refresh_from_db()
        assert pledge.escalated_at is None

    def test_begins_anew_a_week_after_the_last_answer(self, now):
        pledge = make_pledge(now)
        offer = make_sent_offer(pledge, make_opportunity(), now)
        declined_at = now + timedelta(days=5)  # a Saturday
        Offer.objects.filter(pk=offer.pk).update(
            status="declined", answered_at=declined_at, status_changed_at=declined_at
        )
        assert run(ESCALATE, datetime(2026, 3, 13, 23, tzinfo=UTC) - timedelta(seconds=1)) == 0
        assert run(ESCALATE, datetime(2026, 3, 13, 23, tzinfo=UTC)) == 1

    @pytest.mark.parametrize("status", ["placed", "withdrawn", "ended", "unconfirmed"])
    def test_is_none_for_those_who_do_not_wait(self, now, status):
        pledge = make_pledge(now)
        TimePledge.objects.filter(pk=pledge.pk).update(status=status)
        assert run(ESCALATE, DUE) == 0


class TestWhatNobodyConfirmed:
    def test_is_deleted_with_its_person_after_seven_days(self, now):
        typed(now)
        assert run(PURGE, now + WEEK - timedelta(seconds=1)) == 0
        assert TimePledge.objects.count() == 1
        assert run(PURGE, now + WEEK) == 1
        assert (TimePledge.objects.count(), Volunteer.objects.count()) == (0, 0)

    def test_takes_no_confirmed_person_along(self, now):
        pledge = make_pledge(now)
        typed(now)
        assert run(PURGE, now + WEEK) == 1
        assert Volunteer.objects.get() == pledge.volunteer
        assert TimePledge.objects.get() == pledge

    def test_goes_in_batches_each_of_which_stays_done(self, now, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(unconfirmed, "BATCH", 2)
        for number in range(5):
            typed(now, f"maria{number}@example.org")
        with CaptureQueriesContext(connection) as seen:
            assert run(PURGE, now + WEEK) == 5
        assert (TimePledge.objects.count(), Volunteer.objects.count()) == (0, 0)
        gone = [each["sql"] for each in seen if each["sql"].startswith('DELETE FROM "volunteers_timepledge"')]
        assert len(gone) == 3


def test_every_sweep_of_pledges_is_on_the_schedule():
    names = {each.name for each in all_sweeps()}
    assert {ESCALATE, PURGE, "volunteers.resume_paused"} <= names
