"""Where the receipt for a further gift of the same giver goes."""

from donations.models import Donation, ReceiptAddress


def copy_address(source: Donation, gift: Donation) -> None:
    """Give a further gift of the same giver the address its receipt goes to, if there is one."""
    address = ReceiptAddress.objects.filter(donation=source).first()
    if address is not None:
        ReceiptAddress.objects.create(
            donation=gift, street=address.street, postcode=address.postcode, town=address.town
        )
