"""How often people were asked lately: what the contact budget is measured by."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

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
    counts, asked = _counts(now), _lately(now)
    if volunteer_ids is not None:
        asked = asked.filter(pledge__volunteer_id__in=volunteer_ids)
    rows = asked.values_list("pledge__volunteer_id").annotate(**counts)
    return contacts_read((person, dict(zip(counts, row, strict=True))) for person, *row in rows)


def contacts_beside(now: datetime) -> Subquery:
    """Return, to be read with a pledge, the contacts of its volunteer, for `contacts_read`; null: none."""
    asked = _lately(now).filter(pledge__volunteer=OuterRef("volunteer")).values("pledge__volunteer")
    return Subquery(asked.annotate(counts=JSONObject(**_counts(now))).values("counts"))


def contacts_read(rows: Iterable[tuple[int, Mapping[str, int] | None]]) -> Contacts:
    """Return the contacts of volunteers that come with their counts."""
    counts = {person: row for person, row in rows if row}
    return Contacts(
        budget=ContactBudget(settings.OFFERS_OPEN_AT_ONCE, settings.OFFERS_PER_WEEK),
        open_now={person: row["waiting"] for person, row in counts.items()},
        asked_this_week={person: row["week"] for person, row in counts.items()},
        resting={person for person, row in counts.items() if row["rest"]},
    )


def _counts(now: datetime) -> dict[str, Count]:
    counted = {"waiting": _IS_OPEN, "week": _is_of_this_week(now), "rest": _asks_for_rest(now)}
    return {name: Count("pk", filter=condition) for name, condition in counted.items()}


def _lately(now: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(_IS_OPEN | _is_of_this_week(now) | _asks_for_rest(now)).order_by()


_IS_OPEN = Q(status=Offer.Status.SENT)


def _is_of_this_week(now: datetime) -> Q:
    return Q(sent_at__gt=now - WEEK)


def _asks_for_rest(now: datetime) -> Q:
    since = now - timedelta(days=settings.OFFER_REST_DAYS)
    return Q(decline_reason=Offer.Decline.LATER, answered_at__gt=since)
