"""Figures of districts: a line for each, or a line for each district with a column for each figure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from foundation.tables.table import FileRefused, Line, Table, folded
from foundation.tables.values import german_number, percent
from programs.domain.imports import ReadRow, RowFate, faulty
from programs.forms.imports.cells import Cells, missing_heads
from programs.models import District, DistrictFigure
from programs.selectors.districts import districts_by_any_name
from programs.wording.figures import figure_text

Kind = DistrictFigure.Kind
DISTRICT, WHAT, VALUE, YEAR, SOURCE = "Stadtteil", "Angabe", "Wert", "Jahr", "Quelle"
MOST_ROWS = 2_000
FIRST_YEAR = 1990
_MORE_NAMES = {
    "einwohner": Kind.POPULATION,
    "bevoelkerung": Kind.POPULATION,
    "unter 18": Kind.UNDER_18_PERCENT,
    "migrationshintergrund": Kind.MIGRATION_PERCENT,
    "flaeche in km2": Kind.AREA_KM2,
    "flaeche km2": Kind.AREA_KM2,
    "kinderarmut": Kind.CHILD_POVERTY_PERCENT,
}
_PERCENTS = {Kind.UNDER_18_PERCENT, Kind.MIGRATION_PERCENT, Kind.CHILD_POVERTY_PERCENT}
_MOST: dict[Kind, int] = {Kind.POPULATION: 5_000_000, Kind.MEAN_AGE: 120, Kind.AREA_KM2: 10_000}


@dataclass(frozen=True)
class Known:
    """What stands in the database: districts by every name they have, figures by district, kind, year."""

    districts: Mapping[str, District]
    figures: Mapping[tuple[int, str, int | None], DistrictFigure]


def read_figures(table: Table, *, year: int | None, source: str, this_year: int) -> list[ReadRow]:
    """Read the figures; `year` and `source` hold where a line names none. Raises FileRefused."""
    kinds = _kinds()
    wide = [head for head in table.heads if folded(head) in kinds]
    is_long = table.has(WHAT) and table.has(VALUE)
    if not table.has(DISTRICT) or not (wide or is_long):
        raise FileRefused(missing_heads([DISTRICT, WHAT, VALUE]))
    known = Known(districts_by_any_name(), _figures())
    seen: set[tuple[int, str, int]] = set()
    rows: list[ReadRow] = []
    for line in table.lines:
        for cells, kind, head in _cells_of(line, kinds, [] if is_long else wide):
            rows.append(_row(cells, kind, head, known, seen, year, source, this_year))
    if len(rows) > MOST_ROWS:
        raise FileRefused(
            _("Die Tabelle hat mehr als %(most)d Zahlen. Bitte teilen Sie sie auf.") % {"most": MOST_ROWS}
        )
    if not rows:
        raise FileRefused(_("In dieser Tabelle steht keine einzige Zahl."))
    return rows


def _cells_of(
    line: Line, kinds: Mapping[str, Kind], wide: list[str]
) -> Iterable[tuple[Cells, Kind | None, str]]:
    """Yield the figures of a line: what kind, and under which head its number stands."""
    if not wide:
        cells = Cells(line)
        yield cells, cells.one_of(kinds, _unknown_kind(), WHAT), VALUE
        return
    for head in wide:
        if line.cell(head):
            yield Cells(line), kinds[folded(head)], head


def _row(
    cells: Cells,
    kind: Kind | None,
    head: str,
    known: Known,
    seen: set[tuple[int, str, int]],
    default_year: int | None,
    default_source: str,
    this_year: int,
) -> ReadRow:
    district = cells.one_of(known.districts, _("Diesen Stadtteil gibt es hier nicht."), DISTRICT)
    value = _value(cells, kind, head)
    year = _year(cells, default_year, this_year)
    source = cells.free_text(
        "programs.DistrictFigure.source", cells.text(SOURCE) or default_source, SOURCE, most=400
    )
    if district and kind and year is not None:
        if (district.pk, kind.value, year) in seen:
            cells.fault(DISTRICT, district.name, _("Diese Angabe steht weiter oben schon einmal."))
        elif not cells.faults:
            seen.add((district.pk, kind.value, year))
    if cells.faults or district is None or kind is None or value is None or year is None:
        return faulty(cells.line.number, *cells.faults)
    there = known.figures.get((district.pk, kind.value, year))
    is_same = there is not None and there.value == value and there.source == source
    fate = RowFate.NEW if there is None else RowFate.SAME if is_same else RowFate.CHANGED
    return ReadRow(
        line=cells.line.number,
        fate=fate,
        label=f"{district.name}: {kind.label} {year}",
        before=figure_text(kind, there.value, there.source) if there else "",
        after=figure_text(kind, value, source),
        values={
            "district": district.pk,
            "kind": kind.value,
            "year": year,
            "value": str(value),
            "source": source,
        },
    )


def _value(cells: Cells, kind: Kind | None, head: str) -> Decimal | None:
    """Return the number with two decimals, of which a person makes out what was meant."""
    read: Callable[[str], Decimal] = percent if kind in _PERCENTS else german_number
    value = cells.read(read, _("Das ist keine Zahl. Bitte so: 1.234,5."), head)
    if value is None or kind is None:
        return value
    most = _MOST.get(kind, 100)
    if not 0 <= value <= most:
        cells.fault(head, cells.text(head), _("Das liegt nicht zwischen 0 und %(most)s.") % {"most": most})
        return None
    if kind == Kind.POPULATION and value != value.to_integral_value():
        cells.fault(head, cells.text(head), _("Menschen werden in ganzen Zahlen gezählt."))
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _year(cells: Cells, default: int | None, this_year: int) -> int | None:
    if not cells.text(YEAR) and default is not None:
        return default
    year = cells.read(int, _("Das ist kein Jahr."), YEAR)
    if year is not None and not FIRST_YEAR <= year <= this_year:
        cells.fault(
            YEAR,
            cells.text(YEAR),
            _("Das Jahr muss zwischen %(first)d und %(last)d liegen.")
            % {"first": FIRST_YEAR, "last": this_year},
        )
    return year


def _kinds() -> dict[str, Kind]:
    named = {folded(str(kind.label)): kind for kind in Kind}
    return {folded(kind.value): kind for kind in Kind} | _MORE_NAMES | named


def _unknown_kind() -> str:
    return _("Diese Angabe kennen wir nicht. Möglich: %(kinds)s.") % {
        "kinds": ", ".join(str(kind.label) for kind in Kind)
    }


def _figures() -> dict[tuple[int, str, int | None], DistrictFigure]:
    return {(each.district_id, each.kind, each.year): each for each in DistrictFigure.objects.all()}
