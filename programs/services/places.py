"""Taking and giving back places: one conditional UPDATE, so that overbooking is impossible.

Lock order wherever a person's row is needed too: person first, then the place.
"""

from collections.abc import Collection, Mapping

from django.db.models import F

from programs.models import Opportunity
from programs.selectors.visibility import public_opportunities


def take_place(opportunity_id: int) -> bool:
    """Take one place of a public opportunity; False if none is free (a normal outcome)."""
    return bool(
        public_opportunities()
        .filter(pk=opportunity_id, places_taken__lt=F("places"))
        .update(places_taken=F("places_taken") + 1)
    )


def free_places_locked(opportunity_ids: Collection[int]) -> dict[int, int]:
    """Lock these opportunities in the order of their keys; return the free places of public ones."""
    rows = public_opportunities().filter(pk__in=opportunity_ids).order_by("pk")
    locked = rows.select_for_update(no_key=True).values_list("pk", "places", "places_taken")
    return {pk: places - taken for pk, places, taken in locked}


def take_places(places: Mapping[int, int]) -> None:
    """Take so many places of each opportunity, which the caller has locked and found free."""
    for count in set(places.values()):
        taken = [pk for pk, wanted in places.items() if wanted == count]
        Opportunity.objects.filter(pk__in=taken).update(places_taken=F("places_taken") + count)


def give_back_place(opportunity_id: int) -> None:
    """Free one taken place."""
    Opportunity.objects.filter(pk=opportunity_id, places_taken__gt=0).update(
        places_taken=F("places_taken") - 1
    )
