"""How amounts, times, days and distances are written in German, everywhere alike.

A number and its unit are joined by a no-break space (DIN 5008), ranges by an en dash.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.clock import LOCAL_ZONE
from foundation.units import HOUR, Cents, MinuteOfDay, Minutes, minute_of_day

NBSP = "\u00a0"
ClockTime = MinuteOfDay | time | datetime

_WEEKDAYS = (
    (gettext_lazy("Montag"), gettext_lazy("Mo"), gettext_lazy("montags")),
    (gettext_lazy("Dienstag"), gettext_lazy("Di"), gettext_lazy("dienstags")),
    (gettext_lazy("Mittwoch"), gettext_lazy("Mi"), gettext_lazy("mittwochs")),
    (gettext_lazy("Donnerstag"), gettext_lazy("Do"), gettext_lazy("donnerstags")),
    (gettext_lazy("Freitag"), gettext_lazy("Fr"), gettext_lazy("freitags")),
    (gettext_lazy("Samstag"), gettext_lazy("Sa"), gettext_lazy("samstags")),
    (gettext_lazy("Sonntag"), gettext_lazy("So"), gettext_lazy("sonntags")),
)


def _grouped(whole: int) -> str:
    return f"{whole:,}".replace(",", ".")


def _with_comma(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    whole, tenth = divmod(int(rounded * 10), 10)
    return f"{_grouped(whole)},{tenth}" if tenth else _grouped(whole)


def whole_number(number: int) -> str:
    """Return a count as it is written in German: "4.286", "−12"."""
    return f"{'−' if number < 0 else ''}{_grouped(abs(number))}"


def euro(cents: Cents) -> str:
    """Return `cents` as people say it: "25 €", "25,50 €", "1.250 €", "−5 €"."""
    text = euro_exact(cents)
    return text.replace(",00", "") if text.endswith(f",00{NBSP}€") else text


def euro_exact(cents: Cents) -> str:
    """Return `cents` with both decimals, for statements and tables: "25,00 €"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{_grouped(whole)},{rest:02d}{NBSP}€"


def hours(minutes: Minutes) -> str:
    """Return a duration: "45 Minuten" below one hour, then hours: "1 Stunde", "1,5 Stunden"."""
    if 0 < minutes < HOUR:
        return f"{minutes}{NBSP}" + ngettext("Minute", "Minuten", minutes)
    number = _with_comma(Decimal(minutes) / HOUR)
    return f"{number}{NBSP}" + (_("Stunde") if number == "1" else _("Stunden"))


def percent(ratio: float) -> str:
    """Return a share given as 0 … 1 in whole percent: "42 %"."""
    whole = Decimal(str(ratio * 100)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{whole}{NBSP}%"


def date_long(day: date) -> str:
    """Return "Dienstag, 3. März 2026"; an aware moment is first taken to local time."""
    if isinstance(day, datetime) and day.tzinfo is not None:
        day = day.astimezone(LOCAL_ZONE)
    return dateformat.format(day, "l, j. F Y")


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago an aware moment was: "vor 9 s", "vor 12 min", "vor 3 h", else its day and time."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return _("vor %(number)s") % {"number": f"{seconds}{NBSP}s"}
    if seconds < 3600:
        return _("vor %(number)s") % {"number": f"{seconds // 60}{NBSP}min"}
    if seconds < 48 * 3600:
        return _("vor %(number)s") % {"number": f"{seconds // 3600}{NBSP}h"}
    return dateformat.format(moment.astimezone(LOCAL_ZONE), "j. F Y, H:i")


def _minute_of_day(value: ClockTime) -> MinuteOfDay:
    if isinstance(value, int):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(LOCAL_ZONE)
    return minute_of_day(value)


def _clock(time_of_day: MinuteOfDay) -> str:
    hour, minute = divmod(time_of_day, HOUR)
    return f"{hour}:{minute:02d}" if minute else str(hour)


def slot_time(value: ClockTime) -> str:
    """Return a time of day, given as minutes since midnight, time or moment: "16 Uhr", "16:30 Uhr"."""
    return _("%(time)s Uhr") % {"time": _clock(_minute_of_day(value))}


def time_range(start: ClockTime, end: ClockTime) -> str:
    """Return the half-open interval from `start` to `end`: "16–17:30 Uhr"."""
    span = f"{_clock(_minute_of_day(start))}–{_clock(_minute_of_day(end))}"
    return _("%(time)s Uhr") % {"time": span}


def weekday_name(weekday: int) -> str:
    """Return "Montag" for 0 … "Sonntag" for 6."""
    return str(_WEEKDAYS[weekday][0])


def weekday_short(weekday: int) -> str:
    """Return "Mo" for 0 … "So" for 6."""
    return str(_WEEKDAYS[weekday][1])


class WeeklySlot(Protocol):
    """A time of every week: weekday (0 is Monday) and minutes of the day."""

    weekday: int
    start_minute: MinuteOfDay
    end_minute: MinuteOfDay


def weekly_times(slots: Iterable[WeeklySlot]) -> str:
    """Return "montags 15–16 Uhr, freitags 9:30–11 Uhr", or that times are agreed on."""
    times = [
        f"{weekday_adverb(slot.weekday)} {time_range(slot.start_minute, slot.end_minute)}" for slot in slots
    ]
    return ", ".join(times) or _("Zeiten nach Absprache")


def weekday_adverb(weekday: int) -> str:
    """Return "montags" for 0 … "sonntags" for 6."""
    return str(_WEEKDAYS[weekday][2])


def distance_km(kilometres: float) -> str:
    """Return a distance with one decimal: "1,2 km"; below 100 m "unter 100 m"."""
    if kilometres < 0.1:
        return _("unter 100%(space)sm") % {"space": NBSP}
    return f"{_with_comma(Decimal(str(kilometres)))}{NBSP}km"
