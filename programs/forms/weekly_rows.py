"""Up to five weekly times, a row each: day, from, to."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.formats import weekday_name
from foundation.times_of_week import WeeklyTime
from foundation.units import DAY, END_OF_DAY, HOUR, QUARTER, MinuteOfDay, minute_of_day
from programs.domain.choices import Weekday
from programs.domain.periods import weekdays_between
from programs.forms.fields import ClockField

ROWS = range(5)


class WeeklyRows(forms.Form):
    """Part of a form; an empty row is no time, `weekly_times` has what the valid form says."""

    weekly_times: list[WeeklyTime]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for row in ROWS:
            self.fields[f"day_{row}"] = forms.ChoiceField(
                label=gettext_lazy("Wochentag"), required=False, choices=[("", "–"), *Weekday.choices]
            )
            self.fields[f"from_{row}"] = ClockField(label=gettext_lazy("von"), required=False)
            self.fields[f"to_{row}"] = ClockField(label=gettext_lazy("bis"), required=False)

    def weekly_rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each row."""
        return [[self[f"day_{row}"], self[f"from_{row}"], self[f"to_{row}"]] for row in ROWS]

    def first_row(self) -> list[list[forms.BoundField]]:
        """Return the row that is always in sight."""
        return self.weekly_rows()[:1]

    def further_rows(self) -> list[list[forms.BoundField]]:
        """Return the rows for those who need more than one time."""
        return self.weekly_rows()[1:]

    @property
    def has_more_times(self) -> bool:
        """True if a further row holds something, so that it must be in sight."""
        return any(field.value() not in ("", None) for row in self.further_rows() for field in row)

    def clean(self) -> None:
        super().clean()
        self.weekly_times = []
        for row in ROWS:
            self._read(row)

    def refuse_days_outside(self, starts_on: date, ends_on: date) -> None:
        """Add an error to every row whose day does not come within the period, both ends included."""
        days = weekdays_between(starts_on, ends_on)
        for row in ROWS:
            day = self.cleaned_data.get(f"day_{row}")
            if day and int(day) not in days:
                message = _("Im angegebenen Zeitraum liegt kein %(day)s.") % {"day": weekday_name(int(day))}
                self.add_error(f"day_{row}", message)

    def _read(self, row: int) -> None:
        names = (f"day_{row}", f"from_{row}", f"to_{row}")
        if any(name in self.errors for name in names):
            return
        said = {name: self.cleaned_data[name] for name in names}
        missing = [name for name, value in said.items() if value in ("", None)]
        if len(missing) == len(names):
            return
        if missing:
            self.add_error(missing[0], _("Bitte geben Sie Wochentag, Beginn und Ende an."))
            return
        day, start, end = said.values()
        slot = WeeklyTime(int(day), minute_of_day(start), minute_of_day(end) or END_OF_DAY)
        if slot.start_minute % QUARTER or slot.end_minute % QUARTER:
            self.add_error(names[1], _("Bitte nur volle Viertelstunden angeben."))
        elif slot.end_minute <= slot.start_minute:
            self.add_error(names[2], _("Das Ende muss nach dem Beginn liegen."))
        elif any(_overlap(slot, other) for other in self.weekly_times):
            self.add_error(names[0], _("Diese Zeit überschneidet sich mit einer anderen."))
        else:
            self.weekly_times.append(slot)


def rows_of(times: Iterable[WeeklyTime]) -> dict[str, Any]:
    """Return the initial values that show `times`."""
    initial: dict[str, Any] = {}
    for row, slot in zip(ROWS, times, strict=False):
        initial[f"day_{row}"] = slot.weekday
        initial[f"from_{row}"] = _clock(slot.start_minute)
        initial[f"to_{row}"] = _clock(slot.end_minute)
    return initial


def _clock(minute: MinuteOfDay) -> time:
    return time(minute % DAY // HOUR, minute % HOUR)


def _overlap(one: WeeklyTime, other: WeeklyTime) -> bool:
    return (
        one.weekday == other.weekday
        and one.start_minute < other.end_minute
        and other.start_minute < one.end_minute
    )
