"""What the youth office decides about kinds of tasks: written by one person, released by a second."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from foundation.rows import locked_first
from foundation.transitions import move
from foundation.turns import one_at_a_time
from programs.access import office_actor
from programs.domain.activities import VERSION_MOVES, ActivityRefusal, VersionStatus
from programs.domain.german import free_slug, german_slug
from programs.domain.publishing import fingerprint
from programs.models import Activity, ActivityVersion, Opportunity
from programs.signals import need_changed, need_changing

Facts = Mapping[str, Any]


@transaction.atomic
def write_draft(activity: Activity | None, facts: Facts, *, by: User, now: datetime) -> Activity:
    """Begin a new version, or go on with the one being written; without `activity` it is a new one.

    `facts` has a value for each of `ActivityVersion.FACTS`. Nothing holds before a second person releases it.
    """
    if activity is None:
        activity = Activity.objects.create(slug=_free_slug(facts["name"]))
    locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    draft = draft_of(locked)
    if draft is None:
        last = locked.versions.aggregate(last=Max("number"))["last"] or 0
        locked.versions.create(number=last + 1, status_changed_at=now, writers=[by.pk], **facts)
        return locked
    changed = [name for name, value in facts.items() if getattr(draft, name) != value]
    for name in changed:
        setattr(draft, name, facts[name])
    if changed:
        draft.writers = sorted({*draft.writers, by.pk})
        draft.save(update_fields=[*changed, "writers"])
    return locked


def draft_of(activity: Activity) -> ActivityVersion | None:
    """Return the version that is being written."""
    return activity.versions.filter(status=VersionStatus.DRAFT).first()


def mark_of(version: ActivityVersion) -> str:
    """Return a short mark of exactly what this version decides, to tell whether it is what was read."""
    return fingerprint({name: str(getattr(version, name)) for name in ActivityVersion.FACTS})


@transaction.atomic
def release_draft(activity: Activity, *, by: User, read: str, now: datetime) -> ActivityRefusal | None:
    """Let the version being written hold from now on, for every task of this activity at once.

    `read` is the mark of what `by` has read. Whoever wrote a word of it does not release it. Returns why
    nothing was done, or None.
    """
    tasks = _tasks_of(activity)
    need_changing.send(sender=Opportunity, opportunity_ids=tasks)
    locked = locked_first(Activity.objects.filter(pk=activity.pk)).select_related("current").get()
    draft = draft_of(locked)
    if draft is None:
        return ActivityRefusal.MOVED_MEANWHILE
    if by.pk in draft.writers:
        return ActivityRefusal.SAME_PERSON
    if read != mark_of(draft):
        return ActivityRefusal.CHANGED_SINCE_READ
    actor = office_actor(by)
    if locked.current is not None:
        move(locked.current, VERSION_MOVES, VersionStatus.REPLACED, actor=actor, now=now)
    move(draft, VERSION_MOVES, VersionStatus.IN_FORCE, actor=actor, now=now, released_by=by, released_at=now)
    _put_in_force(locked, draft)
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=_tasks_of(locked))
    return None


@transaction.atomic
def discard_draft(activity: Activity, *, by: User, now: datetime) -> bool:
    """Throw the version being written away; False if there is none."""
    draft = draft_of(Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk))
    return draft is not None and move(
        draft, VERSION_MOVES, VersionStatus.DISCARDED, actor=office_actor(by), now=now
    )


def _put_in_force(activity: Activity, version: ActivityVersion) -> None:
    """The database carries what is asked for on to every role of the activity."""
    activity.current = version
    activity.contact_with_minors = version.contact_with_minors
    activity.clearance_required = version.clearance_required
    activity.save(update_fields=["current", "contact_with_minors", "clearance_required"])
    too_young = activity.roles.filter(minimum_age__lt=version.minimum_age)
    too_young.update(minimum_age=version.minimum_age)


def _tasks_of(activity: Activity) -> list[int]:
    rows = activity.roles.order_by("opportunity_id").values_list("opportunity_id", flat=True)
    return list(rows.distinct())


def _free_slug(name: str) -> str:
    """Return a slug that no other activity has, nor gets at this moment."""
    one_at_a_time("programs.activity.slug")
    base = german_slug(name, 60) or "taetigkeit"
    taken = set(Activity.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return free_slug(base, taken)
