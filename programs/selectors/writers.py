"""Who changed what of an Engagementangebot nobody has released yet, and what its words were before."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from foundation.history import lines_of
from foundation.models import Event
from programs.models import Opportunity

WORDS = ("title", "task", "site")
ROLE_NAME = "role_name"
"""What the history calls a change of the name of a role (programs.0018)."""
_RELEASED = Q(
    kind=Event.Kind.TRANSITION,
    from_status=Opportunity.Status.IN_REVIEW,
    to_status=Opportunity.Status.PUBLISHED,
)
_ASKED = ("activity_id", "minimum_age", "site_kind", "staff_is_there")
"""What is asked of people, of the only role as of the task: a second person releases it too."""
_ASKED_OF_ONE = Q(changes__has_key="role") & (
    ~Q(changes__role__0__activity_id=F("changes__role__1__activity_id"))
    | ~Q(changes__role__0__minimum_age=F("changes__role__1__minimum_age"))
)
"""The same of one of several roles."""
_WRITTEN = Q(kind=Event.Kind.CREATED) | Q(kind=Event.Kind.CHANGED) & (
    Q(changes__has_any_keys=[*WORDS, ROLE_NAME, *_ASKED]) | _ASKED_OF_ONE
)


def writers_since_release(opportunity: Opportunity) -> set[int]:
    """Return the accounts that changed a word, or what is asked of people, since the last release.

    If there was none yet, also who wrote it.
    """
    people = _since_release(opportunity).values_list("actor_user", flat=True)
    writers = {person for person in people if person is not None}
    if opportunity.created_by_id is not None and _release_of(opportunity) is None:
        writers.add(opportunity.created_by_id)
    return writers


def unwritten_by(user_id: int) -> QuerySet[Opportunity]:
    """Return those that this account may release: it neither edited them last nor is among the writers."""
    about = Event.objects.filter(app_label="programs", model="opportunity", object_id=OuterRef("pk"))
    released = about.filter(_RELEASED).order_by("-at", "-id").values("id")[:1]
    wrote = about.filter(_WRITTEN, actor_user=user_id, id__gt=Coalesce(OuterRef("released_id"), 0))
    return (
        Opportunity.objects.alias(released_id=Subquery(released))
        .exclude(edited_by=user_id)
        .exclude(created_by=user_id, released_id=None)
        .filter(~Exists(wrote))
    )


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
    return lines_of(opportunity).filter(_RELEASED).order_by("-at", "-id").first()


def _since_release(opportunity: Opportunity) -> QuerySet[Event]:
    lines = lines_of(opportunity).filter(_WRITTEN)
    released = _release_of(opportunity)
    return lines if released is None else lines.filter(id__gt=released.pk)
