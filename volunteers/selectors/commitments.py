"""What a person has taken on and has been asked for."""

from collections.abc import Collection, Iterable

from foundation.units import MinuteOfDay
from programs.domain.rhythms import Share, minutes_per_week
from programs.models import WeeklySlot
from volunteers.domain.commitments import Commitment
from volunteers.models import Offer, Placement


def placements_held(volunteer_id: int) -> list[Commitment]:
    """Return the placements of this person that are not over."""
    held = Placement.objects.filter(volunteer_id=volunteer_id, status__in=Placement.HOLDING)
    return commitments(held.order_by("pk").values_list("pledge_id", "opportunity_id"))


def questions_open(volunteer_id: int) -> list[Commitment]:
    """Return what this person is asked for and has not answered."""
    sent = Offer.objects.filter(pledge__volunteer_id=volunteer_id, status=Offer.Status.SENT)
    return commitments(sent.order_by("pk").values_list("pledge_id", "opportunity_id"))


def taken_on(volunteer_ids: Collection[int]) -> dict[int, list[Commitment]]:
    """Return for each of these people what they do and are asked for, in three queries."""
    held = Placement.objects.filter(volunteer_id__in=volunteer_ids, status__in=Placement.HOLDING)
    sent = Offer.objects.filter(pledge__volunteer_id__in=volunteer_ids, status=Offer.Status.SENT)
    rows = [
        *held.order_by("pk").values_list("volunteer_id", "pledge_id", "opportunity_id"),
        *sent.order_by("pk").values_list("pledge__volunteer_id", "pledge_id", "opportunity_id"),
    ]
    found: dict[int, list[Commitment]] = {person: [] for person in volunteer_ids}
    for (person, *_pair), each in zip(rows, commitments(row[1:] for row in rows), strict=True):
        found[person].append(each)
    return found


def commitment(offer: Offer) -> Commitment:
    """Return what `offer` asks for."""
    return commitments([(offer.pledge_id, offer.opportunity_id)])[0]


def commitments(pairs: Iterable[tuple[int, int]]) -> list[Commitment]:
    """Return what each (pledge, opportunity) takes of the week, in one query."""
    pairs = list(pairs)
    shares: dict[int, list[Share]] = {}
    slots = WeeklySlot.objects.filter(opportunity_id__in={opportunity for _pledge, opportunity in pairs})
    columns = ("opportunity_id", "weekday", "start_minute", "end_minute", "in_four_weeks")
    for opportunity, weekday, start, end, often in slots.values_list(*columns):
        share = Share(weekday, MinuteOfDay(start), MinuteOfDay(end), often)
        shares.setdefault(opportunity, []).append(share)
    return [_commitment(*pair, shares.get(pair[1], [])) for pair in pairs]


def _commitment(pledge_id: int, opportunity_id: int, shares: list[Share]) -> Commitment:
    times = tuple(sorted(share.time for share in shares))
    return Commitment(pledge_id, opportunity_id, times, minutes_per_week(shares))
