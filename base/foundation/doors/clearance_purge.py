from collections.abc import Collection

from django.db.models import Q, QuerySet

from foundation.actors import ActorKind
from foundation.doors.opening import opened
from foundation.models import Event


def forget_inspections(
    app_label: str, model: str, object_ids: Collection[int], status: str, part: str
) -> None:
    """Take away what tells that something about these rows was inspected, while they were in `status`.

    Reads, changes of `part` and moves into `status` are deleted. Moves out of it stay as a bare fact, without
    where from, by whom and why: nothing tells an officer's decision from any other.
    """
    about = Event.objects.filter(app_label=app_label, model=model, object_id__in=object_ids)
    with opened("clearance_purge"):
        told = Q(kind=Event.Kind.READ) | Q(to_status=status) | Q(changes__has_key=part)
        about.filter(told).delete()
        _lay_bare(about.filter(from_status=status))


def forget_moves_for(
    reason: str, app_label: str, model: str, object_ids: Collection[int], status: str
) -> set[int]:
    """Take away that these rows moved into `status` for `reason`; return which did.

    As above their moves out of it stay as a bare fact.
    """
    about = Event.objects.filter(app_label=app_label, model=model, object_id__in=object_ids)
    told = about.filter(to_status=status, reason=reason)
    found = set(told.values_list("object_id", flat=True))
    with opened("clearance_purge"):
        told.delete()
        _lay_bare(about.filter(object_id__in=found, from_status=status))
    return found


def _lay_bare(moves: QuerySet[Event]) -> None:
    moves.update(from_status="", reason="", actor_kind=ActorKind.SYSTEM, actor_user=None, actor_role="")
