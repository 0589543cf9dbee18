"""Two rows of one person become one after a look at both, and two again if that was a mistake."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from citizens.services.erasure import erase
from citizens.services.mailboxes import paper_mailbox
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Opportunity, Role
from programs.services.shifts import follow_series
from tests.factories import (
    make_activity,
    make_coordinator,
    make_opportunity,
    make_provider,
    make_youth_office,
)
from tests.lists.rows import names, page
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.models import GuardianConsent, Offer, PersonMerge, Placement, TimePledge, Volunteer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.guardians import AskRefusal, ask_guardian
from volunteers.services.personal_data import change_person
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes

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


class TestTheYoungerAnswer:
    @pytest.fixture
    def kept(self, now: datetime) -> TimePledge:
        return row(now, "Jörg", "Müller", "joerg@example.org")

    @pytest.fixture
    def young(self, now: datetime) -> TimePledge:
        """The second row, which says under 18."""
        pledge = row(now, "Jörg", "Müller", "jm@example.org")
        Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=False)
        return pledge

    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        found = make_opportunity("Kuchen backen", slots=[(1, 15 * 60, 16 * 60)], clearance_required=False)
        follow_series(found, now=now)
        return found

    @pytest.fixture
    def placement(self, kept: TimePledge, task: Opportunity, now: datetime) -> Placement:
        made = make_placement(kept, task, now, "active", from_on=local_day(now))
        assign_coming_shifts(now, placement=made)
        return made

    def undo(self, office: Client) -> str:
        merge = PersonMerge.objects.latest("pk")
        return office.post(f"{PEOPLE}getrennt/{merge.pk}/", follow=True).content.decode()

    def is_adult(self, pledge: TimePledge) -> bool:
        return Volunteer.objects.values_list("is_adult", flat=True).get(pk=pledge.volunteer_id)

    def stands(self, placement: Placement) -> tuple[str, set[str]]:
        placement.refresh_from_db()
        return placement.status, set(placement.assignments.values_list("status", flat=True))

    def test_is_told_before_holds_for_both_and_is_undone(
        self, office: Client, kept: TimePledge, young: TimePledge, placement: Placement
    ) -> None:
        seen = " ".join(page(office, address(kept, young)).split())
        assert "Die jüngere Angabe gilt: Jörg M. braucht dann überall" in seen
        assert "unter 18: Einverständnis einer sorgeberechtigten Person nötig" in seen
        mails = Message.objects.filter(template="placement_waits_again")
        assert (self.is_adult(kept), mails.count(), PersonMerge.objects.count()) == (True, 0, 0)
        office.post(address(kept, young))
        assert self.stands(placement) == ("awaiting_clearance", {"on_hold"})
        assert escape(mails.get().subject) in seen
        assert "Weil Sie noch nicht 18 sind" in mails.get().body_text
        assert "Wieder getrennt." in self.undo(office)
        assert self.stands(placement) == ("active", {"confirmed"})
        assert (self.is_adult(kept), self.is_adult(young)) == (True, False)

    def test_the_other_way_round_the_younger_stays_so(
        self, office: Client, kept: TimePledge, young: TimePledge
    ) -> None:
        seen = page(office, address(young, kept))
        assert "Die jüngere Angabe gilt" not in seen
        office.post(address(young, kept))
        assert self.is_adult(young) is False
        self.undo(office)
        assert (self.is_adult(kept), self.is_adult(young)) == (True, False)

    @pytest.mark.parametrize("says_adult", [True, False])
    def test_what_the_person_says_since_is_theirs(
        self, office: Client, kept: TimePledge, young: TimePledge, now: datetime, says_adult: bool
    ) -> None:
        office.post(address(kept, young))
        person = Volunteer.objects.get(pk=kept.volunteer_id)
        names = {"first_name": "Jörg", "last_name": "Müller", "phone": ""}
        change_person(person, **names, is_adult=says_adult, now=now)
        assert self.is_adult(kept) is says_adult
        self.undo(office)
        assert self.is_adult(kept) is says_adult

    def test_a_pledge_of_theirs_says_it_too(
        self, office: Client, kept: TimePledge, young: TimePledge, now: datetime
    ) -> None:
        office.post(address(kept, young))
        again = record_pledge(Person("Jörg", "joerg@example.org"), Wishes(times=[]), now=now)
        assert confirm_pledge(again, now=now, is_known_person=True)
        assert (again.volunteer_id, self.is_adult(kept)) == (kept.volunteer_id, True)

    def test_another_joined_row_that_says_so_still_counts(
        self, office: Client, kept: TimePledge, young: TimePledge, now: datetime
    ) -> None:
        other = row(now, "Jörg", "Müller", "third@example.org")
        Volunteer.objects.filter(pk=other.volunteer_id).update(is_adult=False)
        for double in (young, other):
            office.post(address(kept, double))
        first, second = PersonMerge.objects.order_by("pk")
        office.post(f"{PEOPLE}getrennt/{first.pk}/")
        assert self.is_adult(kept) is False
        office.post(f"{PEOPLE}getrennt/{second.pk}/")
        assert self.is_adult(kept) is True

    def test_what_was_pledged_as_under_18_and_led_somewhere_keeps_the_age(
        self, office: Client, kept: TimePledge, young: TimePledge, now: datetime
    ) -> None:
        office.post(address(kept, young))
        young.refresh_from_db()
        make_placement(young, make_opportunity(), now, "awaiting_confirmation")
        self.undo(office)
        assert Volunteer.objects.get(pk=kept.volunteer_id).is_adult is False

    def test_leaving_no_trace_at_one_address_makes_nobody_older(
        self, office: Client, kept: TimePledge, young: TimePledge, now: datetime
    ) -> None:
        mailbox = young.volunteer.mailbox
        office.post(address(kept, young))
        erase(mailbox, now)
        assert (PersonMerge.objects.get().undone_at is None, self.is_adult(kept)) == (False, False)

    def test_what_is_for_grown_ups_is_asked_no_more(
        self, office: Client, kept: TimePledge, young: TimePledge, task: Opportunity, now: datetime
    ) -> None:
        Role.objects.filter(opportunity=task).update(minimum_age=18)
        offers = [make_sent_offer(kept, task, now), make_sent_offer(kept, make_opportunity(), now)]
        office.post(address(kept, young))
        assert [Offer.objects.get(pk=offer.pk).status for offer in offers] == ["withdrawn", "sent"]
        (mail,) = Message.objects.filter(template="offer_withdrawn")
        assert "Nach dem Alter, das Sie angegeben haben" in mail.body_text
        task.refresh_from_db()
        assert Role.objects.get(opportunity=task).places_held == 0

    def test_nobody_is_their_own_guardian(
        self,
        client: Client,
        office: Client,
        young: TimePledge,
        kept: TimePledge,
        task: Opportunity,
        now: datetime,
    ) -> None:
        """The consent came from the person's own second address."""
        young.refresh_from_db()
        placement = make_placement(young, task, now, "active", from_on=local_day(now))
        given = GuardianConsent.objects.get()
        given.delete()
        given.mailbox, given.pk = kept.volunteer.mailbox, None
        given.save()
        office.post(address(young, kept))
        assert (self.stands(placement)[0], GuardianConsent.objects.get().holds) == (
            "awaiting_clearance",
            False,
        )
        born_in = (local_day(now) - timedelta(days=6300)).replace(day=1)
        again = ask_guardian(placement, email="Joerg@example.org", born_in=born_in, now=now)
        assert again == AskRefusal.OWN_ADDRESS
        assert ask_guardian(placement, email="eva@example.org", born_in=born_in, now=now) is None

    def test_who_is_not_asked_with_children_is_not_asked_by_the_other_row_either(
        self, office: Client, kept: TimePledge, now: datetime
    ) -> None:
        Volunteer.objects.filter(pk=kept.volunteer_id).update(is_asked_with_children=False)
        double = row(now, "Jörg", "Müller", "jm@example.org")
        children, cakes = make_opportunity("Vorlesen"), make_opportunity("Kuchen", clearance_required=False)
        activity = make_activity(clearance_required=False, contact_with_minors=False)
        Role.objects.filter(opportunity=cakes).update(activity=activity, contact_with_minors=False)
        offers = [make_sent_offer(double, task, now) for task in (children, cakes)]
        office.post(address(kept, double))
        assert [Offer.objects.get(pk=offer.pk).status for offer in offers] == ["withdrawn", "sent"]
