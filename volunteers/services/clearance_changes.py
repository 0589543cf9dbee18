"""When the answer to "may this person come?" changes after they came: they wait again, or go on.

The task may become one with children, or stop being one; an inspection counts for some years only.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from citizens.services.letters import write
from foundation.actors import system
from foundation.clock import local_day
from foundation.transitions import move
from programs.models import Opportunity
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.letters import is_fee_waived
from volunteers.domain.provider_clock import NOT_PRESSED
from volunteers.domain.states import PLACEMENT_MOVES
from volunteers.models import Assignment, Clearance, Placement, Volunteer
from volunteers.selectors.clearances import clearance_rules, has_clearance
from volunteers.selectors.coming import may_do
from volunteers.services.assignments import assign_coming_shifts, hold_coming_dates
from volunteers.services.coordination_mail import tell_officers
from volunteers.services.links import placement_letter_url
from volunteers.services.persons import lock_people, lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import activate_placement
from volunteers.services.seats import take_up_released, yield_late_dates
from volunteers.wording.mails import CLEARANCE_NEEDED_AGAIN, PLACEMENT_WAITS_AGAIN

Status = Placement.Status
SWEEP = system("volunteers.follow_clearances")


def lock_people_of(opportunity_ids: Collection[int]) -> None:
    """Lock everybody who comes there, in the order of their keys, before the rows of the tasks are locked."""
    placed = Placement.objects.filter(opportunity_id__in=opportunity_ids, status__in=Placement.HOLDING)
    standing_in = Assignment.objects.filter(
        shift__opportunity_id__in=opportunity_ids, placement=None, status=Assignment.Status.CONFIRMED
    )
    there = Q(pk__in=placed.values("volunteer_id")) | Q(pk__in=standing_in.values("volunteer_id"))
    lock_people(Volunteer.objects.filter(there).values("pk"))


@transaction.atomic
def follow_clearance_need(opportunity_ids: Collection[int], now: datetime) -> int:
    """Make the placements there follow what the tasks ask for now; return how many moved.

    Who is too young for it now is released with thanks; nobody can wait for that.
    Called inside the transaction of the change.
    """
    concerned = Placement.objects.filter(opportunity_id__in=opportunity_ids, status__in=Placement.HOLDING)
    return _settle_all(concerned.order_by("volunteer_id", "pk").values_list("pk", "volunteer_id"), now)


@transaction.atomic
def follow_age(volunteer_id: int, now: datetime) -> None:
    """Look again at what somebody does who has said to be of another age: tasks and the hours of dates."""
    lock_person(volunteer_id)
    held = Placement.objects.filter(volunteer_id=volunteer_id, status__in=Placement.HOLDING)
    _settle_all(held.order_by("pk").values_list("pk", "volunteer_id"), now)
    yield_late_dates(volunteer_id, now)
    for placement in held.filter(status=Status.ACTIVE).order_by("pk"):
        assign_coming_shifts(now, placement=placement)
    take_up_released(now, volunteer_ids=[volunteer_id])


def follow_due_dates(now: datetime) -> int:
    """Send back whoever is active without an inspection that still counts; return how many."""
    # Up to a day too many because of 29 February; the rules decide each.
    oldest = local_day(now) - relativedelta(years=clearance_rules().renewal_years, days=-1)
    counting = Clearance.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity"), certificate_on__gt=oldest
    )
    due = Placement.objects.filter(
        ~Exists(counting), status=Status.ACTIVE, opportunity__clearance_required=True
    )
    with transaction.atomic():
        return _settle_all(due.order_by("volunteer_id", "pk").values_list("pk", "volunteer_id"), now)


def _settle_all(rows: Iterable[tuple[int, int]], now: datetime) -> int:
    waiting: Counter[Opportunity] = Counter()
    moved = 0
    for pk, volunteer_id in list(rows):
        lock_person(volunteer_id)
        placement = Placement.objects.select_related("volunteer__mailbox", "opportunity__provider").get(pk=pk)
        if not may_do(placement.volunteer, placement.opportunity):
            moved += stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=SWEEP, now=now)
            continue
        may_come = has_clearance(placement, local_day(now))
        if placement.is_active and not may_come:
            if _send_back(placement, now):
                waiting[placement.opportunity] += 1
                moved += 1
        elif placement.awaits_clearance and may_come:
            moved += activate_placement(placement, actor=SWEEP, now=now)
    for opportunity, count in waiting.items():
        _tell_officers(opportunity, count, now)
    return moved


def _send_back(placement: Placement, now: datetime) -> bool:
    if not move(
        placement,
        PLACEMENT_MOVES,
        Status.AWAITING_CLEARANCE,
        actor=SWEEP,
        now=now,
        reason="clearance needed",
        **NOT_PRESSED,
    ):
        return False
    hold_coming_dates(placement, now)
    volunteer, provider = placement.volunteer, placement.opportunity.provider
    write(
        volunteer.mailbox,
        key=f"placement.waits_again:{placement.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=PLACEMENT_WAITS_AGAIN,
        context={
            "volunteer": volunteer,
            "opportunity": placement.opportunity,
            "letter_url": placement_letter_url(placement, now),
            "is_fee_waived": is_fee_waived(provider.kind, provider.issuer_kind),
        },
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
