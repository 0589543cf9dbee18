"""What stands on the page of a file: its rows, its faults, and what became of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet
from django.urls import reverse

from programs.domain.imports import MADE, ImportKind, ImportStatus, RowFate, WhyItStays
from programs.domain.published import Published
from programs.models import DataImport, District, DistrictFigure, ImportedRow, Opportunity, Program
from programs.selectors.text_drafts import open_drafts


@dataclass(frozen=True)
class Shown:
    """A row on the page: what it is about, what stands there and what would; "" where there is nothing."""

    line: int
    label: str
    fate: RowFate
    before: str = ""
    after: str = ""
    why: str = ""
    url: str = ""

    @property
    def badge(self) -> str:
        """Which kind of badge shows what becomes of it."""
        kinds = {"new": "success", "changed": "info", "faulty": "danger", "stays": "warning"}
        return kinds.get(self.fate, "neutral")


@dataclass(frozen=True)
class LineFault:
    """Something wrong in a line of the file."""

    line: int
    column: str
    value: str
    reason: str


def faults_of(run: DataImport) -> list[LineFault]:
    """Return what is wrong in a preview, from top to bottom."""
    return [LineFault(row["line"], **fault) for row in run.rows for fault in row["faults"]]


def rows_of(run: DataImport) -> list[Shown]:
    """Return the rows of a preview that could be read."""
    return [
        Shown(
            row["line"],
            row["label"],
            RowFate(row["fate"]),
            row["before"],
            row["after"],
        )
        for row in run.rows
        if row["fate"] != RowFate.FAULTY
    ]


def fates_of(run: DataImport) -> list[tuple[RowFate, int]]:
    """Return how many rows become or became what, without those of which there are none."""
    if run.rows:
        counted = Counter(row["fate"] for row in run.rows)
    else:
        counted = Counter(run.imported.order_by().values_list("fate", flat=True))
        counted[RowFate.FAULTY.value] += run.fault_count if run.status != ImportStatus.DISCARDED else 0
    return [(fate, counted[fate.value]) for fate in RowFate if counted[fate.value]]


def result_of(run: DataImport) -> list[Shown]:
    """Return what became of each row."""
    found = list(run.imported.all())
    labels = _LABELS[ImportKind(run.kind)](each.object_id for each in found if each.object_id)
    return [_shown(row, labels) for row in found]


def _shown(row: ImportedRow, labels: Mapping[int, tuple[str, str]]) -> Shown:
    label, url = labels.get(row.object_id or 0, ("", ""))
    why = str(WhyItStays(row.why).label) if row.why else ""
    return Shown(row.line, label, RowFate(row.fate), why=why, url=url)


def origin_of(task: Opportunity) -> ImportedRow | None:
    """Return the row of a file that a task was made of: only such a task has a day until which it counts."""
    if not task.expires_on:
        return None
    rows = ImportedRow.objects.select_related("data_import").filter(
        object_id=task.pk, data_import__kind=ImportKind.TASKS, fate__in=MADE
    )
    return rows.first()


def _figures(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = DistrictFigure.objects.select_related("district").in_bulk(list(keys))
    return {
        key: (f"{row.district.name}: {row.get_kind_display()} {row.year or ''}".strip(), "")
        for key, row in rows.items()
    }


def _tasks(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    titles = Opportunity.objects.filter(pk__in=list(keys)).values_list("pk", "title")
    return {key: (title, reverse("coordination_opportunity", args=[key])) for key, title in titles}


def _districts(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    names = District.objects.filter(pk__in=list(keys)).values_list("pk", "name")
    return {key: (name, "") for key, name in names}


def _programs(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return the name of each and the page of its words that wait, of its own once they are released."""
    programs = Program.objects.in_bulk(list(keys))
    waiting = dict(open_drafts().filter(about=Published.PROGRAM).values_list("row_id", "pk"))
    return {
        key: (
            each.name,
            reverse("coordination_text", args=[waiting[key]])
            if key in waiting
            else each.get_absolute_url()
            if each.is_listed
            else "",
        )
        for key, each in programs.items()
    }


_LABELS: dict[ImportKind, Callable[[Iterable[Any]], dict[int, tuple[str, str]]]] = {
    ImportKind.FIGURES: _figures,
    ImportKind.BORDERS: _districts,
    ImportKind.TASKS: _tasks,
    ImportKind.SERVICES: _programs,
}


SMALL = 12
"""So many rows can be looked at in a list; what is longer, or has a map, is looked at on its page."""


def small_files(runs: Iterable[DataImport]) -> dict[int, list[Shown]]:
    """Return of these files all rows, where that are few figures without a fault: one read."""
    figures = DataImport.objects.filter(
        pk__in=[each.pk for each in runs], kind=ImportKind.FIGURES, fault_count=0
    )
    count = Func(F("rows"), function="jsonb_array_length", output_field=IntegerField())
    return {each.pk: rows_of(each) for each in figures.alias(count=count).filter(count__lte=SMALL)}


def waiting_imports() -> QuerySet[DataImport]:
    """Return the files that wait for a second person, the longest waiting first."""
    rows = DataImport.objects.filter(status=ImportStatus.WAITING).defer("rows")
    return rows.order_by("status_changed_at", "pk")
