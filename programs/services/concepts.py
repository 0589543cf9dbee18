"""A protection concept was looked at by provider and youth office (§ 79a SGB VIII, § 11 LKSchG NRW)."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from foundation.history import lines_of
from foundation.models import Event
from foundation.undoing import UNDO_WITHIN
from programs.models import Provider

COLUMN = "protection_concept_review_on"
NOTED = "coordination_concept_reviewed"
"""The name of the address at which it is noted, as the history has it."""


def note_concept_reviewed(provider: Provider, review_on: date, *, before: date) -> bool:
    """Set the day of the next review; False, changing nothing, if somebody else has set one meanwhile.

    Verification and concept stay as they are.
    """
    waiting = Provider.objects.filter(pk=provider.pk, is_verified=True, protection_concept_review_on=before)
    return bool(waiting.update(protection_concept_review_on=review_on))


def take_back_review(provider: Provider, *, by: User, now: datetime) -> bool:
    """Let a concept wait again of which `by` has just noted the review; False if they have not."""
    noted = fresh_reviews(by, now).filter(object_id=provider.pk).first()
    if noted is None or noted.changes is None:
        return False
    before, after = noted.changes[COLUMN]
    as_noted = Provider.objects.filter(pk=provider.pk, protection_concept_review_on=after)
    return bool(as_noted.update(protection_concept_review_on=before))


def fresh_reviews(by: User, now: datetime) -> QuerySet[Event]:
    """Return the lines about reviews that `by` has just noted, the latest first."""
    own = Q(actor_user=by.pk, route=NOTED, changes__has_key=COLUMN, kind=Event.Kind.CHANGED)
    return lines_of(Provider).filter(own, at__gt=now - UNDO_WITHIN).order_by("-at", "-pk")


def reviews_to_take_back(by: User, now: datetime) -> list[tuple[Provider, datetime]]:
    """Return the providers of those reviews that still stand as noted, with the moment of each."""
    lines = list(fresh_reviews(by, now))
    if not lines:
        return []
    latest = {line.object_id: line for line in reversed(lines)}
    found = Provider.objects.in_bulk(list(latest))
    return [
        (found[pk], line.at)
        for pk, line in latest.items()
        if pk in found
        and line.changes
        and str(found[pk].protection_concept_review_on) == line.changes[COLUMN][1]
    ]
