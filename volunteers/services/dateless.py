"""Nobody is active on paper alone: whoever has no date for months is asked, and it ends; who never came, too.

What was inspected for it goes with it (`placement_endings`).
"""

from datetime import datetime

from django.db import transaction

from citizens.services.letters import write
from foundation.actors import system
from foundation.clock import local_day
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.dateless import answered_by, is_asked, is_over
from volunteers.models import Placement
from volunteers.selectors.dateless import last_day_of, last_days, never_came
from volunteers.services.persons import lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.wording.mails import PLACEMENT_SILENT

SWEEP = system("volunteers.end_dateless")


def end_dateless(now: datetime) -> int:
    """Ask whoever had no date for almost six months, end what lasted longer; return how many ended.

    Nobody is ended unasked: who was not asked in time has a fortnight from now.
    """
    today = local_day(now)
    over = list(never_came(now).values_list("pk", flat=True))
    for row in last_days().order_by("volunteer_id", "pk"):
        last_on = last_day_of(row)
        if is_asked(last_on, row.asked_to_stay_on, today):
            _ask(row.pk, now)
        elif is_over(last_on, row.asked_to_stay_on, today):
            over.append(row.pk)
    return sum(_end(pk, now) for pk in dict.fromkeys(over))


@transaction.atomic
def stay(placement: Placement, *, now: datetime) -> bool:
    """The person says that they are still there. False, changing nothing, if the placement is over."""
    lock_person(placement.volunteer_id)
    running = Placement.objects.filter(pk=placement.pk, status__in=Placement.HOLDING)
    return bool(running.update(stays_since_on=local_day(now)))


@transaction.atomic
def _ask(pk: int, now: datetime) -> None:
    """Look again under the person's lock, so that nobody is asked twice."""
    today = local_day(now)
    lock_person(Placement.objects.values_list("volunteer_id", flat=True).get(pk=pk))
    found = (
        last_days()
        .select_related("volunteer__mailbox", "role", "opportunity__provider")
        .filter(pk=pk)
        .first()
    )
    if found is None or not is_asked(last_day_of(found), found.asked_to_stay_on, today):
        return
    Placement.objects.filter(pk=pk).update(asked_to_stay_on=today)
    write(
        found.volunteer.mailbox,
        key=f"placement.silent:{pk}:{today}",
        mail=PLACEMENT_SILENT,
        context={
            "volunteer": found.volunteer,
            "opportunity": found.opportunity,
            "title": found.title,
            "answer_by_on": answered_by(last_day_of(found), today),
        },
        now=now,
    )


@transaction.atomic
def _end(pk: int, now: datetime) -> bool:
    """Look again under the person's lock: a date, an answer or an end may have come in between."""
    placement = Placement.objects.get(pk=pk)
    lock_person(placement.volunteer_id)
    found = last_days().filter(pk=pk).first()
    is_silent = found and is_over(last_day_of(found), found.asked_to_stay_on, local_day(now))
    if not is_silent and not never_came(now).filter(pk=pk).exists():
        return False
    return stop_placement(placement, reason=CancelReason.NOT_REACHED, actor=SWEEP, now=now)
