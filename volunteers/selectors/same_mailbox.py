"""Who shares a mailbox with somebody that pledges, and whether they may be the same person."""

from collections.abc import Iterable

from django.db.models import QuerySet

from citizens.models import Mailbox
from volunteers.models import Volunteer
from volunteers.selectors.doubles import listed_people
from volunteers.selectors.people import people_at


def listed_at(mailbox: Mailbox) -> QuerySet[Volunteer]:
    """Return who is known there. A row found to be somebody else's double is nobody: it is in no list."""
    return people_at(mailbox).filter(pk__in=listed_people().values("pk"))


def known_beside(typed: Volunteer) -> list[Volunteer]:
    """Return whom somebody may be who comes alone; a group is told by its name."""
    return [] if typed.is_group else [each for each in listed_at(typed.mailbox) if not each.is_group]


def namesakes(typed: Volunteer, people: Iterable[Volunteer]) -> list[Volunteer]:
    """Return those of `people` with the first name of `typed`, whoever has the same age first."""
    name = typed.first_name.casefold()
    same = [person for person in people if person.first_name.casefold() == name]
    return sorted(same, key=lambda person: person.is_adult != typed.is_adult)
