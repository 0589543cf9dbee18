"""Who wrote the words of an Engagementangebot that nobody has released yet, and what they were before."""

from django.db.models import Q, QuerySet

from foundation.history import lines_of
from foundation.models import Event
from programs.models import Opportunity

WORDS = ("title", "task", "site")


def writers_since_release(opportunity: Opportunity) -> set[int]:
    """Return the accounts that changed a word since the last release, or wrote one if there was none."""
    people = _since_release(opportunity).values_list("actor_user", flat=True)
    writers = {person for person in people if person is not None}
    if opportunity.created_by_id is not None and _release_of(opportunity) is None:
        writers.add(opportunity.created_by_id)
    return writers


def words_before(opportunity: Opportunity) -> dict[str, str]:
    """Return the words that were public and have been changed since, by their column."""
    if _release_of(opportunity) is None:
        return {}
    before: dict[str, str] = {}
    for line in _since_release(opportunity).order_by("at", "id"):
        changes = line.changes or {}
        for column in (column for column in WORDS if column in changes):
            before.setdefault(column, changes[column][0])
    return {column: words for column, words in before.items() if words != getattr(opportunity, column)}


def _release_of(opportunity: Opportunity) -> Event | None:
    moves = lines_of(opportunity).filter(
        kind=Event.Kind.TRANSITION,
        from_status=Opportunity.Status.IN_REVIEW,
        to_status=Opportunity.Status.PUBLISHED,
    )
    return moves.order_by("-at", "-id").first()


def _since_release(opportunity: Opportunity) -> QuerySet[Event]:
    written = Q(kind=Event.Kind.CREATED) | Q(kind=Event.Kind.CHANGED, changes__has_any_keys=list(WORDS))
    lines = lines_of(opportunity).filter(written)
    released = _release_of(opportunity)
    return lines if released is None else lines.filter(id__gt=released.pk)
