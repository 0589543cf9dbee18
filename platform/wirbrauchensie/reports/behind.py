"""What stands behind a figure of a report today: the rows of its facts, for those who may see people."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from figures.domain.measures import Measure, span
from figures.models import CityReport, Fact
from programs.models import District
from volunteers.models import HoursEntry, Placement, TimePledge, Volunteer
from wirbrauchensie.dashboard.filters import MEASURES

NOWHERE = "ohne"


@dataclass(frozen=True)
class Behind:
    """One row: since which day it counts, whose and what it is, how many minutes; `person` is None once
    nothing is stored of them any more."""

    day: date
    person: Volunteer | None
    what: str
    minutes: int


def facts_behind(kept: CityReport, measure: Measure, district: District | None) -> QuerySet[Fact, Any]:
    """Return cause, day and minutes of each row that counts for this figure, the latest first.

    Which they are is asked of the facts as they are today; of a pledge that fits several fields once.
    """
    facts = Fact.objects.filter(
        measure=measure, district=district, day__range=span(kept.period, kept.counted_on)
    )
    if kept.field:
        facts = facts.filter(field=kept.field)
    if measure == Measure.HOURS:
        rows = facts.values("cause", "day").annotate(spent=Sum("minutes"))
        return rows.order_by("-day", "-cause").values_list("cause", "day", "spent")
    return facts.order_by("-day", "-cause").values_list("cause", "day", "minutes").distinct()


def rows_behind(measure: Measure, found: Collection[tuple[int, date, int]]) -> list[Behind]:
    """Return the rows of these facts with what is known of them."""
    told = _TOLD[measure]({cause for cause, _day, _minutes in found})
    return [Behind(day, *told.get(cause, (None, "")), minutes) for cause, day, minutes in found]


_Told = dict[int, tuple[Volunteer | None, str]]


def _pledges(keys: Collection[int]) -> _Told:
    rows = TimePledge.objects.select_related("volunteer").in_bulk(keys)
    return {pk: (row.volunteer, row.fields_text) for pk, row in rows.items()}


def _placements(keys: Collection[int]) -> _Told:
    rows = Placement.objects.select_related("volunteer", "role", "opportunity").in_bulk(keys)
    return {pk: (row.volunteer, row.title) for pk, row in rows.items()}


def _hours(keys: Collection[int]) -> _Told:
    rows = HoursEntry.objects.select_related("volunteer", "opportunity").in_bulk(keys)
    return {pk: (row.volunteer, row.opportunity.title if row.opportunity else "") for pk, row in rows.items()}


_TOLD: dict[Measure, Callable[[Collection[int]], _Told]] = {
    Measure.PLEDGED: _pledges,
    Measure.PLACED: _placements,
    Measure.HOURS: _hours,
}
TRACED = tuple(_TOLD)


def ways_behind(kept: CityReport) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return by name of the district where each traced figure of the report leads to."""
    return [
        (
            line["name"] or _("ohne Stadtteil oder ganze Stadt"),
            [
                (str(MEASURES[each]), address_behind(kept, each, line["district"] or NOWHERE))
                for each in TRACED
            ],
        )
        for line in kept.content["lines"]
    ]


def address_behind(kept: CityReport, measure: Measure, where: str) -> str:
    """Return the address of what stands behind a figure of `where`, a district's word or NOWHERE."""
    return reverse("coordination_report_behind", args=[kept.pk, measure.value, where])
