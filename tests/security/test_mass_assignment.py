"""Only what a form asks for is taken from it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import Donation
from outbox.models import Message
from programs.models import Opportunity
from tests.access.doors import DOORS
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of
from tests.accounts.signing_in import PASSWORD, sign_in
from tests.donations.visits import give, newest
from tests.volunteers.pledging import send_pledge
from volunteers.models import TimePledge, Volunteer

pytestmark = pytest.mark.django_db

SMUGGLED = {
    "id": "1",
    "pk": "1",
    "status": "published",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "on",
    "is_demo": "on",
    "is_verified": "on",
    "places_taken": "0",
    "confirmed_at": "2020-01-01",
    "created_by": "1",
    "erased_at": "2020-01-01",
    "link_version": "9",
    "answer_due_at": "2030-01-01",
    "received_at": "2020-01-01",
    "refunded_cents": "1",
    "amount_cents": "1",
    "acceptance": "accepted",
    "acceptance_at": "2020-01-01",
    "to_email": "evil@evil.example",
    "volunteer": "1",
    "donor": "1",
    "is_open": "on",
    "password": "x",
}


def post(scene: Scene, name: str, who: Who, **changes: Any) -> int:
    answers = {**SMUGGLED, **DOORS[name].answers(scene), **changes}
    return scene.client(who).post(address_of(name, scene, who), answers).status_code


def test_a_pledge_waits_for_its_mailbox_whatever_is_sent(scene: Scene) -> None:
    assert send_pledge(Client(), **{**SMUGGLED, "email": "neu.hier@example.org"}).status_code == 303
    person = Volunteer.objects.get(mailbox__email="neu.hier@example.org")
    pledge = TimePledge.objects.get(volunteer=person)
    assert (pledge.status, pledge.confirmed_at, pledge.answer_due_at) == ("unconfirmed", None, None)
    assert (person.confirmed_at, person.is_demo, person.mailbox.link_version, person.erased_at) == (
        None,
        False,
        1,
        None,
    )
    assert not Message.objects.filter(to_email__contains="evil").exists()


def test_a_person_changes_name_and_telephone_and_nothing_else(scene: Scene) -> None:
    before = Volunteer.objects.filter(pk=scene.pledge.volunteer_id).values().get()
    assert post(scene, "my_person", Who.CITIZEN, email="evil@evil.example") == 303
    after = Volunteer.objects.filter(pk=scene.pledge.volunteer_id).values().get()
    assert {name for name in after if after[name] != before[name]} == {"first_name", "last_name"}


def test_changing_wishes_moves_no_status(scene: Scene) -> None:
    before = (
        TimePledge.objects.filter(pk=scene.pledge.pk).values("status", "volunteer_id", "confirmed_at").get()
    )
    assert post(scene, "pledge_change", Who.CITIZEN) == 303
    after = (
        TimePledge.objects.filter(pk=scene.pledge.pk).values("status", "volunteer_id", "confirmed_at").get()
    )
    assert after == before


def test_a_gift_is_what_was_chosen(scene: Scene) -> None:
    extra = {**SMUGGLED, "method": "transfer", "email": "neue.geberin@example.org"}
    assert give(Client(), what={"zweck": scene.fund.slug}, **extra).status_code == 303
    gift = newest()
    assert (gift.amount_cents, gift.status, gift.received_at, gift.refunded_cents) == (
        2500,
        "pledged",
        None,
        0,
    )
    assert (gift.is_demo, gift.acceptance, gift.donor.email) == (
        False,
        "not_needed",
        "neue.geberin@example.org",
    )


def test_a_task_is_published_by_a_second_person_only(scene: Scene) -> None:
    assert post(scene, "coordination_opportunity_new", Who.COORDINATOR) == 302
    made = Opportunity.objects.latest("pk")
    assert (made.status, made.places_taken, made.is_demo) == ("draft", 0, False)
    assert made.created_by == scene.people[Who.COORDINATOR]


def test_a_task_keeps_its_provider_and_its_taken_places(scene: Scene) -> None:
    foreign = scene.people[Who.FOREIGN_COORDINATOR].memberships.get().provider
    before = (
        Opportunity.objects.filter(pk=scene.published.pk).values("provider_id", "roles__places_taken").get()
    )
    assert post(scene, "coordination_opportunity_edit", Who.COORDINATOR, provider=foreign.pk) == 302
    after = (
        Opportunity.objects.filter(pk=scene.published.pk).values("provider_id", "roles__places_taken").get()
    )
    assert after == before


def test_a_task_cannot_be_given_to_a_foreign_provider(scene: Scene) -> None:
    foreign = scene.people[Who.FOREIGN_COORDINATOR].memberships.get().provider
    assert post(scene, "coordination_opportunity_new", Who.COORDINATOR, provider=foreign.pk) == 422
    assert not Opportunity.objects.filter(provider=foreign).exists()


def test_money_is_not_booked_for_a_foreign_provider(scene: Scene) -> None:
    foreign = scene.people[Who.FOREIGN_TREASURER].memberships.get().provider
    assert post(scene, "coordination_credit_new", Who.TREASURER, provider=foreign.pk) == 422
    assert post(scene, "coordination_credit", Who.TREASURER, donation=scene.to_accept.pk) == 422
    assert Donation.objects.get(pk=scene.to_accept.pk).acceptance == "awaiting"


def test_signing_in_and_changing_the_password_raise_nobody(scene: Scene) -> None:
    user = scene.people[Who.COORDINATOR]
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post(reverse("account_login"), {**SMUGGLED, "login": user.email, "password": PASSWORD})
    new = "Malen-am-Freitag-2027"
    answers = {
        **SMUGGLED,
        "oldpassword": PASSWORD,
        "password1": new,
        "password2": new,
        "email": "x@evil.example",
    }
    assert client.post(reverse("account_change_password"), answers).status_code == 302
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, "evil" in user.email) == (False, False, False)
    assert sign_in(Client(), user, new).status_code == 302


def test_staff_without_rights_gives_itself_none(scene: Scene) -> None:
    user = scene.people[Who.NO_ROLE]
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = scene.client(Who.NO_ROLE)
    address = f"/verwaltung/accounts/user/{user.pk}/change/"
    assert client.post(address, {"email": user.email, "is_superuser": "on"}).status_code == 403
    user.refresh_from_db()
    assert not user.is_superuser
