"""Resting for a while: no new questions until a day the person names."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from citizens.services.letters import write
from foundation.actors import Actor, system
from foundation.clock import local_day
from foundation.rows import change
from foundation.transitions import move
from foundation.working_days import end_of_working_day
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.domain.states import TIME_PLEDGE_MOVES
from volunteers.models import Placement, TimePledge
from volunteers.services.persons import THE_PERSON, lock_holdings, lock_owner
from volunteers.services.settled import search_settled
from volunteers.services.withdrawals import withdraw_open_offers
from volunteers.signals import pledge_changed
from volunteers.wording.mails import PLEDGE_RESUMED

Status = TimePledge.Status
CONFIRMED = (Placement.Status.AWAITING_CLEARANCE, Placement.Status.ACTIVE)


@transaction.atomic
def pause_pledge(pledge: TimePledge, *, until: date, now: datetime, actor: Actor = THE_PERSON) -> bool:
    """Ask nothing new before `until` and take back open questions; running placements go on.

    Of a pause that runs already the day changes: what was said last counts.
    `actor` is somebody else where the person said so on the telephone. Returns False, changing nothing, if
    the pledge is neither open nor placed nor resting.
    """
    lock_holdings([lock_owner(pledge.pk)], now)
    pledge.refresh_from_db()
    if pledge.status == Status.PAUSED:
        change(pledge, paused_until=until)
        return True
    if Status.PAUSED not in TIME_PLEDGE_MOVES[pledge.status]:
        return False
    move(pledge, TIME_PLEDGE_MOVES, Status.PAUSED, actor=actor, now=now, paused_until=until)
    withdraw_open_offers(pledge, actor=actor, now=now, reason="pledge paused")
    search_settled(pledge)
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return True


@transaction.atomic
def resume_pledge(pledge: TimePledge, *, actor: Actor, now: datetime) -> bool:
    """Wake a paused pledge: placed if a provider has confirmed, else open with a new date for an answer.

    Returns False, changing nothing, if it is not paused.
    """
    if pledge.status != Status.PAUSED:
        return False
    running = pledge.placements.filter(status__in=CONFIRMED)
    moved = move(
        pledge,
        TIME_PLEDGE_MOVES,
        Status.PLACED if running.exists() else Status.OPEN,
        actor=actor,
        now=now,
        paused_until=None,
        answer_due_at=end_of_working_day(now, ANSWER_WITHIN),
        escalated_at=None,
    )
    if moved:
        pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return moved


def resume_due(now: datetime) -> int:
    """Wake every pledge whose pause is over and tell its person; return how many."""
    keys = _due(now).order_by("pk").values_list("pk", flat=True)
    return sum(_resume_and_tell(pk, now) for pk in list(keys))


def _due(now: datetime) -> QuerySet[TimePledge]:
    return TimePledge.objects.filter(status=Status.PAUSED, paused_until__lte=local_day(now))


@transaction.atomic
def _resume_and_tell(pk: int, now: datetime) -> bool:
    """Look again under the person's lock: they may have named a later day meanwhile."""
    lock_owner(pk)
    pledge = _due(now).select_related("volunteer__mailbox").filter(pk=pk).first()
    if pledge is None:
        return False
    pause_over_on = pledge.paused_until
    if not resume_pledge(pledge, actor=system("volunteers.resume_paused"), now=now):
        return False
    write(
        pledge.volunteer.mailbox,
        key=f"pledge.resumed:{pledge.pk}:{pause_over_on}",
        mail=PLEDGE_RESUMED,
        context={"volunteer": pledge.volunteer},
        now=now,
    )
    return True
