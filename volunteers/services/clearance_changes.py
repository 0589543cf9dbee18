"""When the answer to "may this person come?" changes after they came: they wait again, or go on.

The task may become one with children, or stop being one; an inspection counts for some years only.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from citizens.services.letters import write
from foundation.actors import system
from foundation.clock import local_day
from programs.models import Opportunity
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.gate import Need
from volunteers.domain.minors import FULL
from volunteers.models import Assignment, Offer, Placement, Volunteer
from volunteers.selectors.coming import may_do
from volunteers.selectors.gate import gates_of, lacking
from volunteers.services.answers import withdraw_and_tell
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar_changes import count_change
from volunteers.services.coordination_mail import tell_officers
from volunteers.services.persons import lock_holdings, lock_people, lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import activate_placement, let_wait, what_to_bring
from volunteers.services.seats import release_lacking, take_up_released, yield_dates_for_age
from volunteers.services.stand_ins import withdraw_questions_to_minor
from volunteers.wording.mails import CLEARANCE_NEEDED_AGAIN, PLACEMENT_WAITS_AGAIN
from volunteers.wording.withdrawals import not_for_this_age

Status = Placement.Status
SWEEP = system("volunteers.follow_clearances")
TOGETHER = 20
"""So many people are looked at in one transaction: what somebody may have to wait for."""


def lock_people_of(opportunity_ids: Collection[int]) -> None:
    """Lock everybody who comes or is asked there, by key, before the rows of the tasks are locked."""
    placed = Placement.objects.filter(opportunity_id__in=opportunity_ids, status__in=Placement.HOLDING)
    standing_in = Assignment.objects.filter(
        shift__opportunity_id__in=opportunity_ids, placement=None, status=Assignment.Status.CONFIRMED
    )
    asked = Offer.objects.filter(opportunity_id__in=opportunity_ids, status=Offer.Status.SENT)
    there = Q(pk__in=placed.values("volunteer_id")) | Q(pk__in=standing_in.values("volunteer_id"))
    there |= Q(pk__in=asked.values("pledge__volunteer_id"))
    lock_people(Volunteer.objects.filter(there).values("pk"))


@transaction.atomic
def follow_clearance_need(opportunity_ids: Collection[int], now: datetime) -> int:
    """Make the placements there follow what the tasks ask for now; return how many moved.

    Who is too young for it now is released with thanks; nobody can wait for that.
    Called inside the transaction of the change.
    """
    concerned = Placement.objects.filter(opportunity_id__in=opportunity_ids, status__in=Placement.HOLDING)
    _let_stand_ins_go(_standing_in(now).filter(shift__opportunity__in=opportunity_ids), now)
    return _settle_all(concerned, now)


def look_at_people_of(opportunity_id: int, now: datetime) -> int:
    """As `follow_clearance_need`, for very many: some at a time, each some in a transaction of their own."""
    concerned = Placement.objects.filter(opportunity=opportunity_id, status__in=Placement.HOLDING)
    _let_stand_ins_go(_standing_in(now).filter(shift__opportunity=opportunity_id), now)
    return _settle_all(concerned, now)


def _standing_in(now: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        placement=None,
        status=Assignment.Status.CONFIRMED,
        shift__starts_at__gt=now,
        shift__is_cancelled=False,
    )


@transaction.atomic
def _let_stand_ins_go(rows: QuerySet[Assignment], now: datetime) -> None:
    """Who comes for one date and lacks now what is asked there does not come; somebody else is looked for."""
    lock_holdings(set(rows.values_list("volunteer_id", flat=True)), now)
    release_lacking(rows, now)


@transaction.atomic
def follow_certificate(placement: Placement, now: datetime) -> None:
    """Look again at somebody whose certificate counts until another day, and at their dates there."""
    _settle_all(Placement.objects.filter(pk=placement.pk, status=Status.ACTIVE), now)
    coming = Assignment.objects.filter(
        volunteer=placement.volunteer_id,
        shift__opportunity=placement.opportunity_id,
        shift__starts_at__gt=now,
        shift__is_cancelled=False,
    )
    release_lacking(coming, now)


@transaction.atomic
def follow_age(volunteer_id: int, now: datetime) -> None:
    """Look again at what somebody does, or is asked to, who counts as of another age than before."""
    lock_holdings([volunteer_id], now)
    held = Placement.objects.filter(volunteer_id=volunteer_id, status__in=Placement.HOLDING)
    _settle_all(held, now)
    count_change(held)
    _ask_nothing_beyond(Volunteer.objects.get(pk=volunteer_id), now)
    yield_dates_for_age(volunteer_id, now)
    for placement in held.filter(status=Status.ACTIVE).order_by("pk"):
        assign_coming_shifts(now, placement=placement)
    take_up_released(now, volunteer_ids=[volunteer_id])


def _ask_nothing_beyond(person: Volunteer, now: datetime) -> None:
    """Take back what is asked of somebody who is too young for it, and say so."""
    if person.is_adult:
        return
    too_young = Q(role__minimum_age__gt=person.age_at_least) | Q(role__activity__current__overnight=True)
    asked = Offer.objects.filter(too_young, pledge__volunteer=person, status=Offer.Status.SENT)
    for offer in asked.select_related("pledge").order_by("opportunity_id"):
        withdraw_and_tell(offer, reason="too young", because=not_for_this_age(), now=now)
    withdraw_questions_to_minor(person.pk, now)


def follow_due_dates(now: datetime) -> int:
    """Send back whoever is active and lacks what the task asks for today; return how many."""
    _come_of_age(now)
    _let_stand_ins_go(_standing_in(now), now)
    due = lacking(Placement.objects.filter(status=Status.ACTIVE), local_day(now))
    return _settle_all(due, now)


def _settle_all(concerned: QuerySet[Placement], now: datetime) -> int:
    """Look at each, `TOGETHER` at a time, in the order in which people are locked.

    What is done stays done where the rest is interrupted.
    """
    held = list(concerned.order_by("volunteer_id", "pk").values_list("pk", "volunteer_id"))
    lacking_certificate = _lacking_certificate([pk for pk, _volunteer_id in held], now)
    pieces = (held[first : first + TOGETHER] for first in range(0, len(held), TOGETHER))
    return sum(_settle(some, lacking_certificate, now) for some in pieces)


def _lacking_certificate(placement_ids: Sequence[int], now: datetime) -> Counter[int]:
    """Return for how many of these, by task, a certificate is to be inspected before they come again."""
    active = Placement.objects.filter(pk__in=placement_ids, status=Status.ACTIVE)
    gates, today = gates_of(active), local_day(now)
    tasks = active.values_list("pk", "opportunity_id")
    return Counter(task for pk, task in tasks if Need.CERTIFICATE in gates[pk].missing(today))


@transaction.atomic
def _settle(held: Sequence[tuple[int, int]], lacking_certificate: Counter[int], now: datetime) -> int:
    """The officers of a task hear once of all of its people, with the first of them."""
    waiting: Counter[Opportunity] = Counter()
    moved = 0
    lock_holdings({volunteer_id for _pk, volunteer_id in held}, now)
    rows = Placement.objects.filter(pk__in=[pk for pk, _volunteer_id in held])
    gates = gates_of(rows)
    related = ("volunteer__mailbox", "role__activity__current", "opportunity__provider")
    for placement in rows.select_related(*related).order_by("volunteer_id", "pk"):
        if not may_do(placement.volunteer, placement.role):
            moved += stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=SWEEP, now=now)
            continue
        gate = gates[placement.pk]
        missing = gate.missing(local_day(now))
        if gate.over_night and gate.is_minor_on(local_day(now)):
            moved += stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=SWEEP, now=now)
        elif placement.is_active and missing:
            if _send_back(placement, missing, now):
                waiting[placement.opportunity] += Need.CERTIFICATE in missing
                moved += 1
        elif placement.awaits_clearance and not missing:
            moved += activate_placement(placement, actor=SWEEP, now=now)
    for opportunity, count in waiting.items():
        if count:
            _tell_officers(opportunity, max(count, lacking_certificate[opportunity.pk]), now)
    return moved


def _come_of_age(now: datetime) -> None:
    """Treat as of age, and forget the month of birth of, whoever has certainly had their birthday."""
    grown = Volunteer.objects.filter(
        is_adult=False, born_in__lte=local_day(now) - relativedelta(years=FULL, months=1)
    )
    for pk in list(grown.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            lock_person(pk)
            if grown.filter(pk=pk).update(is_adult=True, born_in=None):
                follow_age(pk, now)


def _send_back(placement: Placement, missing: Collection[Need], now: datetime) -> bool:
    if not let_wait(placement, actor=SWEEP, now=now):
        return False
    write(
        placement.volunteer.mailbox,
        key=f"placement.waits_again:{placement.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=PLACEMENT_WAITS_AGAIN,
        context=what_to_bring(placement, missing, now),
        now=now,
    )
    return True


def _tell_officers(opportunity: Opportunity, count: int, now: datetime) -> None:
    tell_officers(
        opportunity.provider,
        key=f"clearance.needed_again:{opportunity.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=CLEARANCE_NEEDED_AGAIN,
        context={
            "opportunity": opportunity,
            "count": count,
            "url": settings.PUBLIC_BASE_URL + reverse("coordination_clearances"),
        },
        now=now,
    )
