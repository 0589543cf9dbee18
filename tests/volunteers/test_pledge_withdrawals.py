"""Leaving without shame: what was held becomes free, and those who plan learn of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from citizens.models import LinkRequest
from citizens.services.links import my_page_token
from foundation.clock import local_day, utc_now
from foundation.models import Event
from outbox.models import Message
from tests.factories import make_opportunity, make_provider, make_shift, occupied, role_of
from tests.volunteers.pledging import (
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
    send_pledge,
)
from volunteers.models import (
    Assignment,
    Availability,
    Clearance,
    HoursEntry,
    Offer,
    TimePledge,
    Volunteer,
)
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return make_pledge(utc_now(), skills=["music"], languages=["tr"], note="Klavier seit 40 Jahren")


def own(pledge, name, *args):
    return reverse(name, args=[my_page_token(pledge.volunteer.mailbox, utc_now()), *args])


def taken(opportunity):
    opportunity.refresh_from_db()
    return occupied(opportunity)


class TestWithdrawing:
    def test_is_asked_once_more_with_a_pause_as_the_other_way(self, client, pledge):
        page = client.get(own(pledge, "pledge_withdraw", pledge.pk)).content.decode()
        assert "Das ist völlig in Ordnung." in page
        assert "eine Pause machen" in page
        pledge.refresh_from_db()
        assert pledge.status == "open"

    def test_thanks_and_ends_the_pledge(self, client, pledge):
        response = client.post(own(pledge, "pledge_withdraw", pledge.pk))
        assert response.status_code == 303
        assert "Danke, dass Sie helfen wollten." in client.get(response["Location"]).content.decode()
        pledge.refresh_from_db()
        assert pledge.status == "withdrawn"
        mail = mails("pledge_withdrawn").get()
        assert (mail.to_email, "Die Tür" in mail.body_text) == ("maria@example.org", False)
        assert "freuen wir uns auf Sie" in mail.body_text

    def test_frees_the_places_of_questions_that_were_sent(self, pledge):
        now = utc_now()
        asked, proposed = make_opportunity(places=1), make_opportunity(places=1)
        make_sent_offer(pledge, asked, now)
        Offer.objects.create(pledge=pledge, role=role_of(proposed), status_changed_at=now, created_at=now)
        withdraw_pledge(pledge, now=now)
        assert (taken(asked), taken(proposed)) == (0, 0)
        assert set(Offer.objects.values_list("status", flat=True)) == {"withdrawn"}

    def test_leaves_answered_questions_as_they_are(self, pledge):
        now = utc_now()
        declined = make_sent_offer(pledge, make_opportunity(), now)
        Offer.objects.filter(pk=declined.pk).update(status="declined", answered_at=now)
        withdraw_pledge(pledge, now=now)
        declined.refresh_from_db()
        assert declined.status == "declined"
        assert taken(declined.opportunity) == 1

    def test_ends_what_has_begun_cancels_what_has_not_and_tells_the_providers(self, pledge):
        now = utc_now()
        provider = make_provider(coordination_email="team@traeger.example")
        running = make_opportunity("Fußball", provider=provider, clearance_required=False)
        coming = make_opportunity("Vorlesen", provider=provider)
        begun = make_placement(pledge, running, now, "active", from_on=date(2026, 1, 5))
        waiting = make_placement(pledge, coming, now, "awaiting_clearance")
        past, next_week = (
            make_shift(running, now - timedelta(days=7)),
            make_shift(running, now + timedelta(days=7)),
        )
        attended = Assignment.objects.create(
            placement=begun, shift=past, status="attended", status_changed_at=now
        )
        planned = Assignment.objects.create(placement=begun, shift=next_week, status_changed_at=now)
        Clearance.objects.create(
            volunteer=pledge.volunteer, opportunity=coming, certificate_on=date(2026, 1, 1)
        )
        withdraw_pledge(pledge, now=now)
        for row in (begun, waiting, attended, planned):
            row.refresh_from_db()
        assert (begun.status, begun.until_on) == ("ended", local_day(now))
        assert (waiting.status, waiting.until_on) == ("cancelled", None)
        assert (attended.status, planned.status) == ("attended", "cancelled")
        assert (taken(running), taken(coming)) == (0, 0)
        assert Clearance.objects.count() == 0
        told = mails("placement_left")
        assert [mail.to_email for mail in told] == ["team@traeger.example"] * 2
        assert {"Fußball", "Vorlesen"} == {
            title for mail in told for title in ("Fußball", "Vorlesen") if title in mail.subject
        }
        assert not any("Maria" in mail.body_text for mail in told)

    def test_twice_changes_and_mails_nothing_more(self, pledge):
        now = utc_now()
        opportunity = make_opportunity(places=2)
        make_sent_offer(pledge, opportunity, now)
        assert withdraw_pledge(pledge, now=now)
        mailed = Message.objects.count()
        assert not withdraw_pledge(pledge, now=now)
        assert (taken(opportunity), Message.objects.count()) == (0, mailed)

    def test_is_remembered_as_the_persons_own_act(self, pledge):
        withdraw_pledge(pledge, now=utc_now())
        last = Event.objects.filter(model="timepledge", object_id=pledge.pk).latest("id")
        assert (last.from_status, last.to_status, last.actor_kind) == ("open", "withdrawn", "citizen")

    def test_one_of_two_pledges_leaves_the_other(self, pledge):
        now = utc_now()
        other = make_pledge(now)
        offer = make_sent_offer(other, make_opportunity(), now)
        withdraw_pledge(pledge, now=now)
        other.refresh_from_db()
        offer.refresh_from_db()
        assert (other.status, offer.status) == ("open", "sent")


class TestErasing:
    def test_is_asked_once_more(self, client, pledge):
        response = client.get(own(pledge, "my_page_erase"))
        assert "Das lässt sich nicht rückgängig machen." in response.content.decode()
        assert Volunteer.objects.get().first_name == "Maria"

    def test_empties_the_person_and_all_that_points_to_them(self, client, pledge):
        now = utc_now()
        opportunity = make_opportunity(clearance_required=False)
        placement = make_placement(pledge, opportunity, now, "active", from_on=date(2026, 1, 5))
        HoursEntry.objects.create(placement=placement, worked_on=date(2026, 1, 6), minutes=90, created_at=now)
        asked = make_opportunity()
        make_sent_offer(pledge, asked, now)
        Clearance.objects.create(
            volunteer=pledge.volunteer, opportunity=opportunity, certificate_on=now.date()
        )
        pledge.exceptions.create(from_on=date(2027, 1, 1), until_on=date(2027, 1, 2))
        LinkRequest.objects.create(email="maria@example.org", requested_at=now)
        send_pledge(client, email="maria@example.org")
        own_page = own(pledge, "my_page")
        response = client.post(own(pledge, "my_page_erase"))
        assert (response.status_code, response["Location"]) == (303, reverse("my_page_erased"))
        person = Volunteer.objects.get()
        assert (person.first_name, person.last_name, person.phone) == ("", "", "")
        assert person.email == f"postfach-{person.mailbox_id}@erased.invalid"
        assert person.erased_at is not None
        pledge.refresh_from_db()
        assert (pledge.status, pledge.skills, pledge.languages, pledge.note) == ("withdrawn", [], [], "")
        assert Availability.objects.count() == 0
        assert pledge.exceptions.count() == 0
        assert Clearance.objects.count() == 0
        assert LinkRequest.objects.count() == 0
        assert TimePledge.objects.count() == 1
        assert (taken(opportunity), taken(asked)) == (0, 0)
        assert HoursEntry.objects.get().minutes == 90
        assert not Message.objects.filter(to_email__icontains="maria").exists()
        for mail in Message.objects.all():
            assert "Maria" not in mail.subject + mail.body_text + mail.body_html
        assert client.get(own_page).status_code == 404

    def test_sends_nothing_more_to_the_address(self, client, pledge):
        client.post(own(pledge, "my_page_erase"))
        assert (
            not Message.objects.filter(status__in=["queued", "failed"])
            .exclude(to_email__endswith="traeger.example")
            .exists()
        )

    def test_the_address_can_pledge_again_as_a_new_person(self, client, pledge):
        client.post(own(pledge, "my_page_erase"))
        again = make_pledge(utc_now())
        assert again.volunteer_id != pledge.volunteer_id
        assert Volunteer.objects.filter(erased_at__isnull=True).get() == again.volunteer

    def test_twice_is_a_dead_link(self, client, pledge):
        address = own(pledge, "my_page_erase")
        assert client.post(address).status_code == 303
        assert client.post(address).status_code == 404

    def test_nobody_else_is_touched(self, client, pledge):
        other = make_pledge(utc_now(), email="erika@example.org", first_name="Erika")
        client.post(own(pledge, "my_page_erase"))
        other.refresh_from_db()
        other.volunteer.refresh_from_db()
        assert (other.status, other.volunteer.first_name) == ("open", "Erika")
        assert mails("pledge_confirmed").filter(to_email="erika@example.org").count() == 1

    def test_a_row_called_erased_cannot_keep_a_name(self, pledge):
        with pytest.raises(IntegrityError, match="volunteer_erased_is_empty"):
            Volunteer.objects.update(erased_at=utc_now())
