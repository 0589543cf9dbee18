"""Tasks of a provider: each line is filled into the form that people fill in, through the same door."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.tables.table import FileRefused, Line, Table, folded
from foundation.tables.values import yes_or_no
from programs.domain.activities import Site
from programs.domain.choices import AgeBand, Field, Language, Skill
from programs.domain.imports import ReadRow, RowFate, faulty, origin_key, with_key
from programs.domain.typed_times import TypedTime, times_typed
from programs.forms.imports import changed_tasks
from programs.forms.imports.cells import Cells, betrays, missing_heads
from programs.forms.imports.changed_tasks import (
    before_and_after,
    differences,
    names_told_anew,
    told_of,
    typed_over,
    write_change,
)
from programs.forms.opportunity import NO_ACTIVITY, OpportunityForm
from programs.models import DataImport, Opportunity, Program, Provider
from programs.selectors.activities import offered_activities
from programs.selectors.districts import districts_by_any_name
from programs.services.imports.running import Written, made_before
from programs.services.imports.tasks import create_task, told_before
from programs.wording.rhythms import times_in_words

MOST_ROWS = 200
LONGEST = relativedelta(years=2)
ORIGIN, UNTIL, TIMES = "Kennung", "Gültig bis", "Zeiten"
NEEDED = ("Titel", "Beschreibung", "Bereich", "Stadtteil", "Einsatzort", "Tätigkeit")
_QUESTION = "Frage an das Jugendamt"
_TEXTS = {"title": "Titel", "task": "Beschreibung", "site": "Einsatzort", "activity_question": _QUESTION}
_NUMBERS = {"places": ("Plätze", "1"), "minimum_age": ("Mindestalter", "16")}
_TICKS = {
    "staff_is_there": "Erwachsene Person dabei",
    "reminds_each": "Vor jedem Termin erinnern",
    "skips_public_holidays": "Nicht an Feiertagen",
    "skips_school_holidays": "Nicht in den Schulferien",
}
_LISTS: dict[str, tuple[str, Any]] = {
    "skills": ("Fähigkeiten", Skill),
    "languages": ("Sprachen", Language),
    "age_bands": ("Alter der Kinder", AgeBand),
}
FIRST, LAST = ("Erster Tag", "Beginnt am"), ("Letzter Tag", "Endet am")
_HEADS = {
    **_TEXTS,
    **{name: head for name, (head, _first) in _NUMBERS.items()},
    **{name: head for name, (head, _choices) in _LISTS.items()},
    **_TICKS,
    "field": "Bereich",
    "district": "Stadtteil",
    "site_kind": "Art des Ortes",
    "starts_on": FIRST[0],
    "ends_on": LAST[0],
    "program": "Angebot",
    "activity": "Tätigkeit",
    "on_call": TIMES,
}
_NAMES = {
    **{head: name for name, head in _HEADS.items()},
    **dict.fromkeys(FIRST, "starts_on"),
    **dict.fromkeys(LAST, "ends_on"),
    TIMES: changed_tasks.TIMES,
    UNTIL: changed_tasks.UNTIL,
}
"""Of each column the field of the form that it fills."""


class Names:
    """What a cell may name, by `folded` name; read once for all lines."""

    def __init__(self, provider: Provider) -> None:
        self.fields = _named(Field)
        self.sites = {"": "", **_named(Site)}
        self.districts = {name: each.slug for name, each in districts_by_any_name().items()}
        self.programs = {"": ""} | {
            folded(each.name): str(each.pk)
            for each in Program.objects.filter(provider=provider, has_ended=False)
        }
        self.activities = {"passt zu keiner": NO_ACTIVITY, "keine": NO_ACTIVITY}
        for each in offered_activities():
            if each.current:
                self.activities |= {folded(each.slug): str(each.pk), folded(each.current.name): str(each.pk)}
        self.lists = {name: _named(choices) for name, (_head, choices) in _LISTS.items()}


def read_tasks(
    table: Table, *, kind: str, provider: Provider, source: str, valid_until: date, today: date
) -> list[ReadRow]:
    """Read the tasks; each is valid until its own day or `valid_until`. Raises FileRefused."""
    missing = [head for head in NEEDED if not table.has(head)]
    if missing:
        raise FileRefused(missing_heads(missing))
    if len(table.lines) > MOST_ROWS:
        raise FileRefused(
            _("Die Tabelle hat mehr als %(most)d Aufgaben. Bitte teilen Sie sie auf.") % {"most": MOST_ROWS}
        )
    names = Names(provider)
    origins = [_origin(line) for line in table.lines]
    keys = {origin: origin_key(kind, provider.pk, source, origin) for origin in origins}
    known = _known([key for key in keys.values() if key])
    seen: set[str] = set()
    rows = (
        _row(line, origin, provider, names, valid_until, today, known.get(keys[origin] or ""), seen)
        for line, origin in zip(table.lines, origins, strict=True)
    )
    return [with_key(row, keys[origin]) for row, origin in zip(rows, origins, strict=True)]


@dataclass(frozen=True)
class _Known:
    """What was made of a line before, and what it said then; `task` None: that is gone."""

    task: Opportunity | None
    told: Mapping[str, str] | None


def _known(keys: Sequence[str]) -> dict[str, _Known]:
    made, told = made_before(keys), told_before(keys)
    tasks = Opportunity.objects.exclude(status=Opportunity.Status.CLOSED).select_related("provider")
    open_tasks = tasks.in_bulk([pk for pk in made.values() if pk])
    return {key: _Known(open_tasks.get(pk or 0), told.get(key)) for key, pk in made.items()}


def _origin(line: Line) -> str:
    """Return how the source names the row; without a name of its own it is called by what stands in it."""
    told = line.cell(ORIGIN)
    return told or hashlib.sha256("\x1f".join(line.cells.values()).encode()).hexdigest()[:16]


def _row(
    line: Line,
    origin: str,
    provider: Provider,
    names: Names,
    valid_until: date,
    today: date,
    known: _Known | None,
    seen: set[str],
) -> ReadRow:
    cells = Cells(line)
    if not re.fullmatch(r"[A-Za-z0-9._:/+-]{1,80}", origin):
        cells.fault(
            ORIGIN, origin, _("Nur Buchstaben, Ziffern und . _ : / + - sind möglich, ohne Leerzeichen.")
        )
    if origin in seen:
        cells.fault(ORIGIN, line.cell(ORIGIN), _("Diese Zeile steht weiter oben schon einmal."))
    seen.add(origin)
    until = _until(cells, valid_until, today)
    typed = dict(_typed(cells, provider, names, today).lists())
    told = told_of(line, _NAMES, until)
    anew: set[str] = set()
    if known and known.task and known.told:
        anew = names_told_anew(told, known.told)
        form = typed_over(known.task, typed, anew)
    else:
        form = OpportunityForm(_as_sent(typed), providers=[provider])
    if not form.is_valid():
        _tell(form, cells, {fault.column for fault in cells.faults})
    if cells.faults:
        return faulty(line.number, *cells.faults)
    if known and known.task and anew:
        found = differences(known.task, form, anew, _NAMES, until)
        if found:
            before, after = before_and_after(known.task, found)
            return ReadRow(
                line=line.number,
                fate=RowFate.CHANGED,
                label=known.task.title,
                before=before,
                after=after,
                values={
                    "task": known.task.pk,
                    "names": sorted(anew),
                    "typed": typed,
                    "valid_until": until.isoformat(),
                    "told": told,
                },
            )
    said = form.cleaned_data
    return ReadRow(
        line=line.number,
        fate=RowFate.SAME if known else RowFate.NEW,
        label=said["title"],
        after=ngettext(
            "%(times)s, %(places)d Platz, gilt bis %(day)s",
            "%(times)s, %(places)d Plätze, gilt bis %(day)s",
            said["places"],
        )
        % {
            "times": times_in_words(form.rhythms),
            "places": said["places"],
            "day": date_format(until, "j. F Y"),
        },
        values={"typed": typed, "valid_until": until.isoformat(), "told": told},
    )


def _typed(cells: Cells, provider: Provider, names: Names, today: date) -> QueryDict:
    """Return what somebody would have typed into the form."""
    typed = QueryDict(mutable=True)
    typed["provider"] = str(provider.pk)
    for name, head in _TEXTS.items():
        typed[name] = cells.text(head)
    for name, (head, first) in _NUMBERS.items():
        typed[name] = cells.text(head) or first
    typed["field"] = cells.one_of(names.fields, _choices(Field), "Bereich") or ""
    typed["district"] = cells.one_of(names.districts, _unknown(), "Stadtteil") or ""
    typed["site_kind"] = cells.one_of(names.sites, _choices(Site), "Art des Ortes") or ""
    typed["program"] = cells.one_of(names.programs, _unknown(), "Angebot") or ""
    typed["activity"] = cells.one_of(names.activities, _unknown_activity(), "Tätigkeit") or ""
    starts_on, ends_on = cells.day(*FIRST), cells.day(*LAST)
    typed["starts_on"], typed["ends_on"] = f"{starts_on or today}", f"{ends_on or ''}"
    for name, (head, choices) in _LISTS.items():
        typed.setlist(name, _some(cells, head, names.lists[name], choices))
    for name, head in _TICKS.items():
        if cells.read(yes_or_no, _("Bitte „ja“ oder „nein“."), head):
            typed[name] = "on"
    times = cells.read(times_typed, _how_times(), TIMES)
    typed.update(_rows_of_times(times or []))
    return typed


def _rows_of_times(times: Iterable[TypedTime]) -> dict[str, str]:
    repeated = [each for each in times if each.on is None]
    single = [each for each in times if each.on is not None]
    typed = {} if repeated or single else {"on_call": "on"}
    for row, each in enumerate(repeated):
        typed |= {f"repeat_{row}": each.repeat, f"day_{row}": str(each.weekday)}
        typed |= {f"from_{row}": each.start, f"to_{row}": each.end}
    for row, each in enumerate(single):
        typed |= {f"date_{row}": f"{each.on}", f"begin_{row}": each.start, f"end_{row}": each.end}
    return typed


def _until(cells: Cells, default: date, today: date) -> date:
    until = cells.day(UNTIL) or default
    if not today <= until <= today + LONGEST:
        cells.fault(
            UNTIL, cells.text(UNTIL), _("Der Tag muss ab heute und in den nächsten zwei Jahren liegen.")
        )
    return until


def _some(cells: Cells, head: str, known: Mapping[str, str], choices: Any) -> list[str]:
    words = [word for word in re.split(r"[,;\n]", cells.text(head)) if word.strip()]
    found = [known.get(folded(word)) for word in words]
    for word, each in zip(words, found, strict=True):
        if each is None:
            cells.fault(head, word.strip(), _choices(choices))
    return [each for each in found if each]


def _tell(form: OpportunityForm, cells: Cells, told: Collection[str]) -> None:
    """Note what the form says, each at its column; what was told of a cell already is not told again."""
    for name, errors in form.errors.as_data().items():
        head = _HEADS.get(name, TIMES if re.fullmatch(r"[a-z]+_\d+|without", name) else NEEDED[0])
        if head in told:
            continue
        for error in errors:
            cells.fault(head, "" if name in _TEXTS else cells.text(head), _reason(error))


def _reason(error: ValidationError) -> str:
    if error.code == "betrays_somebody":
        return betrays()
    return " ".join(error.messages)


def _named(choices: Any) -> dict[str, str]:
    return {folded(str(name)): each.value for each in choices for name in (each.value, each.label)}


def _choices(choices: Any) -> str:
    return _("Möglich: %(choices)s.") % {"choices": ", ".join(str(each.label) for each in choices)}


def _unknown() -> str:
    return _("Das gibt es hier nicht.")


def _unknown_activity() -> str:
    return _(
        "Diese Tätigkeit gibt es nicht. Schreiben Sie ihren Namen wie im Formular, oder „passt zu keiner“ mit"
        " einer Frage an das Jugendamt."
    )


def _how_times() -> str:
    return _(
        "Bitte so: „Di 15:00–16:30; alle zwei Wochen Do 17:00–18:00; 5.12.2026 10:00–12:00“ oder „auf Abruf“."
    )


def write_task(run: DataImport, values: Mapping[str, Any], by: User, now: datetime) -> Written:
    """Write a draft as its form would, or what is told anew; what no longer fits is told as a fault."""
    assert run.provider is not None
    if "task" in values:
        return write_change(run, values, by, now)
    form = OpportunityForm(_as_sent(values["typed"]), providers=[run.provider])
    if not form.is_valid():
        return Written(RowFate.FAULTY)
    told = values.get("told", {})  # a preview from before lines could change has none
    return create_task(run.provider, form.described(), values["valid_until"], told=told, by=by, now=now)


def _as_sent(typed: Mapping[str, list[str]]) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, said in typed.items():
        sent.setlist(name, said)
    return sent
