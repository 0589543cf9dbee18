"""The lock that comes first: whoever changes what a person is asked or does, holds the person's row."""

from volunteers.models import Volunteer


def lock_person(volunteer_id: int) -> Volunteer:
    """Lock the person's row until the end of the transaction. Lock order: person, then places."""
    return Volunteer.objects.select_for_update().get(pk=volunteer_id)
