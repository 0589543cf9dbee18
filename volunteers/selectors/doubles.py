"""Rows that may be the same person."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from foundation.lists.searching import Folded
from volunteers.models import Assignment, Clearance, HoursEntry, PersonMerge, Placement, Volunteer
from volunteers.models.volunteer import WHOLE_NAME

MOST_SHOWN = 10


def listed_people() -> QuerySet[Volunteer]:
    """Return the confirmed people, each once: without rows that were found to be somebody else's double."""
    merged = PersonMerge.objects.filter(double=OuterRef("pk"), undone_at=None)
    return Volunteer.objects.filter(~Exists(merged), confirmed_at__isnull=False, erased_at__isnull=True)


def possible_doubles(person: Volunteer) -> QuerySet[Volunteer]:
    """Return other rows of the same whole name, or of the same first name and telephone."""
    alike = Q(pk=None)
    if person.last_name:
        whole = Folded(Value(f"{person.first_name} {person.last_name}"))
        named = Volunteer.objects.alias(told=Folded(WHOLE_NAME)).filter(told=whole)
        alike |= Q(pk__in=named.values("pk"))
    if person.phone:
        alike |= Q(phone=person.phone, first_name__iexact=person.first_name)
    others = listed_people().exclude(pk=person.pk)
    return others.filter(alike).select_related("mailbox").order_by("confirmed_at", "pk")[:MOST_SHOWN]


def has_been_somewhere(person: Volunteer) -> bool:
    """Whether anything hangs on the row that belongs to a provider's work: it is the one to be kept."""
    rows = (Placement, Assignment, HoursEntry, Clearance)
    return any(each._default_manager.filter(volunteer=person).exists() for each in rows)
