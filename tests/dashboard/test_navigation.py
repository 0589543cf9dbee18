"""Which doors each role is shown, exactly, and that the page itself shows them."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.models import Membership
from tests.factories import make_provider, make_user, make_youth_office
from wirbrauchensie.dashboard.navigation import held_by, pages_for

pytestmark = pytest.mark.django_db
Role = Membership.Role
TASKS = [
    "coordination_offers",
    "coordination_placements",
    "coordination_people",
    "coordination_dates",
    "coordination_roster",
    "coordination_pledges",
    "coordination_opportunities",
    "coordination_texts",
    "coordination_imports",
]
CLEARANCES, GIFTS = ["coordination_clearances"], ["coordination_donations", "coordination_receipts"]
ACTIVITIES = ["coordination_activities"]
FIGURES, WATCH = (
    ["coordination_dashboard"],
    [
        "coordination_letters",
        "coordination_reports",
        "coordination_providers",
        "coordination_staff",
        "coordination_weights",
        "coordination_notices",
        "coordination_audit",
        "coordination_night_watch",
    ],
)
PEOPLE = ["coordination_staff"]

DOORS = {
    "coordinator": [*TASKS, *FIGURES],
    "safeguarding_officer": CLEARANCES,
    "treasurer": GIFTS,
    "owner": PEOPLE,
    "youth office coordinator": [*TASKS, *ACTIVITIES, *FIGURES, *WATCH],
    "youth office safeguarding_officer": [*CLEARANCES, *ACTIVITIES],
    "youth office treasurer": GIFTS,
    "operator": [*TASKS, *GIFTS, *FIGURES, *WATCH],
    "nobody": [],
}


def person(kind: str) -> User:
    make_provider()
    if kind == "operator":
        return make_user(is_superuser=True, is_staff=True)
    if kind == "nobody":
        return make_user()
    home = make_youth_office() if kind.startswith("youth office") else make_provider()
    return make_user(Role(kind.split()[-1]), home)


@pytest.mark.parametrize("kind", DOORS)
def test_each_role_has_exactly_these_doors_and_they_open(client: Client, kind: str) -> None:
    user = person(kind)
    names = [name for name, _label in pages_for(user)]
    assert names == DOORS[kind]
    client.force_login(user)
    everything = {*TASKS, *CLEARANCES, *ACTIVITIES, *GIFTS, *FIGURES, *WATCH}
    opened = {name for name in everything if client.get(reverse(name)).status_code == 200}
    assert opened == set(names)


def test_the_first_operator_finds_every_door_open_before_there_is_a_provider(client: Client) -> None:
    client.force_login(make_user(is_superuser=True, is_staff=True))
    found: dict[str, int] = {}
    ahead = ["/koordination/"]
    while ahead:
        answer = client.get(address := ahead.pop())
        found[address] = answer.status_code
        if answer["Content-Type"].startswith("text/html"):
            linked = set(re.findall(r'<a\b[^>]*href="(/koordination/[^"?]*)', answer.content.decode()))
            ahead += linked - set(found) - set(ahead)
    assert {reverse(name) for name in DOORS["operator"]} <= set(found)
    assert found == dict.fromkeys(found, 200)


def test_nobody_else_comes_in_before_there_is_a_provider(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    everything = {name for names in DOORS.values() for name in names}
    assert {client.get(reverse(name)).status_code for name in everything} == {403}
    operator = make_user(is_superuser=True, is_staff=True)
    client.force_login(operator)
    assert client.get(reverse("coordination_clearances")).status_code == 403


@pytest.mark.parametrize("kind", [kind for kind in DOORS if kind != "nobody"])
def test_the_page_shows_the_same_doors(client: Client, kind: str) -> None:
    client.force_login(person(kind))
    html = client.get("/koordination/").content.decode()
    linked = set(re.findall(r'href="(/koordination/[^"?]*)"', html)) - {"/koordination/"}
    assert {reverse(name) for name in DOORS[kind]} <= linked
    closed = {name for names in DOORS.values() for name in names} - set(DOORS[kind])
    assert not {reverse(name) for name in closed} & linked
    behind_a_button, in_a_row = (
        re.findall('href="([^"]+)"', each)
        for each in re.findall('(?s)<nav[^>]*Koordination">(.*?)</nav>', html)
    )
    assert behind_a_button == in_a_row
    assert behind_a_button[0] == "/koordination/"


def test_several_memberships_add_up_without_doubles() -> None:
    user = make_user(Role.COORDINATOR, make_provider())
    for role in Role:
        Membership.objects.create(user=user, provider=make_provider(), role=role)
    names = [name for name, _label in pages_for(user)]
    assert names == [*TASKS, *CLEARANCES, *GIFTS, *FIGURES, *PEOPLE]
    assert {each.role for each in held_by(user)} == {
        "coordinator",
        "safeguarding_officer",
        "treasurer",
        "owner",
    }


def test_the_whole_city_is_the_coordinators_not_the_treasurers_of_the_office() -> None:
    office = make_youth_office()
    user = make_user(Role.TREASURER, office)
    Membership.objects.create(user=user, provider=make_provider(), role=Role.COORDINATOR)
    assert "coordination_night_watch" not in [name for name, _label in pages_for(user)]


def test_a_visitor_has_no_role_and_no_door() -> None:
    assert held_by(AnonymousUser()) == set()
    assert pages_for(AnonymousUser()) == []
