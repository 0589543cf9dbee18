"""A change that concerns very many people answers at once; a worker looks at all of them afterwards."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from foundation.actors import staff
from foundation.sweeps import run
from programs.models import Activity, Membership, Opportunity, Provider, Role
from programs.services.providers import stop_provider
from tests.factories import make_activity, make_opportunity, make_provider, make_shift, make_user, occupied
from tests.volunteers.pledging import mails, make_pledge, make_sent_offer
from tests.volunteers.test_who_may_come import release_version
from volunteers.models import Assignment, NeedChange, Offer, Placement, TimePledge, Volunteer
from volunteers.services.answers import accept_offer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearance_changes import TOGETHER
from volunteers.services.need_changes import follow_changed_needs
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db
SWEEP = "volunteers.follow_needs"
MANY = TOGETHER + 1


def crowd(now: datetime, number: int) -> list[TimePledge]:
    """Make so many people with a pledge each."""
    first = make_pledge(now)
    person = first.volunteer
    people = Volunteer.objects.bulk_create(
        Volunteer(first_name="Alex", mailbox=person.mailbox, created_at=now, confirmed_at=now)
        for _number in range(number - 1)
    )
    pledges = TimePledge.objects.bulk_create(
        TimePledge(
            volunteer=each,
            status="open",
            status_changed_at=now,
            created_at=now,
            confirmed_at=now,
            answer_due_at=now + timedelta(days=9),
            submission=uuid4(),
            hours_per_week=first.hours_per_week,
        )
        for each in people
    )
    return [first, *pledges]


def place(task: Opportunity, now: datetime, number: int) -> None:
    """Let so many people be active there."""
    pledges, role = crowd(now, number), task.roles.get()
    Placement.objects.bulk_create(
        Placement(
            volunteer_id=each.volunteer_id,
            pledge=each,
            role=role,
            opportunity=task,
            status="active",
            status_changed_at=now,
            created_at=now,
            from_on=date(2026, 1, 1),
            calendar_uid=str(uuid4()),
        )
        for each in pledges
    )
    Role.objects.filter(pk=role.pk).update(places_taken=number)


def counted(field: str) -> dict[str, int]:
    """Return how many placements, or dates, are in which status."""
    model = Placement if field == "placements" else Assignment
    found = list(model.objects.values_list("status", flat=True))
    return {status: found.count(status) for status in sorted(set(found))}


@pytest.fixture
def calm() -> Activity:
    return make_activity("Kuchen", clearance_required=False)


@pytest.fixture
def task(calm: Activity) -> Opportunity:
    return make_opportunity(activity=calm, places=MANY + 1)


def test_a_new_version_holds_at_once_and_a_worker_lets_everybody_wait(
    calm: Activity, task: Opportunity, now: datetime
) -> None:
    place(task, now, MANY)
    officer = make_user(Membership.Role.SAFEGUARDING_OFFICER, task.provider)
    make_shift(task, datetime(2026, 3, 3, 14, 0, tzinfo=UTC))
    assert assign_coming_shifts(now) == MANY
    newcomer = make_pledge(now, email="ali@example.org", first_name="Ali")
    accept_offer(make_sent_offer(newcomer, task, now), now=now)

    release_version(calm, now, clearance_required=True)
    assert (counted("placements"), mails("placement_waits_again").count()) == (
        {"active": MANY, "awaiting_confirmation": 1},
        0,
    )
    nobody_new_comes(newcomer, task, now)

    assert run(SWEEP, now) == MANY
    assert counted("placements") == {"awaiting_clearance": MANY + 1}
    assert counted("dates") == {"on_hold": MANY}
    assert mails("placement_waits_again").count() == MANY
    told = mails("clearance_needed_again").get()
    assert told.to_email == officer.email
    assert f"{MANY} Personen" in told.body_text
    assert not NeedChange.objects.exists()
    assert run(SWEEP, now) == 0


def nobody_new_comes(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    waiting = Placement.objects.get(pledge=pledge)
    actor = staff(1, Membership.Role.COORDINATOR)
    assert confirm_placement(waiting, actor=actor, now=now)
    waiting.refresh_from_db()
    assert waiting.status == "awaiting_clearance"
    with pytest.raises(IntegrityError, match="needs a clearance"), transaction.atomic():
        Placement.objects.filter(pk=waiting.pk).update(status="active", from_on=date(2026, 1, 1))


def test_what_was_interrupted_is_gone_on_with_and_nobody_hears_twice(
    calm: Activity, task: Opportunity, now: datetime
) -> None:
    place(task, now, MANY)
    release_version(calm, now, clearance_required=True)
    assert run(SWEEP, now) == MANY
    NeedChange.objects.create(opportunity=task, changed_at=now)
    Placement.objects.filter(pk__in=Placement.objects.values("pk")[:1]).update(status="ended")
    assert run(SWEEP, now + timedelta(minutes=1)) == 0
    assert mails("placement_waits_again").count() == MANY


def test_a_second_change_meanwhile_is_looked_at_as_well(
    calm: Activity, task: Opportunity, now: datetime
) -> None:
    place(task, now, MANY)
    release_version(calm, now, clearance_required=True)
    first = NeedChange.objects.get()
    follow_changed_needs([task.pk], now + timedelta(minutes=1))
    assert NeedChange.objects.get().changed_at == now + timedelta(minutes=1)
    NeedChange.objects.filter(pk=first.pk, changed_at=first.changed_at).delete()
    assert run(SWEEP, now + timedelta(minutes=2)) == MANY
    assert counted("placements") == {"awaiting_clearance": MANY}


def test_a_few_are_looked_at_with_the_change_itself(calm: Activity, task: Opportunity, now: datetime) -> None:
    place(task, now, TOGETHER)
    release_version(calm, now, clearance_required=True)
    assert counted("placements") == {"awaiting_clearance": TOGETHER}
    assert not NeedChange.objects.exists()


class TestAStoppedProvider:
    @pytest.fixture
    def provider(self) -> Provider:
        return make_provider("Haus am Markt")

    def test_is_asked_for_nowhere_and_every_question_is_taken_back(
        self, provider: Provider, calm: Activity, now: datetime
    ) -> None:
        task = make_opportunity(provider=provider, activity=calm, places=MANY)
        offers = [make_sent_offer(each, task, now) for each in crowd(now, MANY)]
        assert stop_provider(provider, reasons="Das Schutzkonzept fehlt.", now=now)
        assert set(Offer.objects.values_list("status", flat=True)) == {"sent"}
        assert accept_offer(offers[0], now=now).status == "withdrawn"
        assert run(SWEEP, now) == TOGETHER
        assert set(Offer.objects.values_list("status", flat=True)) == {"withdrawn"}
        assert mails("offer_withdrawn").count() == MANY
        assert occupied(task) == 0
