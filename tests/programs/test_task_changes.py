"""What a change of a task sets off: a new release, a word to whoever listens, another point, other dates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from accounts.models import User
from programs.domain.refusals import Refusal
from programs.models import Opportunity, Role
from programs.selectors.activities import last_question
from programs.services.activity_questions import open_question
from programs.services.opportunities import Task, change_opportunity, create_opportunity
from programs.services.publishing import submit
from programs.services.roles import Need, add_role, change_role, remove_role
from programs.signals import need_changed
from tests.factories import (
    decide_anew,
    make_activity,
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    make_role,
    publish,
    role_of,
    weekly,
)

pytestmark = pytest.mark.django_db

STATES = ("draft", "in_review", "published", "paused")


@pytest.fixture
def editor() -> User:
    return make_coordinator(make_provider())


@pytest.fixture
def said() -> Task:
    return Task(
        title="Vorlesen",
        task="Sie lesen vor.",
        field="education",
        district=make_district(latitude=50.81, longitude=6.47),
        site="Bücherei",
        starts_on=date(2026, 3, 1),
        need=Need(places=3, activity=make_activity()),
        rhythms=weekly([(1, 900, 990)]),
    )


def needing(said: Task, **changes: Any) -> Task:
    """Return `said` with its role changed."""
    assert said.need is not None
    return replace(said, need=replace(said.need, **changes))


def written(said: Task, editor: User, now: datetime, status: str = "draft") -> Opportunity:
    """Make the task that was said in that state, however it came there."""
    task = create_opportunity(editor.memberships.get().provider, said, author=editor, now=now)
    if status == "in_review":
        Opportunity.objects.filter(pk=task.pk).update(status=status)
    elif status != "draft":
        publish(task)
        Opportunity.objects.filter(pk=task.pk).update(status=status)
    task.refresh_from_db()
    return task


def status(task: Opportunity) -> str:
    return Opportunity.objects.get(pk=task.pk).status


@pytest.fixture
def heard() -> Iterator[list[list[int]]]:
    """The tasks of which listeners to `need_changed` hear."""
    told: list[list[int]] = []

    def listen(opportunity_ids: list[int], **_more: Any) -> None:
        told.append(opportunity_ids)

    need_changed.connect(listen)
    yield told
    need_changed.disconnect(listen)


@pytest.mark.parametrize("state", STATES)
def test_only_what_was_public_waits_for_a_new_release(
    said: Task, editor: User, now: datetime, state: str
) -> None:
    """A pause is no way round it: resuming needs no second person."""
    waits = "in_review" if state in ("published", "paused") else state
    for changed, after in (
        (needing(said, places=5), state),
        (replace(said, title="Vorsingen"), waits),
        (replace(said, site_kind="schule_ogs"), waits),
        (needing(said, minimum_age=17), waits),
    ):
        task = written(said, editor, now, state)
        assert change_opportunity(task, changed, editor=editor, now=now) == []
        assert status(task) == after


@pytest.mark.parametrize("state", STATES)
def test_the_same_holds_for_one_of_several_roles(editor: User, now: datetime, state: str) -> None:
    waits = "in_review" if state in ("published", "paused") else state

    def two() -> Role:
        task = make_opportunity(status=state)
        Role.objects.filter(opportunity=task).update(name="Mitspielen")
        return make_role(task, "Aufbauen")

    for changes, after in (
        ({"places": 5}, state),
        ({"name": "Abbauen"}, waits),
        ({"minimum_age": 18}, waits),
    ):
        role = two()
        need = replace(Need(places=1, name="Aufbauen", activity=role.activity), **changes)  # type: ignore[arg-type]
        assert change_role(role, need, editor=editor, now=now) == []
        assert status(role.opportunity) == after
    role = two()
    third = Need(places=1, name="Kochen", activity=role.activity)
    assert add_role(role.opportunity, third, editor=editor, now=now) == []
    assert status(role.opportunity) == waits


@pytest.mark.parametrize(
    ("changes", "need", "is_told"),
    [
        ({"title": "Vorsingen"}, {}, False),
        ({"ends_on": date(2026, 5, 1)}, {}, False),
        ({}, {"places": 5}, False),
        ({}, {"minimum_age": 17}, True),
        ({}, {"activity": "other"}, True),
        ({"site": "Schule"}, {}, True),
        ({"site_kind": "schule_ogs"}, {}, True),
    ],
)
def test_of_a_draft_is_told_what_bears_on_people_and_of_all_else_everything(
    said: Task,
    editor: User,
    now: datetime,
    heard: list[list[int]],
    changes: dict[str, Any],
    need: dict[str, Any],
    is_told: bool,
) -> None:
    """Who helped there before it was taken back to a draft still has papers that hang on place and age."""
    if "activity" in need:
        need = {"activity": make_activity()}
    changed = needing(replace(said, **changes), **need)
    for state, expected in (("draft", is_told), ("in_review", True), ("published", True)):
        task = written(said, editor, now, state)
        heard.clear()
        assert change_opportunity(task, changed, editor=editor, now=now) == []
        assert heard == ([[task.pk]] if expected else [])


def test_a_point_of_its_own_stays_until_the_district_changes(said: Task, editor: User, now: datetime) -> None:
    task = written(replace(said, latitude=50.9, longitude=6.9), editor, now)
    other = make_district(latitude=50.75, longitude=6.5)

    def point(changed: Task) -> tuple[float, float]:
        assert change_opportunity(task, changed, editor=editor, now=now) == []
        task.refresh_from_db()
        return task.latitude, task.longitude

    assert point(replace(said, title="Vorsingen")) == (50.9, 6.9)
    # half a point is none
    assert point(replace(said, latitude=50.1)) == (50.9, 6.9)
    assert point(replace(said, district=other)) == (50.75, 6.5)
    assert point(replace(said, district=said.district, latitude=50.2, longitude=6.2)) == (50.2, 6.2)


def test_coming_dates_follow_a_changed_period_and_a_draft_has_none(
    said: Task, editor: User, now: datetime
) -> None:
    task = written(said, editor, now, "published")
    assert change_opportunity(task, replace(said, ends_on=date(2026, 3, 17)), editor=editor, now=now) == []
    days = [f"{each.starts_at:%d.%m.}" for each in task.shifts.filter(is_cancelled=False)]
    assert days == ["03.03.", "10.03.", "17.03."]
    # a change that waits for release moves the dates of who comes already
    assert (
        change_opportunity(
            task, replace(said, title="Vorsingen", ends_on=date(2026, 3, 10)), editor=editor, now=now
        )
        == []
    )
    assert (status(task), task.shifts.filter(is_cancelled=False).count()) == ("in_review", 2)
    draft = written(said, editor, now)
    assert change_opportunity(draft, replace(said, ends_on=date(2026, 3, 17)), editor=editor, now=now) == []
    assert not draft.shifts.exists()


def test_one_need_is_not_written_into_one_of_several_roles(said: Task, editor: User, now: datetime) -> None:
    task = written(said, editor, now)
    Role.objects.filter(opportunity=task).update(name="Vorlesen")
    second = make_role(task, "Aufbauen", places=2)
    changed = replace(needing(said, places=9), title="Vorsingen")
    assert change_opportunity(task, changed, editor=editor, now=now) == [Refusal.MOVED_MEANWHILE]
    assert change_opportunity(task, replace(changed, need=None), editor=editor, now=now) == []
    task.refresh_from_db()
    assert (task.title, [role.places for role in task.roles.order_by("pk")]) == ("Vorsingen", [3, 2])
    second_gone = Role.objects.get(pk=second.pk)
    assert remove_role(second, editor=editor, now=now) == []
    need = Need(places=1, name="Aufbauen", activity=second.activity)
    assert change_role(second_gone, need, editor=editor, now=now) == [Refusal.MOVED_MEANWHILE]


class TestTheAge:
    def test_is_never_below_that_of_the_activity(self, said: Task, editor: User, now: datetime) -> None:
        late = make_activity(minimum_age=18)
        for age, expected in ((16, 18), (18, 18)):
            task = written(needing(said, activity=late, minimum_age=age), editor, now)
            assert role_of(task).minimum_age == expected
        task = written(said, editor, now)
        assert change_opportunity(task, needing(said, activity=late), editor=editor, now=now) == []
        assert role_of(task).minimum_age == 18

    @pytest.mark.parametrize("ages", [(18, 16), (16, 18)])
    def test_of_each_role_is_looked_at_before_it_is_public(
        self, editor: User, now: datetime, ages: tuple[int, int]
    ) -> None:
        """The office has raised the age of one of two activities since the roles were written."""
        task = make_opportunity(status="draft", activity=make_activity(), minimum_age=18)
        Role.objects.filter(opportunity=task).update(name="Mitspielen")
        second = make_role(task, "Aufbauen", activity=make_activity(), minimum_age=18)
        Role.objects.filter(opportunity=task).exclude(pk=second.pk).update(minimum_age=ages[0])
        Role.objects.filter(pk=second.pk).update(minimum_age=ages[1])
        for role in Role.objects.filter(opportunity=task, minimum_age=16):
            assert role.activity is not None
            decide_anew(role.activity, minimum_age=17)
        Role.objects.filter(opportunity=task, minimum_age=17).update(minimum_age=16)
        assert submit(task, by=editor, now=now) == [Refusal.YOUNGER_THAN_ACTIVITY]
        Role.objects.filter(opportunity=task, minimum_age=16).update(minimum_age=17)
        assert submit(task, by=editor, now=now) == []


class TestTheQuestionAfterTheActivity:
    @pytest.fixture
    def asks(self, said: Task) -> Task:
        return needing(replace(said, activity_question="Was ist es?"), activity=None)

    def test_is_put_by_people_alone(self, asks: Task, editor: User, now: datetime) -> None:
        loaded = create_opportunity(make_provider(), asks, author=None, now=now)
        assert (open_question(loaded), loaded.created_by, loaded.edited_by) == (None, None, None)
        question = open_question(written(asks, editor, now))
        assert question is not None
        assert (question.text, question.asked_at) == ("Was ist es?", now)
        assert open_question(written(replace(asks, activity_question=""), editor, now)) is None

    def test_stays_while_nothing_is_said_of_the_role(self, asks: Task, editor: User, now: datetime) -> None:
        task = written(asks, editor, now)
        Role.objects.filter(opportunity=task).update(name="Vorlesen")
        second = make_role(task, "Aufbauen", activity=make_activity())
        assert change_opportunity(task, replace(asks, need=None), editor=editor, now=now) == []
        assert open_question(task) is not None
        assert submit(task, by=editor, now=now) == [Refusal.ACTIVITY_ASKED]
        assert remove_role(second, editor=editor, now=now) == []
        assert open_question(task) is not None

    def test_is_taken_back_with_the_last_role_it_asks_for(
        self, asks: Task, editor: User, now: datetime
    ) -> None:
        task = written(asks, editor, now)
        first = role_of(task)
        Role.objects.filter(pk=first.pk).update(name="Vorlesen")
        make_role(task, "Aufbauen", activity=make_activity())
        assert remove_role(first, editor=editor, now=now) == []
        assert open_question(task) is None
        assert last_question(task) is None
        assert task.activity_questions.get().status == "withdrawn"
