""" "Keine weiteren Anfragen": an officer chooses it without a reason; no task with children is offered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from foundation.actors import staff, system
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.sweeps import run
from programs.models import Membership, Opportunity, Provider
from programs.services.shifts import follow_series
from programs.signals import need_changed
from tests.factories import (
    decide_anew,
    make_activity,
    make_coordinator,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
    occupied,
    role_of,
)
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.models import (
    Clearance,
    MatchRequest,
    Offer,
    PersonMerge,
    Placement,
    StandInQuestion,
    TimePledge,
    Volunteer,
)
from volunteers.services.absences import skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearances import ask_again
from volunteers.services.fit import standings
from volunteers.services.match_runs import run_matching
from volunteers.services.merging import merge_people, part_people
from volunteers.services.questions import send_offer

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
SYSTEM = system("test")


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def pledge() -> TimePledge:
    made = make_pledge(utc_now(), hours_per_week=9)
    TimePledge.objects.update(placements_wanted=3)
    made.refresh_from_db()
    return made


@pytest.fixture
def waiting(own: Provider, pledge: TimePledge) -> Placement:
    return make_placement(pledge, make_opportunity("Vorlesen", provider=own), utc_now(), "awaiting_clearance")


def refuse(placement: Placement, **said: str) -> None:
    client = Client()
    client.force_login(make_user(OFFICER, placement.opportunity.provider))
    answer = client.post(reverse("coordination_clearance_refuse", args=[placement.pk]), said)
    assert answer.status_code == 303


def refused(waiting: Placement) -> TimePledge:
    refuse(waiting, ask_no_more="on")
    return TimePledge.objects.select_related("volunteer", "wanted_opportunity__provider").get(
        pk=waiting.pledge_id
    )


def asked_for(person: Volunteer) -> list[str]:
    offers = Offer.objects.filter(pledge__volunteer=person, status="sent")
    return sorted(offers.values_list("opportunity__title", flat=True))


def test_the_matcher_offers_no_task_with_children_any_more_but_others(waiting: Placement) -> None:
    pledge = refused(waiting)
    make_opportunity("Malen", clearance_required=False)
    make_opportunity("Singen")
    make_opportunity("Sortieren", contact_with_minors=False, clearance_required=False)
    run_matching(utc_now())
    assert asked_for(pledge.volunteer) == ["Sortieren"]


def test_without_the_choice_everything_is_offered_as_before(waiting: Placement) -> None:
    refuse(waiting)
    make_opportunity("Singen", slots=[])
    run_matching(utc_now())
    assert asked_for(waiting.volunteer) == ["Singen"]


def test_who_is_active_can_be_ended_so_too(own: Provider, pledge: TimePledge) -> None:
    task = make_opportunity("Vorlesen", provider=own)
    Clearance.objects.create(
        volunteer=pledge.volunteer, opportunity=task, certificate_on=local_day(utc_now()) - timedelta(days=9)
    )
    active = make_placement(pledge, task, utc_now(), "active", from_on=local_day(utc_now()))
    refuse(active, ask_no_more="on")
    assert Volunteer.objects.get(pk=pledge.volunteer_id).is_asked_with_children is False
    assert not Clearance.objects.exists()


def test_open_questions_about_children_are_taken_back_and_others_stay(
    waiting: Placement, pledge: TimePledge
) -> None:
    with_children = make_opportunity("Malen", clearance_required=False)
    without = make_opportunity("Sortieren", contact_with_minors=False, clearance_required=False)
    for task in (with_children, without):
        make_sent_offer(pledge, task, utc_now())
    somebody_else = make_pledge(utc_now(), email="ali@example.org")
    make_sent_offer(somebody_else, make_opportunity("Backen", clearance_required=False), utc_now())
    refuse(waiting, ask_no_more="on")
    assert asked_for(pledge.volunteer) == ["Sortieren"]
    assert asked_for(somebody_else.volunteer) == ["Backen"]
    told = mails("offer_withdrawn").get().body_text
    assert "Danach fragen wir Sie nicht mehr" in told
    assert "Zeugnis" not in told
    assert Event.objects.get(model="offer", to_status="withdrawn").reason == "does not fit any more"
    assert occupied(Opportunity.objects.get(pk=with_children.pk)) == 0


def test_what_was_proposed_before_is_not_sent_afterwards(waiting: Placement, pledge: TimePledge) -> None:
    now = utc_now()
    proposed = Offer.objects.create(
        pledge=pledge, role=role_of(make_opportunity("Malen")), status_changed_at=now, created_at=now
    )
    refuse(waiting, ask_no_more="on")
    assert send_offer(proposed.pk, now=now) == "not_looking"
    assert not mails("offer").exists()


def test_a_wish_for_such_a_task_reads_kindly_and_tells_nothing(waiting: Placement, own: Provider) -> None:
    pledge = refused(waiting)
    wanted = make_opportunity("Malen", slots=[])
    TimePledge.objects.filter(pk=pledge.pk).update(wanted_opportunity=wanted, wanted_role=role_of(wanted))
    pledge.refresh_from_db()
    standing = standings([pledge], utc_now())[pledge.pk]
    assert (standing.is_open, standing.missing) == (False, ())
    assert standing.waiting_texts == [
        "Danach fragen wir Sie zurzeit nicht. Wir suchen etwas anderes für Sie."
    ]
    assert standing.waiting_phrases == ["passt zurzeit nicht"]
    run_matching(utc_now())
    assert asked_for(pledge.volunteer) == []


def test_the_history_of_both_choices_is_the_same(own: Provider) -> None:
    found = []
    for name, said in (("maria", {}), ("ali", {"ask_no_more": "on"})):
        pledge = make_pledge(utc_now(), email=f"{name}@example.org", first_name=name.title())
        task = make_opportunity("Vorlesen", provider=own)
        waiting = make_placement(pledge, task, utc_now(), "awaiting_clearance")
        last = Event.objects.latest("pk").pk
        refuse(waiting, **said)
        lines = Event.objects.filter(pk__gt=last, app_label="volunteers").order_by("pk")
        found.append(
            list(lines.values_list("model", "kind", "from_status", "to_status", "reason", "changes"))
        )
    assert found[0] == found[1]


def test_only_the_officer_of_this_provider_can_choose_it(waiting: Placement) -> None:
    client = Client()
    client.force_login(make_user(OFFICER, make_provider()))
    address = reverse("coordination_clearance_refuse", args=[waiting.pk])
    assert client.post(address, {"ask_no_more": "on"}).status_code == 404
    assert Volunteer.objects.get(pk=waiting.volunteer_id).is_asked_with_children is True


def test_the_person_reads_it_in_what_is_stored_and_erasure_takes_it(waiting: Placement) -> None:
    pledge = refused(waiting)
    token = my_page_token(pledge.volunteer.mailbox, utc_now())
    page = Client().get(reverse("my_data", args=[token])).content.decode()
    assert "wird nach Aufgaben mit Kindern gefragt" in page
    erase(pledge.volunteer.mailbox, now=utc_now())
    assert Volunteer.objects.get(pk=pledge.volunteer_id).is_asked_with_children is True


class TestWhoeverTheyAre:
    """The choice is about a person: no other name, row or change of a task leads around it."""

    @pytest.mark.parametrize("said", [{"first_name": "Mia"}, {"group_name": "Chor", "heads": 3}])
    def test_another_name_at_the_mailbox_is_asked_only_once_the_office_says_so(
        self, waiting: Placement, said: dict[str, Any]
    ) -> None:
        refused(waiting)
        other = make_pledge(utc_now(), **said)
        assert other.volunteer_id != waiting.volunteer_id
        calm: dict[str, Any] = {"contact_with_minors": True, "clearance_required": False}
        make_opportunity("Singen", **calm, places=5)
        make_opportunity("Sortieren", contact_with_minors=False, clearance_required=False, places=5)
        run_matching(utc_now())
        assert asked_for(other.volunteer) == ["Sortieren"]
        office = Client()
        office.force_login(make_user(OFFICER, make_youth_office()))
        assert office.post(reverse("coordination_ask_again", args=[other.volunteer_id])).status_code == 303
        other.volunteer.refresh_from_db()
        assert other.volunteer.is_asked_with_children is True
        assert Volunteer.objects.get(pk=waiting.volunteer_id).is_asked_with_children is False

    def test_others_who_were_there_before_and_at_other_mailboxes_are_asked_as_before(
        self, waiting: Placement
    ) -> None:
        before = make_pledge(utc_now(), first_name="Ali")
        refused(waiting)
        after = make_pledge(utc_now(), first_name="Mia", email="mia@example.org")
        for pledge in (before, after):
            pledge.volunteer.refresh_from_db()
            assert pledge.volunteer.is_asked_with_children is True

    def test_who_is_joined_stays_so_when_the_rows_part_and_at_either_mailbox(
        self, waiting: Placement, pledge: TimePledge
    ) -> None:
        now, by = utc_now(), make_user()
        joined = make_pledge(now, email="maria@beruf.example")
        person: dict[str, Any] = {"by": by, "actor": SYSTEM, "now": now}
        assert merge_people(pledge.volunteer, joined.volunteer, **person) is None
        refused(waiting)
        third = make_pledge(now, first_name="Mia", email="maria@beruf.example")
        assert third.volunteer.is_asked_with_children is False
        assert part_people(PersonMerge.objects.get(), actor=SYSTEM, now=now)
        joined.refresh_from_db()
        assert joined.volunteer.is_asked_with_children is False

    def test_who_is_joined_no_more_is_asked_as_before(self, waiting: Placement, pledge: TimePledge) -> None:
        now = utc_now()
        joined = make_pledge(now, email="maria@beruf.example")
        person: dict[str, Any] = {"by": make_user(), "actor": SYSTEM, "now": now}
        assert merge_people(pledge.volunteer, joined.volunteer, **person) is None
        assert part_people(PersonMerge.objects.get(), actor=SYSTEM, now=now)
        refused(waiting)
        joined.volunteer.refresh_from_db()
        assert joined.volunteer.is_asked_with_children is True

    def test_a_date_at_a_task_that_becomes_one_with_children_is_asked_of_them_no_more(
        self, now: datetime
    ) -> None:
        activity = make_activity(contact_with_minors=False, clearance_required=False)
        task = make_opportunity(
            "Sortieren", activity=activity, contact_with_minors=False, slots=[(1, 15 * 60, 16 * 60)]
        )
        follow_series(task, now=now)
        absent = make_placement(
            make_pledge(now, email="anna@example.org"), task, now, "active", from_on=local_day(now)
        )
        assign_coming_shifts(now, placement=absent)
        helper = make_pledge(now, first_name="Berta", email="berta@example.org")
        assert skip_date(absent.assignments.order_by("shift__starts_at")[1], now=now)
        assert run("volunteers.find_stand_ins", now + timedelta(minutes=1)) == 1
        asked = StandInQuestion.objects.get()
        assert (asked.pledge, asked.status) == (helper, "sent")
        Volunteer.objects.filter(pk=helper.volunteer_id).update(is_asked_with_children=False)
        decide_anew(activity, contact_with_minors=True)
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[task.pk])
        asked.refresh_from_db()
        assert asked.status == "withdrawn"

    def test_whoever_is_joined_with_such_a_row_is_not_asked_either(self, waiting: Placement) -> None:
        refused(waiting)
        now = utc_now()
        silent = make_pledge(now, first_name="Mia")
        kept = make_pledge(now, first_name="Mia", email="mia@example.org")
        make_sent_offer(kept, make_opportunity("Malen", clearance_required=False), now)
        assert merge_people(kept.volunteer, silent.volunteer, by=make_user(), actor=SYSTEM, now=now) is None
        kept.volunteer.refresh_from_db()
        assert kept.volunteer.is_asked_with_children is False
        assert asked_for(kept.volunteer) == []

    def test_a_task_that_becomes_one_with_children_asks_them_no_more(self, waiting: Placement) -> None:
        pledge, now = refused(waiting), utc_now()
        activity = make_activity(contact_with_minors=False, clearance_required=False)
        task = make_opportunity("Sortieren", activity=activity, contact_with_minors=False, places=3)
        make_sent_offer(pledge, task, now)
        other = make_pledge(now, email="ali@example.org", first_name="Ali")
        make_sent_offer(other, task, now)
        decide_anew(activity, contact_with_minors=True)
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[task.pk])
        assert (asked_for(pledge.volunteer), asked_for(other.volunteer)) == ([], ["Sortieren"])
        told = mails("offer_withdrawn").get().body_text
        assert "Danach fragen wir Sie nicht mehr" in told


class TestTheWayBack:
    @pytest.fixture
    def officer(self) -> Client:
        """Of the youth office's safeguarding."""
        client = Client()
        client.force_login(make_user(OFFICER, make_youth_office()))
        return client

    def test_the_office_asks_again_on_record_and_without_a_reason(
        self, waiting: Placement, officer: Client
    ) -> None:
        person = refused(waiting).volunteer
        listed = officer.get(reverse("coordination_silences")).content.decode()
        assert person.first_name in listed
        assert officer.post(reverse("coordination_ask_again", args=[person.pk])).status_code == 303
        person.refresh_from_db()
        assert person.is_asked_with_children is True
        lines = Event.objects.filter(model="volunteer", object_id=person.pk, kind="changed")
        (line,) = lines.values("changes", "reason", "actor_role")
        assert line == {
            "changes": {"questions": [None, "again"]},
            "reason": "",
            "actor_role": OFFICER.value,
        }
        assert "Alle werden gefragt" in officer.get(reverse("coordination_silences")).content.decode()
        assert officer.post(reverse("coordination_ask_again", args=[person.pk])).status_code == 404
        assert lines.count() == 1

    def test_it_is_gone_once_for_all_rows_of_the_person_and_looks_for_tasks_anew(
        self, waiting: Placement, pledge: TimePledge, run_commits: Callable[..., Any]
    ) -> None:
        now, actor = utc_now(), staff(1, OFFICER)
        joined = make_pledge(now, email="maria@beruf.example")
        assert merge_people(pledge.volunteer, joined.volunteer, by=make_user(), actor=SYSTEM, now=now) is None
        person = refused(waiting).volunteer
        stranger = make_pledge(now, email="ali@example.org", first_name="Ali").volunteer
        Volunteer.objects.filter(pk=stranger.pk).update(is_asked_with_children=False)
        MatchRequest.objects.all().delete()
        with run_commits(execute=True):
            assert ask_again(person, actor=actor, now=now) is True
            assert ask_again(person, actor=actor, now=now) is False
        asked = Volunteer.objects.filter(is_asked_with_children=True)
        assert set(asked) == {person, joined.volunteer}
        wanted = MatchRequest.objects.values_list("pledge", "opportunity", "wanted_since")
        assert set(wanted) == {(each.pk, None, now) for each in person.pledges.all()}

    def test_nobody_else_comes_in(self, waiting: Placement) -> None:
        person = refused(waiting).volunteer
        client = Client()
        for user in (
            make_user(OFFICER, waiting.opportunity.provider),
            make_coordinator(make_youth_office("Amt")),
        ):
            client.force_login(user)
            assert client.get(reverse("coordination_silences")).status_code == 403
            assert client.post(reverse("coordination_ask_again", args=[person.pk])).status_code == 403
        person.refresh_from_db()
        assert person.is_asked_with_children is False
