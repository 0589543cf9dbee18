"""Taking and giving back places: one conditional UPDATE, so that overbooking is impossible.

Lock order wherever a person's row is needed too: person first, then the place.
"""

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


def give_back_place(opportunity_id: int) -> None:
    """Free one taken place."""
    Opportunity.objects.filter(pk=opportunity_id, places_taken__gt=0).update(
        places_taken=F("places_taken") - 1
    )
