"""Files of the city that wait for a second person."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import local_day
from programs.models import DataImport
from programs.selectors.imports import small_files, waiting_imports
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _to_release(reader: Reader, now: datetime) -> QuerySet[DataImport]:
    return waiting_imports().exclude(begun_by=reader.user)


def _row(reader: Reader, run: DataImport, now: datetime) -> Row:
    return Row(
        key=f"dateien-{run.pk}",
        who=str(run.get_kind_display()),
        what=run.source,
        since=local_day(run.status_changed_at),
        due_at=run.status_changed_at,
        url=reverse("coordination_import", args=[run.pk]),
        action=_("Ganze Vorschau"),
        about=run,
    )


def _find_small(reader: Reader, runs: Sequence[DataImport]) -> None:
    found = small_files(runs)
    for each in runs:
        each.shown = found.get(each.pk)  # type: ignore[attr-defined]


FILES = Kind(
    slug="dateien",
    title=gettext_lazy("Eingelesene Dateien freigeben"),
    text=gettext_lazy("Zahlen und Grenzen der Stadt gelten erst, wenn eine zweite Person sie angesehen hat."),
    icon="check-circle",
    is_for=lambda reader: reader.sees_city,
    waiting=_to_release,
    row=_row,
    template="dashboard/today/_file.html",
    prepare=_find_small,
)
