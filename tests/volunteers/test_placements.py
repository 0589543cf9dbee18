"""Placements: the provider confirms, turns down, ends; the person is told; places are kept and freed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.actors import staff
from foundation.models import Event
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from outbox.models import Message
from programs.models import Opportunity, Role
from programs.services.publishing import close
from tests.factories import make_coordinator, make_opportunity, make_shift, occupied
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.models import Assignment, Clearance, MatchRequest, Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db

MONDAYS = [WeeklyTime(0, 14 * 60, 18 * 60)]
MONDAY_SLOT = (0, 15 * 60, 16 * 60)
Status = Placement.Status


def make_accepted(now: datetime, *, clearance_required: bool = False, **values: Any) -> Placement:
    """Make a placement that waits for the provider's word, the way it comes about."""
    opportunity = make_opportunity(
        "Vorlesen", slots=[MONDAY_SLOT], clearance_required=clearance_required, **values
    )
    offer = make_sent_offer(make_pledge(now, times=MONDAYS), opportunity, now)
    accept_offer(offer, now=now)
    return Placement.objects.select_related("opportunity", "pledge", "volunteer").get()


COORDINATOR = staff(7, "coordinator")


def hand(event: Event) -> tuple[str, int | None, str]:
    return event.actor_kind, event.actor_user, event.actor_role


def state(placement: Placement) -> dict[str, Any]:
    placement.refresh_from_db()
    return {
        "placement": placement.status,
        "pledge": TimePledge.objects.get(pk=placement.pledge_id).status,
        "taken": occupied(Opportunity.objects.get(pk=placement.opportunity_id)),
        "moves": Event.objects.filter(model="placement").count(),
    }


def test_confirmed_without_clearance_the_person_may_come(now: datetime) -> None:
    placement = make_accepted(now)
    first = make_shift(placement.opportunity, datetime(2026, 3, 9, 14, 0, tzinfo=UTC), minutes=60)
    make_shift(placement.opportunity, datetime(2026, 3, 16, 14, 0, tzinfo=UTC), is_cancelled=True)
    make_shift(placement.opportunity, datetime(2026, 2, 23, 14, 0, tzinfo=UTC))

    assert confirm_placement(placement, actor=COORDINATOR, now=now)

    assert state(placement) == {"placement": "active", "pledge": "placed", "taken": 1, "moves": 1}
    assert (placement.from_on, placement.until_on) == (date(2026, 3, 2), None)
    assert list(placement.assignments.values_list("shift", "status")) == [(first.pk, "confirmed")]
    mail = mails("placement_confirmed").get()
    assert mail.key == f"placement.confirmed:{placement.pk}"
    assert mail.subject == "Sie sind dabei: Vorlesen"
    text = mail.body_text.replace("\u00a0", " ")
    assert "Wann: montags 15–16 Uhr\nZum ersten Mal: Montag, 9. März 2026, 15 Uhr\nWo: " in text
    assert "/kalender.ics" in text
    assert (mail.attachment_name, mail.attachment_type) == ("einsatz.ics", "application/ics")
    assert "BEGIN:VEVENT" in mail.attachment_body
    assert hand(Event.objects.get(model="placement")) == ("user", 7, "coordinator")


def test_a_yes_becomes_a_placement_with_its_question_and_its_moment(now: datetime) -> None:
    placement = make_accepted(now)
    offer = Offer.objects.get()
    assert (placement.offer, placement.role, placement.heads) == (offer, offer.role, 1)
    assert (placement.status, placement.created_at, placement.status_changed_at) == (
        "awaiting_confirmation",
        now,
        now,
    )
    assert placement.calendar_uid.endswith("@wirbrauchensie")


def test_placement_begins_no_earlier_than_the_task(now: datetime) -> None:
    placement = make_accepted(now, starts_on=date(2026, 4, 1))
    confirm_placement(placement, actor=COORDINATOR, now=now)
    placement.refresh_from_db()
    assert placement.from_on == date(2026, 4, 1)


def test_confirmed_with_clearance_the_person_is_asked_for_the_certificate(now: datetime) -> None:
    placement = make_accepted(now, clearance_required=True)
    make_shift(placement.opportunity, now + timedelta(days=7))

    assert confirm_placement(placement, actor=COORDINATOR, now=now)

    assert state(placement) == {
        "placement": "awaiting_clearance",
        "pledge": "placed",
        "taken": 1,
        "moves": 1,
    }
    assert placement.from_on is None
    assert not Assignment.objects.exists()
    assert not mails("placement_confirmed").exists()
    mail = mails("placement_awaiting_clearance").get()
    assert "/schreiben/" in mail.body_text
    assert "Niemand kopiert es" in mail.body_text


def test_inspection_that_counts_is_not_asked_for_again(now: datetime) -> None:
    placement = make_accepted(now, clearance_required=True)
    Clearance.objects.create(
        volunteer=placement.volunteer, opportunity=placement.opportunity, certificate_on=date(2021, 3, 3)
    )
    confirm_placement(placement, actor=COORDINATOR, now=now)
    assert state(placement)["placement"] == "active"


def test_inspection_of_five_years_ago_is_asked_for_again(now: datetime) -> None:
    placement = make_accepted(now, clearance_required=True)
    Clearance.objects.create(
        volunteer=placement.volunteer, opportunity=placement.opportunity, certificate_on=date(2021, 3, 2)
    )
    confirm_placement(placement, actor=COORDINATOR, now=now)
    assert state(placement)["placement"] == "awaiting_clearance"


def test_confirming_twice_changes_nothing(now: datetime) -> None:
    placement = make_accepted(now)
    stale = Placement.objects.get()
    confirm_placement(placement, actor=COORDINATOR, now=now)
    before = state(placement)

    assert not confirm_placement(stale, actor=staff(8, "coordinator"), now=now)

    assert state(placement) == before
    assert mails("placement_confirmed").count() == 1


@pytest.mark.parametrize("by", ["update", "insert"])
def test_database_refuses_an_active_placement_without_clearance(by: str, now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT], clearance_required=True)
    pledge = make_pledge(now, times=MONDAYS)
    if by == "update":
        make_placement(pledge, opportunity, now, Status.AWAITING_CLEARANCE)

    with pytest.raises(IntegrityError, match="needs a clearance"), transaction.atomic():
        if by == "update":
            Placement.objects.update(status=Status.ACTIVE, from_on=date(2026, 3, 2))
        else:
            make_placement(pledge, opportunity, now, Status.ACTIVE, from_on=date(2026, 3, 2))

    assert not Placement.objects.filter(status=Status.ACTIVE).exists()


def test_database_refuses_raw_sql_too(now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT], clearance_required=True)
    make_placement(make_pledge(now, times=MONDAYS), opportunity, now, Status.AWAITING_CLEARANCE)
    statement = "UPDATE volunteers_placement SET status = 'active', from_on = '2026-03-02'"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_turned_down_the_place_is_free_and_the_person_told_without_the_reason(
    now: datetime, run_commits: Callable[..., Any]
) -> None:
    placement = make_accepted(now)

    with run_commits(execute=True):
        assert stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=COORDINATOR, now=now)

    assert state(placement) == {"placement": "cancelled", "pledge": "open", "taken": 0, "moves": 1}
    mail = mails("placement_cancelled").get()
    assert mail.subject == "Leider nicht: Vorlesen"
    assert "passt" not in mail.body_text
    assert Event.objects.get(model="placement").reason == "not_fitting"
    wishes = MatchRequest.objects.values_list("pledge", "opportunity", "wanted_since")
    assert set(wishes) == {(None, placement.opportunity_id, now), (placement.pledge_id, None, now)}


def test_turned_down_after_confirmation_the_pledge_looks_again(now: datetime) -> None:
    placement = make_accepted(now, clearance_required=True)
    confirm_placement(placement, actor=COORDINATOR, now=now)
    later = now + timedelta(days=20)

    stop_placement(placement, reason=CancelReason.NOT_REACHED, actor=COORDINATOR, now=later)

    pledge = TimePledge.objects.get()
    assert (pledge.status, pledge.answer_due_at) == ("open", datetime(2026, 3, 27, 23, 0, tzinfo=UTC))


def test_pledge_with_another_placement_stays_placed(now: datetime) -> None:
    placement = make_accepted(now)
    confirm_placement(placement, actor=COORDINATOR, now=now)
    other = make_opportunity(slots=[(1, 15 * 60, 16 * 60)], clearance_required=False)
    make_placement(placement.pledge, other, now, Status.ACTIVE, from_on=date(2026, 3, 2))

    stop_placement(placement, reason=CancelReason.NOT_NEEDED, actor=COORDINATOR, now=now)

    assert TimePledge.objects.get().status == "placed"


def test_ended_the_person_is_thanked_and_coming_dates_fall_away(now: datetime) -> None:
    placement = make_accepted(now)
    shift = make_shift(placement.opportunity, now + timedelta(days=7))
    confirm_placement(placement, actor=COORDINATOR, now=now)
    later = now + timedelta(days=3)

    assert stop_placement(placement, reason=CancelReason.ON_REQUEST, actor=COORDINATOR, now=later)

    assert state(placement)["placement"] == "ended"
    assert (placement.until_on, state(placement)["taken"]) == (date(2026, 3, 5), 0)
    assert Assignment.objects.get(shift=shift).status == "cancelled"
    assert "Danke, dass Sie da waren!" in mails("placement_ended").get().body_text


def test_ending_twice_frees_one_place_once(now: datetime) -> None:
    placement = make_accepted(now, places=2)
    make_placement(
        make_pledge(now, email="andere@example.org", times=MONDAYS),
        placement.opportunity,
        now,
        Status.AWAITING_CONFIRMATION,
    )
    stale = Placement.objects.get(pk=placement.pk)
    stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=COORDINATOR, now=now)
    before = state(placement)

    assert not stop_placement(stale, reason=CancelReason.NOT_FITTING, actor=COORDINATOR, now=now)

    assert state(placement) == before
    assert before["taken"] == 1
    assert mails("placement_cancelled").count() == 1


def test_unused_clearance_is_erased_at_once(now: datetime) -> None:
    placement = make_accepted(now, clearance_required=True)
    confirm_placement(placement, actor=COORDINATOR, now=now)
    Clearance.objects.create(
        volunteer=placement.volunteer, opportunity=placement.opportunity, certificate_on=date(2026, 2, 1)
    )
    stop_placement(placement, reason=CancelReason.NOT_REACHED, actor=COORDINATOR, now=now)
    assert not Clearance.objects.exists()


def test_task_that_is_over_ends_its_placements(now: datetime) -> None:
    placement = make_accepted(now, ends_on=date(2026, 3, 10))
    confirm_placement(placement, actor=COORDINATOR, now=now)
    last_day = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)

    assert run("volunteers.end_placements", last_day) == 0
    assert run("volunteers.end_placements", last_day + timedelta(hours=1)) == 1

    assert state(placement)["placement"] == "ended"
    assert hand(Event.objects.filter(model="placement").latest("pk")) == (
        "system",
        None,
        "volunteers.end_placements",
    )
    assert run("volunteers.end_placements", last_day + timedelta(days=1)) == 0


def test_closed_task_cancels_what_has_not_begun(now: datetime) -> None:
    placement = make_accepted(now)
    Opportunity.objects.update(status=Opportunity.Status.CLOSED)

    assert run("volunteers.end_placements", now) == 1

    assert state(placement)["placement"] == "cancelled"
    assert mails("placement_cancelled").count() == 1


def test_whom_no_date_tells_that_the_task_is_closed_hears_it_at_once(now: datetime) -> None:
    waiting = make_accepted(now)
    task = waiting.opportunity
    Role.objects.filter(opportunity=task).update(places=3)
    on_call, expected = (
        make_placement(
            make_pledge(now, email=f"{name}@example.org", first_name=name),
            task,
            now,
            Status.ACTIVE,
            from_on=date(2026, 3, 2),
        )
        for name in ("berta", "clara")
    )
    make_shift(task, datetime(2026, 3, 9, 14, 0, tzinfo=UTC))
    assign_coming_shifts(now, placement=expected)
    assert not close(task, by=make_coordinator(task.provider), now=now)
    assert [state(each)["placement"] for each in (waiting, on_call, expected)] == [
        "cancelled",
        "ended",
        "active",
    ]
    told = Message.objects.filter(template__in=["placement_cancelled", "placement_ended"]).order_by("pk")
    assert [mail.to_email for mail in told] == [waiting.volunteer.email, "berta@example.org"]
    assert run("volunteers.tell_of_changed_dates", now + timedelta(minutes=1)) == 1
    assert mails("dates_changed").get().to_email == "clara@example.org"


def test_nobody_is_confirmed_at_a_closed_task(now: datetime) -> None:
    placement = make_accepted(now)
    Opportunity.objects.update(status=Opportunity.Status.CLOSED)
    assert not confirm_placement(placement, actor=COORDINATOR, now=now)
    assert state(placement)["placement"] == "awaiting_confirmation"


def test_new_dates_are_assigned_once_and_not_on_days_away(now: datetime) -> None:
    placement = make_accepted(now)
    confirm_placement(placement, actor=COORDINATOR, now=now)
    placement.pledge.exceptions.create(from_on=date(2026, 3, 9), until_on=date(2026, 3, 9))
    make_shift(placement.opportunity, datetime(2026, 3, 9, 14, 0, tzinfo=UTC))
    wanted = make_shift(placement.opportunity, datetime(2026, 3, 16, 14, 0, tzinfo=UTC))

    assert run("volunteers.assign_shifts", now) == 1
    assert run("volunteers.assign_shifts", now) == 0

    assert Assignment.objects.get().shift == wanted


@pytest.mark.parametrize("size", [1, 6])
def test_assigning_takes_the_same_queries_whatever_the_size(
    size: int, now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT], places=size, clearance_required=False)
    for number in range(size):
        pledge = make_pledge(now, email=f"p{number}@example.org", times=MONDAYS)
        make_placement(pledge, opportunity, now, Status.ACTIVE, from_on=date(2026, 3, 2))
        make_shift(opportunity, now + timedelta(days=7 * (number + 1)))

    with django_assert_num_queries(12):
        assert assign_coming_shifts(now) == size * size
