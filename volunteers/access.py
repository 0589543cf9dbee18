"""Who may see and change what volunteers give: the one way to every object of this app.

Citizens come by signed link, for coordinators `programs.access` tells how far they reach.
"""

from datetime import datetime
from typing import TypeVar

from foundation.links import LinkNotValid, read
from volunteers.domain.links import CONFIRM_PLEDGE, MY_PLEDGES, OFFER, PLACEMENT_CALENDAR, LinkKind
from volunteers.models import Offer, Placement, TimePledge, Volunteer

Row = TypeVar("Row")


def access_volunteer(token: str, now: datetime) -> Volunteer:
    """Return the person of a "Meine Zusagen" link. Raises LinkNotValid (also when revoked) or LinkExpired."""
    pk, version = _subject(MY_PLEDGES, token, now)
    return _found(Volunteer.objects.filter(pk=pk, link_version=version).first())


def access_unconfirmed_pledge(token: str, now: datetime) -> TimePledge:
    """Return the pledge of a confirmation link, in whatever status. Raises LinkNotValid or LinkExpired."""
    pk = read(CONFIRM_PLEDGE.purpose, token, now=now)
    return _found(TimePledge.objects.select_related("volunteer").filter(pk=pk).first())


def access_offer(token: str, now: datetime) -> Offer:
    """Return the offer of an answer link. Raises LinkNotValid or LinkExpired."""
    pk, version = _subject(OFFER, token, now)
    offers = Offer.objects.select_related(
        "pledge__volunteer", "opportunity__provider", "opportunity__district"
    )
    return _found(offers.filter(pk=pk, pledge__volunteer__link_version=version).first())


def access_placement_calendar(token: str, now: datetime) -> Placement:
    """Return the placement of a calendar link. Raises LinkNotValid or LinkExpired."""
    pk, version = _subject(PLACEMENT_CALENDAR, token, now)
    placements = Placement.objects.select_related("volunteer", "opportunity__provider")
    return _found(placements.filter(pk=pk, volunteer__link_version=version).first())


def _subject(kind: LinkKind, token: str, now: datetime) -> tuple[str, str]:
    pk, _separator, version = read(kind.purpose, token, now=now).partition(".")
    return pk, version


def _found(row: Row | None) -> Row:
    if row is None:
        raise LinkNotValid
    return row
