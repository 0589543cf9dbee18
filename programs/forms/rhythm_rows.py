"""When dates are: times that repeat, single dates, or on call.

There are always rows for all that is there or was sent, and empty ones beside them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.formats import weekday_name
from foundation.units import DAY, HOUR, QUARTER, MinuteOfDay, minute_of_day
from programs.domain.choices import Weekday
from programs.domain.rhythms import (
    LONGEST,
    Holidays,
    Repeat,
    Rhythm,
    has_date,
    overlap,
    repeat_of,
    rule_of,
)
from programs.forms.fields import ClockField, DayField, DaysField
from programs.selectors.holidays import holidays_for

MOST_SENT = 370
_REPEATED, _SINGLE = "day", "date"
_AT_LEAST = {_REPEATED: 5, _SINGLE: 8}
_EMPTY = {_REPEATED: 1, _SINGLE: 4}
_OWN = "own_without"


class RhythmRows(forms.Form):
    """Part of a form; an empty row is no time, `rhythms` has what the valid form says."""

    rhythms: list[Rhythm]
    _row_of: list[tuple[str, Rhythm]]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._rows = {kind: _rows(kind, self.initial, self.data) for kind in (_REPEATED, _SINGLE)}
        for row in self._rows[_REPEATED]:
            self.fields[f"repeat_{row}"] = forms.ChoiceField(
                label=gettext_lazy("Wie oft"), required=False, choices=Repeat.choices
            )
            self.fields[f"day_{row}"] = forms.ChoiceField(
                label=gettext_lazy("Wochentag"), required=False, choices=[("", "–"), *Weekday.choices]
            )
            self._add_clocks(_REPEATED, row)
        for row in self._rows[_SINGLE]:
            self.fields[f"date_{row}"] = DayField(label=gettext_lazy("Tag"), required=False)
            self._add_clocks(_SINGLE, row)
        self.fields["without"] = DaysField(
            label=gettext_lazy("Nicht an diesen Tagen"),
            required=False,
            help_text=gettext_lazy("Zum Beispiel 24.12.2026, 31.12.2026."),
        )
        self.fields["skips_public_holidays"] = forms.BooleanField(
            label=gettext_lazy("nicht an Feiertagen"), required=False
        )
        self.fields["skips_school_holidays"] = forms.BooleanField(
            label=gettext_lazy("nicht in den Schulferien"), required=False
        )
        self.fields["on_call"] = forms.BooleanField(
            label=gettext_lazy("Auf Abruf: ohne feste Zeiten, nach Absprache"), required=False
        )

    def _add_clocks(self, kind: str, row: int) -> None:
        begin, end = _clocks(kind)
        self.fields[f"{begin}_{row}"] = ClockField(label=gettext_lazy("von"), required=False)
        self.fields[f"{end}_{row}"] = ClockField(label=gettext_lazy("bis"), required=False)

    def repeated_rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each time that repeats."""
        names = ("repeat", "day", "from", "to")
        return [[self[f"{name}_{row}"] for name in names] for row in self._rows[_REPEATED]]

    def first_row(self) -> list[list[forms.BoundField]]:
        """Return the row that is always in sight."""
        return self.repeated_rows()[:1]

    def further_rows(self) -> list[list[forms.BoundField]]:
        """Return the rows for those who need more than one time."""
        return self.repeated_rows()[1:]

    def date_rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each single date."""
        names = ("date", "begin", "end")
        return [[self[f"{name}_{row}"] for name in names] for row in self._rows[_SINGLE]]

    @property
    def has_more_times(self) -> bool:
        """True if a further row holds something, so that it must be in sight."""
        return any(_holds(field) for row in self.further_rows() for field in row[1:])

    @property
    def has_dates(self) -> bool:
        """True if a single date holds something, so that it must be in sight."""
        return any(_holds(field) for row in self.date_rows() for field in row)

    def clean(self) -> None:
        super().clean()
        self._row_of = []
        for kind, rows in self._rows.items():
            for row in rows:
                self._read(kind, row)
        self.rhythms = self._joined([rhythm for _name, rhythm in self._row_of])
        self._check_on_call()

    def refuse_what_never_comes(self, starts_on: date, ends_on: date | None) -> None:
        """Add an error to every row that has no date within the period, both ends included."""
        holidays = holidays_for(self.rhythms)
        for name, rhythm in self._row_of:
            marked = self._marked(rhythm)
            if not has_date(marked, starts_on, ends_on, starts_on, holidays):
                self.add_error(name, _never(marked, starts_on, ends_on, holidays))

    def _check_on_call(self) -> None:
        is_on_call = self.cleaned_data.get("on_call")
        if is_on_call and self._row_of:
            self.add_error("on_call", _("Entweder auf Abruf oder zu festen Zeiten, nicht beides."))
        has_row_errors = any(name.rsplit("_", 1)[-1].isdigit() for name in self.errors)
        if not is_on_call and not self._row_of and not has_row_errors:
            self.add_error(
                "day_0", _("Bitte nennen Sie mindestens eine Zeit oder wählen Sie unten „Auf Abruf“.")
            )

    def _read(self, kind: str, row: int) -> None:
        names = (f"{kind}_{row}", *(f"{name}_{row}" for name in _clocks(kind)))
        if any(name in self.errors for name in names):
            return
        said = {name: self.cleaned_data[name] for name in names}
        missing = [name for name, value in said.items() if value in ("", None)]
        if len(missing) == len(names):
            return
        if missing:
            self.add_error(missing[0], str(_MISSING[kind]))
            return
        day, start, end = said.values()
        repeat = self.cleaned_data.get(f"repeat_{row}") or Repeat.WEEKLY
        rhythm = _rhythm(repeat if kind == _REPEATED else "", day, start, end)
        if rhythm.start_minute % QUARTER or rhythm.end_minute % QUARTER:
            self.add_error(names[1], _("Bitte nur volle Viertelstunden angeben."))
        elif not 0 < rhythm.end_minute - rhythm.start_minute <= _longest(rhythm):
            self.add_error(names[2], _("Das Ende muss nach dem Beginn liegen."))
        elif any(overlap(rhythm, other) for _name, other in self._row_of):
            self.add_error(names[0], _("Diese Zeit überschneidet sich mit einer anderen."))
        else:
            self._row_of.append((names[0], rhythm))

    def _joined(self, rows: Iterable[Rhythm]) -> list[Rhythm]:
        """Return the rhythms, single days at the same time of day as one."""
        days: dict[tuple[MinuteOfDay, MinuteOfDay], list[date]] = {}
        found = []
        for rhythm in rows:
            if rhythm.rule:
                found.append(self._marked(rhythm))
            else:
                days.setdefault((rhythm.start_minute, rhythm.end_minute), []).extend(rhythm.days)
        return found + [Rhythm("", *clock, tuple(sorted(each))) for clock, each in days.items()]

    def _marked(self, rhythm: Rhythm) -> Rhythm:
        if not rhythm.rule:
            return rhythm
        said = self.cleaned_data
        return replace(
            rhythm,
            without=self._without(rhythm),
            skips_public_holidays=bool(said.get("skips_public_holidays")),
            skips_school_holidays=bool(said.get("skips_school_holidays")),
        )

    def _without(self, rhythm: Rhythm) -> tuple[date, ...]:
        """Days typed anew hold for every time that repeats; of others each keeps those it had itself."""
        said = set(self.cleaned_data.get("without") or ())
        shown = set(self.initial.get("without") or ())
        own = self.initial.get(_OWN, {}).get((rhythm.rule, rhythm.start_minute), shown)
        return tuple(sorted((said - shown) | (said & set(own))))


def rows_of(rhythms: Iterable[Rhythm]) -> dict[str, Any]:
    """Return the initial values that show `rhythms`."""
    rhythms = sorted(rhythms, key=lambda each: (repeat_of(each.rule)[::-1] if each.rule else (), each))
    repeated = [rhythm for rhythm in rhythms if rhythm.rule]
    initial: dict[str, Any] = {"on_call": not rhythms}
    for row, rhythm in enumerate(repeated):
        initial[f"repeat_{row}"], initial[f"day_{row}"] = repeat_of(rhythm.rule)
        initial[f"from_{row}"], initial[f"to_{row}"] = _clock(rhythm.start_minute), _clock(rhythm.end_minute)
    dates = sorted((day, rhythm) for rhythm in rhythms for day in rhythm.days)
    for row, (day, rhythm) in enumerate(dates):
        initial[f"date_{row}"] = day
        initial[f"begin_{row}"], initial[f"end_{row}"] = (
            _clock(rhythm.start_minute),
            _clock(rhythm.end_minute),
        )
    if repeated:
        initial[_OWN] = {(rhythm.rule, rhythm.start_minute): rhythm.without for rhythm in repeated}
    initial["without"] = sorted({day for rhythm in rhythms for day in rhythm.without})
    for name in ("skips_public_holidays", "skips_school_holidays"):
        initial[name] = any(getattr(rhythm, name) for rhythm in rhythms)
    return initial


def _rows(kind: str, at_first: Mapping[str, Any], sent: Mapping[str, Any]) -> range:
    """Return the rows that the form has: those that hold something at first or were sent, and empty ones."""
    needed = max(_held(kind, at_first), min(_held(kind, sent), MOST_SENT))
    return range(max(_AT_LEAST[kind], needed + _EMPTY[kind]))


def _held(kind: str, said: Mapping[str, Any]) -> int:
    cell = re.compile(rf"(?:{'|'.join((kind, *_clocks(kind)))})_([0-9]{{1,4}})")
    found = (cell.fullmatch(name) for name, value in said.items() if value not in ("", None))
    return max((int(each[1]) + 1 for each in found if each), default=0)


_MISSING = {
    _REPEATED: gettext_lazy("Bitte geben Sie Wochentag, Beginn und Ende an."),
    _SINGLE: gettext_lazy("Bitte geben Sie Tag, Beginn und Ende an."),
}


def _rhythm(repeat: str, day: Any, start: time, end: time) -> Rhythm:
    """Return what a row says; an end that is not after the start lies on the next day."""
    begin, finish = minute_of_day(start), minute_of_day(end)
    until = MinuteOfDay(finish if finish > begin else finish + DAY)
    if repeat:
        return Rhythm(rule_of(repeat, int(day)), begin, until)
    return Rhythm("", begin, until, (day,))


def _longest(rhythm: Rhythm) -> int:
    """Within a day anything goes; over midnight only what is no mistyped end."""
    return DAY if rhythm.end_minute <= DAY else LONGEST


def _never(rhythm: Rhythm, starts_on: date, ends_on: date | None, holidays: Holidays) -> str:
    if not rhythm.rule:
        return _("Dieser Tag liegt nicht im angegebenen Zeitraum.")
    plain = replace(rhythm, without=(), skips_public_holidays=False, skips_school_holidays=False)
    if has_date(plain, starts_on, ends_on, starts_on, holidays):
        return _("Im angegebenen Zeitraum bleibt davon kein Termin übrig.")
    repeat, weekday = repeat_of(rhythm.rule)
    if repeat in (Repeat.WEEKLY, Repeat.FORTNIGHTLY):
        return _("Im angegebenen Zeitraum liegt kein %(day)s.") % {"day": weekday_name(weekday)}
    return _("Im angegebenen Zeitraum liegt kein solcher %(day)s.") % {"day": weekday_name(weekday)}


def _clocks(kind: str) -> tuple[str, str]:
    return ("from", "to") if kind == _REPEATED else ("begin", "end")


def _holds(field: forms.BoundField) -> bool:
    return field.value() not in ("", None)


def _clock(minute: MinuteOfDay) -> time:
    return time(minute % DAY // HOUR, minute % HOUR)
