"""Engagementangebote as cards in a list: plain values, so that equal cards are drawn once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from foundation.prepared import Statement, number_of, rows, statement_of
from programs.domain.choices import Field
from programs.domain.rhythms import Rhythm
from programs.models import Opportunity, Role
from programs.selectors.opportunities import find_opportunities, seeking_opportunities
from programs.selectors.series import rhythms_read, series_beside
from programs.wording.rhythms import times_in_words


@dataclass(frozen=True, slots=True)
class TaskCard:
    """All that a card in a list tells; whoever sees it, it is drawn alike."""

    rhythms: tuple[Rhythm, ...]
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

    @property
    def times_text(self) -> str:
        """When its dates are, in words."""
        return times_in_words(self.rhythms)


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


_COLUMNS = ("slug", "title", "task", "field", "site", "district__name")


def _cards(statement: Statement) -> list[TaskCard]:
    return [TaskCard(rhythms_read(series), *told) for series, *told in rows(statement)]


def _told(found: QuerySet[Opportunity]) -> QuerySet[Opportunity, Any]:
    inspected = Role.objects.filter(opportunity=OuterRef("pk"), clearance_required=True)
    told = found.prefetch_related(None)
    return told.values_list(series_beside("pk"), *_COLUMNS, Exists(inspected))


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
