"""Who may see and change what volunteers give: the one way to every object of this app.

Citizens come by signed link, for coordinators `programs.access` tells how far they reach.
"""

from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts.models import User
from foundation.links import LinkNotValid, read
from programs.access import within_reach
from programs.models import Membership, Opportunity
from programs.selectors.visibility import public_opportunities
from volunteers.domain.links import (
    CONFIRM_PLEDGE,
    MY_PLEDGES,
    OFFER,
    PLACEMENT_CALENDAR,
    PLACEMENT_LETTER,
    LinkKind,
)
from volunteers.models import Assignment, Offer, Placement, TimePledge, Volunteer
from volunteers.selectors.pledges import running_pledges

Row = TypeVar("Row")


def access_volunteer(token: str, now: datetime) -> Volunteer:
    """Return the person of a "Meine Zusagen" link. Raises LinkNotValid (also when revoked) or LinkExpired."""
    pk, version = _subject(MY_PLEDGES, token, now)
    return _found(Volunteer.objects.filter(pk=pk, link_version=version).first())


def access_own_pledge(volunteer: Volunteer, pk: int) -> TimePledge:
    """Return a pledge of that person which is not over. Raises Http404."""
    pledges = running_pledges(volunteer).select_related("volunteer", "wanted_opportunity")
    pledge = pledges.filter(pk=pk).first()
    if pledge is None:
        raise Http404
    return pledge


def access_pledge_to_confirm(token: str, now: datetime) -> TimePledge:
    """Return the pledge of a confirmation link, confirmed or not. Raises LinkNotValid or LinkExpired."""
    pk = _number(read(CONFIRM_PLEDGE.purpose, token, now=now))
    over = [TimePledge.Status.WITHDRAWN, TimePledge.Status.ENDED, TimePledge.Status.LAPSED]
    pledges = TimePledge.objects.select_related("volunteer", "wanted_opportunity", "home_district")
    return _found(pledges.exclude(status__in=over).filter(pk=pk).first())


def access_wanted_opportunity(slug: str) -> Opportunity:
    """Return the published opportunity somebody wants to help with. Raises Http404."""
    opportunity = public_opportunities().prefetch_related("slots").filter(slug=slug).first()
    if opportunity is None:
        raise Http404
    return opportunity


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


def _subject(kind: LinkKind, token: str, now: datetime) -> tuple[int, int]:
    pk, _separator, version = read(kind.purpose, token, now=now).partition(".")
    return _number(pk), _number(version)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise LinkNotValid
    return int(text)


def _found(row: Row | None) -> Row:
    if row is None:
        raise LinkNotValid
    return row


def access_placement_letter(token: str, now: datetime) -> Placement:
    """Return the placement of a letter link. Raises LinkNotValid or LinkExpired."""
    pk, version = _subject(PLACEMENT_LETTER, token, now)
    placements = Placement.objects.select_related("volunteer", "opportunity__provider")
    return _found(placements.filter(pk=pk, volunteer__link_version=version).first())


def access_coordinated_offer(user: User | AnonymousUser, pk: int) -> Offer:
    """Return an offer for a task within `user`'s reach. Raises Http404."""
    offers = Offer.objects.select_related("pledge__volunteer", "opportunity__provider")
    return _within_reach(offers.filter(within_reach(user, "opportunity__provider"), pk=pk).first())


def access_placement(user: User | AnonymousUser, pk: int) -> Placement:
    """Return a placement at a task within `user`'s reach. Raises Http404."""
    return _placement(user, pk, Membership.Role.COORDINATOR)


def access_placement_to_inspect(user: User | AnonymousUser, pk: int) -> Placement:
    """Return a placement to the safeguarding officer of its very provider, to nobody else. Raises Http404."""
    return _placement(user, pk, Membership.Role.SAFEGUARDING_OFFICER)


def is_officer_of(user: User | AnonymousUser, placement: Placement) -> bool:
    """Whether `user` is the one who inspects the certificate for `placement`."""
    reach = within_reach(user, "opportunity__provider", Membership.Role.SAFEGUARDING_OFFICER)
    return Placement.objects.filter(reach, pk=placement.pk).exists()


def access_assignment(user: User | AnonymousUser, pk: int) -> Assignment:
    """Return an assignment at a task within `user`'s reach. Raises Http404."""
    assignments = Assignment.objects.select_related("placement__volunteer", "shift")
    reach = within_reach(user, "placement__opportunity__provider")
    return _within_reach(assignments.filter(reach, pk=pk).first())


def _placement(user: User | AnonymousUser, pk: int, role: Membership.Role) -> Placement:
    placements = Placement.objects.select_related(
        "volunteer", "pledge", "offer", "opportunity__provider", "opportunity__district"
    )
    return _within_reach(placements.filter(within_reach(user, "opportunity__provider", role), pk=pk).first())


def _within_reach(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
