"""What a person changes about themselves, and leaving no trace (Art. 17 DSGVO)."""

from datetime import datetime

from django.db import transaction

from foundation.actors import citizen
from foundation.doors.erasure import forget_words
from outbox.services.purge import forget_address
from volunteers.domain.states import TIME_PLEDGE_MOVES
from volunteers.models import (
    Availability,
    AvailabilityException,
    Clearance,
    LinkRequest,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.people import people_at
from volunteers.services.clearance_traces import forget_traces
from volunteers.services.persons import lock_person
from volunteers.services.withdrawals import leave


def change_person(
    volunteer: Volunteer, *, first_name: str, last_name: str, phone: str, is_adult: bool
) -> None:
    """Store how the person wants to be called and reached."""
    volunteer.first_name, volunteer.last_name = first_name, last_name
    volunteer.phone, volunteer.is_adult = phone, is_adult
    volunteer.save(update_fields=["first_name", "last_name", "phone", "is_adult"])


@transaction.atomic
def erase_person(volunteer: Volunteer, *, now: datetime) -> None:
    """Withdraw everything, then empty the person; what is left counts and names nobody.

    Hours confirmed by a provider stay with the placement they belong to, without a name.
    """
    lock_person(volunteer.pk)
    email = volunteer.email
    for pledge in volunteer.pledges.order_by("pk"):
        if TimePledge.Status.WITHDRAWN in TIME_PLEDGE_MOVES[pledge.status]:
            leave(pledge, actor=citizen("volunteer"), now=now)
    _delete_typed_drafts(email)
    Availability.objects.filter(pledge__volunteer=volunteer).delete()
    AvailabilityException.objects.filter(pledge__volunteer=volunteer).delete()
    Clearance.objects.filter(volunteer=volunteer).delete()
    forget_traces(list(volunteer.placements.values_list("pk", flat=True)))
    volunteer.pledges.update(
        skills=[], learning_skills=[], lacking_skills=[], languages=[], age_bands=[], note=""
    )
    Volunteer.objects.filter(pk=volunteer.pk).update(
        first_name="",
        last_name="",
        phone="",
        email=f"geloescht-{volunteer.pk}@erased.invalid",
        last_asked_at=None,
        erased_at=now,
        link_version=volunteer.link_version + 1,
    )
    LinkRequest.objects.filter(email__iexact=email).delete()
    forget_address(email)
    forget_words([email, volunteer.phone, volunteer.last_name])


def _delete_typed_drafts(email: str) -> None:
    drafts = people_at(email).filter(confirmed_at__isnull=True)
    TimePledge.objects.filter(volunteer__in=drafts).delete()
    drafts.delete()
