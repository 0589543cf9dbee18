"""What somebody has taken on already, and whether one thing more fits beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from foundation.units import Minutes, minutes_in
from volunteers.domain.weekly_slots import WeeklyTime, overlaps


@dataclass(frozen=True)
class Commitment:
    """One task of a person, done or asked for: through which pledge, when in the week, and how much of it."""

    pledge_id: int
    opportunity_id: int
    times: tuple[WeeklyTime, ...]
    minutes: Minutes


class Clash(StrEnum):
    """Why one thing more does not fit."""

    SAME_TASK = "same_task"
    SAME_TIME = "same_time"
    ENOUGH = "enough"
    HOURS = "hours"


def clash(
    new: Commitment, held: Collection[Commitment], *, placements_wanted: int, hours_per_week: int
) -> Clash | None:
    """Return what speaks against `new` beside `held`, all of one person, or None.

    `placements_wanted` and `hours_per_week` are those of the pledge of `new` and count for that pledge alone.
    What takes no time of the week, as a single date, adds nothing to the hours of somebody who does more than
    they wished for.
    """
    of_pledge = [each for each in held if each.pledge_id == new.pledge_id]
    if any(each.opportunity_id == new.opportunity_id for each in held):
        return Clash.SAME_TASK
    if any(overlaps(new.times, each.times) for each in held):
        return Clash.SAME_TIME
    if len(of_pledge) >= placements_wanted:
        return Clash.ENOUGH
    if new.minutes and new.minutes + sum(each.minutes for each in of_pledge) > minutes_in(hours_per_week):
        return Clash.HOURS
    return None
