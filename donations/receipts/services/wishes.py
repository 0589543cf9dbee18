"""Who wishes a receipt is answered: with one, with a mended address, or with the reason why not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from citizens.models import Mailbox
from citizens.services.parts import minors_at
from donations.domain.of_age import is_for_adults, may_be_a_minor
from donations.models import Donation, ReceiptAddress
from donations.receipts.documents.receipt import Giver
from donations.receipts.models import Receipt, ReceiptItem, WishRefusal
from donations.receipts.selectors.gifts import open_wishes, wishes_of
from donations.receipts.selectors.payers import OtherName, not_paid_by_another, other_names_of
from donations.receipts.services import mails
from donations.receipts.services.issuing import locked, printed
from donations.receipts.services.withdrawal import withdraw_by_hand
from foundation.actors import Actor, citizen
from foundation.history import note_act
from foundation.units import Cents


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
        _put(giver, gifts, actor=actor, now=now)
    return len(gifts)


def _put(giver: Giver, gifts: Iterable[Donation], *, actor: Actor, now: datetime) -> None:
    """What was refused for its name or address waits again: that was mended."""
    for each in gifts:
        Donation.objects.filter(pk=each.pk).update(donor_name=giver.name)
        ReceiptAddress.objects.update_or_create(
            donation=each,
            defaults={"street": giver.street, "postcode": giver.postcode, "town": giver.town},
        )
        note_act(each, "receipt_address", "corrected", actor=actor, now=now)
        if WishRefusal.objects.filter(donation=each, why=WishRefusal.Why.NAME).delete()[0]:
            note_act(each, "receipt_wish", "reopened", actor=actor, now=now)
            mails.tell_refused_no_more(each)


def _names(found: dict[int, list[OtherName]], gift: Donation) -> set[str]:
    return {each.name for each in found.get(gift.pk, [])}


def _same(gift: Donation) -> list[int]:
    rows = Donation.objects.filter(
        donor=gift.donor_id, fund__provider=gift.fund.provider_id, wants_receipt=True
    )
    return list(rows.values_list("pk", flat=True))


class NameAnAdult(Exception):
    """The name is the one of somebody known at this mailbox who may not give like this alone."""


@dataclass(frozen=True)
class OwnAddress:
    """A name and address as a giver typed it: the newest gift that has it, and how many have."""

    gift: Donation
    count: int


def own_addresses(mailbox: Mailbox) -> list[OwnAddress]:
    """Return each name and address to which receipts for the owner's gifts go, the newest first."""
    gifts = list(not_paid_by_another(wishes_of(mailbox)).exclude(status=Donation.Status.LAPSED))
    counts = Counter(printed(gift) for gift in gifts)
    newest = {printed(gift): gift for gift in reversed(gifts)}
    return [OwnAddress(gift, counts[words]) for words, gift in reversed(newest.items())]


def correct_own_address(gift: Donation, giver: Giver, *, now: datetime) -> int:
    """Let a giver put another name and address on their gift, and on all of theirs that had the same.

    At every body; what is issued stays as it is, a draft that nobody has signed is replaced. What a treasurer
    said somebody else paid gets no receipt to them, whatever they call themselves. Returns on how many, 0
    where nothing changes. Raises NameAnAdult.
    """
    assert gift.donor.mailbox is not None
    with transaction.atomic():
        pks = not_paid_by_another(wishes_of(gift.donor.mailbox)).values_list("pk", flat=True)
        gifts = [each for each in locked(list(pks)) if printed(each) == printed(gift)]
        changed = [each for each in gifts if printed(each) != _words(giver)]
        is_renamed = giver.name != gift.donor_name and any(map(_asks_for_an_adult, changed))
        if is_renamed and may_be_a_minor(giver.name, minors_at(gift.donor.email)):
            raise NameAnAdult
        actor = citizen("donor")
        _put(giver, changed, actor=actor, now=now)
        for draft in _drafts_about(changed):
            withdraw_by_hand(draft, actor=actor, now=now)
    return len(changed)


def _drafts_about(gifts: Iterable[Donation]) -> list[int]:
    items = ReceiptItem.objects.filter(donation__in=gifts, withdrawn_at=None)
    drafts = items.filter(receipt__status=Receipt.Status.DRAFT, receipt__restricted_at=None)
    return sorted(set(drafts.values_list("receipt_id", flat=True)))


def _words(giver: Giver) -> tuple[str, ...]:
    return (giver.name, giver.street, giver.postcode, giver.town)


def _asks_for_an_adult(gift: Donation) -> bool:
    return not gift.hide_name_public or is_for_adults(
        method=gift.method,
        is_repeated=gift.recurring_id is not None,
        amount_cents=Cents(gift.amount_cents),
        small_cents=settings.MINOR_GIFT_MAX_CENTS,
    )


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
