"""An Engagementangebot with several roles: written, released, shown, changed, taken away."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.actors import staff
from foundation.history import acting
from foundation.models import Event
from programs.domain.publishing import fingerprint
from programs.domain.refusals import Refusal
from programs.models import Opportunity, Role
from programs.selectors.writers import writers_since_release
from programs.services.publishing import mark_of_task, release
from programs.services.roles import Need, add_role, change_role, remove_role
from programs.services.takedowns import take_down
from tests.factories import (
    asking,
    make_activity,
    make_coordinator,
    make_opportunity,
    make_role,
    make_shift,
    role_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Spielefest", places=2)


@pytest.fixture
def editor(task: Opportunity) -> User:
    return make_coordinator(task.provider)


@pytest.fixture
def two(task: Opportunity) -> tuple[Role, Role]:
    """A public task with a role with children and one without."""
    Role.objects.filter(opportunity=task).update(name="Mitspielen")
    first = role_of(task)
    second = make_role(
        task, "Aufbauen", places=3, skills=["driving"], clearance_required=False, contact_with_minors=False
    )
    return first, second


def roles_of(task: Opportunity) -> list[tuple[str, int]]:
    return list(task.roles.order_by("pk").values_list("name", "places"))


def status(task: Opportunity) -> str:
    task.refresh_from_db()
    return task.status


def need_of(role: Role, **changes: Any) -> Need:
    facts = {"name": role.name, "places": role.places, "activity": role.activity, "skills": role.skills}
    return Need(**{**facts, **changes})


class TestWriting:
    def test_the_second_role_names_the_first_and_waits_for_a_release(
        self, task: Opportunity, editor: User, now: datetime
    ) -> None:
        date = make_shift(task, now.replace(year=2099))
        need = Need(places=3, name="Aufbauen", activity=make_activity())
        with acting(staff(editor.pk, "coordinator")):
            assert add_role(task, need, name_of_first="Mitspielen", editor=editor, now=now) == []
        assert roles_of(task) == [("Mitspielen", 2), ("Aufbauen", 3)]
        assert status(task) == "in_review"
        date.refresh_from_db()
        assert (task.places, date.places) == (5, 5)
        assert editor.pk in writers_since_release(task)
        reader = make_coordinator(task.provider)
        unread = fingerprint({"title": task.title, "task": task.task, "site": task.site})
        refused = release(task, by=reader, text_read=unread, hints_read=True, now=now)
        assert refused == [Refusal.TEXT_CHANGED]
        assert release(task, by=editor, text_read="", hints_read=True, now=now)[0] == Refusal.SAME_PERSON
        read = mark_of_task(task)
        assert release(task, by=reader, text_read=read, hints_read=True, now=now) == []
        assert status(task) == "published"

    @pytest.mark.parametrize(
        ("changes", "wrote_it"),
        [({"places": 7}, False), ({"minimum_age": 18}, True), ({"activity": None}, True)],
    )
    def test_who_changed_what_one_of_several_asks_of_people_does_not_release_it(
        self, two: tuple[Role, Role], editor: User, now: datetime, changes: dict[str, Any], wrote_it: bool
    ) -> None:
        _first, second = two
        if "activity" in changes:
            changes = {"activity": make_activity(clearance_required=False)}
        with acting(staff(editor.pk, "coordinator")):
            assert change_role(second, need_of(second, **changes), editor=editor, now=now) == []
        task = second.opportunity
        assert (editor.pk in writers_since_release(task)) is wrote_it

    @pytest.mark.parametrize(
        ("name", "name_of_first", "refusal"),
        [
            ("Aufbauen", "", Refusal.ROLE_WITHOUT_NAME),
            ("", "Mitspielen", Refusal.ROLE_WITHOUT_NAME),
            ("Mitspielen", "Mitspielen", Refusal.ROLE_NAMED_TWICE),
        ],
    )
    def test_no_two_roles_without_names_of_their_own(
        self, task: Opportunity, editor: User, now: datetime, name: str, name_of_first: str, refusal: Refusal
    ) -> None:
        need = Need(places=1, name=name, activity=make_activity())
        assert add_role(task, need, name_of_first=name_of_first, editor=editor, now=now) == [refusal]
        assert (roles_of(task), status(task)) == ([("", 2)], "published")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"places": 7, "skills": ["music"], "languages": ["tr"]}, "published"),
            ({"name": "Abbauen"}, "in_review"),
            ({"minimum_age": 18}, "in_review"),
        ],
    )
    def test_what_was_released_of_a_role_needs_a_new_release(
        self,
        two: tuple[Role, Role],
        editor: User,
        now: datetime,
        changes: dict[str, Any],
        expected: str,
    ) -> None:
        first, second = two
        assert change_role(second, need_of(second, **changes), editor=editor, now=now) == []
        assert status(second.opportunity) == expected
        second.refresh_from_db()
        assert {name: getattr(second, name) for name in changes} == changes
        first.refresh_from_db()
        assert (first.name, first.places, first.minimum_age) == ("Mitspielen", 2, 16)

    def test_no_fewer_places_than_people_have_or_are_asked_for(
        self, two: tuple[Role, Role], editor: User, now: datetime
    ) -> None:
        _first, second = two
        Role.objects.filter(pk=second.pk).update(places_taken=1, places_held=1)
        refused = change_role(second, need_of(second, places=1), editor=editor, now=now)
        assert refused == [Refusal.FEWER_PLACES_THAN_TAKEN]
        assert roles_of(second.opportunity) == [("Mitspielen", 2), ("Aufbauen", 3)]
        assert change_role(second, need_of(second, places=2), editor=editor, now=now) == []

    def test_the_last_one_left_has_no_name_and_stays(
        self, two: tuple[Role, Role], editor: User, now: datetime
    ) -> None:
        first, second = two
        assert remove_role(second, editor=editor, now=now) == []
        assert roles_of(first.opportunity) == [("", 2)]
        assert remove_role(first, editor=editor, now=now) == [Refusal.LAST_ROLE]
        assert roles_of(first.opportunity) == [("", 2)]

    def test_a_closed_task_stays_as_it_is(self, two: tuple[Role, Role], editor: User, now: datetime) -> None:
        first, second = two
        task = second.opportunity
        Opportunity.objects.update(status="closed")
        assert remove_role(second, editor=editor, now=now) == [Refusal.HAS_ENDED]
        assert change_role(second, need_of(second, places=9), editor=editor, now=now) == [Refusal.HAS_ENDED]
        new = Need(places=1, name="Neu", activity=first.activity)
        assert add_role(task, new, editor=editor, now=now) == [Refusal.HAS_ENDED]
        assert roles_of(task) == [("Mitspielen", 2), ("Aufbauen", 3)]

    def test_the_history_tells_of_which_role_what_changed(
        self, two: tuple[Role, Role], editor: User, now: datetime
    ) -> None:
        _first, second = two
        change_role(second, need_of(second, name="Abbauen", places=4), editor=editor, now=now)
        client = Client()
        client.force_login(editor)
        page = client.get(reverse("coordination_opportunity", args=[second.opportunity_id]))
        lines = [line for item in page.context["history"] for line in item.lines]
        assert {"Abbauen: Plätze: 3 → 4", "Aufgabe: Aufbauen → Abbauen"} <= set(lines)


def test_a_task_that_is_taken_down_goes_with_the_names_of_its_roles(
    two: tuple[Role, Role], editor: User, now: datetime
) -> None:
    task = two[0].opportunity
    change_role(two[1], need_of(two[1], name="Mit Jonas aufbauen"), editor=editor, now=now)
    take_down(task, by=editor, now=now)
    assert [name for name, _places in roles_of(task)] == [f"[entfernt] {role.pk}" for role in two]
    told = json.dumps(list(Event.objects.values_list("changes", flat=True)))
    assert not [word for word in ("Jonas", "Mitspielen", "Aufbauen") if word in told]


class TestTheDatabase:
    """It refuses what no page offers."""

    def test_a_public_task_has_no_role_of_which_nothing_is_decided(self, two: tuple[Role, Role]) -> None:
        _first, second = two
        strict = {"activity": None, "contact_with_minors": True, "clearance_required": True}
        with pytest.raises(IntegrityError, match="no activity"), transaction.atomic():
            Role.objects.filter(pk=second.pk).update(**strict)
        with pytest.raises(IntegrityError, match="no activity"), transaction.atomic():
            Role.objects.create(opportunity=second.opportunity, name="Neu", places=1)
        Opportunity.objects.update(status="in_review")
        Role.objects.filter(pk=second.pk).update(**strict)
        with pytest.raises(IntegrityError, match="without an activity"), transaction.atomic():
            Opportunity.objects.update(status="published")

    def test_places_taken_and_held_never_exceed_the_places(self, two: tuple[Role, Role]) -> None:
        for taken, held in ((4, 0), (0, 4), (2, 2)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Role.objects.filter(pk=two[1].pk).update(places_taken=taken, places_held=held)

    def test_two_roles_have_two_names(self, two: tuple[Role, Role]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE programs_role SET name = 'Mitspielen'")


class TestPages:
    @pytest.fixture
    def client(self, editor: User) -> Client:
        client = Client()
        client.force_login(editor)
        return client

    def test_a_coordinator_adds_changes_and_removes_a_role(
        self, client: Client, task: Opportunity, now: datetime
    ) -> None:
        page = reverse("coordination_opportunity", args=[task.pk])
        assert "Aufgaben darin" not in client.get(page).content.decode()
        calm = asking(clearance=False, contact=False)["activity"]
        sent = {
            "name_of_first": "Mitspielen",
            "name": "Aufbauen",
            "places": "3",
            "minimum_age": "16",
            "skills": ["driving"],
            "activity": calm.pk,
        }
        new = reverse("coordination_role_new", args=[task.pk])
        refused = client.post(new, {**sent, "name_of_first": ""})
        assert (refused.status_code, roles_of(task)) == (422, [("", 2)])
        assert client.post(new, sent, follow=True).redirect_chain == [(page, 302)]
        assert roles_of(task) == [("Mitspielen", 2), ("Aufbauen", 3)]
        html = client.get(page).content.decode()
        assert "Aufgaben darin" in html
        assert "ab 16 Jahren, Auto fahren, ohne Führungszeugnis" in html
        second = task.roles.get(name="Aufbauen")
        edit = reverse("coordination_role_edit", args=[second.pk])
        assert "name_of_first" not in client.get(edit).context["form"].fields
        client.post(edit, {**sent, "places": "5"})
        assert roles_of(task)[1] == ("Aufbauen", 5)
        form = client.get(reverse("coordination_opportunity_edit", args=[task.pk])).context["form"]
        assert not form.fields.keys() & {"places", "minimum_age", "skills", "languages", "activity"}
        client.post(reverse("coordination_role_remove", args=[second.pk]))
        assert roles_of(task) == [("", 2)]

    def test_the_form_of_the_task_leaves_several_roles_as_they_are(
        self, client: Client, two: tuple[Role, Role]
    ) -> None:
        task = two[0].opportunity
        edit = reverse("coordination_opportunity_edit", args=[task.pk])
        told = Event.objects.filter(changes__has_key="role").count()
        form = client.get(edit).context["form"]
        said = {name: form[name].value() for name in form.fields}
        said = {name: value for name, value in said.items() if value not in (None, "", [], False)}
        answer = client.post(edit, {**said, "site": "Turnhalle", "places": "99", "minimum_age": "18"})
        assert answer.status_code == 302
        task.refresh_from_db()
        assert task.site == "Turnhalle"
        assert roles_of(task) == [("Mitspielen", 2), ("Aufbauen", 3)]
        assert Event.objects.filter(changes__has_key="role").count() == told

    def test_the_public_page_lists_roles_only_where_there_are_several(
        self, task: Opportunity, two: tuple[Role, Role]
    ) -> None:
        first, second = two
        Role.objects.filter(pk=first.pk).update(places_taken=2)
        visitor = Client()
        html = visitor.get(task.get_absolute_url()).content.decode()
        begin = reverse("pledge_time_for", args=[task.slug])
        assert f'href="{begin}?role={second.pk}"' in html
        waiting = html.split(f'href="{begin}?role={first.pk}"')[1].split("</a>")[0]
        assert "Auf die Warteliste" in waiting
        assert "noch Plätze frei" in html
        second.delete()
        Role.objects.update(name="")
        html = visitor.get(task.get_absolute_url()).content.decode()
        assert "Wobei Sie helfen können" not in html
        assert "?role=" not in html
        assert "Zurzeit sind alle Plätze vergeben" in html
