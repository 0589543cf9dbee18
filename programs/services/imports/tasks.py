"""Tasks that came in a file: drafts with an end of their own, and taking them back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError, RestrictedError
from django.db.models.deletion import Collector

from accounts.models import User
from foundation.history import lines_of
from programs.domain.imports import MADE, ImportKind, RowFate, WhyItStays
from programs.models import ImportedRow, Notice, Opportunity, Provider
from programs.services.imports.running import Written
from programs.services.opportunities import Task, change_opportunity, create_opportunity
from programs.services.publishing import close

Status = Opportunity.Status


@transaction.atomic
def create_task(
    provider: Provider, task: Task, valid_until: str, *, told: Mapping[str, str], by: User, now: datetime
) -> Written:
    """Write a draft, which goes the way of every other one, and the day until which it is valid.

    `told` are fingerprints of what the line said, by which a later one is known to say something else.
    """
    made = create_opportunity(provider, task, author=by, now=now)
    Opportunity.objects.filter(pk=made.pk).update(expires_on=date.fromisoformat(valid_until))
    return Written(RowFate.NEW, made.pk, after={"last_line": _last_line(made), "told": dict(told)})


@transaction.atomic
def change_task(
    task: Opportunity,
    said: Task | None,
    valid_until: date | None,
    *,
    before: Mapping[str, Any],
    told: Mapping[str, str],
    by: User,
    now: datetime,
) -> Written:
    """Change a task as its form would, or the day until which it is valid, or both."""
    if said is not None and change_opportunity(task, said, editor=by, now=now):
        return Written(RowFate.FAULTY)
    if valid_until is not None:
        Opportunity.objects.filter(pk=task.pk).update(expires_on=valid_until)
    after = {"last_line": _last_line(task), "told": dict(told)}
    return Written(RowFate.CHANGED, task.pk, before, after)


def forget_words(task: Opportunity) -> None:
    """Keep of what files changed of a task that they did, and no word of what it said before."""
    changed = ImportedRow.objects.filter(object_id=task.pk, data_import__kind=ImportKind.TASKS)
    changed.filter(before__isnull=False).update(before={})


def _last_line(task: Opportunity) -> int:
    """Return the line of the history after which everything was done by somebody."""
    return lines_of(task).order_by("-id").values_list("id", flat=True).first() or 0


def untouched_since(task: Opportunity, row: ImportedRow) -> bool:
    """Whether nobody has changed a task since `row` was written."""
    return not lines_of(task).filter(pk__gt=(row.after or {}).get("last_line", 0)).exists()


def told_before(keys: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return by key what the latest line of each, of those not taken back, said; as fingerprints."""
    rows = ImportedRow.objects.filter(key__in=keys, fate__in=[*MADE, RowFate.CHANGED]).order_by("pk")
    found = rows.values_list("key", "after__told")
    return {key: told for key, told in found if key and told}


def take_back_untouched(rows: Sequence[ImportedRow]) -> set[int]:
    """Delete in one go the drafts that nobody has touched; return the keys of their rows.

    If people hang on one of them none is deleted, and each is looked at by `take_back_task`.
    """
    named = [(row.object_id, row) for row in rows if row.object_id is not None]
    lines_for = Counter(task for task, _row in named)
    made = {task: row for task, row in named if lines_for[task] == 1 and row.fate == RowFate.NEW}
    drafts = Opportunity.objects.filter(pk__in=made, status=Status.DRAFT).values_list("pk", flat=True)
    lines = lines_of(Opportunity).filter(object_id__in=list(drafts)).values_list("object_id")
    latest = dict(lines.annotate(Max("id")))
    reported = set(Notice.objects.filter(about="task", row_id__in=drafts).values_list("row_id", flat=True))
    untouched = {
        key
        for key in drafts
        if key not in reported and latest.get(key, 0) <= (made[key].after or {}).get("last_line", 0)
    }
    try:
        with transaction.atomic():
            Opportunity.objects.filter(pk__in=untouched).delete()
    except (ProtectedError, RestrictedError):
        return set()
    return {made[key].pk for key in untouched}


def take_back_task(row: ImportedRow, by: User, now: datetime) -> tuple[RowFate, str]:
    """Delete a draft nobody has touched; end what has gone further, unless people hang on it."""
    task = Opportunity.objects.filter(pk=row.object_id or 0).first()
    if task is None:
        return RowFate.STAYS, WhyItStays.IS_GONE
    if _people_hang_on(task):
        return RowFate.STAYS, WhyItStays.PEOPLE_ACTED
    if task.status == Status.DRAFT and untouched_since(task, row):
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
