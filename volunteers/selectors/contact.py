"""How often people were asked lately: what the contact budget is measured by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet

from volunteers.domain.contact_budget import ContactBudget
from volunteers.models import Offer

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Contacts:
    """Per volunteer: questions open now, questions put in the last seven days, who asked for a rest."""

    budget: ContactBudget
    open_now: dict[int, int]
    asked_this_week: dict[int, int]
    resting: set[int]

    def left(self, volunteer_id: int) -> int:
        """Return how many more questions this volunteer may be put now."""
        return self.budget.left(
            open_now=self.open_now.get(volunteer_id, 0),
            asked_this_week=self.asked_this_week.get(volunteer_id, 0),
            is_resting=volunteer_id in self.resting,
        )


def contacts(now: datetime, volunteer_ids: Collection[int] | None = None) -> Contacts:
    """Return the contacts of the given volunteers (None: of all) in three queries."""
    offers = Offer.objects.order_by()
    if volunteer_ids is not None:
        offers = offers.filter(pledge__volunteer_id__in=volunteer_ids)
    rest_since = now - timedelta(days=settings.OFFER_REST_DAYS)
    later = offers.filter(decline_reason=Offer.Decline.LATER, answered_at__gt=rest_since)
    return Contacts(
        budget=ContactBudget(settings.OFFERS_OPEN_AT_ONCE, settings.OFFERS_PER_WEEK),
        open_now=_counted(offers.filter(status=Offer.Status.SENT)),
        asked_this_week=_counted(offers.filter(sent_at__gt=now - WEEK)),
        resting=set(later.values_list("pledge__volunteer_id", flat=True)),
    )


def _counted(offers: QuerySet[Offer]) -> dict[int, int]:
    return dict(offers.values_list("pledge__volunteer_id").annotate(Count("pk")))
