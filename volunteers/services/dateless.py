"""Nobody is active on paper alone: whoever has no date for months is asked, and it ends; who never came, too.

What was inspected for it goes with it (`placement_endings`).
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from citizens.services.letters import write
from foundation.actors import system
from foundation.clock import local_day
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.dateless import ends_on, is_asked, is_over
from volunteers.models import Placement
from volunteers.selectors.dateless import last_day_of, last_days, never_came
from volunteers.services.persons import lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.wording.mails import PLACEMENT_SILENT

SWEEP = system("volunteers.end_dateless")


def end_dateless(now: datetime) -> int:
    """Ask whoever had no date for almost six months, end what lasted longer; return how many ended."""
    today = local_day(now)
    rows = last_days().order_by("volunteer_id", "pk")
    found = [(row, last_day_of(row)) for row in rows]
    for row, last_on in found:
        if is_asked(last_on, today):
            _ask(row.pk, now)
    over = [row.pk for row, last_on in found if is_over(last_on, today)]
    over += never_came(now).values_list("pk", flat=True)
    return sum(_end(pk, now) for pk in dict.fromkeys(over))


@transaction.atomic
def stay(placement: Placement, *, now: datetime) -> bool:
    """The person says that they are still there. False, changing nothing, if the placement is over."""
    lock_person(placement.volunteer_id)
    running = Placement.objects.filter(pk=placement.pk, status__in=Placement.HOLDING)
    return bool(running.update(stays_since_on=local_day(now)))


def _ask(pk: int, now: datetime) -> None:
    placement = Placement.objects.select_related("volunteer__mailbox", "opportunity__provider").get(pk=pk)
    last_on = _last_on(pk)
    if last_on is None or not is_asked(last_on, local_day(now)):
        return
    write(
        placement.volunteer.mailbox,
        key=f"placement.silent:{pk}:{ends_on(last_on)}",
        mail=PLACEMENT_SILENT,
        context={
            "volunteer": placement.volunteer,
            "opportunity": placement.opportunity,
            "answer_by_on": ends_on(last_on) - timedelta(days=1),
        },
        now=now,
    )


@transaction.atomic
def _end(pk: int, now: datetime) -> bool:
    """Look again under the person's lock: a date, an answer or an end may have come in between."""
    placement = Placement.objects.get(pk=pk)
    lock_person(placement.volunteer_id)
    last_on = _last_on(pk)
    is_silent = last_on is not None and is_over(last_on, local_day(now))
    if not is_silent and not never_came(now).filter(pk=pk).exists():
        return False
    return stop_placement(placement, reason=CancelReason.NOT_REACHED, actor=SWEEP, now=now)


def _last_on(pk: int) -> date | None:
    found = last_days().filter(pk=pk).first()
    return last_day_of(found) if found is not None else None
