"""What a person has taken on and has been asked for."""

from collections.abc import Iterable

from foundation.units import MinuteOfDay
from programs.models import WeeklySlot
from volunteers.domain.commitments import Commitment
from volunteers.domain.weekly_slots import WeeklyTime
from volunteers.models import Offer, Placement


def placements_held(volunteer_id: int) -> list[Commitment]:
    """Return the placements of this person that are not over."""
    held = Placement.objects.filter(volunteer_id=volunteer_id, status__in=Placement.HOLDING)
    return _commitments(held.order_by("pk").values_list("pledge_id", "opportunity_id"))


def questions_open(volunteer_id: int) -> list[Commitment]:
    """Return what this person is asked for and has not answered."""
    sent = Offer.objects.filter(pledge__volunteer_id=volunteer_id, status=Offer.Status.SENT)
    return _commitments(sent.order_by("pk").values_list("pledge_id", "opportunity_id"))


def commitment(offer: Offer) -> Commitment:
    """Return what `offer` asks for."""
    return _commitments([(offer.pledge_id, offer.opportunity_id)])[0]


def _commitments(pairs: Iterable[tuple[int, int]]) -> list[Commitment]:
    pairs = list(pairs)
    times: dict[int, list[WeeklyTime]] = {}
    slots = WeeklySlot.objects.filter(opportunity_id__in={opportunity for _pledge, opportunity in pairs})
    for opportunity, *time in slots.values_list("opportunity_id", "weekday", "start_minute", "end_minute"):
        times.setdefault(opportunity, []).append((time[0], MinuteOfDay(time[1]), MinuteOfDay(time[2])))
    return [
        Commitment(pledge, opportunity, tuple(sorted(times.get(opportunity, []))))
        for pledge, opportunity in pairs
    ]
