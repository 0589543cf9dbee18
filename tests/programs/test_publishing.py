"""Writing, releasing, pausing and ending an Engagementangebot, through the services."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from foundation.actors import staff
from foundation.history import acting
from foundation.models import Event
from programs.domain.refusals import Refusal
from programs.models import Opportunity, Provider, Role
from programs.selectors.writers import unwritten_by, writers_since_release
from programs.services.opportunities import Task, change_opportunity, create_opportunity
from programs.services.publishing import (
    close,
    mark_of_task,
    pause,
    release,
    resume,
    send_back,
    submit,
)
from programs.services.roles import Need
from programs.signals import need_changed
from tests.factories import (
    make_activity,
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    make_user,
    role_of,
    weekly,
)
from tests.volunteers.test_who_may_come import release_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return make_provider("Lesefreunde e.V.")


@pytest.fixture
def author(provider: Provider) -> User:
    return make_coordinator(provider)


@pytest.fixture
def reader(provider: Provider) -> User:
    return make_coordinator(provider)


@pytest.fixture
def task() -> Task:
    return Task(
        title="Vorlesen in der Bücherei",
        task="Sie lesen einer Gruppe vor.",
        field="education",
        district=make_district(latitude=50.81, longitude=6.47),
        site="Stadtbücherei",
        starts_on=date(2026, 3, 1),
        need=Need(places=3, activity=make_activity()),
        rhythms=weekly([(1, 900, 990)]),
    )


def needing(task: Task, **changes: Any) -> Task:
    """Return `task` with its role changed."""
    assert task.need is not None
    return replace(task, need=replace(task.need, **changes))


@pytest.fixture
def told() -> Iterator[list[list[int]]]:
    """What listeners to `need_changed` hear."""
    heard: list[list[int]] = []

    def listen(opportunity_ids: list[int], **kwargs: Any) -> None:
        heard.append(opportunity_ids)

    need_changed.connect(listen)
    yield heard
    need_changed.disconnect(listen)


def read_and_release(opportunity: Opportunity, by: User, now: datetime, **values: Any) -> list[Refusal]:
    seen = {"text_read": mark_of_task(opportunity), "hints_read": True, **values}
    return release(opportunity, by=by, now=now, **seen)


def published(provider: Provider, task: Task, author: User, reader: User, now: datetime) -> Opportunity:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    assert submit(opportunity, by=author, now=now) == []
    assert read_and_release(opportunity, reader, now) == []
    opportunity.refresh_from_db()
    return opportunity


def status(opportunity: Opportunity) -> str:
    opportunity.refresh_from_db()
    return opportunity.status


def test_a_new_one_is_a_draft_at_the_point_of_its_district(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    assert (opportunity.status, opportunity.slug) == ("draft", "vorlesen-in-der-buecherei")
    assert (opportunity.latitude, opportunity.longitude) == (50.81, 6.47)
    assert opportunity.clearance_required is True
    assert [(slot.weekday, slot.start_minute, slot.end_minute) for slot in opportunity.weekly_shares] == [
        (1, 900, 990)
    ]
    assert opportunity.shifts.count() == 0


def test_what_the_activity_asks_for_is_asked_and_without_one_the_strictest(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    calm = make_activity(contact_with_minors=False, clearance_required=False)
    without = create_opportunity(provider, needing(task, activity=calm), author=author, now=now)
    assert (without.contact_with_minors, without.clearance_required) == (False, False)
    unsure = create_opportunity(
        provider,
        needing(replace(task, activity_question="Was ist es?"), activity=None),
        author=author,
        now=now,
    )
    assert (unsure.contact_with_minors, unsure.clearance_required) == (True, True)


def test_addresses_are_unique_and_never_that_of_a_page(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    slugs = [create_opportunity(provider, task, author=author, now=now).slug for _number in range(3)]
    assert slugs == [
        "vorlesen-in-der-buecherei",
        "vorlesen-in-der-buecherei-2",
        "vorlesen-in-der-buecherei-3",
    ]
    assert (
        create_opportunity(provider, replace(task, title="Zusagen!"), author=author, now=now).slug
        == "zusagen-2"
    )
    assert (
        create_opportunity(provider, replace(task, title="???"), author=author, now=now).slug == "engagement"
    )


def test_a_second_person_releases_and_dates_come_into_being(
    provider: Provider, task: Task, author: User, reader: User, now: datetime, told: list[list[int]]
) -> None:
    opportunity = published(provider, task, author, reader, now)
    assert opportunity.status == "published"
    assert opportunity.shifts.count() == 8
    moves = Event.objects.filter(kind="transition").order_by("id")
    assert [(m.from_status, m.to_status, m.actor_user, m.actor_role) for m in moves] == [
        ("draft", "in_review", author.pk, "coordinator"),
        ("in_review", "published", reader.pk, "coordinator"),
    ]
    assert told[-1] == [opportunity.pk]


def test_the_author_does_not_release_their_own_text(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    assert read_and_release(opportunity, author, now) == [Refusal.SAME_PERSON]
    assert status(opportunity) == "in_review"
    assert opportunity.shifts.count() == 0


def test_neither_does_who_changed_it_last(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    change_opportunity(opportunity, replace(task, title="Vorlesen"), editor=reader, now=now)
    opportunity.refresh_from_db()
    assert read_and_release(opportunity, reader, now) == [Refusal.SAME_PERSON]
    assert read_and_release(opportunity, author, now) == [Refusal.SAME_PERSON]
    assert read_and_release(opportunity, make_coordinator(provider), now) == []


def test_a_text_changed_after_reading_is_not_released_unread(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    read = mark_of_task(opportunity)
    change_opportunity(opportunity, replace(task, task="Etwas ganz anderes."), editor=author, now=now)
    assert release(opportunity, by=reader, text_read=read, hints_read=True, now=now) == [Refusal.TEXT_CHANGED]
    assert status(opportunity) == "in_review"


@pytest.mark.parametrize(
    "changes",
    [
        {"activity": "weaker"},
        {"activity": "its twin"},
        {"minimum_age": 18},
        {"site_kind": "kita"},
        {"staff_is_there": True},
    ],
)
def test_what_is_asked_of_people_changed_after_reading_is_not_released_unread(
    provider: Provider, task: Task, author: User, reader: User, now: datetime, changes: dict[str, Any]
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    client = Client()
    client.force_login(reader)
    page = client.get(f"/koordination/angebote/{opportunity.pk}/")
    said = {"text_read": page.context["release_form"]["text_read"].value()}
    if "activity" in changes:
        weaker = {"contact_with_minors": False, "clearance_required": False}
        changes = {"activity": make_activity(**(weaker if changes["activity"] == "weaker" else {}))}
    of_the_task = {"site_kind", "staff_is_there"} & {*changes}
    changed = replace(task, **changes) if of_the_task else needing(task, **changes)
    assert change_opportunity(opportunity, changed, editor=author, now=now) == []
    refused = client.post(f"/koordination/angebote/{opportunity.pk}/freigeben/", said)
    assert (refused.status_code, refused.context["refusals"]) == (422, [Refusal.TEXT_CHANGED])
    assert status(opportunity) == "in_review"
    read = {"text_read": refused.context["release_form"]["text_read"].value()}
    assert client.post(f"/koordination/angebote/{opportunity.pk}/freigeben/", read).status_code == 302
    assert status(opportunity) == "published"


@pytest.mark.parametrize(
    ("before", "after"), [((False, False), (True, False)), ((True, False), (True, True))]
)
def test_an_activity_that_asks_for_more_meanwhile_is_not_released_unread(
    provider: Provider,
    task: Task,
    author: User,
    reader: User,
    now: datetime,
    before: tuple[bool, bool],
    after: tuple[bool, bool],
) -> None:
    """Contact with children alone, and a certificate alone: the youth office decides both of an activity."""
    columns = ("contact_with_minors", "clearance_required")
    activity = make_activity(**dict(zip(columns, before, strict=True)))
    opportunity = create_opportunity(provider, needing(task, activity=activity), author=author, now=now)
    submit(opportunity, by=author, now=now)
    client = Client()
    client.force_login(reader)
    address = f"/koordination/angebote/{opportunity.pk}/"
    said = {"text_read": client.get(address).context["release_form"]["text_read"].value()}
    release_version(activity, now, **dict(zip(columns, after, strict=True)))
    role = role_of(opportunity)
    assert (role.contact_with_minors, role.clearance_required) == after
    refused = client.post(f"{address}freigeben/", said)
    assert (refused.status_code, refused.context["refusals"]) == (422, [Refusal.TEXT_CHANGED])
    assert status(opportunity) == "in_review"


def test_who_changed_what_is_asked_of_people_does_not_release_it_after_a_trifle_of_somebody_else(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = published(provider, task, author, reader, now)
    writer, planner = (make_coordinator(provider) for _person in range(2))
    weaker = needing(task, activity=make_activity(contact_with_minors=False, clearance_required=False))
    with acting(staff(writer.pk, "coordinator")):
        change_opportunity(opportunity, weaker, editor=writer, now=now)
    with acting(staff(planner.pk, "coordinator")):
        change_opportunity(opportunity, needing(weaker, places=5), editor=planner, now=now)
    opportunity.refresh_from_db()
    assert writers_since_release(opportunity) == {writer.pk}
    assert not unwritten_by(writer.pk).filter(pk=opportunity.pk).exists()
    assert read_and_release(opportunity, writer, now) == [Refusal.SAME_PERSON]
    assert status(opportunity) == "in_review"
    assert read_and_release(opportunity, reader, now) == []


def test_a_text_that_identifies_a_family_is_refused_at_every_door(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = create_opportunity(
        provider, replace(task, task="Familie Yilmaz braucht Hilfe."), author=author, now=now
    )
    assert submit(opportunity, by=author, now=now) == [Refusal.IDENTIFIES_SOMEBODY]
    assert status(opportunity) == "draft"
    Opportunity.objects.update(status="in_review")
    assert read_and_release(opportunity, reader, now) == [Refusal.IDENTIFIES_SOMEBODY]
    assert status(opportunity) == "in_review"


def test_hints_must_be_read(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = create_opportunity(
        provider, replace(task, task="Fragen beantwortet Frau Weber."), author=author, now=now
    )
    assert submit(opportunity, by=author, now=now) == []
    assert read_and_release(opportunity, reader, now, hints_read=False) == [Refusal.HINTS_NOT_READ]
    assert read_and_release(opportunity, reader, now, hints_read=True) == []


def test_the_address_of_the_place_and_a_coming_day_need_no_second_look(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    plain = replace(task, site="Im Hof der Weststraße 12", task="Am 5. Juni 2026 geht es los.")
    opportunity = create_opportunity(provider, plain, author=author, now=now)
    assert submit(opportunity, by=author, now=now) == []
    assert read_and_release(opportunity, reader, now, hints_read=False) == []
    assert status(opportunity) == "published"


@pytest.mark.parametrize(
    ("missing", "refusals"),
    [
        ({"protection_concept_on": None}, [Refusal.NO_PROTECTION_CONCEPT]),
        ({"safeguarding_contact": ""}, [Refusal.NO_SAFEGUARDING_CONTACT]),
        ({}, []),
    ],
)
def test_contact_with_minors_needs_a_provider_that_protects_them(
    provider: Provider,
    task: Task,
    author: User,
    reader: User,
    now: datetime,
    missing: dict[str, Any],
    refusals: list[Refusal],
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    Provider.objects.filter(pk=provider.pk).update(is_verified=False, **missing)
    assert read_and_release(opportunity, reader, now) == [Refusal.PROVIDER_NOT_VERIFIED, *refusals]
    assert status(opportunity) == "in_review"


def test_whatever_its_tasks_a_provider_needs_a_protection_concept_and_a_contact(
    task: Task, now: datetime
) -> None:
    provider = make_provider(is_verified=False, protection_concept_on=None, safeguarding_contact="")
    author = make_coordinator(provider)
    calm = make_activity(contact_with_minors=False, clearance_required=False)
    opportunity = create_opportunity(provider, needing(task, activity=calm), author=author, now=now)
    missing = [Refusal.PROVIDER_NOT_VERIFIED, Refusal.NO_PROTECTION_CONCEPT, Refusal.NO_SAFEGUARDING_CONTACT]
    assert (submit(opportunity, by=author, now=now), status(opportunity)) == (missing, "draft")
    there = {"protection_concept_on": date(2026, 1, 15), "safeguarding_contact": "Team Schutz"}
    Provider.objects.update(is_verified=True, **there)
    opportunity.refresh_from_db()
    assert submit(opportunity, by=author, now=now) == []


def test_what_is_over_is_not_published(provider: Provider, task: Task, author: User, now: datetime) -> None:
    over = replace(task, starts_on=date(2026, 2, 1), ends_on=date(2026, 3, 1))
    opportunity = create_opportunity(provider, over, author=author, now=now)
    assert submit(opportunity, by=author, now=now) == [Refusal.IS_OVER]
    today = replace(over, ends_on=date(2026, 3, 2), rhythms=weekly([(0, 900, 990)]))
    last_day = create_opportunity(provider, today, author=author, now=now)
    assert submit(last_day, by=author, now=now) == []


def test_a_step_from_the_wrong_state_changes_nothing(reader: User, now: datetime) -> None:
    for state in Opportunity.Status.values:
        opportunity = make_opportunity(status=state)
        steps = {
            "draft": lambda o: submit(o, by=reader, now=now),
            "in_review": lambda o: send_back(o, by=reader, now=now),
            "published": lambda o: pause(o, by=reader, now=now),
            "paused": lambda o: resume(o, by=reader, now=now),
        }
        for needed, step in steps.items():
            if needed != state:
                assert step(opportunity) == [Refusal.MOVED_MEANWHILE]
        if state != "in_review":
            assert read_and_release(opportunity, reader, now) == [Refusal.MOVED_MEANWHILE]
        assert status(opportunity) == state
    assert not Event.objects.filter(kind="transition", at=now).exists()


def test_pause_and_resume(
    provider: Provider, task: Task, author: User, reader: User, now: datetime, told: list[list[int]]
) -> None:
    opportunity = published(provider, task, author, reader, now)
    assert pause(opportunity, by=author, now=now) == []
    assert status(opportunity) == "paused"
    assert opportunity.shifts.filter(is_cancelled=False).count() == 8
    told.clear()
    assert resume(opportunity, by=author, now=now) == []
    assert status(opportunity) == "published"
    assert told == [[opportunity.pk]]


def test_no_return_from_a_pause_without_a_protection_concept(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = published(provider, task, author, reader, now)
    pause(opportunity, by=author, now=now)
    Provider.objects.update(is_verified=False, protection_concept_on=None)
    refused = resume(opportunity, by=author, now=now)
    assert refused == [Refusal.PROVIDER_NOT_VERIFIED, Refusal.NO_PROTECTION_CONCEPT]
    assert status(opportunity) == "paused"


def test_the_end_is_final_and_cancels_coming_dates(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = published(provider, task, author, reader, now)
    later = now + timedelta(days=10)
    assert close(opportunity, by=author, now=later) == []
    assert status(opportunity) == "closed"
    assert opportunity.shifts.filter(is_cancelled=False).count() == 2
    assert close(opportunity, by=author, now=later) == [Refusal.MOVED_MEANWHILE]
    assert change_opportunity(opportunity, task, editor=author, now=later) == [Refusal.HAS_ENDED]


def test_sent_back_it_is_a_draft_again(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    assert send_back(opportunity, by=reader, now=now) == []
    assert status(opportunity) == "draft"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Anders"},
        {"task": "Anders"},
        {"site": "Anderswo"},
        {"need": Need(places=3, minimum_age=18)},
        {"staff_is_there": True},
    ],
)
def test_a_change_of_what_was_released_needs_a_new_release(
    provider: Provider, task: Task, author: User, reader: User, now: datetime, changes: dict[str, Any]
) -> None:
    opportunity = published(provider, task, author, reader, now)
    assert change_opportunity(opportunity, replace(task, **changes), editor=author, now=now) == []
    assert status(opportunity) == "in_review"


def test_another_activity_needs_a_new_release_and_none_at_all_too(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    for other in (make_activity(), None):
        opportunity = published(provider, task, author, reader, now)
        changed = needing(replace(task, activity_question="" if other else "Was ist es?"), activity=other)
        assert change_opportunity(opportunity, changed, editor=author, now=now) == []
        assert status(opportunity) == "in_review"
        assert role_of(opportunity).activity == other


def test_numbers_and_times_take_effect_at_once(
    provider: Provider, task: Task, author: User, reader: User, now: datetime, told: list[list[int]]
) -> None:
    opportunity = published(provider, task, author, reader, now)
    told.clear()
    changed = needing(replace(task, rhythms=weekly([(2, 600, 660)]), age_bands=("6-9",)), places=5)
    assert change_opportunity(opportunity, changed, editor=author, now=now) == []
    assert status(opportunity) == "published"
    assert (opportunity.places, opportunity.age_bands) == (5, ["6-9"])
    assert {shift.starts_at.weekday() for shift in opportunity.shifts.filter(is_cancelled=False)} == {2}
    assert told == [[opportunity.pk]]


def test_not_fewer_places_than_are_taken(
    provider: Provider, task: Task, author: User, reader: User, now: datetime
) -> None:
    opportunity = published(provider, task, author, reader, now)
    Role.objects.update(places_taken=2)
    refused = change_opportunity(
        opportunity, needing(replace(task, title="Anders"), places=1), editor=author, now=now
    )
    assert refused == [Refusal.FEWER_PLACES_THAN_TAKEN]
    opportunity.refresh_from_db()
    assert (opportunity.places, opportunity.title) == (3, "Vorlesen in der Bücherei")
    assert change_opportunity(opportunity, needing(task, places=2), editor=author, now=now) == []


def test_another_district_moves_the_point(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    moved = replace(task, district=make_district(latitude=50.75, longitude=6.5))
    change_opportunity(opportunity, moved, editor=author, now=now)
    opportunity.refresh_from_db()
    assert (opportunity.latitude, opportunity.longitude) == (50.75, 6.5)


def test_a_person_without_part_in_the_text_may_release_as_youth_office(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    opportunity = create_opportunity(provider, task, author=author, now=now)
    submit(opportunity, by=author, now=now)
    assert read_and_release(opportunity, make_user(), now) == []


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "reasons"),
    [
        (
            date(2026, 3, 4),
            date(2026, 3, 9),
            [Refusal.NO_DATE],
        ),  # Wednesday to Monday
        (date(2026, 3, 4), date(2026, 3, 10), []),
        (date(2026, 2, 1), date(2026, 3, 2), [Refusal.NO_DATE]),  # its Tuesdays are all over
        (date(2026, 3, 4), None, []),
        (date(2026, 2, 1), date(2026, 3, 1), [Refusal.IS_OVER]),
    ],
)
def test_a_period_without_a_date_is_not_published(
    starts_on: date,
    ends_on: date | None,
    reasons: list[Refusal],
    provider: Provider,
    task: Task,
    author: User,
    now: datetime,
) -> None:
    draft = create_opportunity(
        provider, replace(task, starts_on=starts_on, ends_on=ends_on), author=author, now=now
    )
    assert submit(draft, by=author, now=now) == reasons
    draft.refresh_from_db()
    assert draft.is_draft == bool(reasons)


def test_a_task_by_arrangement_needs_no_date(
    provider: Provider, task: Task, author: User, now: datetime
) -> None:
    wanted = replace(task, rhythms=(), starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2))
    draft = create_opportunity(provider, wanted, author=author, now=now)
    assert submit(draft, by=author, now=now) == []


def test_a_pause_that_outlasted_its_dates_is_not_resumed(
    author: User, provider: Provider, now: datetime
) -> None:
    paused = make_opportunity(provider=provider, status="paused", ends_on=date(2026, 3, 2))
    assert resume(paused, by=author, now=now) == [Refusal.NO_DATE]
    paused.refresh_from_db()
    assert paused.status == "paused"
