"""A line that came before and says something else now: what differs, taking it over, and putting it back.

What counts is what the list itself says differently than last time: what somebody changed here since then is
not undone by the same line. A column that the table does not have says nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.tables.table import Line, folded
from programs.domain.imports import RowFate, WhyItStays
from programs.forms.opportunity import OpportunityForm
from programs.models import DataImport, ImportedRow, Opportunity
from programs.services.imports.running import Written
from programs.services.imports.tasks import change_task, take_back_task, untouched_since
from programs.services.opportunities import RELEASED
from programs.wording.rhythms import times_in_words

UNTIL, TIMES = "valid_until", "times"
LONGEST_SHOWN = 300
_OF_TIMES = re.compile(r"(?:repeat|day|from|to|date|begin|end)_\d+|on_call")
Typed = dict[str, list[str]]


@dataclass(frozen=True)
class Difference:
    """What a column says, before and now; `name` is that of its field in the form, or UNTIL, or TIMES."""

    name: str
    head: str
    before: str
    after: str


def told_of(line: Line, heads: Mapping[str, str], until: date) -> dict[str, str]:
    """Return a fingerprint of what each column of a line says, by the name of its field."""
    names = {folded(head): name for head, name in heads.items()}
    told = {names[head]: _print(text) for head, text in line.cells.items() if head in names}
    return {**told, UNTIL: _print(until.isoformat())}


def _print(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def names_told_anew(told: Mapping[str, str], before: Mapping[str, str]) -> set[str]:
    """Return the fields of which a line says something else than last time."""
    return {name for name, said in told.items() if before.get(name, _print("")) != said}


def typed_over(task: Opportunity, typed: Typed, names: Iterable[str]) -> OpportunityForm:
    """Return the form of `task` as it stands, with what `typed` says in the fields of these names."""
    told = set(names)
    data = QueryDict(mutable=True)
    for source, is_new in ((standing(task), False), (typed, True)):
        for name, said in source.items():
            if (_field_of(name) in told) is is_new:
                data.setlist(name, said)
    return OpportunityForm(data, providers=[task.provider], opportunity=task)


def standing(task: Opportunity) -> Typed:
    """Return what somebody would have typed for `task` to be as it is."""
    form = OpportunityForm(providers=[task.provider], opportunity=task)
    return {bound.name: said for bound in form if (said := _as_typed(bound)) is not None}


def _as_typed(bound: forms.BoundField) -> list[str] | None:
    value, widget = bound.value(), bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else None
    shown = widget.format_value(value)
    return [str(each) for each in shown] if isinstance(shown, list) else ["" if shown is None else str(shown)]


def _field_of(name: str) -> str:
    return TIMES if _OF_TIMES.fullmatch(name) else name


def differences(
    task: Opportunity, form: OpportunityForm, names: Iterable[str], heads: Mapping[str, str], until: date
) -> list[Difference]:
    """Return what the valid `form` says differently than `task`, in the order of the columns."""
    told = set(names)
    head_of: dict[str, str] = {}
    for head, name in heads.items():
        head_of.setdefault(name, head)
    found = []
    for name, head in head_of.items():
        if name in told and name in form.changed_data:
            shown = (_words(form[name], form[name].initial), _words(form[name], form.cleaned_data[name]))
            found.append(Difference(name, head, *shown))
    if TIMES in told and set(form.rhythms) != set(task.rhythms):
        shown = (times_in_words(task.rhythms), times_in_words(form.rhythms))
        found.append(Difference(TIMES, head_of[TIMES], *shown))
    if UNTIL in told and until != task.expires_on:
        before = date_format(task.expires_on, "j. F Y") if task.expires_on else ""
        found.append(Difference(UNTIL, head_of[UNTIL], before, date_format(until, "j. F Y")))
    return found


def _words(bound: forms.BoundField, value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, date):
        return date_format(value, "j. F Y")
    labels = {str(key): str(label) for key, label in getattr(bound.field, "choices", ())}
    values = value if isinstance(value, list | tuple) else [value]
    text = ", ".join(labels.get(str(each), str(each)) for each in values if each not in (None, ""))
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def before_and_after(task: Opportunity, found: Iterable[Difference]) -> tuple[str, str]:
    """Return both sides for the preview; also that a released text waits for a second person again."""
    found = list(found)
    before, after = (
        "; ".join(f"{each.head}: {getattr(each, side) or '–'}" for each in found)
        for side in ("before", "after")
    )
    if task.status in (Opportunity.Status.PUBLISHED, Opportunity.Status.PAUSED) and (
        {each.name for each in found} & (RELEASED | {"activity"})
    ):
        after = _("%(after)s – danach liest es eine zweite Person, bevor es wieder öffentlich ist") % {
            "after": after
        }
    return before, after


def write_change(run: DataImport, values: Mapping[str, Any], by: User, now: datetime) -> Written:
    """Take over what a line says anew, as it stands when it is its turn."""
    task = Opportunity.objects.select_for_update(of=("self",)).filter(pk=values["task"]).first()
    if task is None or task.provider_id != run.provider_id or task.is_closed:
        return Written(RowFate.FAULTY, why=WhyItStays.IS_GONE)
    names, until = set(values["names"]), date.fromisoformat(values["valid_until"])
    form = typed_over(task, values["typed"], names)
    if not form.is_valid():
        return Written(RowFate.FAULTY)
    heads = {name: name for name in names}
    found = {each.name for each in differences(task, form, names, heads, until)}
    if not found:
        return Written(RowFate.SAME, task.pk, why=WhyItStays.TWICE)
    old = {name: said for name, said in standing(task).items() if _field_of(name) in found}
    before = {"names": sorted(found), "typed": old, "valid_until": f"{task.expires_on}"}
    return change_task(
        task,
        form.described() if found - {UNTIL} else None,
        until if UNTIL in found else None,
        before=before,
        told=values["told"],
        by=by,
        now=now,
    )


def take_back(row: ImportedRow, by: User, now: datetime) -> tuple[RowFate, str]:
    """Put back what a line changed, unless somebody changed the task since; or take back what it made.

    A change that stays is one still: only one row says that something was made of a line.
    """
    if row.before is None:
        return take_back_task(row, by, now)
    task = Opportunity.objects.filter(pk=row.object_id or 0).first()
    if task is None or task.is_closed:
        return RowFate.CHANGED, WhyItStays.IS_GONE
    if not untouched_since(task, row):
        return RowFate.CHANGED, WhyItStays.CHANGED_SINCE
    names = set(row.before["names"])
    form = typed_over(task, row.before["typed"], names)
    if not form.is_valid():
        return RowFate.CHANGED, WhyItStays.CHANGED_SINCE
    written = change_task(
        task,
        form.described() if names - {UNTIL} else None,
        date.fromisoformat(row.before["valid_until"]) if UNTIL in names else None,
        before={},
        told={},
        by=by,
        now=now,
    )
    if written.fate != RowFate.CHANGED:
        return RowFate.CHANGED, WhyItStays.CHANGED_SINCE
    return RowFate.TAKEN_BACK, ""
