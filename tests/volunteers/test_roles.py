"""A task with two roles: who is asked for which, and what each asks of people."""

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.actors import system
from programs.access import actor_of
from programs.domain.refusals import Refusal
from programs.models import Opportunity, Role
from programs.services.roles import remove_role
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_role,
    make_shift,
    make_youth_office,
    retime,
)
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment, Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.asking import AskOutcome, ask_by_hand
from volunteers.services.match_plan import proposals_for_pledge, proposals_for_task
from volunteers.services.match_runs import run_matching
from volunteers.services.placements import confirm_placement
from volunteers.services.suggestions import people_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def talking() -> Role:
    """Somebody to translate, with a certificate; the first of two roles."""
    task = make_opportunity("Elterncafé", places=1, languages=["tr"])
    Role.objects.filter(opportunity=task).update(name="Übersetzen")
    return Role.objects.select_related("opportunity").get(opportunity=task)


@pytest.fixture
def pouring(talking: Role) -> Role:
    """Somebody to pour coffee, without a certificate."""
    return make_role(
        talking.opportunity, "Ausschenken", places=2, clearance_required=False, contact_with_minors=False
    )


def counts(*roles: Role) -> list[tuple[int, int]]:
    """Places taken and held of each."""
    rows = Role.objects.in_bulk([role.pk for role in roles])
    return [(rows[role.pk].places_taken, rows[role.pk].places_held) for role in roles]


def asked() -> dict[str, str]:
    rows = Offer.objects.filter(status="sent").values_list("pledge__volunteer__first_name", "role__name")
    return dict(rows)


class TestAsking:
    def test_a_run_asks_each_for_the_role_that_fits(
        self, talking: Role, pouring: Role, now: datetime
    ) -> None:
        Role.objects.update(places=1)
        make_pledge(now, first_name="Nils", email="nils@example.org")
        make_pledge(now, first_name="Ayşe", email="ayse@example.org", languages=["tr"])
        run_matching(now)
        assert asked() == {"Ayşe": "Übersetzen", "Nils": "Ausschenken"}
        assert counts(talking, pouring) == [(0, 1), (0, 1)]
        subjects = dict(mails("offer").values_list("to_email", "subject"))
        assert subjects["ayse@example.org"] == "Passt das zu Ihnen? Elterncafé (Übersetzen)"
        assert "Führungszeugnis" in mails("offer").get(to_email="ayse@example.org").body_text
        assert "Führungszeugnis" not in mails("offer").get(to_email="nils@example.org").body_text

    def test_nobody_is_asked_for_both_and_never_for_the_other_after_a_no(
        self, talking: Role, pouring: Role, now: datetime
    ) -> None:
        retime(talking.opportunity, [], now)
        pledge = make_pledge(now, languages=["tr"])
        TimePledge.objects.update(placements_wanted=3)
        assert len(proposals_for_pledge(pledge.pk, now)) == 1
        assert len(proposals_for_task(talking.opportunity_id, now)) == 1
        run_matching(now)
        offer = Offer.objects.get()
        decline_offer(offer, reason="task", now=now)
        assert proposals_for_pledge(pledge.pk, now) == []
        assert counts(talking, pouring) == [(0, 0), (0, 0)]

    def test_a_wish_for_a_role_is_asked_for_that_role(
        self, talking: Role, pouring: Role, now: datetime
    ) -> None:
        wishing = make_pledge(now, wanted=pouring, languages=["tr"])
        other = make_pledge(now, email="b@example.org", first_name="Bea")
        found = {each.pledge_id: each.role_id for each in proposals_for_task(talking.opportunity_id, now)}
        assert found == {wishing.pk: pouring.pk, other.pk: pouring.pk}

    def test_by_hand_one_is_asked_for_a_role(self, talking: Role, pouring: Role, now: datetime) -> None:
        office = make_coordinator(make_youth_office())
        pledge = make_pledge(now)
        shown = people_for(talking.opportunity_id, now)
        assert [each.role_id for each in shown.best] == [pouring.pk]
        assert [each.role_id for each in shown.others] == [talking.pk]
        act = {"actor": actor_of(office), "now": now}
        assert ask_by_hand(pledge, talking, **act).outcome == AskOutcome.IN_THE_WAY
        assert ask_by_hand(pledge, pouring, **act).outcome == AskOutcome.SENT
        assert asked() == {"Maria": "Ausschenken"}

    def test_a_full_role_leaves_the_other_open(self, talking: Role, pouring: Role, now: datetime) -> None:
        Role.objects.filter(pk=pouring.pk).update(places_taken=1, places_held=1)
        make_pledge(now)
        run_matching(now)
        assert asked() == {}


class TestAnswers:
    def test_a_yes_takes_the_place_that_was_held_and_a_no_gives_it_back(
        self, talking: Role, pouring: Role, now: datetime
    ) -> None:
        first = make_sent_offer(make_pledge(now), talking.opportunity, now, role=pouring)
        second = make_sent_offer(make_pledge(now, email="b@x.org"), talking.opportunity, now, role=pouring)
        assert counts(talking, pouring) == [(0, 0), (0, 2)]
        accept_offer(first, now=now)
        decline_offer(second, reason="time", now=now)
        assert counts(talking, pouring) == [(0, 0), (1, 0)]
        placement = Placement.objects.get()
        assert (placement.role, placement.title) == (pouring, "Elterncafé (Ausschenken)")
        assert "Elterncafé (Ausschenken)" in mails("placement_to_confirm").get().body_text

    def test_only_the_role_that_asks_for_a_certificate_waits_for_one(
        self, talking: Role, pouring: Role, now: datetime
    ) -> None:
        states = []
        for role, email in ((talking, "a@example.org"), (pouring, "b@example.org")):
            pledge = make_pledge(now, email=email)
            placement = make_placement(pledge, role.opportunity, now, "awaiting_confirmation", role=role)
            confirm_placement(placement, actor=system("test"), now=now)
            placement.refresh_from_db()
            states.append(placement.status)
        assert states == ["awaiting_clearance", "active"]


class TestTheDatabase:
    """It refuses whoever asks, however the row is written."""

    def test_an_active_placement_needs_what_its_own_role_asks_for(
        self, talking: Role, pouring: Role, now: datetime
    ) -> None:
        values = {"status": "active", "from_on": now.date()}
        placement = make_placement(make_pledge(now), talking.opportunity, now, role=pouring, **values)
        with pytest.raises(IntegrityError, match="needs a clearance"), transaction.atomic():
            Placement.objects.filter(pk=placement.pk).update(role=talking)
        placement.refresh_from_db()
        assert placement.role == pouring

    def test_a_date_is_for_the_age_of_its_own_role(self, talking: Role, pouring: Role, now: datetime) -> None:
        Role.objects.filter(pk=talking.pk).update(minimum_age=18)
        pledge = make_pledge(now)
        pledge.volunteer.is_adult = False
        pledge.volunteer.save()
        placement = make_placement(
            pledge, talking.opportunity, now, "active", role=pouring, from_on=now.date()
        )
        shift = make_shift(talking.opportunity, now.replace(hour=15, year=2027))
        Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.update(role=talking)
        Role.objects.filter(pk=pouring.pk).update(minimum_age=18)
        other = make_shift(talking.opportunity, now.replace(hour=16, year=2028))
        with pytest.raises(IntegrityError, match="old_enough"), transaction.atomic():
            Assignment.objects.create(placement=placement, shift=other, status_changed_at=now)

    @pytest.mark.parametrize("table", ["offer", "placement", "timepledge"])
    def test_what_hangs_on_a_role_is_about_its_task(
        self, talking: Role, pouring: Role, now: datetime, table: str
    ) -> None:
        pledge = make_pledge(now, wanted=pouring)
        make_sent_offer(pledge, talking.opportunity, now, role=pouring)
        make_placement(pledge, talking.opportunity, now, "awaiting_confirmation", role=pouring)
        other = make_opportunity("Anderswo")
        column = "wanted_opportunity_id" if table == "timepledge" else "opportunity_id"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE volunteers_{table} SET {column} = %s", [other.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestPages:
    def test_whoever_picks_a_role_is_asked_what_it_needs(
        self, client: Client, talking: Role, pouring: Role
    ) -> None:
        begin = reverse("pledge_time_for", args=[talking.opportunity.slug])
        asking = client.get(f"{begin}?role={talking.pk}", follow=True)
        assert "Türkisch" in asking.content.decode()
        assert "Elterncafé (Übersetzen)" in asking.content.decode()
        assert f'name="role" value="{talking.pk}"' in asking.content.decode()
        when = client.get(f"{begin}?role={pouring.pk}", follow=True)
        assert "Elterncafé (Ausschenken)" in when.content.decode()
        assert "Türkisch" not in when.content.decode()

    @pytest.mark.parametrize("key", ["", "0", "abc", "99999999999999999999"])
    def test_a_role_nobody_knows_is_the_first_with_a_place(
        self, client: Client, talking: Role, pouring: Role, key: str
    ) -> None:
        Role.objects.filter(pk=talking.pk).update(places_taken=1)
        begin = reverse("pledge_time_for", args=[talking.opportunity.slug])
        page = client.get(f"{begin}?role={key}", follow=True)
        assert "Elterncafé (Ausschenken)" in page.content.decode()

    def test_the_page_of_the_task_tells_who_is_there_in_which_role(
        self, client: Client, talking: Role, pouring: Role, now: datetime
    ) -> None:
        coordinator: User = make_coordinator(talking.opportunity.provider)
        make_placement(make_pledge(now), talking.opportunity, now, "awaiting_confirmation", role=pouring)
        client.force_login(coordinator)
        page = client.get(reverse("coordination_opportunity", args=[talking.opportunity_id]))
        people = page.content.decode().split('id="menschen"')[1].split("</ul>")[0]
        assert "Ausschenken" in people
        assert "Übersetzen" not in people

    @pytest.mark.parametrize("hangs", ["question", "place", "wish"])
    def test_a_role_on_which_something_hangs_is_not_removed(
        self, talking: Role, pouring: Role, now: datetime, hangs: str
    ) -> None:
        task: Opportunity = talking.opportunity
        pledge = make_pledge(now, wanted=pouring if hangs == "wish" else None)
        if hangs == "question":
            decline_offer(make_sent_offer(pledge, task, now, role=pouring), reason="time", now=now)
        if hangs == "place":
            make_placement(pledge, task, now, "ended", role=pouring)
        editor = make_coordinator(task.provider)
        assert remove_role(pouring, editor=editor, now=now) == [Refusal.ROLE_IN_USE]
        assert task.roles.count() == 2
