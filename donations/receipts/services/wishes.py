"""Who wishes a receipt is answered: with one, with a mended address, or with the reason why not."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from donations.models import Donation, ReceiptAddress
from donations.receipts.documents.receipt import Giver
from donations.receipts.models import WishRefusal
from donations.receipts.selectors.gifts import open_wishes
from donations.receipts.selectors.payers import OtherName, other_names_of
from donations.receipts.services import mails
from donations.receipts.services.issuing import locked, printed
from foundation.actors import Actor
from foundation.history import note_act


def correct_address(gift: Donation, giver: Giver, *, actor: Actor, now: datetime) -> int:
    """Put another name and address on the gift, and on all of this giver that had the same; returns how many.

    What somebody else paid is named apart from what the giver paid.

    Gifts to other bodies are left alone, receipts that were issued stay as they are. The history says who did
    it and when, not what stood there.
    """
    with transaction.atomic():
        gifts = [each for each in locked(_same(gift)) if printed(each) == printed(gift)]
        found = other_names_of(gifts)
        gifts = [each for each in gifts if _names(found, each) == _names(found, gift)]
        for each in gifts:
            Donation.objects.filter(pk=each.pk).update(donor_name=giver.name)
            ReceiptAddress.objects.update_or_create(
                donation=each,
                defaults={"street": giver.street, "postcode": giver.postcode, "town": giver.town},
            )
            note_act(each, "receipt_address", "corrected", actor=actor, now=now)
    return len(gifts)


def _names(found: dict[int, list[OtherName]], gift: Donation) -> set[str]:
    return {each.name for each in found.get(gift.pk, [])}


def _same(gift: Donation) -> list[int]:
    rows = Donation.objects.filter(
        donor=gift.donor_id, fund__provider=gift.fund.provider_id, wants_receipt=True
    )
    return list(rows.values_list("pk", flat=True))


def refuse_wish(gift: Donation, why: str, *, refused_by: User, actor: Actor, now: datetime) -> bool:
    """Answer a wish with why it is not possible; False if it was answered before, by a receipt too."""
    with transaction.atomic():
        locked([gift.pk])  # who issues its receipt at this moment comes first
        if not open_wishes().filter(pk=gift.pk).exists():
            return False
        refusal = WishRefusal.objects.create(donation=gift, why=why, refused_by=refused_by, refused_at=now)
        note_act(gift, "receipt_wish", "refused", actor=actor, now=now)
        mails.tell_refused(refusal, now)
    return True
