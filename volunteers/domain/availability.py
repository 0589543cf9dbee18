"""Weekly windows in one normal form: split at midnight, sorted, none touching another."""

from collections.abc import Iterable, Iterator

from foundation.times_of_week import DAYPARTS, WeeklyTime, merged
from foundation.units import END_OF_DAY, MIDNIGHT


def normal_windows(windows: Iterable[WeeklyTime]) -> list[WeeklyTime]:
    """Return the same minutes of the week as few windows within one day each.

    A window that ends at or before its start goes over midnight into the next day (Sunday into Monday); its
    two parts stay two, because no window crosses a day.
    """
    return merged(part for window in windows for part in _within_a_day(window))


def suggested_for(slots: Iterable[WeeklyTime]) -> list[WeeklyTime]:
    """Return the whole parts of the day around `slots`, to propose to somebody who wants that task.

    A slot that no parts of the day cover is proposed as it is; several of a day become one time from the
    first to the last, because the form takes one exact time a day.
    """
    around = merged(_around(part) for slot in slots for part in _within_a_day(slot))
    exact = [window for window in around if not _fills_parts(window)]
    return merged([*around, *(_span(exact, window.weekday) for window in exact)])


def _fills_parts(window: WeeklyTime) -> bool:
    starts, ends = {part.start_minute for part in DAYPARTS}, {part.end_minute for part in DAYPARTS}
    return window.start_minute in starts and window.end_minute in ends


def _span(windows: Iterable[WeeklyTime], weekday: int) -> WeeklyTime:
    of_day = [window for window in windows if window.weekday == weekday]
    first, last = (min(w.start_minute for w in of_day), max(w.end_minute for w in of_day))
    return WeeklyTime(weekday, first, last)


def _around(slot: WeeklyTime) -> WeeklyTime:
    met = [p for p in DAYPARTS if p.start_minute < slot.end_minute and slot.start_minute < p.end_minute]
    if met and met[0].start_minute <= slot.start_minute and slot.end_minute <= met[-1].end_minute:
        return WeeklyTime(slot.weekday, met[0].start_minute, met[-1].end_minute)
    return slot


def _within_a_day(window: WeeklyTime) -> Iterator[WeeklyTime]:
    if window.start_minute < window.end_minute:
        yield window
        return
    yield window._replace(end_minute=END_OF_DAY)
    if window.end_minute:
        yield WeeklyTime((window.weekday + 1) % 7, MIDNIGHT, window.end_minute)
