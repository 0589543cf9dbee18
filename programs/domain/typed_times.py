"""Times as people write them in one cell: "Di 15:00–16:30; alle zwei Wochen Do 17–18 Uhr"."""

import re
from dataclasses import dataclass
from datetime import date

from programs.domain.rhythms import Repeat

_HOUR = r"(\d{1,2})(?:[:.](\d{2}))? ?(?:Uhr)?"
_TIMES = re.compile(rf"(?P<when>.+?) (?:von )?{_HOUR} ?(?:-|–|bis) ?{_HOUR}", re.ASCII)
_DAY = re.compile(r"(?:am )?(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)
_ON_CALL = {"", "auf abruf", "nach absprache", "zeiten nach absprache"}
_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_REPEATS = {
    "": Repeat.WEEKLY,
    "jede woche": Repeat.WEEKLY,
    "jeden": Repeat.WEEKLY,
    "wöchentlich": Repeat.WEEKLY,
    "alle zwei wochen": Repeat.FORTNIGHTLY,
    "alle 2 wochen": Repeat.FORTNIGHTLY,
    "jede zweite woche": Repeat.FORTNIGHTLY,
    "14-tägig": Repeat.FORTNIGHTLY,
    "jeden ersten": Repeat.FIRST,
    "jeden 1.": Repeat.FIRST,
    "jeden zweiten": Repeat.SECOND,
    "jeden 2.": Repeat.SECOND,
    "jeden dritten": Repeat.THIRD,
    "jeden 3.": Repeat.THIRD,
    "jeden vierten": Repeat.FOURTH,
    "jeden 4.": Repeat.FOURTH,
    "jeden letzten": Repeat.LAST,
}


@dataclass(frozen=True)
class TypedTime:
    """A weekday that repeats, or with `on` a single day; clocks as "15:00"."""

    start: str
    end: str
    repeat: str = ""
    weekday: int = 0
    on: date | None = None


def times_typed(text: str) -> list[TypedTime]:
    """Return the times of a cell; none where they are agreed on. Raises ValueError with the part."""
    if text.strip().lower() in _ON_CALL:
        return []
    return [_time(part.strip()) for part in re.split(r"[;\n]", text) if part.strip()]


def _time(part: str) -> TypedTime:
    # One blank each: many of them would be tried in every way there is.
    found = _TIMES.fullmatch(" ".join(part.replace(",", " ").split()))
    if not found:
        raise ValueError(part)
    _when, *clock = found.groups()
    start, end = _clock(clock[0], clock[1]), _clock(clock[2], clock[3])
    single = _DAY.fullmatch(found["when"])
    if single:
        return TypedTime(start, end, on=date(int(single[3]), int(single[2]), int(single[1])))
    words = found["when"].lower().removesuffix(" im monat").strip()
    how, _space, day = words.rpartition(" ")
    repeat, weekday = _REPEATS.get(how.strip()), _weekday(day)
    if repeat is None or weekday is None:
        raise ValueError(part)
    return TypedTime(start, end, repeat.value, weekday)


def _weekday(word: str) -> int | None:
    short = word.rstrip(".").removesuffix("s") if len(word) > 3 else word.rstrip(".")
    for number, name in enumerate(_WEEKDAYS):
        if short in (name, name[:2]):
            return number
    return None


def _clock(hour: str, minute: str | None) -> str:
    return f"{int(hour):02}:{minute or '00'}"
