"""The lock that comes first: whoever changes what a person is asked or does, holds the person's row."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from volunteers.models import Volunteer


def lock_person(volunteer_id: int) -> Volunteer:
    """Lock the person's row until the end of the transaction. Lock order: person, then places."""
    return Volunteer.objects.select_for_update().get(pk=volunteer_id)


def lock_people(volunteer_ids: Collection[int] | QuerySet[Any, Any]) -> None:
    """Lock the rows of several people, always in the same order, before any place is locked."""
    people = Volunteer.objects.filter(pk__in=volunteer_ids).order_by("pk").select_for_update()
    list(people.values_list("pk", flat=True))
