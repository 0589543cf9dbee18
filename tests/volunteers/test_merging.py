"""Two rows of one person become one after a look at both, and two again if that was a mistake."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from citizens.services.mailboxes import paper_mailbox
from foundation.clock import utc_now
from foundation.history import lines_of
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.lists.rows import names, page
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.models import PersonMerge, TimePledge, Volunteer

pytestmark = pytest.mark.django_db
PEOPLE = "/koordination/menschen/"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def user() -> User:
    return make_coordinator(make_youth_office())


@pytest.fixture
def office(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def row(now: datetime, first: str, last: str, email: str, phone: str = "") -> TimePledge:
    pledge = make_pledge(now, first_name=first, email=email)
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_name=last, phone=phone)
    pledge.refresh_from_db()
    return pledge


def address(kept: TimePledge, double: TimePledge) -> str:
    return f"{PEOPLE}{kept.volunteer_id}/doppelt/{double.volunteer_id}/"


def owners(*pledges: TimePledge) -> list[int]:
    return [TimePledge.objects.get(pk=pledge.pk).volunteer_id for pledge in pledges]


def test_who_stands_there_twice_is_found_shown_joined_and_parted(
    office: Client, user: User, now: datetime
) -> None:
    kept = row(now, "Jörg", "Müller", "joerg@example.org")
    double = row(now, "Joerg", "Mueller", "x@example.org")
    Volunteer.objects.filter(pk=double.volunteer_id).update(
        mailbox=paper_mailbox("Jörg Müller\nWeierstraße 7\n52349 Düren", now)
    )
    row(now, "Jörg", "Maier", "maier@example.org")
    offer = make_sent_offer(double, make_opportunity(), now)
    person = f"{PEOPLE}{kept.volunteer_id}/"
    assert (address(kept, double) in page(office, person), "Maier" in page(office, person)) == (True, False)
    seen = page(office, address(kept, double))
    assert ("joerg@example.org" in seen, "per Brief: Jörg Müller" in seen) == (True, True)
    assert PersonMerge.objects.count() == 0

    assert office.post(address(kept, double))["Location"] == person
    assert owners(kept, double) == [kept.volunteer_id] * 2
    assert sorted(names(page(office, PEOPLE))) == ["Jörg Maier", "Jörg Müller"]
    offer.refresh_from_db()
    assert (offer.status, offer.pledge_id) == ("sent", double.pk)
    for pledge in (kept, double):
        noted = lines_of(pledge.volunteer).get(changes__has_key="merged")
        assert noted.actor_user == user.pk
    again = office.post(address(kept, double), follow=True).content.decode()
    assert "lassen sich nicht mehr zusammenführen" in again

    merge = PersonMerge.objects.get()
    undo = f"{PEOPLE}getrennt/{merge.pk}/"
    assert undo in page(office, person)
    assert "Wieder getrennt." in office.post(undo, follow=True).content.decode()
    assert owners(kept, double) == [kept.volunteer_id, double.volunteer_id]
    assert len(names(page(office, PEOPLE))) == 3
    assert "Das ist schon zurückgenommen." in office.post(undo, follow=True).content.decode()
    assert office.post(address(kept, double)).status_code == 303
    assert owners(double) == [kept.volunteer_id]


def test_the_same_telephone_and_first_name_are_enough_and_less_is_not(office: Client, now: datetime) -> None:
    kept = row(now, "Adile", "", "a@example.org", "02421 99")
    same = row(now, "adile", "", "b@example.org", "02421 99")
    other = row(now, "Zoë", "", "c@example.org", "02421 99")
    assert office.get(address(kept, same)).status_code == 200
    assert office.get(address(kept, other)).status_code == 404
    assert office.get(address(kept, kept)).status_code == 404
    assert "lassen sich nicht" in office.post(address(kept, kept), follow=True).content.decode()


def test_who_has_been_somewhere_is_kept(office: Client, now: datetime) -> None:
    kept = row(now, "Jörg", "Müller", "a@example.org")
    double = row(now, "Jörg", "Müller", "b@example.org")
    make_placement(double, make_opportunity(), now, "awaiting_confirmation")
    told = office.post(address(kept, double), follow=True).content.decode()
    assert "Bitte führen Sie vom anderen aus zusammen." in told
    assert (owners(double), PersonMerge.objects.count()) == ([double.volunteer_id], 0)
    office.post(address(double, kept))
    assert owners(kept) == [double.volunteer_id]


def test_what_led_to_a_placement_meanwhile_stays_where_it_is(office: Client, now: datetime) -> None:
    kept = row(now, "Jörg", "Müller", "a@example.org")
    double = row(now, "Jörg", "Müller", "b@example.org")
    second = make_pledge(now, first_name="Jörg", email="b@example.org")
    assert second.volunteer_id == double.volunteer_id
    office.post(address(kept, double))
    double.refresh_from_db()
    make_placement(double, make_opportunity(), now, "awaiting_confirmation")
    office.post(f"{PEOPLE}getrennt/{PersonMerge.objects.get().pk}/")
    assert owners(kept, double, second) == [kept.volunteer_id, kept.volunteer_id, second.volunteer_id]


def test_only_the_youth_office_joins_people(now: datetime) -> None:
    kept = row(now, "Jörg", "Müller", "a@example.org")
    double = row(now, "Jörg", "Müller", "b@example.org")
    client = Client()
    client.force_login(make_coordinator(make_provider()))
    assert client.post(address(kept, double)).status_code == 403
    assert client.post(f"{PEOPLE}getrennt/1/").status_code == 403
    assert owners(double) == [double.volunteer_id]


def test_nobody_is_their_own_double_in_the_database(now: datetime) -> None:
    person = row(now, "Jörg", "Müller", "a@example.org").volunteer
    with pytest.raises(IntegrityError, match="not_merged_with_itself"), transaction.atomic():
        PersonMerge.objects.create(kept=person, double=person, at=now)
