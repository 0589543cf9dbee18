"""The question "when do you have time?": a grid of weekdays and dayparts, with exact times where wanted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.formats import time_range, weekday_name, weekday_short
from foundation.times_of_week import DAYPARTS, WeeklyTime, merged
from foundation.units import DAY, END_OF_DAY, HOUR, MIDNIGHT, MinuteOfDay

_DAYPART_NAMES = {
    "morning": gettext_lazy("Vormittag"),
    "midday": gettext_lazy("Mittag"),
    "afternoon": gettext_lazy("Nachmittag"),
    "evening": gettext_lazy("Abend"),
}
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)?\s*(?:Uhr)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class WeeklyAnswer:
    """What was ticked ("0-morning") and typed (weekday → from, to), unchecked, so that nothing is lost."""

    ticked: frozenset[str] = frozenset()
    typed: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def _clock(minute: MinuteOfDay) -> str:
    """The time as a time input takes it: midnight, the end of a day as well, is 00:00."""
    return f"{minute % DAY // HOUR:02d}:{minute % HOUR:02d}"


def answer_for(times: Iterable[WeeklyTime]) -> WeeklyAnswer:
    """Return the answer that yields `times`: ticks where dayparts fill a window, typed times elsewhere."""
    ticked: set[str] = set()
    typed: dict[int, tuple[str, str]] = {}
    for window in merged(times):
        inside = [p for p in DAYPARTS if window[1] <= p.start_minute and p.end_minute <= window[2]]
        if inside and (inside[0].start_minute, inside[-1].end_minute) == window[1:]:
            ticked.update(f"{window.weekday}-{part.key}" for part in inside)
        else:
            typed[window.weekday] = (_clock(window.start_minute), _clock(window.end_minute))
    return WeeklyAnswer(frozenset(ticked), typed)


class WeeklyTimesWidget(forms.Widget):
    """Draws the grid; ticks are posted as `name`, typed times as `name_<weekday>_from` and `…_to`."""

    template_name = "components/forms/weekly_times_widget.html"
    use_fieldset = True

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0_morning" if id_ else ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> WeeklyAnswer:
        ticks = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        typed = {day: _typed(data, f"{name}_{day}") for day in range(7)}
        return WeeklyAnswer(frozenset(ticks), {day: pair for day, pair in typed.items() if any(pair)})

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        answer = value if isinstance(value, WeeklyAnswer) else answer_for(value or [])
        prefix = context["widget"]["attrs"].get("id", name)
        context["dayparts"] = [
            (_DAYPART_NAMES[p.key], time_range(p.start_minute, p.end_minute)) for p in DAYPARTS
        ]
        context["days"] = [_day_context(day, prefix, answer) for day in range(7)]
        context["any_typed"] = bool(answer.typed)
        return context


def _typed(data: Mapping[str, Any], name: str) -> tuple[str, str]:
    return str(data.get(f"{name}_from", "")).strip(), str(data.get(f"{name}_to", "")).strip()


def _day_context(day: int, prefix: str, answer: WeeklyAnswer) -> dict[str, Any]:
    start, end = answer.typed.get(day, ("", ""))
    slots = [
        {
            "id": f"{prefix}_{day}_{part.key}",
            "value": f"{day}-{part.key}",
            "label": f"{weekday_name(day)}, {_DAYPART_NAMES[part.key]}, "
            f"{time_range(part.start_minute, part.end_minute)}",
            "checked": f"{day}-{part.key}" in answer.ticked,
        }
        for part in DAYPARTS
    ]
    return {
        "number": day,
        "name": weekday_name(day),
        "short": weekday_short(day),
        "slots": slots,
        "from": start,
        "to": end,
    }


def _minute(text: str) -> MinuteOfDay | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    minute = MinuteOfDay(int(match[1]) * HOUR + int(match[2] or 0))
    return minute if int(match[2] or 0) < HOUR and minute <= END_OF_DAY else None


class WeeklyTimesField(forms.Field):
    """Cleans to a sorted, merged `list[WeeklyTime]`; `initial` takes such a list."""

    widget = WeeklyTimesWidget
    default_error_messages = {
        "required": gettext_lazy("Bitte wählen Sie mindestens eine Zeit aus."),
        "unknown": gettext_lazy("Bitte wählen Sie nur Zeiten aus dem Wochenplan."),
    }

    def clean(self, value: WeeklyAnswer) -> list[WeeklyTime]:
        times = [self._ticked(tick) for tick in value.ticked]
        times += [_typed_time(day, start, end) for day, (start, end) in value.typed.items()]
        if self.required and not times:
            raise ValidationError(self.error_messages["required"], code="required")
        return merged(times)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.disabled is False and answer_for(initial or []) != data

    def _ticked(self, tick: str) -> WeeklyTime:
        day, _separator, key = tick.partition("-")
        parts = [part for part in DAYPARTS if part.key == key]
        if day not in set("0123456") or not parts:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return WeeklyTime(int(day), parts[0].start_minute, parts[0].end_minute)


def _typed_time(day: int, start_text: str, end_text: str) -> WeeklyTime:
    start, end = _minute(start_text), _minute(end_text)
    end = END_OF_DAY if end == MIDNIGHT else end
    if start is None or end is None:
        message = _("%(day)s: Bitte geben Sie Beginn und Ende als Uhrzeit an, zum Beispiel 16:30.")
        raise ValidationError(message % {"day": weekday_name(day)}, code="time")
    if end <= start:
        message = _("%(day)s: Das Ende muss nach dem Beginn liegen.")
        raise ValidationError(message % {"day": weekday_name(day)}, code="order")
    return WeeklyTime(day, start, end)
