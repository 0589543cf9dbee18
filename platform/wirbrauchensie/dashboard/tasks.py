"""Single tasks among the figures: for staff alone, within what they chose of their providers."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from programs.models import Opportunity
from programs.selectors.visibility import public_opportunities
from wirbrauchensie.dashboard.filters import Choice

AT_MOST = 20
_KEY = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class TaskGap:
    """A task, where it is, its places and those taken."""

    pk: int
    title: str
    district: str
    provider: str
    places: int
    taken: int

    @property
    def missing(self) -> int:
        """How many people it still needs."""
        return self.places - self.taken


def most_missing(choice: Choice, today: date) -> list[TaskGap]:
    """Return the tasks that lack most people, those first; full ones are left out."""
    rows = (
        _within(choice, today)
        .annotate(offered=Sum("roles__places"), held=Sum("roles__places_taken"))
        .annotate(lacking=F("offered") - F("held"))
        .filter(lacking__gt=0)
        .order_by("-lacking", "title", "pk")
    )
    told = rows.values_list("pk", "title", "district__name", "provider__name", "offered", "held")
    return [TaskGap(*each) for each in told[:AT_MOST]]


def task_called(asked: str, choice: Choice, today: date) -> Opportunity | None:
    """Return the task with that number if it is among what was chosen."""
    if not _KEY.fullmatch(asked):
        return None
    rows = _within(choice, today).select_related("provider").prefetch_related("roles")
    return rows.filter(pk=asked).first()


def _within(choice: Choice, today: date) -> QuerySet[Opportunity]:
    """The tasks whose places the night counts for the same choice."""
    tasks = public_opportunities().filter(Q(ends_on=None) | Q(ends_on__gte=today))
    if choice.provider_id is not None:
        tasks = tasks.filter(provider=choice.provider_id)
    return tasks.filter(field=choice.field) if choice.field else tasks
