"""The seats of single dates: taken and given back one by one, so that the last one is never given twice.

Lock order wherever more is needed: the person, the task, then dates in the order of their keys.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Greatest

from programs.models import Opportunity, Shift


def take_seat(shift_id: int) -> bool:
    """Take one seat of a date; False if none is free (a normal outcome)."""
    return bool(
        Shift.objects.filter(pk=shift_id, places_taken__lt=F("places")).update(
            places_taken=F("places_taken") + 1
        )
    )


def give_back_seat(shift_id: int) -> None:
    """Free one taken seat."""
    Shift.objects.filter(pk=shift_id, places_taken__gt=0).update(places_taken=F("places_taken") - 1)


def free_seats(shift_ids: Collection[int]) -> dict[int, int]:
    """Hold these dates until the end of the transaction; return how many seats of each are free."""
    rows = Shift.objects.select_for_update(no_key=True).filter(pk__in=shift_ids).order_by("pk")
    return {pk: places - taken for pk, places, taken in rows.values_list("pk", "places", "places_taken")}


def take_held_seats(wanted: Mapping[int, int]) -> None:
    """Take so many seats of each date; held and looked at before by `free_seats`."""
    for count in sorted(set(wanted.values())):
        dates = [pk for pk, number in wanted.items() if number == count]
        Shift.objects.filter(pk__in=dates).update(places_taken=F("places_taken") + count)


def follow_places(opportunity: Opportunity, now: datetime) -> None:
    """Give every date that is not over the places of its task, but never fewer than are taken."""
    Shift.objects.filter(opportunity=opportunity, ends_at__gt=now).update(
        places=Greatest(opportunity.places, F("places_taken"))
    )
