"""Weekly times (weekday, start_minute, end_minute), half open, as rows of slots and windows have them."""

from collections.abc import Collection

from foundation.units import MinuteOfDay

WeeklyTime = tuple[int, MinuteOfDay, MinuteOfDay]


def overlaps(some: Collection[WeeklyTime], others: Collection[WeeklyTime]) -> bool:
    """Tell whether any time of `some` shares a minute with one of `others`; touching is not sharing."""
    return any(
        weekday == other_weekday and start < other_end and other_start < end
        for weekday, start, end in some
        for other_weekday, other_start, other_end in others
    )
