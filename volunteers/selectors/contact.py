"""How often people were asked lately: what the contact budget is measured by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

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
    """Return the contacts of the given volunteers (None: of all) in one query."""
    is_open = Q(status=Offer.Status.SENT)
    is_of_this_week = Q(sent_at__gt=now - WEEK)
    rest_since = now - timedelta(days=settings.OFFER_REST_DAYS)
    asks_for_rest = Q(decline_reason=Offer.Decline.LATER, answered_at__gt=rest_since)
    offers = Offer.objects.filter(is_open | is_of_this_week | asks_for_rest).order_by()
    if volunteer_ids is not None:
        offers = offers.filter(pledge__volunteer_id__in=volunteer_ids)
    counted = offers.values_list("pledge__volunteer_id").annotate(
        waiting=Count("pk", filter=is_open),
        week=Count("pk", filter=is_of_this_week),
        rest=Count("pk", filter=asks_for_rest),
    )
    rows = list(counted)
    return Contacts(
        budget=ContactBudget(settings.OFFERS_OPEN_AT_ONCE, settings.OFFERS_PER_WEEK),
        open_now={person: waiting for person, waiting, _week, _rest in rows},
        asked_this_week={person: week for person, _waiting, week, _rest in rows},
        resting={person for person, _waiting, _week, rest in rows if rest},
    )
