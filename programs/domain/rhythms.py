"""When the dates of a series are: its rhythm in local time, and which days that makes.

A rule is one of RFC 5545 for a single weekday: every week, every second week, or the n-th of each month.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from foundation.choices import TextChoices
from foundation.choices import noop as _
from foundation.times_of_week import WeeklyTime
from foundation.units import DAY, HOUR, MinuteOfDay, Minutes, minutes_between

LONGEST = 12 * HOUR
"""Minutes a date over midnight may last, so that a mistyped end is no night."""

FOUR_WEEKS = 4
_A_YEAR_AND_MORE = timedelta(days=400)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Repeat(TextChoices):
    """How often a weekday of a series comes."""

    WEEKLY = "weekly", _("jede Woche")
    FORTNIGHTLY = "fortnightly", _("jede zweite Woche")
    FIRST = "1", _("jeden ersten im Monat")
    SECOND = "2", _("jeden zweiten im Monat")
    THIRD = "3", _("jeden dritten im Monat")
    FOURTH = "4", _("jeden vierten im Monat")
    LAST = "-1", _("jeden letzten im Monat")


_WEEKLY = "FREQ=WEEKLY;BYDAY="
_FORTNIGHTLY = "FREQ=WEEKLY;INTERVAL=2;BYDAY="
_MONTHLY = "FREQ=MONTHLY;BYDAY="


@dataclass(frozen=True, order=True)
class Rhythm:
    """What a series repeats: by `rule` ("" for none) and on the single `days`, but not on the days `without`.

    Minutes of the local day; an `end_minute` beyond 1440 lies on the next day.
    """

    rule: str
    start_minute: MinuteOfDay
    end_minute: MinuteOfDay
    days: tuple[date, ...] = ()
    without: tuple[date, ...] = ()
    skips_public_holidays: bool = False
    skips_school_holidays: bool = False


def rule_of(repeat: str, weekday: int) -> str:
    """Return the recurrence rule (RFC 5545) of a weekday, 0 = Monday."""
    begin = {Repeat.WEEKLY: _WEEKLY, Repeat.FORTNIGHTLY: _FORTNIGHTLY}.get(Repeat(repeat))
    return f"{begin}{_DAYS[weekday]}" if begin else f"{_MONTHLY}{repeat}{_DAYS[weekday]}"


def every_week(time: WeeklyTime) -> Rhythm:
    """Return the rhythm of a time of every week."""
    return Rhythm(rule_of(Repeat.WEEKLY, time.weekday), time.start_minute, time.end_minute)


def repeat_of(rule: str) -> tuple[Repeat, int]:
    """Return how often and on which weekday (0 = Monday) a rule of `rule_of` comes."""
    weekday = _DAYS.index(rule[-2:])
    if rule.startswith(_MONTHLY):
        return Repeat(rule.removeprefix(_MONTHLY)[:-2]), weekday
    return (Repeat.FORTNIGHTLY if rule.startswith(_FORTNIGHTLY) else Repeat.WEEKLY), weekday


def dates_in_four_weeks(rule: str) -> int:
    """Return how often a rule comes in four weeks, counted down but never to nothing."""
    if not rule:
        return 1
    return {Repeat.WEEKLY: 4, Repeat.FORTNIGHTLY: 2}.get(repeat_of(rule)[0], 1)


def rule_days(rule: str, first_on: date, from_on: date) -> Iterator[date]:
    """Yield the days of `rule` from `from_on` on; every second week is counted from its first on `first_on`.

    The first week is that of the first such weekday, not that of `first_on`, which may lie after it.
    """
    _repeat, weekday = repeat_of(rule)
    begin = first_on + timedelta(days=(weekday - first_on.weekday()) % 7)
    for moment in rrulestr(rule, dtstart=datetime.combine(begin, time.min)).xafter(
        datetime.combine(from_on, time.min), inc=True
    ):
        yield moment.date()


def days_asked(rhythm: Rhythm, first_on: date, from_on: date, until_on: date) -> set[date]:
    """Return the days of a rhythm within the half-open [from_on, until_on), those left out included."""
    found = {day for day in rhythm.days if max(first_on, from_on) <= day < until_on}
    if rhythm.rule:
        for day in rule_days(rhythm.rule, first_on, max(first_on, from_on)):
            if day >= until_on:
                break
            found.add(day)
    return found


@dataclass(frozen=True)
class Holidays:
    """Which days are holidays; what a rhythm leaves out of them is its own choice."""

    is_public: Callable[[date], bool]
    school: tuple[tuple[date, date], ...] = ()

    def leave_out(self, rhythm: Rhythm, day: date) -> bool:
        """Whether `rhythm` has no date on `day` although it would come. A single day was chosen as it is."""
        if day in rhythm.without:
            return True
        if day in rhythm.days:
            return False
        if rhythm.skips_public_holidays and self.is_public(day):
            return True
        return rhythm.skips_school_holidays and any(first <= day <= last for first, last in self.school)


def days_of(rhythm: Rhythm, first_on: date, from_on: date, until_on: date, holidays: Holidays) -> list[date]:
    """Return the days on which a rhythm has dates within the half-open [from_on, until_on)."""
    asked = days_asked(rhythm, first_on, from_on, until_on)
    return sorted(day for day in asked if not holidays.leave_out(rhythm, day))


def followers_of_days(old: list[date], new: list[date], rule: str) -> dict[date, date]:
    """Return to which of the `new` days each old one moves; what is missing has nowhere to go.

    A day that is asked for still stays. The others go to a free day of the same week, or month where the rule
    counts by months; single days go one after the other to those that are left.
    """
    found = {day: day for day in sorted(set(old) & set(new))}
    free = sorted(set(new) - found.keys())
    for day in sorted(set(old) - found.keys()):
        near = [each for each in free if _span(each, rule) == _span(day, rule)]
        if near:
            found[day] = near[0]
            free.remove(near[0])
    return found


def _span(day: date, rule: str) -> tuple[int, int]:
    if not rule:
        return (0, 0)
    return (day.year, day.month) if rule.startswith(_MONTHLY) else day.isocalendar()[:2]


@dataclass(frozen=True, order=True)
class Share:
    """A weekly time as the matcher reckons: within one day, and in how many of four weeks it comes."""

    weekday: int
    start_minute: MinuteOfDay
    end_minute: MinuteOfDay
    in_four_weeks: int

    @property
    def time(self) -> WeeklyTime:
        """The time without how often it comes."""
        return WeeklyTime(self.weekday, self.start_minute, self.end_minute)


def minutes_per_week(shares: Iterable[Share]) -> Minutes:
    """Return what they take of a week on average, rounded up: what is every second week takes half."""
    in_four_weeks = sum(
        minutes_between(share.start_minute, share.end_minute) * share.in_four_weeks for share in shares
    )
    return Minutes(-(-in_four_weeks // FOUR_WEEKS))


def weekly_shares(rhythms: list[Rhythm]) -> list[Share]:
    """Return the times of the week that rhythms take, cut at midnight; the same twice counts together."""
    counted: dict[tuple[int, int], Share] = {}
    for share in (each for rhythm in rhythms for each in _shares(rhythm)):
        key = (share.weekday, share.start_minute)
        before = counted.get(key)
        counted[key] = share if before is None else _together(before, share)
    return sorted(counted.values())


def _together(one: Share, other: Share) -> Share:
    return replace(
        one,
        end_minute=MinuteOfDay(max(one.end_minute, other.end_minute)),
        in_four_weeks=min(FOUR_WEEKS, one.in_four_weeks + other.in_four_weeks),
    )


def _shares(rhythm: Rhythm) -> Iterator[Share]:
    often = dates_in_four_weeks(rhythm.rule)
    weekdays = {repeat_of(rhythm.rule)[1]} if rhythm.rule else {day.weekday() for day in rhythm.days}
    start, end = rhythm.start_minute, rhythm.end_minute
    for weekday in sorted(weekdays):
        yield Share(weekday, start, MinuteOfDay(min(end, DAY)), often)
        if end > DAY:
            yield Share((weekday + 1) % 7, MinuteOfDay(0), MinuteOfDay(end - DAY), often)


def has_date(
    rhythm: Rhythm, starts_on: date, ends_on: date | None, from_on: date, holidays: Holidays
) -> bool:
    """Tell whether a rhythm has a date from `from_on` to the end of the period (included, None: open)."""
    until_on = ends_on or max(from_on + _A_YEAR_AND_MORE, *rhythm.days, from_on)
    return bool(days_of(rhythm, starts_on, from_on, until_on + timedelta(days=1), holidays))


def overlap(one: Rhythm, other: Rhythm) -> bool:
    """Tell whether two rhythms can ask for the same minute of the same day or night."""
    return any(
        a.weekday == b.weekday and a.start_minute < b.end_minute and b.start_minute < a.end_minute
        for a in _shares(one)
        for b in _shares(other)
        if _may_meet(one, other)
    )


def _may_meet(one: Rhythm, other: Rhythm) -> bool:
    """Two single days meet if they are the same or touch; the n-th and the m-th of a month never do."""
    if one.days and other.days:
        return any(abs((a - b).days) <= 1 for a in one.days for b in other.days)
    if not (one.rule.startswith(_MONTHLY) and other.rule.startswith(_MONTHLY)):
        return True
    (how, day), (other_how, other_day) = repeat_of(one.rule), repeat_of(other.rule)
    return day != other_day or how == other_how or Repeat.LAST in (how, other_how)
