"""People whose mails come back, and with whom nobody has spoken since."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from volunteers.models import Contact, Placement, TimePledge, Volunteer

LOOKING = (TimePledge.Status.OPEN, TimePledge.Status.PLACED)


def unreachable_people() -> QuerySet[Volunteer]:
    """Return those whom the product cannot reach any more, the longest first."""
    spoken = Contact.objects.filter(
        volunteer=OuterRef("pk"), noted_at__gte=OuterRef("mailbox__bounced_at"), taken_back=None
    )
    silent = Volunteer.objects.filter(
        ~Exists(spoken), mailbox__bounced_at__isnull=False, confirmed_at__isnull=False, erased_at__isnull=True
    )
    return silent.select_related("mailbox").order_by("mailbox__bounced_at", "pk")


def placed_or_looking(people: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Return those of `people` who do something or look for something."""
    looking = TimePledge.objects.filter(volunteer=OuterRef("pk"), status__in=LOOKING)
    return people.filter(Exists(looking) | Exists(_placed()))


def placed_at(people: QuerySet[Volunteer], providers: QuerySet[Any]) -> QuerySet[Volunteer]:
    """Return those of `people` who hold a place at one of `providers`."""
    return people.filter(Exists(_placed().filter(opportunity__provider__in=providers)))


def _placed() -> QuerySet[Placement]:
    return Placement.objects.filter(volunteer=OuterRef("pk"), status__in=Placement.HOLDING)
