"""A person's page: all of one person for the youth office, what concerns it for a provider after the yes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.models import Event
from programs.models import Membership, Provider
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import end_without_a_word, make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment, Contact, HoursEntry, Offer, Placement, TimePledge, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def mine() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def person(now: datetime, mine: Provider) -> Volunteer:
    """Maria: active at one task of each of two providers, said no at a third."""
    pledge = make_pledge(now, hours_per_week=9, note="Bitte abends anrufen.")
    TimePledge.objects.update(placements_wanted=3)
    pledge.volunteer.last_name, pledge.volunteer.phone = "Kanne", "02421 5566"
    pledge.volunteer.save()
    for provider, title in ((mine, "Vorlesen bei uns"), (make_provider("Anderer"), "Turnen dort")):
        task = make_opportunity(title, provider=provider, places=3, clearance_required=False)
        offer = make_sent_offer(pledge, task, now)
        Offer.objects.filter(pk=offer.pk).update(status="accepted", answered_at=now)
        placement = make_placement(pledge, task, now, "active", from_on=local_day(now))
        shift = make_shift(task, now + timedelta(days=3 if provider == mine else 5))
        Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
        HoursEntry.objects.create(placement=placement, worked_on=local_day(now), minutes=90, created_at=now)
    declined = make_sent_offer(pledge, make_opportunity("Nein danke"), now)
    Offer.objects.filter(pk=declined.pk).update(status="declined", answered_at=now, decline_reason="place")
    return pledge.volunteer


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(person: Volunteer) -> str:
    return f"/koordination/menschen/{person.pk}/"


def page(user: User, person: Volunteer) -> str:
    answer = client_of(user).get(address(person))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def note(person: Volunteer, text: str, provider: Provider | None = None) -> None:
    Contact.objects.create(volunteer=person, text=text, provider=provider, noted_at=utc_now())


SHOWN_TO_ALL = ("Maria Kanne", "maria@example.org", "02421 5566", "Vorlesen bei uns", "dienstags 15–18")
OF_OTHERS = (
    "Turnen dort",
    "Nein danke",
    "Der Weg ist zu weit",
    "Bitte abends anrufen.",
    "Nur fürs Jugendamt.",
)


def test_the_youth_office_sees_all(person: Volunteer, mine: Provider) -> None:
    note(person, "Nur fürs Jugendamt.")
    note(person, "Vom Haus.", mine)
    html = page(make_coordinator(make_youth_office()), person)
    for text in (*SHOWN_TO_ALL, *OF_OTHERS, "Vom Haus."):
        assert text in html, text
    assert html.count("1,5 Std.") + html.count("1,5") >= 2


def test_a_provider_sees_what_concerns_its_own_tasks(
    person: Volunteer, mine: Provider, now: datetime
) -> None:
    note(person, "Nur fürs Jugendamt.")
    note(person, "Vom Haus.", mine)
    open_here = make_opportunity("Kochen bei uns", provider=mine, slots=[(1, 15 * 60, 16 * 60)])
    make_opportunity("Kochen anderswo")
    html = page(make_coordinator(mine), person)
    for text in (*SHOWN_TO_ALL, "Vom Haus.", "Kochen bei uns"):
        assert text in html, text
    for text in (*OF_OTHERS, "Kochen anderswo", f"/koordination/zusagen/{open_here.pk}/fragen/", "Trotzdem"):
        assert text not in html, text
    assert "Fragen</span>" not in html


@pytest.mark.parametrize("status", ["ended", "cancelled"])
def test_who_has_left_is_gone_from_the_providers_eyes(person: Volunteer, mine: Provider, status: str) -> None:
    user = make_coordinator(mine)
    assert client_of(user).get(address(person)).status_code == 200
    end_without_a_word(Placement.objects.get(opportunity__provider=mine), status)
    assert client_of(user).get(address(person)).status_code == 404


def test_who_is_only_asked_is_nobody_yet(now: datetime, mine: Provider) -> None:
    pledge = make_pledge(now)
    make_sent_offer(pledge, make_opportunity(provider=mine), now)
    assert client_of(make_coordinator(mine)).get(address(pledge.volunteer)).status_code == 404


def test_other_roles_and_houses_find_nothing(person: Volunteer, mine: Provider) -> None:
    strangers: list[tuple[Any, int]] = [
        (make_coordinator(make_provider()), 404),
        (make_user(Membership.Role.TREASURER, mine), 403),
        (make_user(Membership.Role.SAFEGUARDING_OFFICER, mine), 403),
        (make_user(), 403),
    ]
    for user, status in strangers:
        assert client_of(user).get(address(person)).status_code == status
        assert client_of(user).post(address(person), {"text": "Hallo."}).status_code == status
    assert not Contact.objects.exists()


def test_the_erased_have_no_page(person: Volunteer) -> None:
    Volunteer.objects.filter(pk=person.pk).update(erased_at=utc_now(), first_name="", last_name="", phone="")
    assert client_of(make_coordinator(make_youth_office())).get(address(person)).status_code == 404


def test_opening_it_is_noted_with_who_and_where_without_what_was_seen(
    person: Volunteer, mine: Provider
) -> None:
    user = make_coordinator(mine)
    page(user, person)
    line = lines_of(person).get(kind=Event.Kind.READ)
    assert (line.actor_user, line.actor_role, line.route) == (user.pk, "coordinator", "coordination_person")
    assert line.changes is None
    client_of(make_coordinator(make_provider())).get(address(person))
    assert lines_of(person).filter(kind=Event.Kind.READ).count() == 1


def test_a_note_belongs_to_the_house_that_wrote_it(person: Volunteer, mine: Provider) -> None:
    home, office = make_coordinator(mine), make_coordinator(make_youth_office())
    answer = client_of(home).post(address(person), {"text": "Bringt gern Kuchen mit."})
    assert (answer.status_code, answer["Location"]) == (303, address(person))
    client_of(office).post(address(person), {"text": "Spricht lieber am Telefon."})
    kept = {row.text: (row.provider, row.noted_by, row.is_call) for row in Contact.objects.all()}
    assert kept == {
        "Bringt gern Kuchen mit.": (mine, home, False),
        "Spricht lieber am Telefon.": (None, office, False),
    }
    other = Provider.objects.get(name="Anderer")
    assert "Kuchen" not in page(make_coordinator(other), person)


def test_a_note_that_is_sent_twice_is_kept_once(person: Volunteer, mine: Provider) -> None:
    first, second = make_coordinator(mine), make_coordinator(mine)
    for user, text in ((first, "Hat Zeit."), (first, "Hat Zeit."), (second, "Hat Zeit."), (first, "Ist da.")):
        assert client_of(user).post(address(person), {"text": text}).status_code == 303
    kept = Contact.objects.order_by("pk").values_list("noted_by", "text")
    assert list(kept) == [(first.pk, "Hat Zeit."), (second.pk, "Hat Zeit."), (first.pk, "Ist da.")]
    Contact.objects.create(
        volunteer=person,
        provider=mine,
        text="Wieder da.",
        noted_by=first,
        noted_at=utc_now() - timedelta(minutes=1),
    )
    client_of(first).post(address(person), {"text": "Wieder da."})
    assert Contact.objects.filter(text="Wieder da.").count() == 2


@pytest.mark.parametrize("text", ["", "Ihr Sohn Kevin (7) hat Asthma.", "a" * 501])
def test_a_note_that_may_not_be_kept_comes_back(person: Volunteer, text: str) -> None:
    user = make_coordinator(make_youth_office())
    answer = client_of(user).post(address(person), {"text": text})
    assert answer.status_code == 422
    assert not Contact.objects.exists()
    assert text[:200] in answer.content.decode()


def test_the_page_takes_the_same_reads_whatever_there_is(person: Volunteer, mine: Provider) -> None:
    client = client_of(make_coordinator(make_youth_office()))

    def reads() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address(person)).status_code == 200
        return sum(each["sql"].startswith("SELECT") for each in caught)

    def add(numbers: range) -> None:
        for number in numbers:
            make_opportunity(f"Aufgabe {number}", provider=mine)
            note(person, f"Notiz {number}")

    add(range(2))
    few = reads()
    add(range(2, 17))
    assert reads() == few <= 45
