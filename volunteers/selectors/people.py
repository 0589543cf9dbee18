"""Finding people: those behind a mailbox, and by what somebody typed of a name."""

from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet

from citizens.models import Mailbox
from foundation.clock import local_day
from foundation.lists.searching import Word
from volunteers.models import GuardianConsent, PersonMerge, Placement, Volunteer
from volunteers.models.volunteer import WHOLE_NAME


def people_at(mailbox: Mailbox | OuterRef) -> QuerySet[Volunteer]:
    """Return the confirmed people of that mailbox, who came first first; most often one."""
    confirmed = Volunteer.objects.filter(mailbox=mailbox, confirmed_at__isnull=False, erased_at__isnull=True)
    return confirmed.order_by("confirmed_at", "pk")


def somebody_is_silent_at(mailbox: Mailbox) -> bool:
    """Whether somebody here, or the person a row here was joined with, is offered no task with children."""
    joined = PersonMerge.objects.filter(double__mailbox=mailbox, undone_at=None)
    here = Q(mailbox=mailbox) | Q(pk__in=joined.values("kept"))
    return silenced_people().filter(here).exists()


def people_like(word: Word) -> QuerySet[Volunteer]:
    """Return the people who have `word` in their first or last name or in that of their group."""
    of_group = word.within("group_name") & ~Q(group_name="")
    return Volunteer.objects.filter(word.within(WHOLE_NAME) | of_group)


def called_like(word: Word) -> QuerySet[Volunteer]:
    """Return the people who have `word` in their first name, for readers who are told no more of it."""
    return Volunteer.objects.filter(word.within("first_name"))


def silenced_people() -> QuerySet[Volunteer]:
    """Return whom no task with children is offered, by name."""
    people = Volunteer.objects.filter(is_asked_with_children=False, erased_at__isnull=True)
    return people.order_by("first_name", "last_name", "pk")


def is_spoken_for(person: Volunteer, now: datetime) -> bool:
    """Whether a guardian agreed to what this person does, who is under age by the month of birth they saw."""
    if person.is_adult or person.born_in is None or person.is_of_age(local_day(now)):
        return False
    agreed = GuardianConsent.objects.filter(given_at__isnull=False, withdrawn_at=None)
    return agreed.filter(placement__volunteer=person, placement__status__in=Placement.HOLDING).exists()
