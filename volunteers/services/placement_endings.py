"""When a placement does not come about or is over: the place becomes free, dates fall away, people learn."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from citizens.services.letters import write
from foundation.actors import Actor, system
from foundation.chunks import in_chunks
from foundation.clock import local_day
from foundation.transitions import move
from foundation.working_days import end_of_working_day
from outbox.domain.catalogue import Mail
from programs.models import Opportunity
from programs.services.places import give_back_place
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.domain.provider_clock import NOT_PRESSED
from volunteers.domain.states import PLACEMENT_MOVES, TIME_PLEDGE_MOVES
from volunteers.models import (
    Assignment,
    Clearance,
    HoursEntry,
    MeaslesProof,
    Placement,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.gate import site_key
from volunteers.selectors.placements import given_minutes
from volunteers.services.clearance_traces import forget_traces
from volunteers.services.coordination_mail import tell_about_placement
from volunteers.services.match_requests import want_match_for, want_match_of
from volunteers.services.persons import THE_PERSON, lock_holdings, lock_person
from volunteers.services.seats import move_assignment
from volunteers.services.settled import placement_settled
from volunteers.wording.mails import PLACEMENT_CANCELLED, PLACEMENT_ENDED, PLACEMENT_LEFT

Status = Placement.Status
STOPPING = system("volunteers.stop_placement")


# What the person is told when their placement is over.
TOLD: dict[str, Mail] = {
    Placement.Status.ENDED: PLACEMENT_ENDED,
    Placement.Status.CANCELLED: PLACEMENT_CANCELLED,
}


@transaction.atomic
def stop_placement(
    placement: Placement,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    mail: Mail | None = None,
    tell_provider: Mail | None = None,
) -> bool:
    """End a placement that has begun, cancel one that has not, and tell the person.

    `mail` says it in other words than usual; `tell_provider` is for an end that is not the provider's own
    doing. The pledge looks for something new. Returns False, changing nothing, if the placement is over.
    """
    lock_person(placement.volunteer_id)
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "role", "opportunity__provider")
    placement = rows.get(pk=placement.pk)
    # Of an end while a certificate was waited for nothing may tell whether the officer decided it.
    hand = STOPPING if placement.awaits_clearance else actor
    if not release_placement(placement, reason=reason, actor=actor, now=now):
        return False
    _reopen_pledge(placement.pledge, actor=hand, now=now)
    _tell_volunteer(placement, now, mail)
    if tell_provider is not None:
        key = tell_provider.key.replace("*", str(placement.pk))
        tell_about_placement(placement, key=key, mail=tell_provider, context={}, now=now)
    want_match_for([placement.opportunity_id], now)
    want_match_of(placement.pledge_id, now)
    return True


@transaction.atomic
def leave_placement(placement: Placement, *, now: datetime) -> bool:
    """End one placement at the person's wish; the pledge stays and looks for something new.

    The provider learns it at once. Returns False, changing nothing, if the placement is over already.
    """
    lock_person(placement.volunteer_id)
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "role", "opportunity__provider")
    placement = rows.get(pk=placement.pk)
    if not release_placement(placement, reason=CancelReason.ON_REQUEST, actor=THE_PERSON, now=now):
        return False
    _reopen_pledge(placement.pledge, actor=THE_PERSON, now=now)
    tell_about_placement(
        placement, key=f"placement.left:{placement.pk}", mail=PLACEMENT_LEFT, context={}, now=now
    )
    if placement.status == Status.ENDED:
        _tell_volunteer(placement, now)
    want_match_for([placement.opportunity_id], now)
    want_match_of(placement.pledge_id, now)
    return True


def release_placement(placement: Placement, *, actor: Actor, now: datetime, reason: str = "") -> bool:
    """Move to ended (also while a placement that had begun waits again) or cancelled and free what it holds.

    Tells nobody. Called with the person's lock held. A clearance, and what tells of it, is erased at once if
    the person never came (§ 72a Abs. 5 SGB VIII). Returns False, changing nothing, if the placement is over.
    """
    if not placement.holds_place:
        return False
    today = local_day(now)
    if placement.from_on is not None and placement.from_on <= today:
        to, changes = Status.ENDED, {**NOT_PRESSED, "until_on": today}
    else:
        to, changes = Status.CANCELLED, dict(NOT_PRESSED)
    moved = move(placement, PLACEMENT_MOVES, to, actor=actor, now=now, reason=reason, **changes)
    if moved:
        placement_settled(placement)
        give_back_place(placement.role_id, placement.heads)
        _cancel_coming_dates(placement, actor=actor, now=now)
        _forget_unused_clearance(placement)
        _forget_unused_measles_proof(placement)
    return moved


def end_over(now: datetime) -> int:
    """Stop every placement whose task is closed or past its last day; return how many.

    Several workers may do so side by side: whom somebody holds at this moment is left to the next run.
    """
    people = _over(now).order_by("volunteer_id").values_list("volunteer_id", flat=True)
    return in_chunks(Volunteer.objects.all(), people, 1, partial(_end_over_of, now=now))


def _end_over_of(people: Collection[int], now: datetime) -> int:
    lock_holdings(people, now)
    return _stop_all(_over(now).filter(volunteer__in=people).order_by("pk"), now)


def _over(now: datetime) -> QuerySet[Placement]:
    over = Q(opportunity__status=Opportunity.Status.CLOSED) | Q(opportunity__ends_on__lt=local_day(now))
    return Placement.objects.filter(over, status__in=Placement.HOLDING)


def _stop_all(placements: Iterable[Placement], now: datetime) -> int:
    actor = system("volunteers.end_placements")
    return sum(
        stop_placement(placement, reason=CancelReason.NOT_NEEDED, actor=actor, now=now)
        for placement in placements
    )


def end_at_once(opportunity_ids: Collection[int], now: datetime) -> int:
    """Stop the placements at closed tasks of whom no cancelled date tells that it is over; return how many.

    Those are told by the dates that fall out, and stopped with the rest of the day.
    """
    expected = Assignment.objects.filter(
        placement=OuterRef("pk"), status=Assignment.Status.CONFIRMED, shift__starts_at__gt=now
    )
    due = Placement.objects.filter(
        ~Exists(expected),
        opportunity__in=opportunity_ids,
        opportunity__status=Opportunity.Status.CLOSED,
        status__in=Placement.HOLDING,
    )
    return _stop_all(due.order_by("volunteer_id", "pk"), now)


def _forget_unused_clearance(placement: Placement) -> None:
    """Whoever has come in this activity keeps the row, and what tells of it, until its own date."""
    same = {"volunteer_id": placement.volunteer_id, "opportunity_id": placement.opportunity_id}
    row = Clearance.objects.filter(**same)
    has_come = HoursEntry.objects.filter(
        volunteer_id=placement.volunteer_id, opportunity_id=placement.opportunity_id
    )
    if not has_come.exists():
        row.delete()
    if not row.exists():
        over = Placement.objects.filter(**same).exclude(status__in=Placement.HOLDING)
        forget_traces(list(over.values_list("pk", flat=True)))


def _forget_unused_measles_proof(placement: Placement) -> None:
    """The yes goes when the person does nothing at that place any more."""
    key = site_key(placement.opportunity)
    there = Placement.objects.filter(volunteer=placement.volunteer_id, status__in=Placement.HOLDING)
    if key not in {site_key(each.opportunity) for each in there.select_related("opportunity")}:
        MeaslesProof.objects.filter(volunteer=placement.volunteer_id, site_key=key).delete()


def _cancel_coming_dates(placement: Placement, *, actor: Actor, now: datetime) -> None:
    waiting = [
        Assignment.Status.CONFIRMED,
        Assignment.Status.ON_HOLD,
        Assignment.Status.RELEASED,
        Assignment.Status.STAND_IN_WANTED,
    ]
    coming = placement.assignments.filter(shift__ends_at__gt=now, status__in=waiting)
    for assignment in coming.select_related("shift").order_by("shift_id"):
        move_assignment(assignment, Assignment.Status.CANCELLED, actor=actor, now=now)


def _reopen_pledge(pledge: TimePledge, *, actor: Actor, now: datetime) -> None:
    if pledge.status != TimePledge.Status.PLACED:
        return
    if pledge.placements.filter(status__in=[Status.AWAITING_CLEARANCE, Status.ACTIVE]).exists():
        return
    move(
        pledge,
        TIME_PLEDGE_MOVES,
        TimePledge.Status.OPEN,
        actor=actor,
        now=now,
        answer_due_at=end_of_working_day(now, ANSWER_WITHIN),
        escalated_at=None,
    )


def _tell_volunteer(placement: Placement, now: datetime, mail: Mail | None = None) -> None:
    volunteer = placement.volunteer
    minutes = given_minutes(placement)
    usual = f"placement.{placement.status}:{placement.pk}"
    write(
        volunteer.mailbox,
        key=mail.key.replace("*", str(placement.pk)) if mail else usual,
        mail=mail or TOLD[placement.status],
        context={
            "volunteer": volunteer,
            "opportunity": placement.opportunity,
            "title": placement.title,
            "minutes": minutes,
        },
        now=now,
    )
