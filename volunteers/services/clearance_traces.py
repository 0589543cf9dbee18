"""What tells of an inspection beside the Einsichtnahme itself, and letting it go with it (§ 72a SGB VIII)."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.doors.clearance_purge import forget_inspections, forget_moves_for
from foundation.history import lines_of
from foundation.models import Event
from outbox.services.purge import forget_messages, rows_told_of
from volunteers.domain.seats import ReleaseReason
from volunteers.models import Assignment, Clearance, Placement
from volunteers.wording.mails import (
    CLEARANCE_DUE_SOON,
    DATES_CHANGED,
    DATES_RELEASED,
    PLACEMENT_AWAITING_CLEARANCE,
    PLACEMENT_OVERDUE,
    PLACEMENT_RESUMED,
    PLACEMENT_WAITS_AGAIN,
)

PART = "clearance"
WAITING = Placement.Status.AWAITING_CLEARANCE
ABOUT_IT = (
    PLACEMENT_AWAITING_CLEARANCE,
    PLACEMENT_OVERDUE,
    PLACEMENT_WAITS_AGAIN,
    CLEARANCE_DUE_SOON,
    PLACEMENT_RESUMED,
)
MAILS = tuple(mail.template for mail in ABOUT_IT)
BATCH = 500


def forget_traces(placement_ids: Collection[int]) -> None:
    """Take along reads, renewals, moves into and out of the waiting, dates that rested or were given back
    because something was missing, also those taken for somebody else, and mails about it.
    """
    forget_inspections("volunteers", "placement", placement_ids, WAITING, PART)
    there = Placement.objects.filter(
        pk__in=placement_ids, volunteer=OuterRef("volunteer"), opportunity=OuterRef("shift__opportunity")
    )
    rows = Assignment.objects.filter(Exists(there))
    dates = list(rows.values_list("pk", flat=True))
    forget_inspections("volunteers", "assignment", dates, Assignment.Status.ON_HOLD, PART)
    _forget_given_back(rows, dates)
    forget_messages(MAILS, placement_ids)


def _forget_given_back(rows: QuerySet[Assignment], dates: Collection[int]) -> None:
    """A date that was given back for what was missing is one that fell out; while a placement runs, what is
    to come and still missing is known.
    """
    released = Assignment.Status.RELEASED
    if not forget_moves_for(ReleaseReason.LACKING, "volunteers", "assignment", dates, released):
        return
    forget_messages([mail.template for mail in (DATES_CHANGED, DATES_RELEASED)], dates)
    over = rows.exclude(placement__status__in=Placement.HOLDING).filter(released_for=ReleaseReason.LACKING)
    over.update(status=Assignment.Status.CANCELLED, released_for="")


def forget_orphaned_traces() -> int:
    """Forget what tells of inspections whose row is gone and that no running placement needs."""
    told = lines_of(Placement).filter(
        Q(kind=Event.Kind.READ) | Q(to_status=WAITING) | Q(from_status=WAITING) | Q(changes__has_key=PART)
    )
    seen = Clearance.objects.filter(volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity"))
    written = Q(pk__in=told.values("object_id")) | Q(pk__in=rows_told_of(MAILS))
    orphaned = (
        Placement.objects.filter(~Exists(seen), written)
        .exclude(status__in=Placement.HOLDING)
        .values_list("pk", flat=True)
    )
    found = list(orphaned)
    for first in range(0, len(found), BATCH):
        forget_traces(found[first : first + BATCH])
    return len(found)
