"""The addresses in mails to givers."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from donations.domain.deadlines import MY_GIFTS_LINK_VALID_FOR
from donations.models import Donation, Donor
from foundation.links import read, sign

_MY_GIFTS = "my_gifts"


def my_gifts_url(donor: Donor, now: datetime) -> str:
    """Return the address of "Meine Spenden"; every mail about a gift carries one."""
    token = sign(_MY_GIFTS, str(donor.pk), now=now, valid_for=MY_GIFTS_LINK_VALID_FOR)
    return absolute("my_gifts", token)


def donor_of_link(token: str, now: datetime) -> Donor | None:
    """Return whom the link belongs to, None if the donor is gone. Raises LinkNotValid or LinkExpired."""
    return Donor.objects.filter(pk=int(read(_MY_GIFTS, token, now=now))).first()


def thanks_url(donation: Donation) -> str:
    return absolute("donate_thanks", str(donation.public_id))


def transfer_url(donation: Donation) -> str:
    return absolute("donate_transfer", str(donation.public_id))


def absolute(name: str, *arguments: str) -> str:
    """Return the full address of a page, from a setting and never from a request."""
    return settings.PUBLIC_BASE_URL + reverse(name, args=arguments)
