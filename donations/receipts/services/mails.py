"""The mails about receipts, each once by its key, in the transaction of its cause."""

from datetime import datetime
from typing import Any

from citizens.services.letters import take_back, write
from donations.models import Donation
from donations.receipts.models import Receipt, WishRefusal
from donations.receipts.wording.mails import RECEIPT_ISSUED, RECEIPT_REFUSED, RECEIPT_WITHDRAWN
from outbox.domain.catalogue import Mail


def tell_issued(receipt: Receipt, now: datetime) -> None:
    """Tell that a receipt was issued: by machine it lies on "Meine Seite", else it comes on paper."""
    _send(RECEIPT_ISSUED, f"receipt.issued:{receipt.pk}", receipt, now)


def tell_withdrawn(receipt: Receipt, now: datetime, replacement: Receipt | None) -> None:
    """Tell that a receipt does not count any more, why, and which one does."""
    new_number = replacement.number if replacement else ""
    _send(RECEIPT_WITHDRAWN, f"receipt.withdrawn:{receipt.pk}", receipt, now, new_number=new_number)


def tell_refused(refusal: WishRefusal, now: datetime) -> None:
    """Tell why a wish is not fulfilled; one that was mended and is refused again is told of again."""
    gift = refusal.donation
    context = {
        "name": gift.donor_name,
        "amount_cents": gift.amount_cents,
        "recipient": gift.fund.provider.name,
        "why": refusal.get_why_display(),
        "is_about_name": refusal.why == WishRefusal.Why.NAME,
    }
    key = f"receipt.refused:{gift.pk}:{refusal.pk}"
    if gift.donor.mailbox is not None:
        write(gift.donor.mailbox, key=key, mail=RECEIPT_REFUSED, context=context, now=now)


def tell_refused_no_more(gift: Donation) -> None:
    """Print no letter any more that tells why the wish of a gift is not fulfilled: it waits again."""
    if gift.donor.mailbox is not None:
        take_back(gift.donor.mailbox, [RECEIPT_REFUSED], gift.pk)


def _send(mail: Mail, key: str, receipt: Receipt, now: datetime, **more: Any) -> None:
    context = {
        "name": receipt.snapshot["donor"]["lines"][0],
        "number": receipt.number,
        "total_cents": receipt.total_cents,
        "recipient": receipt.snapshot["issuer"]["lines"][0],
        "is_machine": receipt.snapshot["signature"]["is_machine"],
        "withdrawn_for": receipt.withdrawn_for,
        **more,
    }
    if receipt.donor.mailbox is not None:
        write(receipt.donor.mailbox, key=key, mail=mail, context=context, now=now)
