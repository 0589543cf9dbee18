"""Weekly windows in one normal form: split at midnight, sorted, none touching another."""

from collections.abc import Iterable, Iterator

from foundation.weekly_times import WeeklyTime, merged

DAY = 24 * 60


def normal_windows(windows: Iterable[WeeklyTime]) -> list[WeeklyTime]:
    """Return the same minutes of the week as few windows within one day each.

    A window that ends at or before its start goes over midnight into the next day (Sunday into Monday); its
    two parts stay two, because no window crosses a day.
    """
    return merged(part for window in windows for part in _within_a_day(window))


def _within_a_day(window: WeeklyTime) -> Iterator[WeeklyTime]:
    if window.start_minute < window.end_minute:
        yield window
        return
    yield window._replace(end_minute=DAY)
    if window.end_minute:
        yield WeeklyTime((window.weekday + 1) % 7, 0, window.end_minute)
