"""When a task is, in words."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.formats import time_range, weekday_adverb, weekday_name
from foundation.units import DAY, MinuteOfDay
from programs.domain.rhythms import Repeat, Rhythm, repeat_of


def times_in_words(rhythms: Iterable[Rhythm]) -> str:
    """Return "dienstags 15–16 Uhr, am 5. Dezember 2026 10–12 Uhr", or that times are agreed on."""
    wanted = sorted(rhythms, key=_order)
    if not wanted:
        return _("Zeiten nach Absprache")
    left_out = _left_out(wanted)
    times = ", ".join(map(_times, wanted))
    return f"{times} ({left_out})" if left_out else times


def _order(rhythm: Rhythm) -> tuple[bool, int, int, str, tuple[date, ...]]:
    weekday = repeat_of(rhythm.rule)[1] if rhythm.rule else 0
    return not rhythm.rule, weekday, rhythm.start_minute, rhythm.rule, rhythm.days


def _times(rhythm: Rhythm) -> str:
    end = rhythm.end_minute if rhythm.end_minute <= DAY else MinuteOfDay(rhythm.end_minute - DAY)
    hours = time_range(rhythm.start_minute, end)
    if rhythm.rule:
        return f"{_repeated(*repeat_of(rhythm.rule))} {hours}"
    days = ", ".join(date_format(day, "j. F Y") for day in sorted(rhythm.days))
    return _("am %(days)s %(hours)s") % {"days": days, "hours": hours}


def _repeated(repeat: Repeat, weekday: int) -> str:
    if repeat == Repeat.WEEKLY:
        return weekday_adverb(weekday)
    if repeat == Repeat.FORTNIGHTLY:
        return _("alle zwei Wochen %(day)s") % {"day": weekday_adverb(weekday)}
    words = {
        Repeat.FIRST: _("jeden ersten %(day)s im Monat"),
        Repeat.SECOND: _("jeden zweiten %(day)s im Monat"),
        Repeat.THIRD: _("jeden dritten %(day)s im Monat"),
        Repeat.FOURTH: _("jeden vierten %(day)s im Monat"),
        Repeat.LAST: _("jeden letzten %(day)s im Monat"),
    }
    return words[repeat] % {"day": weekday_name(weekday)}


def _left_out(rhythms: list[Rhythm]) -> str:
    on_holidays = any(rhythm.skips_public_holidays for rhythm in rhythms)
    in_school_holidays = any(rhythm.skips_school_holidays for rhythm in rhythms)
    if on_holidays and in_school_holidays:
        return _("nicht an Feiertagen und nicht in den Schulferien")
    if on_holidays:
        return _("nicht an Feiertagen")
    return _("nicht in den Schulferien") if in_school_holidays else ""
