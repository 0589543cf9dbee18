"""Help beside need, by district: one grouped query per measure, never a join of several."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q, Sum

from donations.models import Donation
from donations.selectors.funds import published_funds
from foundation.clock import local_moment
from foundation.units import HOUR, MIDNIGHT
from programs.domain.german import sort_key
from programs.models import District, DistrictFigure
from programs.selectors.visibility import public_opportunities
from volunteers.models import HoursEntry, Placement, TimePledge
from wirbrauchensie.dashboard.filters import Choice
from wirbrauchensie.dashboard.scope import Scope
from wirbrauchensie.dashboard.suppression import Cell, suppressed, total

Row = tuple[int | None, int, int]
Column = dict[int | None, Cell]
_ASKED = [TimePledge.Status.OPEN, TimePledge.Status.PLACED, TimePledge.Status.PAUSED, TimePledge.Status.ENDED]
_PLACED = [Placement.Status.ACTIVE, Placement.Status.ENDED]
ABOUT_TASKS = "needs"
_KEPT = [Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED]


@dataclass(frozen=True)
class Line:
    """One district (None: not assigned to one) with a cell per measure and its published figures."""

    district: District | None
    cells: dict[str, Cell]
    population: DistrictFigure | None
    under_18: DistrictFigure | None
    child_poverty: DistrictFigure | None


@dataclass(frozen=True)
class Report:
    """The table: a line per district, and the totals of the whole."""

    lines: list[Line]
    totals: dict[str, Cell]


def report(scope: Scope, choice: Choice) -> Report:
    """Count every measure within `scope` and `choice`; small numbers are hidden already."""
    columns = {
        "pledged": _pledged(scope, choice),
        "placed": _placed(scope, choice),
        "hours": _hours(scope, choice),
        "gifts": _gifts(scope, choice),
        "needs": _needs(scope, choice),
    }
    districts = districts_by_name()
    keys = [*(district.pk for district in districts), None]
    cells: dict[int | None, dict[str, Cell]] = {key: {} for key in keys}
    totals: dict[str, Cell] = {}
    for measure, counted in columns.items():
        column = [counted.get(key, Cell(0, 0)) for key in keys]
        if measure != ABOUT_TASKS:
            column = suppressed(column, settings.PERSONS_SHOWN_FROM)
        for key, cell in zip(keys, column, strict=True):
            cells[key][measure] = cell
        totals[measure] = total(column, 1 if measure == ABOUT_TASKS else settings.PERSONS_SHOWN_FROM)
    return Report(_lines(districts, cells), totals)


def districts_by_name() -> list[District]:
    """Return every district in the order in which people look for it."""
    return sorted(District.objects.defer("loaded_values"), key=lambda district: sort_key(district.name))


def _lines(districts: list[District], cells: dict[int | None, dict[str, Cell]]) -> list[Line]:
    figures: dict[tuple[int, str], DistrictFigure] = {
        (figure.district_id, figure.kind): figure
        for figure in DistrictFigure.objects.order_by(F("year").asc(nulls_first=True))
    }
    Kind = DistrictFigure.Kind  # noqa: N806
    lines = [
        Line(
            district,
            cells[district.pk],
            figures.get((district.pk, Kind.POPULATION)),
            figures.get((district.pk, Kind.UNDER_18_PERCENT)),
            figures.get((district.pk, Kind.CHILD_POVERTY_PERCENT)),
        )
        for district in districts
    ]
    if any(cell.people for cell in cells[None].values()):
        lines.append(Line(None, cells[None], None, None, None))
    return lines


def _moments(choice: Choice) -> tuple[datetime, datetime]:
    return local_moment(choice.first_on, MIDNIGHT), local_moment(choice.last_on + timedelta(days=1), MIDNIGHT)


def _column(rows: Iterable[Row]) -> Column:
    return {district: Cell(value or 0, people or 0) for district, value, people in rows}


def _pledged(scope: Scope, choice: Choice) -> Column:
    """People whose confirmed pledge fell into the period, by the district they live in."""
    first, end = _moments(choice)
    rows = TimePledge.objects.filter(status__in=_ASKED, confirmed_at__gte=first, confirmed_at__lt=end)
    if choice.field:
        rows = rows.filter(Q(fields__contains=[choice.field]) | Q(fields=[]))
    if scope.provider_ids is not None:
        rows = rows.filter(offers__opportunity__provider__in=scope.provider_ids)
    counted = rows.values_list("home_district").annotate(people=Count("volunteer", distinct=True))
    return _column((district, people, people) for district, people in counted)


def _placed(scope: Scope, choice: Choice) -> Column:
    """People with a placement that ran in the period, by the place where they help."""
    rows = Placement.objects.filter(
        scope.within("opportunity__provider"),
        Q(until_on__isnull=True) | Q(until_on__gte=choice.first_on),
        status__in=_PLACED,
        from_on__lte=choice.last_on,
    )
    if choice.field:
        rows = rows.filter(opportunity__field=choice.field)
    counted = rows.values_list("opportunity__district").annotate(people=Count("volunteer", distinct=True))
    return _column((district, people, people) for district, people in counted)


def _hours(scope: Scope, choice: Choice) -> Column:
    """Whole hours given in the period, by the place where they were given."""
    rows = HoursEntry.objects.filter(
        scope.within("placement__opportunity__provider"),
        worked_on__range=(choice.first_on, choice.last_on),
    )
    if choice.field:
        rows = rows.filter(placement__opportunity__field=choice.field)
    counted = rows.values_list("placement__opportunity__district").annotate(
        minutes=Sum("minutes"), people=Count("placement__volunteer", distinct=True)
    )
    return _column((district, minutes // HOUR, people) for district, minutes, people in counted)


def _gifts(scope: Scope, choice: Choice) -> Column:
    """Cents received in the period and kept, by the district of the purpose (None: the whole city).

    Purposes of few givers are left out: no sum minus the published amounts of the others tells theirs.
    """
    first, end = _moments(choice)
    rows = Donation.objects.filter(
        scope.within("fund__provider"),
        fund__in=published_funds(),
        status__in=_KEPT,
        received_at__gte=first,
        received_at__lt=end,
    )
    if choice.field:
        rows = rows.filter(fund__field=choice.field)
    counted = rows.values_list("fund__district").annotate(
        cents=Sum(F("amount_cents") - F("refunded_cents")), people=Count("donor", distinct=True)
    )
    return _column(counted)


def _needs(scope: Scope, choice: Choice) -> Column:
    """Places still free now; about tasks, not people, so never hidden."""
    rows = public_opportunities().filter(
        scope.within("provider"),
        Q(ends_on__isnull=True) | Q(ends_on__gte=choice.last_on),
        places_taken__lt=F("places"),
    )
    if choice.field:
        rows = rows.filter(field=choice.field)
    free: dict[int | None, int] = defaultdict(int)
    for district, places in rows.values_list("district").annotate(free=Sum(F("places") - F("places_taken"))):
        free[district] = places
    return {district: Cell(places, places) for district, places in free.items()}
