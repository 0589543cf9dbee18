"""The addresses in mails to givers that show one gift, behind an unguessable id."""

from citizens.services.links import absolute
from donations.models import Donation


def thanks_url(donation: Donation) -> str:
    """Return the address that tells where the gift stands."""
    return absolute("donate_thanks", donation.public_id)


def transfer_url(donation: Donation) -> str:
    """Return the address with the data of the transfer."""
    return absolute("donate_transfer", donation.public_id)
