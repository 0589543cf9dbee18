"""What would happen if dates were cancelled or moved: which ones, and whom we would write to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from programs.domain.changed_dates import ChangedDate
from programs.models import Closure, Opportunity, Shift
from volunteers.models import Assignment, Placement, Volunteer
from volunteers.wording.changed_dates import Change, ToldDate, told_dates

EXPECTED = (Assignment.Status.CONFIRMED, Assignment.Status.STAND_IN_WANTED)


@dataclass
class CalledOff:
    """The dates of one task that fall out, and who was expected at which of them."""

    task: Opportunity
    dates: list[Shift] = field(default_factory=list)
    people: dict[Volunteer, list[Shift]] = field(default_factory=dict)

    def told(self, reason: str) -> list[ToldDate]:
        """Return in the words of the mail what somebody reads who was expected at all of them."""
        return told_dates(_change(date, reason) for date in self.dates)


def called_off(chosen: Collection[Shift], now: datetime) -> list[CalledOff]:
    """Return by task those of the `chosen` dates that are still to come."""
    coming = Shift.objects.filter(
        pk__in=[each.pk for each in chosen], is_cancelled=False, starts_at__gt=now
    ).select_related("opportunity__provider")
    found: dict[int, CalledOff] = {}
    for date in coming.order_by("opportunity__title", "opportunity", "starts_at", "pk"):
        found.setdefault(date.opportunity_id, CalledOff(date.opportunity)).dates.append(date)
    for assignment in _expected(date for each in found.values() for date in each.dates):
        people = found[assignment.shift.opportunity_id].people
        people.setdefault(assignment.volunteer, []).append(assignment.shift)
    return list(found.values())


def _expected(dates: Iterable[Shift]) -> Iterable[Assignment]:
    return (
        Assignment.objects.filter(
            Q(placement=None) | Q(placement__status=Placement.Status.ACTIVE),
            shift__in=list(dates),
            status__in=EXPECTED,
        )
        .select_related("shift", "volunteer__mailbox")
        .order_by("volunteer__first_name", "volunteer", "shift__starts_at")
    )


def _change(date: Shift, reason: str) -> Change:
    before = ChangedDate(date.pk, date.starts_at, date.ends_at, was_cancelled=False)
    after = Shift(
        starts_at=date.starts_at, ends_at=date.ends_at, is_cancelled=True, closure=Closure(reason=reason)
    )
    return Change(before, after, was_released=False, released_for="")


def moved(date: Shift, starts_at: datetime, ends_at: datetime) -> list[ToldDate]:
    """Return in the words of the mail what somebody reads who comes to `date` at its new time, too."""
    before = ChangedDate(date.pk, date.starts_at, date.ends_at, was_cancelled=False)
    after = Shift(starts_at=starts_at, ends_at=ends_at)
    return told_dates([Change(before, after, was_released=False, released_for="")])
