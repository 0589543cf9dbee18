"""Telling people that their task is at another place, or that its times or its period changed before they had
any date.

Who is expected on dates hears of those (`date_notices`); here is what no date tells. Settling is the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from citizens.services.letters import Letter, write_all
from programs.models import Opportunity
from volunteers.models import Assignment, Placement, TaskNotice, Volunteer
from volunteers.services.date_notices import AT_THE_LATEST, SETTLE
from volunteers.services.links import person_calendar_url
from volunteers.wording.mails import PLACEMENT_CHANGED


def note_task_change(opportunity: Opportunity, *, place: str, times: str, period: str, now: datetime) -> None:
    """Remember how the task was, where somebody must hear of it; what is waiting already stays.

    Called inside the transaction of the change, with the task locked.
    """
    if TaskNotice.objects.filter(opportunity=opportunity).update(touched_at=now):
        return
    if _placed(opportunity).exists() or _standing_in(opportunity, now).exists():
        TaskNotice.objects.create(
            opportunity=opportunity, place=place, times=times, period=period, noted_at=now, touched_at=now
        )


def tell_of_changed_tasks(now: datetime) -> int:
    """Write to everybody concerned by changes that have settled; return how many tasks changed for them."""
    settled = TaskNotice.objects.filter(
        Q(touched_at__lte=now - SETTLE) | Q(noted_at__lte=now - AT_THE_LATEST)
    )
    return sum(_tell(pk, now) for pk in list(settled.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _tell(pk: int, now: datetime) -> bool:
    held = TaskNotice.objects.select_for_update(of=("self",), skip_locked=True)
    notice = held.select_related("opportunity__district").filter(pk=pk).first()
    if notice is None:
        return False
    notice.delete()
    task = notice.opportunity
    letters = list(
        _letters(
            _Told(
                notice,
                now,
                is_elsewhere=notice.place != task.place,
                is_at_other_times=notice.times != task.times_text,
                is_in_other_period=notice.period not in ("", task.period_text),
            )
        )
    )
    write_all(letters, now=now)
    return bool(letters)


@dataclass(frozen=True)
class _Told:
    notice: TaskNotice
    now: datetime
    is_elsewhere: bool
    is_at_other_times: bool
    is_in_other_period: bool

    def letter(self, key: str, title: str, person: Volunteer, *, has_dates: bool) -> Letter:
        task = self.notice.opportunity
        return Letter(
            person.mailbox,
            PLACEMENT_CHANGED,
            f"placement.changed:{key}:{self.now:%Y%m%d%H%M%S%f}",
            {
                "volunteer": person,
                "title": title,
                "was_at": self.notice.place if self.is_elsewhere else "",
                "is_at": task.place,
                "was_when": "" if has_dates or not self.is_at_other_times else self.notice.times,
                "is_when": task.times_text,
                "was_in": "" if has_dates or not self.is_in_other_period else self.notice.period,
                "is_in": task.period_text,
                "feed_url": person_calendar_url(person, self.now) if has_dates else "",
            },
        )


def _letters(told: _Told) -> Iterator[Letter]:
    """One letter a person: whoever said yes before the change, or comes for a date of somebody else's."""
    task = told.notice.opportunity
    knew = _placed(task).filter(created_at__lte=told.notice.noted_at)
    if not told.is_elsewhere:
        is_other = told.is_at_other_times or told.is_in_other_period
        knew = knew.exclude(status=Placement.Status.ACTIVE) if is_other else knew.none()
    for placement in knew.select_related("volunteer__mailbox", "role", "opportunity").order_by("pk"):
        yield told.letter(
            str(placement.pk), placement.title, placement.volunteer, has_dates=placement.is_active
        )
    if told.is_elsewhere:
        for date in _standing_in(task, told.now).distinct("volunteer"):
            yield told.letter(f"{date.pk}.date", date.title, date.volunteer, has_dates=True)


def _placed(opportunity: Opportunity) -> QuerySet[Placement]:
    return Placement.objects.filter(opportunity=opportunity, status__in=Placement.HOLDING)


def _standing_in(opportunity: Opportunity, now: datetime) -> QuerySet[Assignment]:
    """Return the dates to come of people who have no place of their own at the task."""
    coming = Assignment.objects.filter(
        ~Exists(_placed(opportunity).filter(volunteer=OuterRef("volunteer"))),
        placement=None,
        status=Assignment.Status.CONFIRMED,
        shift__opportunity=opportunity,
        shift__starts_at__gt=now,
        shift__is_cancelled=False,
    )
    related = ("volunteer__mailbox", "role", "shift__opportunity")
    return coming.select_related(*related).order_by("volunteer", "shift__starts_at")
