"""Engagementangebote as cards in a list: plain values, so that equal cards are drawn once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, IntegerField, OuterRef, QuerySet
from django.urls import reverse

from foundation.prepared import Statement, number_of, rows, statement_of
from foundation.times_of_week import WeeklyTime
from programs.domain.choices import Field
from programs.models import Opportunity, WeeklySlot
from programs.selectors.opportunities import find_opportunities, seeking_opportunities


@dataclass(frozen=True, slots=True)
class TaskCard:
    """All that a card in a list tells; whoever sees it, it is drawn alike. `times` are in their order."""

    times: tuple[WeeklyTime, ...]
    slug: str
    title: str
    task: str
    field: str
    site: str
    district: str
    clearance_required: bool

    @property
    def address(self) -> str:
        """The path of its page."""
        return reverse("opportunity", args=[self.slug])

    @property
    def field_label(self) -> str:
        """The name of its field of action."""
        return str(Field(self.field).label)


@dataclass(frozen=True, slots=True)
class SeekingTasks:
    """What seeks people in a field, a district (slug), on a weekday (0 = Monday), as a Paginator takes it."""

    today: date
    field: str = ""
    district: str = ""
    weekday: int | None = None

    def count(self) -> int:
        """Return how many there are."""
        return number_of(_keys(self))

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[TaskCard]:
        start, stop = part.start or 0, part.stop
        return _cards(_part(self, start, stop)) if stop > start else []


def cards_of_program(program: int, today: date, count: int) -> list[TaskCard]:
    """Return the first of what seeks people in an Angebot, given by its key."""
    return _cards(_first(today, count, program=program))


def cards_of_provider(provider: int, today: date, count: int) -> list[TaskCard]:
    """Return the first of what seeks people at a Träger, given by its key."""
    return _cards(_first(today, count, provider=provider))


_COLUMNS = ("slug", "title", "task", "field", "site", "district__name", "clearance_required")
_TIME = Func(
    "weekday",
    "start_minute",
    "end_minute",
    template="ARRAY[%(expressions)s]",
    output_field=ArrayField(IntegerField()),
)


def _cards(statement: Statement) -> list[TaskCard]:
    return [TaskCard(tuple(WeeklyTime(*time) for time in times), *told) for times, *told in rows(statement)]


def _told(found: QuerySet[Opportunity]) -> QuerySet[Opportunity, Any]:
    slots = WeeklySlot.objects.filter(opportunity=OuterRef("pk"))
    times = ArraySubquery(slots.values_list(_TIME), output_field=ArrayField(ArrayField(IntegerField())))
    return found.prefetch_related(None).values_list(times, *_COLUMNS)


def _found(asked: SeekingTasks) -> QuerySet[Opportunity]:
    return find_opportunities(asked.today, field=asked.field, district=asked.district, weekday=asked.weekday)


@statement_of
def _keys(asked: SeekingTasks) -> QuerySet[Opportunity, Any]:
    return _found(asked).order_by().prefetch_related(None).values_list("pk")


@statement_of
def _part(asked: SeekingTasks, start: int, stop: int) -> QuerySet[Opportunity, Any]:
    return _told(_found(asked))[start:stop]


@statement_of
def _first(today: date, count: int, **whose: int) -> QuerySet[Opportunity, Any]:
    return _told(seeking_opportunities(today).filter(**whose))[:count]
