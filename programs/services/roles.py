"""The roles of an Engagementangebot: how many people each needs, and what of them.

Every function returns the reasons for which nothing was done; an empty list means it is done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from foundation.rows import locked_first
from foundation.transitions import move
from programs.access import actor_of
from programs.domain.refusals import Refusal
from programs.domain.states import OPPORTUNITY_MOVES
from programs.models import Activity, Opportunity, Role
from programs.services.activity_questions import withdraw_question
from programs.services.seats import follow_places
from programs.signals import need_changed, need_changing

Status = Opportunity.Status
RELEASED = frozenset({"name", "minimum_age", "activity"})
"""What of a role a second person has released; a change of it in public needs a new release."""

_COLUMNS = ("name", "places", "minimum_age", "activity")


@dataclass(frozen=True)
class Need:
    """All that a coordinator says about one role; the only one has no name.

    Without an activity nobody has decided yet what it asks for, and the strictest holds.
    """

    places: int
    name: str = ""
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    minimum_age: int = 16
    activity: Activity | None = None

    def columns(self) -> dict[str, Any]:
        """Return the values of the row's columns."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _COLUMNS}
        values |= {name: list(getattr(self, name)) for name in ("skills", "languages")}
        values["contact_with_minors"] = self.activity is None or self.activity.contact_with_minors
        values["clearance_required"] = self.activity is None or self.activity.clearance_required
        return values


@transaction.atomic
def add_role(
    opportunity: Opportunity, need: Need, *, name_of_first: str = "", editor: User, now: datetime
) -> list[Refusal]:
    """Add a role; `name_of_first` tells the one that was alone until now apart from it.

    In public its name has to be released first.
    """
    need, row = _held(opportunity, need)
    if row.status == Status.CLOSED:
        return [Refusal.HAS_ENDED]
    present = list(row.roles.select_for_update())
    if len(present) == 1 and name_of_first:
        present[0].name = name_of_first
    names = [*(role.name for role in present), need.name]
    if not all(names):
        return [Refusal.ROLE_WITHOUT_NAME]
    if len(set(names)) < len(names):
        return [Refusal.ROLE_NAMED_TWICE]
    _wait_for_release(row, RELEASED, editor, now)
    for role in present:
        role.save(update_fields=["name"])
    Role.objects.create(opportunity=row, **need.columns())
    _settle(row, editor, now)
    return []


@transaction.atomic
def change_role(role: Role, need: Need, *, editor: User, now: datetime) -> list[Refusal]:
    """Change a role. If it is public and something changes that was released, it waits for release again."""
    need, row = _held(role.opportunity, need)
    if row.status == Status.CLOSED:
        return [Refusal.HAS_ENDED]
    roles = {each.pk: each for each in row.roles.select_for_update()}
    if role.pk not in roles:
        return [Refusal.MOVED_MEANWHILE]
    mine = roles.pop(role.pk)
    if not roles:
        need = replace(need, name="")
    elif not need.name:
        return [Refusal.ROLE_WITHOUT_NAME]
    if need.name in {each.name for each in roles.values()}:
        return [Refusal.ROLE_NAMED_TWICE]
    if has_fewer_places(mine, need):
        return [Refusal.FEWER_PLACES_THAN_TAKEN]
    changed = set_need(mine, need)
    _wait_for_release(row, changed, editor, now)
    mine.save(update_fields=changed)
    _settle(row, editor, now)
    return []


@transaction.atomic
def remove_role(role: Role, *, editor: User, now: datetime) -> list[Refusal]:
    """Take a role away on which nothing hangs: nobody is there, was there, was asked, or wishes for it.

    One must stay; it has no name any more.
    """
    _need, row = _held(role.opportunity, None)
    if row.status == Status.CLOSED:
        return [Refusal.HAS_ENDED]
    others = list(row.roles.select_for_update().exclude(pk=role.pk))
    if not others:
        return [Refusal.LAST_ROLE]
    try:
        with transaction.atomic():
            row.roles.filter(pk=role.pk).delete()
    except ProtectedError:
        return [Refusal.ROLE_IN_USE]
    if len(others) == 1:
        row.roles.update(name="")
    _settle(row, editor, now)
    return []


def has_fewer_places(role: Role, need: Need) -> bool:
    """Whether `need` leaves fewer places than people have or are asked for."""
    return need.places < role.places_taken + role.places_held


def set_need(role: Role, need: Need) -> set[str]:
    """Write `need` into the row in hand and return which columns changed; saving is the caller's."""
    changed = {name for name, value in need.columns().items() if getattr(role, name) != value}
    for name in changed:
        setattr(role, name, need.columns()[name])
    return changed


def with_activity_as_it_is(need: Need) -> Need:
    """Return `need` with its activity locked, so that no new version comes into force in between.

    It asks for no lower age than the activity does.
    """
    if need.activity is None:
        return need
    activity = locked_first(Activity.objects.filter(pk=need.activity.pk)).select_related("current").get()
    least = activity.current.minimum_age if activity.current else 0
    return replace(need, activity=activity, minimum_age=max(need.minimum_age, least))


def _held(opportunity: Opportunity, need: Need | None) -> tuple[Any, Opportunity]:
    """Lock the people there, the activity, and the task, in this order."""
    need_changing.send(sender=Opportunity, opportunity_ids=[opportunity.pk])
    locked = with_activity_as_it_is(need) if need else None
    return locked, Opportunity.objects.select_for_update().get(pk=opportunity.pk)


def _wait_for_release(row: Opportunity, changed: Collection[str], editor: User, now: datetime) -> None:
    if row.status in (Status.PUBLISHED, Status.PAUSED) and RELEASED & set(changed):
        move(row, OPPORTUNITY_MOVES, Status.IN_REVIEW, actor=actor_of(editor), now=now)


def _settle(row: Opportunity, editor: User, now: datetime) -> None:
    """What follows any change: seats, the question after the activity, and whoever listens."""
    row.edited_by = editor
    row.save(update_fields=["edited_by"])
    follow_places(row, now)
    if not row.roles.filter(activity=None).exists():
        withdraw_question(row, actor=actor_of(editor), now=now)
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=[row.pk])
