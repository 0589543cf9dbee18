"""Taking, holding and giving back places: one conditional UPDATE each, so that overbooking is impossible.

A group takes as many places as it has heads, all of them or none.

Lock order wherever more is needed: the person first, then tasks in the order of their keys, then their roles.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, QuerySet

from programs.models import Role
from programs.selectors.visibility import public_roles, roles_with_place


def take_place(role_id: int, count: int = 1) -> bool:
    """Take so many places in a role of a public task; False, taking none, if fewer are free."""
    free = public_roles().filter(roles_with_place(count), pk=role_id)
    return bool(free.update(places_taken=F("places_taken") + count))


def free_places_locked(role_ids: Collection[int]) -> dict[int, int]:
    """Lock these roles and their tasks, tasks in the order of keys; return the free places of public ones.

    The task is locked too, so that it stays public until the place is held.
    """
    rows = public_roles().filter(pk__in=role_ids).order_by("opportunity_id", "pk")
    locked = rows.select_for_update(no_key=True)
    found = locked.values_list("pk", "places", "places_taken", "places_held")
    return {pk: places - taken - held for pk, places, taken, held in found}


def lock_unheld_roles(role_ids: Collection[int]) -> set[int]:
    """Lock those of these roles and their tasks that nobody else holds now; return the roles."""
    rows = Role.objects.filter(pk__in=role_ids).order_by("opportunity_id", "pk").select_related("opportunity")
    unheld = rows.select_for_update(no_key=True, skip_locked=True, of=("self", "opportunity"))
    return {role.pk for role in unheld.only("opportunity__status")}


def hold_places(places: Mapping[int, int]) -> None:
    """Keep so many places of each role for people who are asked; locked and found free before."""
    for count in set(places.values()):
        held = [pk for pk, wanted in places.items() if wanted == count]
        Role.objects.filter(pk__in=held).update(places_held=F("places_held") + count)


def lock_roles(role_ids: Collection[int] | QuerySet[Any, Any]) -> None:
    """Lock these roles in the order of keys, for whoever moves places of several of them."""
    rows = Role.objects.filter(pk__in=role_ids).order_by("opportunity_id", "pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def hold_more_places(role_id: int, count: int) -> bool:
    """Keep so many places more for whoever is asked already; False, keeping none, if fewer are free."""
    free = public_roles().filter(roles_with_place(count), pk=role_id)
    return bool(free.update(places_held=F("places_held") + count))


def take_held_place(role_id: int, count: int = 1) -> None:
    """Give so many places to whom they were kept for."""
    Role.objects.filter(pk=role_id, places_held__gte=count).update(
        places_held=F("places_held") - count, places_taken=F("places_taken") + count
    )


def give_back_held_places(role_id: int, count: int) -> None:
    """Keep so many places less."""
    held = Role.objects.filter(pk=role_id, places_held__gte=count)
    held.update(places_held=F("places_held") - count)


def give_back_place(role_id: int, count: int = 1) -> None:
    """Free so many taken places."""
    Role.objects.filter(pk=role_id, places_taken__gte=count).update(places_taken=F("places_taken") - count)
