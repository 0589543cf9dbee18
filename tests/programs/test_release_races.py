"""Several people act on one text at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.models import User
from foundation.history import lines_of
from foundation.models import Event
from programs.domain.activities import ActivityRefusal
from programs.domain.declarations import DeclarationKind
from programs.forms.activity import facts_of
from programs.models import Activity, ActivityVersion, Declaration, Membership, Opportunity
from programs.selectors.declarations import declaration_draft
from programs.services.activities import draft_of, mark_of, release_draft, write_draft
from programs.services.declarations import mark_of_declaration, release_declaration, write_declaration
from programs.services.opportunities import Task, change_opportunity
from programs.services.publishing import mark_of_task, release
from programs.services.roles import Need
from programs.services.takedowns import find_text, take_down
from programs.services.text_drafts import mark_of_texts, release_texts, write_words
from tests.factories import (
    make_activity,
    make_coordinator,
    make_declaration,
    make_fund,
    make_news,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
    role_of,
)
from tests.lists.rows import client_of
from tests.searching import tables_with

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]


def at_once(*acts: Act) -> list[Any]:
    """Run every act on a connection of its own, started together."""
    start = Barrier(len(acts))

    def run(act: Act) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_eight_readers_release_once(now: datetime) -> None:
    waiting = make_opportunity(status="in_review")
    reader = make_coordinator(waiting.provider)
    read = mark_of_task(waiting)
    answers = at_once(*[lambda: release(waiting, by=reader, text_read=read, hints_read=True, now=now)] * 8)
    assert sorted(map(len, answers)) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert Event.objects.filter(to_status="published").count() == 1
    assert waiting.shifts.count() == 8


class TestTheOffice:
    """What two people of the youth office decide: released once, by whoever is first, and begun once."""

    @pytest.fixture
    def people(self) -> list[User]:
        office = make_youth_office()
        return [make_user(Membership.Role.SAFEGUARDING_OFFICER, office) for _person in range(3)]

    def test_a_version_of_an_activity_is_released_once(self, people: list[User], now: datetime) -> None:
        writer, *readers = people
        activity = make_activity()
        write_draft(activity, {**facts_of(current(activity)), "minimum_age": 18}, by=writer, now=now)
        draft = draft_of(activity)
        assert draft is not None
        read = mark_of(draft)
        answers = at_once(
            *[lambda by=by: release_draft(activity, by=by, read=read, now=now) for by in readers * 4]
        )
        assert Counter(answers) == {None: 1, ActivityRefusal.MOVED_MEANWHILE: 7}
        versions = activity.versions.order_by("number").values_list("number", "status")
        assert list(versions) == [(1, "replaced"), (2, "in_force")]

    def test_a_version_changed_at_the_same_moment_never_holds_unread(
        self, people: list[User], now: datetime
    ) -> None:
        writer, reader, other = people
        activity = make_activity()
        facts = {**facts_of(current(activity)), "minimum_age": 18}
        write_draft(activity, facts, by=writer, now=now)
        draft = draft_of(activity)
        assert draft is not None
        read = mark_of(draft)
        at_once(
            lambda: release_draft(activity, by=reader, read=read, now=now),
            lambda: write_draft(activity, {**facts, "clearance_required": False}, by=other, now=now),
        )
        activity.refresh_from_db()
        assert activity.clearance_required is True

    def test_a_text_that_is_signed_is_begun_once_and_released_once(
        self, people: list[User], now: datetime
    ) -> None:
        kind = DeclarationKind.SELF_COMMITMENT
        make_declaration()
        text = {"text": "Ich achte jedes Kind sehr.", "source": "Amt, 2026"}
        at_once(*[lambda: write_declaration(kind, **text, by=people[0], now=now)] * 4)
        draft = declaration_draft(kind)
        assert draft is not None
        assert (draft.number, draft.writers) == (2, [people[0].pk])
        read = mark_of_declaration(draft)
        answers = at_once(
            *[lambda by=by: release_declaration(kind, by=by, read=read, now=now) for by in people * 2]
        )
        assert answers.count(None) == 1
        assert set(answers) <= {None, ActivityRefusal.SAME_PERSON, ActivityRefusal.MOVED_MEANWHILE}
        rows = Declaration.objects.order_by("number").values_list("number", "status")
        assert list(rows) == [(1, "replaced"), (2, "in_force")]
        assert Declaration.objects.get(number=2).released_by_id in {each.pk for each in people[1:]}

    def test_two_new_activities_of_one_name_have_two_addresses(
        self, people: list[User], now: datetime
    ) -> None:
        facts = {**facts_of(current(make_activity())), "name": "Am Feuer"}
        at_once(*[lambda: write_draft(None, facts, by=people[0], now=now)] * 2)
        slugs = Activity.objects.filter(slug__startswith="am-feuer").values_list("slug", flat=True)
        assert sorted(slugs) == ["am-feuer", "am-feuer-2"]

    def test_a_purpose_is_released_once_and_by_nobody_who_wrote(
        self, people: list[User], now: datetime
    ) -> None:
        fund = make_fund("Ranzen")
        writer = make_user(is_superuser=True, is_staff=True)
        draft = write_words(fund, {"purpose": "Ranzen für Erstklässler."}, by=writer, now=now)
        assert draft is not None
        read: dict[str, Any] = {"text_read": mark_of_texts(draft), "hints_read": True, "now": now}
        by = [writer, *(make_coordinator(fund.provider) for _person in range(3))]
        answers = at_once(*[lambda by=each: release_texts(draft, by=by, **read) for each in by * 2])
        assert answers.count([]) == 1
        fund.refresh_from_db()
        assert fund.purpose == "Ranzen für Erstklässler."
        draft.refresh_from_db()
        assert draft.released_by_id in {each.pk for each in by[1:]}


def current(activity: Activity) -> ActivityVersion:
    assert activity.current is not None
    return activity.current


def test_a_text_changed_at_the_same_moment_is_never_public_unread(now: datetime) -> None:
    for _round in range(5):
        waiting = make_opportunity("Vorlesen", status="in_review")
        reader, author = (make_coordinator(waiting.provider) for _person in range(2))
        read = mark_of_task(waiting)
        task = _said(waiting, "Etwas anderes")
        at_once(
            lambda row=waiting, by=reader, mark=read: release(
                row, by=by, text_read=mark, hints_read=True, now=now
            ),
            lambda row=waiting, by=author, new=task: change_opportunity(row, new, editor=by, now=now),
        )
        waiting.refresh_from_db()
        assert (waiting.title, waiting.status) == ("Etwas anderes", Opportunity.Status.IN_REVIEW)


class TestTakenDown:
    """Two officers find the same text at the same moment: it is gone, and both are on record."""

    @pytest.mark.parametrize("kind", ["task", "purpose", "provider", "news"])
    def test_by_two_at_once(self, kind: str, now: datetime) -> None:
        row: Any = {
            "task": lambda: make_opportunity("Vorlesen für Quölzmann"),
            "purpose": lambda: make_fund("Ranzen für Quölzmann"),
            "provider": lambda: make_provider("Haus", note="Quölzmann fragt nach."),
            "news": lambda: make_news(make_fund("Ranzen"), "Quölzmann dankt"),
        }[kind]()
        about = row.fund if kind == "news" else row
        office = make_youth_office()
        officers = [make_user(Membership.Role.SAFEGUARDING_OFFICER, office) for _person in range(4)]
        at_once(*[partial(_take_down, kind, row.pk, each, now) for each in officers])
        assert tables_with("Quölzmann") == []
        lines = lines_of(about).filter(changes__text__1="removed")
        assert set(lines.values_list("actor_user", flat=True)) <= {each.pk for each in officers}
        assert lines.exists()

    def test_while_its_author_saves_other_words(self, now: datetime) -> None:
        task = make_opportunity("Vorlesen für Quölzmann", status="draft")
        author = make_coordinator(task.provider)
        officer = make_user(Membership.Role.SAFEGUARDING_OFFICER, make_youth_office())
        at_once(
            *[partial(_take_down, "task", task.pk, officer, now)],
            *[partial(change_opportunity, task, _said(task, "Malen mit Quölzmann"), editor=author, now=now)],
        )
        task.refresh_from_db()
        assert (task.status, tables_with("Quölzmann")) == ("closed", [])


def _said(task: Opportunity, title: str) -> Task:
    return Task(
        title=title,
        task=task.task,
        field=task.field,
        district=task.district,
        site=task.site,
        starts_on=date(2026, 1, 5),
        need=Need(places=1, activity=role_of(task).activity),
    )


def _take_down(kind: str, pk: int, by: User, now: datetime) -> None:
    row = find_text(kind, pk)
    if row is not None:
        take_down(row, by=by, now=now)


def test_texts_that_several_tick_together_are_released_once_each(now: datetime) -> None:
    house = make_provider("Haus")
    writer, readers = make_coordinator(house), [make_coordinator(house) for _person in range(4)]
    drafts = []
    for name in ("Ranzen", "Hefte", "Stifte"):
        fund = make_fund(name, slug=name.lower(), provider=house, purpose="Für den Anfang.")
        draft = write_words(fund, {"purpose": f"{name} für die Schule."}, by=writer, now=now)
        assert draft is not None
        drafts.append(draft)
    ticked: dict[str, Any] = {"chosen": [draft.pk for draft in drafts], "sure": "1"}
    for draft in drafts:
        this = f"text-{draft.pk}"
        ticked |= {f"{this}-text_read": mark_of_texts(draft), f"{this}-is_read": "on"}

    def post(client: Client) -> int:
        return client.post("/koordination/texte/lesen/", ticked).status_code

    answers = at_once(*[partial(post, client_of(reader)) for reader in readers])
    assert set(answers) <= {303, 422}
    for draft in drafts:
        draft.refresh_from_db()
        assert draft.status == "in_force"
        assert lines_of(draft).filter(to_status="in_force").count() == 1
