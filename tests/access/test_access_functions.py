"""Every access function by itself: who gets the row, and everybody else is told that there is none.

The walks through all addresses show that each door asks one of these; here each is asked for the row itself,
a row that is not there, and rows in every state that it must not show.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import User
from donations import access as money
from donations.receipts import access as receipts
from foundation.actors import staff
from programs import access as programs
from programs.models import Absence, DataImport, Invitation, Membership, Opportunity, Provider, TextDraft
from tests.access.people import WITHOUT_ACCOUNT, Who
from tests.access.scene import Scene
from tests.factories import make_provider, make_user
from tests.volunteers.pledging import end_without_a_word
from volunteers import access as time
from volunteers.models import Assignment, Contact, PersonMerge, Placement, TimePledge, Volunteer

pytestmark = pytest.mark.django_db
Role = Membership.Role
Find = Callable[..., Any]

EVERYBODY = [Who.ANONYMOUS, *(who for who in Who if who not in WITHOUT_ACCOUNT)]
CITY = {Who.YOUTH_OFFICE, Who.OPERATOR}
COORDINATION = {Who.COORDINATOR, *CITY}
TREASURY = {Who.TREASURER, Who.OPERATOR}
STAFFING = {Who.OWNER, *CITY}
FOR_STAFF: dict[str, tuple[Find, Callable[[Scene], Any], set[Who]]] = {
    "task": (programs.access_opportunity, lambda scene: scene.in_review, COORDINATION),
    "role": (programs.access_role, lambda scene: scene.spare_role, COORDINATION),
    "closure": (programs.access_closure, lambda scene: scene.closure, COORDINATION),
    "text": (programs.access_text_draft, lambda scene: scene.text, COORDINATION),
    "held role": (programs.access_membership, lambda scene: scene.held, STAFFING),
    "invitation": (programs.access_invitation, lambda scene: scene.invitation, STAFFING),
    "key": (programs.access_api_token, lambda scene: scene.api_token, STAFFING),
    "file": (programs.access_import, lambda scene: scene.file, COORDINATION),
    "webhook": (programs.access_webhook, lambda scene: scene.webhook, STAFFING),
    "person": (time.access_person, lambda scene: scene.person, COORDINATION),
    "pledge": (time.access_running_pledge, lambda scene: scene.pledge, CITY),
    "paused pledge": (time.access_running_pledge, lambda scene: scene.paused, CITY),
    "question": (time.access_coordinated_offer, lambda scene: scene.offer, COORDINATION),
    "placement": (time.access_placement, lambda scene: scene.active, COORDINATION),
    "inspection": (time.access_placement_to_inspect, lambda scene: scene.to_inspect, {Who.OFFICER}),
    "date": (time.access_assignment, lambda scene: scene.coming, COORDINATION),
    "house": (money.access_body, lambda scene: scene.provider, TREASURY),
    "gift": (money.access_donation, lambda scene: scene.to_accept, TREASURY),
    "bank line": (money.access_bank_line, lambda scene: scene.bank_line, TREASURY),
    "cash": (money.access_cash_count, lambda scene: scene.cash, TREASURY),
    "statement": (money.access_statement, lambda scene: scene.statement, TREASURY),
    "purpose": (money.access_purpose, lambda scene: scene.fund, TREASURY),
    "payout": (money.access_proposal, lambda scene: scene.proposal, TREASURY),
    "receipt": (receipts.access_receipt, lambda scene: scene.receipts.issued, TREASURY),
    "receipt to tell": (receipts.access_receipt_to_tell, lambda scene: scene.receipts.withdrawn, TREASURY),
    "body": (receipts.access_body, lambda scene: scene.provider, TREASURY),
    "body's change": (receipts.access_proposal, lambda scene: scene.receipts.proposal, TREASURY),
    "contribution": (receipts.access_contribution, lambda scene: scene.receipts.contribution, TREASURY),
    "wish": (receipts.access_wish, lambda scene: scene.receipts.wish, TREASURY),
}


def somebody(scene: Scene, who: Who) -> User | AnonymousUser:
    return AnonymousUser() if who == Who.ANONYMOUS else scene.people[who]


def found(find: Find, *arguments: Any) -> Any:
    """Return the row, None where there is none for them."""
    try:
        return find(*arguments)
    except Http404:
        return None


@pytest.mark.parametrize("name", FOR_STAFF)
def test_a_row_is_there_for_those_within_reach_alone(scene: Scene, name: str) -> None:
    find, row_of, reach = FOR_STAFF[name]
    row = row_of(scene)
    for who in EVERYBODY:
        user = somebody(scene, who)
        assert found(find, user, row.pk) == (row if who in reach else None), who
        assert found(find, user, 0) is None, who


LISTS: dict[str, tuple[Find, Callable[[Scene], Any], set[Who]]] = {
    "texts": (programs.texts_within_reach, lambda scene: scene.text, COORDINATION),
    "files": (programs.imports_within_reach, lambda scene: scene.file, COORDINATION),
    "gifts": (money.gifts_within_reach, lambda scene: scene.to_accept, TREASURY),
    "Dauerspenden": (money.recurring_within_reach, lambda scene: scene.monthly, TREASURY),
    "bank lines": (money.bank_lines_within_reach, lambda scene: scene.bank_line, TREASURY),
    "proposals": (money.proposals_within_reach, lambda scene: scene.proposal, TREASURY),
    "staffed providers": (programs.staffed_by, lambda scene: scene.provider, STAFFING),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_a_row_for_those_within_reach_alone(scene: Scene, name: str) -> None:
    rows_of, row_of, reach = LISTS[name]
    holding = {who for who in EVERYBODY if rows_of(somebody(scene, who)).filter(pk=row_of(scene).pk)}
    assert holding == reach


def test_a_text_of_no_provider_is_there_for_the_whole_city_alone(scene: Scene) -> None:
    TextDraft.objects.filter(pk=scene.text.pk).update(provider=None)
    assert {
        who for who in EVERYBODY if found(programs.access_text_draft, somebody(scene, who), scene.text.pk)
    } == CITY
    assert {who for who in EVERYBODY if programs.texts_within_reach(somebody(scene, who))} == CITY


def test_a_file_of_no_provider_is_there_for_the_whole_city_alone(scene: Scene) -> None:
    DataImport.objects.filter(pk=scene.file.pk).update(provider=None, kind="figures", valid_until=None)
    there = {who for who in EVERYBODY if found(programs.access_import, somebody(scene, who), scene.file.pk)}
    assert there == CITY


def test_an_absence_and_a_call_are_there_for_whoever_noted_them(scene: Scene) -> None:
    own, day = scene.people[Who.COORDINATOR], scene.now.date()
    away = Absence.objects.create(user=own, from_on=day, until_on=day)
    about = {"volunteer": scene.person, "provider": scene.provider, "noted_by": own, "noted_at": scene.now}
    call = Contact.objects.create(
        **about, pledge=scene.pledge, outcome="reached", next_step="wait", again_on=day
    )
    note = Contact.objects.create(**about, text="Notiz")
    for who in EVERYBODY:
        is_own = who == Who.COORDINATOR
        assert found(programs.access_absence, somebody(scene, who), away.pk) == (away if is_own else None), (
            who
        )
        if who != Who.ANONYMOUS:
            assert found(time.access_own_call, somebody(scene, who), call.pk) == (call if is_own else None), (
                who
            )
            assert found(time.access_own_note, somebody(scene, who), note.pk) == (note if is_own else None), (
                who
            )
    assert found(programs.access_absence, own, 0) is None
    assert found(time.access_own_call, own, note.pk) is None
    assert found(time.access_own_note, own, call.pk) is None


def test_a_merge_is_there_for_the_whole_city_and_who_is_silenced_for_its_page(scene: Scene) -> None:
    other = scene.others_pledge.volunteer
    merge = PersonMerge.objects.create(kept=scene.person, double=other, at=scene.now)
    assert {who for who in EVERYBODY if found(time.access_merge, somebody(scene, who), merge.pk)} == CITY
    assert found(time.access_merge, scene.people[Who.YOUTH_OFFICE], 0) is None
    assert found(time.access_silenced_person, other.pk) is None
    Volunteer.objects.filter(pk=other.pk).update(is_asked_with_children=False)
    assert time.access_silenced_person(other.pk) == other
    assert found(time.access_silenced_person, 0) is None


def test_an_owner_invites_as_long_as_the_provider_is_verified(scene: Scene) -> None:
    Provider.objects.filter(pk=scene.provider.pk).update(is_verified=False)
    for find, row in (
        (programs.access_membership, scene.held),
        (programs.access_invitation, scene.invitation),
        (programs.access_api_token, scene.api_token),
        (programs.access_webhook, scene.webhook),
    ):
        assert {who for who in EVERYBODY if found(find, somebody(scene, who), row.pk)} == CITY


def test_an_invitation_that_was_answered_is_not_there(scene: Scene) -> None:
    Invitation.objects.filter(pk=scene.invitation.pk).update(status="withdrawn")
    assert found(programs.access_invitation, scene.people[Who.OWNER], scene.invitation.pk) is None


def test_a_provider_is_found_by_its_name_in_the_role_that_is_asked_for(scene: Scene) -> None:
    slug = scene.provider.slug
    for who in EVERYBODY:
        user = somebody(scene, who)
        assert found(programs.access_provider, user, slug) == (
            scene.provider if who in COORDINATION else None
        ), who
        assert found(programs.access_provider, user, slug, Role.TREASURER) == (
            scene.provider if who in TREASURY else None
        ), who
        assert found(programs.access_provider, user, "") is None


OWN: dict[str, tuple[Find, Callable[[Scene], Any]]] = {
    "person": (time.access_volunteer, lambda scene: scene.person),
    "pledge": (time.access_own_pledge, lambda scene: scene.pledge),
    "placement": (time.access_own_placement, lambda scene: scene.active),
    "date": (time.access_own_assignment, lambda scene: scene.coming),
    "monthly gift": (money.access_own_monthly, lambda scene: scene.monthly),
    "receipt": (receipts.access_own_receipt, lambda scene: scene.receipts.issued),
}


@pytest.mark.parametrize("name", OWN)
def test_a_row_is_there_for_its_own_mailbox_alone(scene: Scene, name: str) -> None:
    find, row_of = OWN[name]
    row = row_of(scene)
    own, other = scene.person.mailbox, scene.donation.donor.mailbox
    if name in ("monthly gift", "receipt"):
        own, other = other, own
    assert find(own, row.pk) == row
    assert found(find, other, row.pk) is None
    assert found(find, own, 0) is None


class TestWhatIsOver:
    @pytest.mark.parametrize("is_erased", [False, True])
    def test_a_person_unconfirmed_or_erased_is_nobody(self, scene: Scene, is_erased: bool) -> None:
        gone: dict[str, Any] = {"erased_at": scene.now, "first_name": "", "last_name": "", "phone": ""}
        people = Volunteer.objects.filter(pk=scene.person.pk)
        people.update(**gone if is_erased else {"confirmed_at": None})
        assert found(time.access_person, scene.people[Who.YOUTH_OFFICE], scene.person.pk) is None
        assert found(time.access_volunteer, scene.person.mailbox, scene.person.pk) is None

    def test_a_person_is_a_provider_s_while_there(self, scene: Scene) -> None:
        own, office = scene.people[Who.COORDINATOR], scene.people[Who.YOUTH_OFFICE]
        for other in Placement.objects.filter(volunteer=scene.person).exclude(pk=scene.to_confirm.pk):
            end_without_a_word(other, until_on=scene.now.date())
        assert time.access_person(own, scene.person.pk) == scene.person
        end_without_a_word(scene.to_confirm, "cancelled")
        assert found(time.access_person, own, scene.person.pk) is None
        assert time.access_person(office, scene.person.pk) == scene.person

    @pytest.mark.parametrize(
        ("status", "running"),
        [("placed", True), ("unconfirmed", False), ("ended", False), ("lapsed", False), ("withdrawn", False)],
    )
    def test_a_pledge_that_does_not_run_is_not_there(self, scene: Scene, status: str, running: bool) -> None:
        TimePledge.objects.filter(pk=scene.pledge.pk).update(status=status)
        seen = found(time.access_running_pledge, scene.people[Who.YOUTH_OFFICE], scene.pledge.pk)
        assert seen == (scene.pledge if running else None)

    @pytest.mark.parametrize(
        ("find", "asked_for", "name", "status"),
        [
            (time.access_own_pledge, {"even_if_withdrawn": True}, "pledge", "withdrawn"),
            (time.access_own_placement, {"even_if_over": True}, "active", "cancelled"),
        ],
    )
    def test_what_is_over_is_there_if_asked_for_and_for_its_own_mailbox_alone(
        self, scene: Scene, find: Find, asked_for: dict[str, bool], name: str, status: str
    ) -> None:
        row, own, other = getattr(scene, name), scene.person.mailbox, scene.donation.donor.mailbox
        if isinstance(row, Placement):
            end_without_a_word(row, status)
        else:
            type(row).objects.filter(pk=row.pk).update(status=status)
        assert found(find, own, row.pk) is None
        assert find(own, row.pk, **asked_for) == row
        assert found(partial(find, **asked_for), other, row.pk) is None

    @pytest.mark.parametrize("status", ["ended", "cancelled"])
    def test_a_placement_and_its_dates_are_not_the_citizen_s_any_more(
        self, scene: Scene, status: str
    ) -> None:
        mailbox = scene.person.mailbox
        absent = scene.stand_in.search.absent
        alone = Assignment.objects.create(
            volunteer=scene.person, shift=absent.shift, role=absent.role, status_changed_at=scene.now
        )
        end_without_a_word(scene.active, status, until_on=scene.now.date())
        assert found(time.access_own_placement, mailbox, scene.active.pk) is None
        assert found(time.access_own_assignment, mailbox, scene.coming.pk) is None
        assert time.access_own_assignment(mailbox, alone.pk) == alone

    def test_a_task_is_wanted_while_it_is_public(self, scene: Scene) -> None:
        assert time.access_wanted_opportunity(scene.published.slug) == scene.published
        for hidden in (scene.in_review, Opportunity(slug="nie-gewesen")):
            with pytest.raises(Http404):
                time.access_wanted_opportunity(hidden.slug)

    def test_a_receipt_that_is_kept_and_shown_to_nobody_is_only_told(self, scene: Scene) -> None:
        treasurer, giver = scene.people[Who.TREASURER], scene.donation.donor.mailbox
        issued, withdrawn, draft = scene.receipts.issued, scene.receipts.withdrawn, scene.receipts.draft
        assert found(receipts.access_receipt_to_tell, treasurer, issued.pk) is None
        assert found(receipts.access_own_receipt, giver, draft.pk) is None
        assert receipts.access_receipt(treasurer, draft.pk) == draft
        type(issued).objects.filter(pk__in=[issued.pk, withdrawn.pk]).update(restricted_at=scene.now)
        for receipt in (issued, withdrawn):
            assert found(receipts.access_receipt, treasurer, receipt.pk) is None
            assert found(receipts.access_own_receipt, giver, receipt.pk) is None
        assert receipts.access_receipt_to_tell(treasurer, withdrawn.pk) == withdrawn

    def test_what_nobody_wishes_or_proposes_does_not_wait(self, scene: Scene) -> None:
        treasurer, proposal = scene.people[Who.TREASURER], scene.receipts.proposal
        in_force = type(proposal).objects.exclude(status="proposed").get()
        assert found(receipts.access_proposal, treasurer, in_force.pk) is None
        assert found(receipts.access_wish, treasurer, scene.to_accept.pk) is None


class TestReach:
    @pytest.mark.parametrize("houses", [money.treasury_of, receipts.bodies_of])
    def test_a_treasury_opens_for_treasurers_alone(self, scene: Scene, houses: Find) -> None:
        for who in EVERYBODY:
            user = somebody(scene, who)
            if who in {Who.TREASURER, Who.OPERATOR, Who.FOREIGN_TREASURER}:
                assert (scene.provider in houses(user)) is (who in TREASURY), who
            else:
                with pytest.raises(PermissionDenied):
                    houses(user)

    def test_who_sees_the_whole_city_and_who_decides_activities(self, scene: Scene) -> None:
        told = {
            who: [
                allows(somebody(scene, who))
                for allows in (
                    programs.sees_whole_city,
                    programs.releases_activities,
                    programs.decides_activities,
                )
            ]
            for who in EVERYBODY
        }
        nothing = [False, False, False]
        assert told == {
            **dict.fromkeys(EVERYBODY, nothing),
            Who.YOUTH_OFFICE: [True, True, False],
            Who.YOUTH_OFFICER: [False, True, True],
            Who.OPERATOR: [True, False, False],
        }

    def test_daily_work_is_the_own_house_and_the_city_s_where_nobody_coordinates(self, scene: Scene) -> None:
        lonely, asleep = make_provider(), make_provider()
        make_user(Role.COORDINATOR, asleep, is_active=False)
        office = scene.people[Who.YOUTH_OFFICE].memberships.get().provider
        foreign = scene.people[Who.FOREIGN_COORDINATOR].memberships.get().provider
        mine = {who: set(programs.houses_of(somebody(scene, who))) for who in EVERYBODY}
        assert mine[Who.COORDINATOR] == {scene.provider}
        assert mine[Who.FOREIGN_COORDINATOR] == {foreign}
        assert {lonely, asleep, office} <= mine[Who.YOUTH_OFFICE]
        assert {lonely, asleep} <= mine[Who.OPERATOR]
        for who in CITY:
            assert not {scene.provider, foreign} & mine[who], who
        assert [who for who in (Who.ANONYMOUS, Who.TREASURER, Who.OFFICER, Who.NO_ROLE) if mine[who]] == []

    def test_who_acts_in_a_role_anywhere(self, scene: Scene) -> None:
        acting = {
            role: {who for who in EVERYBODY if programs.acts_in(somebody(scene, who), role)} for role in Role
        }
        assert acting == {
            Role.COORDINATOR: {*COORDINATION, Who.FOREIGN_COORDINATOR},
            Role.TREASURER: {*TREASURY, Who.FOREIGN_TREASURER},
            Role.SAFEGUARDING_OFFICER: {Who.OFFICER, Who.YOUTH_OFFICER},
            Role.OWNER: {Who.OWNER, Who.OPERATOR},
        }

    def test_an_operator_acts_before_there_is_a_provider(self) -> None:
        operator = make_user(is_superuser=True)
        assert programs.acts_in(operator)
        assert programs.acts_in(operator, Role.TREASURER)
        assert not programs.acts_in(operator, Role.SAFEGUARDING_OFFICER)

    def test_the_officer_of_a_placement_is_that_of_its_provider(self, scene: Scene) -> None:
        officers = {who for who in EVERYBODY if time.is_officer_of(somebody(scene, who), scene.to_inspect)}
        assert officers == {Who.OFFICER}
        elsewhere = Placement(pk=0)
        assert not time.is_officer_of(scene.people[Who.OFFICER], elsewhere)


DOORS = {
    "coordinator": (lambda: programs.coordinator_required, {*COORDINATION, Who.FOREIGN_COORDINATOR}),
    "treasurer": (lambda: programs.role_required(Role.TREASURER), {*TREASURY, Who.FOREIGN_TREASURER}),
    "whole city": (lambda: programs.whole_city_required, CITY),
    "people": (lambda: programs.staffing_required, {*CITY, Who.OWNER}),
    "activities, to read": (lambda: programs.activity_reader_required, {Who.YOUTH_OFFICE, Who.YOUTH_OFFICER}),
    "activities, to write": (lambda: programs.activity_writer_required, {Who.YOUTH_OFFICER}),
}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_lets_in_who_may_asks_strangers_to_sign_in_and_refuses_others(
    scene: Scene, rf: RequestFactory, name: str
) -> None:
    door, allowed = DOORS[name]
    guard = door()

    @guard
    def behind(request: HttpRequest, pk: int, *, word: str) -> HttpResponse:
        return HttpResponse(f"{request.path} {pk} {word}")

    assert behind.__name__ == "behind"
    for who in EVERYBODY:
        request = rf.get("/koordination/")
        request.user = somebody(scene, who)
        if who in allowed:
            assert behind(request, 7, word="da").content == b"/koordination/ 7 da", who
        elif who == Who.ANONYMOUS:
            answer = behind(request, 7, word="da")
            assert (answer.status_code, answer["Location"]) == (302, "/konto/login/?next=/koordination/")
        else:
            with pytest.raises(PermissionDenied):
                behind(request, 7, word="da")


class TestNamesInTheHistory:
    @pytest.mark.parametrize(
        ("who", "role", "named"),
        [
            (Who.COORDINATOR, Role.COORDINATOR, "coordinator"),
            (Who.YOUTH_OFFICE, Role.COORDINATOR, "youth_office"),
            (Who.OPERATOR, Role.COORDINATOR, "operator"),
            (Who.OPERATOR, Role.TREASURER, "operator"),
            (Who.OPERATOR, Role.SAFEGUARDING_OFFICER, "safeguarding_officer"),
            (Who.YOUTH_OFFICE, Role.TREASURER, "treasurer"),
            (Who.OFFICER, Role.SAFEGUARDING_OFFICER, "safeguarding_officer"),
        ],
    )
    def test_who_reaches_further_is_named_for_that(
        self, scene: Scene, who: Who, role: Membership.Role, named: str
    ) -> None:
        user = scene.people[who]
        assert user.pk is not None
        assert programs.actor_of(user, role) == staff(user.pk, named)
        if role == Role.COORDINATOR:
            assert programs.actor_of(user) == staff(user.pk, named)

    @pytest.mark.parametrize(
        ("who", "at_office", "by_hand"),
        [
            (Who.YOUTH_OFFICER, "safeguarding_officer", "safeguarding_officer"),
            (Who.YOUTH_OFFICE, "youth_office", "coordinator"),
            (Who.OPERATOR, "youth_office", "operator"),
            (Who.NO_ROLE, "youth_office", ""),
        ],
    )
    def test_deciding_and_by_hand(self, scene: Scene, who: Who, at_office: str, by_hand: str) -> None:
        user = scene.people[who]
        assert user.pk is not None
        assert programs.office_actor(user) == staff(user.pk, at_office)
        assert programs.hand_of(user) == staff(user.pk, by_hand)

    @pytest.mark.parametrize(
        ("who", "named"),
        [(Who.OWNER, "owner"), (Who.YOUTH_OFFICE, "youth_office"), (Who.OPERATOR, "operator")],
    )
    def test_who_gives_a_role_is_named_for_what_lets_them(self, scene: Scene, who: Who, named: str) -> None:
        user = scene.people[who]
        assert user.pk is not None
        assert programs.inviter_actor(user) == staff(user.pk, named)

    def test_by_hand_all_roles_are_named_once_and_in_order(self, scene: Scene) -> None:
        user = make_user(Role.TREASURER, scene.provider, is_staff=True)
        Membership.objects.create(user=user, provider=scene.provider, role=Role.COORDINATOR)
        Membership.objects.create(user=user, provider=make_provider(), role=Role.TREASURER)
        assert user.pk is not None
        assert programs.hand_of(user) == staff(user.pk, "coordinator, operator, treasurer")
