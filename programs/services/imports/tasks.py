"""Tasks that came in a file: drafts with an end of their own, and taking them back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector

from accounts.models import User
from foundation.history import lines_of
from programs.domain.imports import RowFate, WhyItStays
from programs.models import ImportedRow, Notice, Opportunity, Provider
from programs.services.imports.running import Written
from programs.services.opportunities import Task, create_opportunity
from programs.services.publishing import close

Status = Opportunity.Status


@transaction.atomic
def create_task(provider: Provider, task: Task, valid_until: str, *, by: User, now: datetime) -> Written:
    """Write a draft, which goes the way of every other one, and the day until which it is valid."""
    made = create_opportunity(provider, task, author=by, now=now)
    Opportunity.objects.filter(pk=made.pk).update(expires_on=date.fromisoformat(valid_until))
    # What the history says after this line was done by somebody.
    last = lines_of(made).order_by("-id").values_list("id", flat=True).first()
    return Written(RowFate.NEW, made.pk, after={"last_line": last or 0})


def take_back_task(row: ImportedRow, by: User, now: datetime) -> tuple[RowFate, str]:
    """Delete a draft nobody has touched; end what has gone further, unless people hang on it."""
    task = Opportunity.objects.filter(pk=row.object_id or 0).first()
    if task is None:
        return RowFate.STAYS, WhyItStays.IS_GONE
    if _people_hang_on(task):
        return RowFate.STAYS, WhyItStays.PEOPLE_ACTED
    last = (row.after or {}).get("last_line", 0)
    if task.status == Status.DRAFT and not lines_of(task).filter(pk__gt=last).exists():
        task.delete()
        return RowFate.TAKEN_BACK, ""
    if task.status != Status.CLOSED:
        close(task, by=by, now=now)
    return RowFate.ENDED, ""


def _people_hang_on(task: Opportunity) -> bool:
    """Whether somebody was asked, is or was there, wishes for it, or reported it.

    What people have done protects the rows it was done to; a report knows its row by number alone.
    """
    if Notice.objects.filter(about="task", row_id=task.pk).exists():
        return True
    try:
        Collector(using=str(task._state.db)).collect([task])
    except (ProtectedError, RestrictedError):
        return True
    return False
