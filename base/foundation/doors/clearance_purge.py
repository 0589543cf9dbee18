from collections.abc import Collection

from django.db.models import Q

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
        about.filter(from_status=status).update(
            from_status="", reason="", actor_kind=ActorKind.SYSTEM, actor_user=None, actor_role=""
        )
