"""The signed links in the mails to volunteers, as full addresses.

Links to a person's own pages carry the `link_version` of that person: raising it makes all older ones void.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from foundation.links import sign
from volunteers.domain.links import (
    CONFIRM_PLEDGE,
    MY_PLEDGES,
    OFFER,
    PLACEMENT_CALENDAR,
    PLACEMENT_LETTER,
    LinkKind,
)
from volunteers.models import Offer, Placement, TimePledge, Volunteer


def my_pledges_token(volunteer: Volunteer, now: datetime) -> str:
    """Return the token of "Meine Zusagen": its bearer acts for `volunteer`."""
    return _token(MY_PLEDGES, volunteer.pk, volunteer, now)


def my_pledges_url(volunteer: Volunteer, now: datetime) -> str:
    """Return the address of "Meine Zusagen"; every mail to a volunteer carries one."""
    return _address("my_pledges_with", my_pledges_token(volunteer, now))


def confirm_url(pledge: TimePledge, now: datetime) -> str:
    """Return the address at which `pledge` is confirmed by the owner of the mailbox."""
    kind = CONFIRM_PLEDGE
    return _address("pledge_confirm", sign(kind.purpose, str(pledge.pk), now=now, valid_for=kind.valid_for))


def offer_token(offer: Offer, now: datetime) -> str:
    """Return the token with which the asked person answers `offer`."""
    return _token(OFFER, offer.pk, offer.pledge.volunteer, now)


def offer_url(offer: Offer, now: datetime) -> str:
    """Return the address at which `offer` is accepted or declined."""
    return _address("offer_answer", offer_token(offer, now))


def placement_calendar_url(placement: Placement, now: datetime) -> str:
    """Return the address of the calendar file of `placement`."""
    return _address("placement_calendar", _token(PLACEMENT_CALENDAR, placement.pk, placement.volunteer, now))


def placement_letter_url(placement: Placement, now: datetime) -> str:
    """Return the address of the letter with which the person applies for the certificate."""
    return _address("placement_letter", _token(PLACEMENT_LETTER, placement.pk, placement.volunteer, now))


def _token(kind: LinkKind, pk: int, volunteer: Volunteer, now: datetime) -> str:
    subject = f"{pk}.{volunteer.link_version}"
    return sign(kind.purpose, subject, now=now, valid_for=kind.valid_for)


def _address(name: str, token: str) -> str:
    return settings.PUBLIC_BASE_URL + reverse(name, args=[token])
