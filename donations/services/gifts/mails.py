"""The mails about gifts, each once by its key, in the transaction of its cause."""

from datetime import datetime
from typing import Any

from citizens.services.letters import write
from donations.domain.failures import Failure
from donations.domain.receipts import needs_details, proof_for
from donations.domain.references import grouped
from donations.models import Dispute, Donation, Refund
from donations.selectors.creditor_ids import is_own_creditor
from donations.selectors.receipting import are_issued_for
from donations.services.links import thanks_url, transfer_url
from donations.wording.failures import sentence_of
from donations.wording.mails import (
    GIFT_ACCEPTED,
    GIFT_CORRECTED,
    GIFT_FAILED,
    GIFT_NOT_ACCEPTED,
    GIFT_REALLOCATED,
    GIFT_RETURNED,
    GIFT_THANKS,
    REFUND_DONE,
    REFUND_FAILED,
    TRANSFER_DATA,
    TRANSFER_REMINDER,
)
from foundation.clock import local_day
from foundation.ibans import grouped_iban
from foundation.units import Cents
from outbox.domain.catalogue import Mail


def thank(donation: Donation, now: datetime) -> None:
    """Say thank you, once per gift."""
    _send(GIFT_THANKS, f"gift.thanks:{donation.pk}", donation, now)


def thank_for_rest(donation: Donation, identity: str, now: datetime) -> None:
    """Say thank you for what completes a gift, once per part."""
    _send(GIFT_THANKS, f"gift.thanks:{donation.pk}:{identity}", donation, now)


def tell_transfer_data(donation: Donation, now: datetime, due_at: datetime) -> None:
    """Send what the giver needs for the transfer."""
    key = f"gift.transfer_data:{donation.pk}"
    _send(TRANSFER_DATA, key, donation, now, due_at=due_at, **_transfer(donation))


def remind_of_transfer(donation: Donation, now: datetime, due_at: datetime) -> None:
    """Remind once, kindly, of a transfer that has not come."""
    key = f"gift.reminder:{donation.pk}"
    more = _transfer(donation)
    _send(TRANSFER_REMINDER, key, donation, now, due_at=due_at, **more)


def tell_failed(donation: Donation, failure: Failure, now: datetime) -> None:
    """Tell that a direct debit did not come, and why."""
    _send(GIFT_FAILED, f"gift.failed:{donation.pk}", donation, now, why=sentence_of(failure))


def tell_returned(donation: Donation, claim: Dispute, now: datetime) -> None:
    """Tell that the bank took a direct debit back, or which part of it, each time."""
    back_cents = claim.lost_cents - claim.reversed_cents
    _send(GIFT_RETURNED, f"gift.returned:{claim.external_id}", donation, now, back_cents=back_cents)


def tell_refunded(donation: Donation, refund: Refund, now: datetime) -> None:
    """Tell that money was given back."""
    _send(REFUND_DONE, f"gift.refund:{refund.external_id}", donation, now, refund_cents=refund.amount_cents)


def tell_refund_failed(donation: Donation, refund: Refund, now: datetime, *, was_sent: bool = True) -> None:
    """Tell that money on its way back has not arrived, or, told too early, has never left."""
    key = f"gift.refund_failed:{refund.external_id}"
    _send(REFUND_FAILED, key, donation, now, refund_cents=refund.amount_cents, was_sent=was_sent)


def tell_corrected(donation: Donation, proposal: int, wrong_cents: Cents, now: datetime) -> None:
    """Tell that money was booked wrongly on the gift, and what is right."""
    right = donation.amount_cents if donation.received_at else None
    key = f"gift.corrected:{proposal}"
    _send(GIFT_CORRECTED, key, donation, now, wrong_cents=wrong_cents, right_cents=right)


def tell_accepted(donation: Donation, now: datetime) -> None:
    """Tell that the city has accepted a large gift."""
    _send(GIFT_ACCEPTED, f"gift.accepted:{donation.pk}", donation, now)


def tell_not_accepted(donation: Donation, back_cents: Cents, now: datetime) -> None:
    """Tell that the city cannot take a large gift, and what of it is on its way back."""
    _send(GIFT_NOT_ACCEPTED, f"gift.not_accepted:{donation.pk}", donation, now, back_cents=back_cents)


def tell_reallocated(
    donation: Donation, proposal: int, old_fund_name: str, cents: Cents, now: datetime
) -> None:
    """Tell that a gift goes to another purpose."""
    key = f"gift.reallocated:{proposal}"
    _send(GIFT_REALLOCATED, key, donation, now, old_fund_name=old_fund_name, moved_cents=cents)


def _transfer(donation: Donation) -> dict[str, Any]:
    provider = donation.fund.provider
    return {
        "account_holder_name": provider.account_holder_name,
        "iban": grouped_iban(provider.iban),
        "reference": grouped(donation.transfer_reference.reference),
        "transfer_url": transfer_url(donation),
    }


def _is_own_creditor(donation: Donation, now: datetime) -> bool:
    return is_own_creditor(donation.fund.provider_id, donation.debited_on or local_day(now))


def _send(
    mail: Mail,
    key: str,
    donation: Donation,
    now: datetime,
    *,
    due_at: datetime | None = None,
    **more: Any,
) -> None:
    fund, mailbox = donation.fund, donation.donor.mailbox
    if mailbox is None:
        return
    context = {
        "amount_cents": donation.amount_cents,
        "name": donation.donor_name,
        "fund_name": fund.name,
        "purpose_text": donation.purpose_text,
        "fallback_text": donation.fallback_text,
        "recipient": fund.provider.name,
        "recipient_dative": fund.provider.in_dative,
        "received_on": local_day(donation.received_at) if donation.received_at else None,
        "monthly": donation.recurring_id is not None,
        "city_accepts": fund.provider.kind == fund.provider.Kind.CITY,
        "awaits_acceptance": donation.awaits_acceptance,
        "was_not_accepted": donation.was_not_accepted,
        "wants_receipt": donation.wants_receipt,
        "proof": proof_for(fund.provider.issuer_kind, Cents(donation.amount_cents)),
        "is_receipted": are_issued_for(fund, local_day(now)),
        "method": donation.method,
        "needs_details": needs_details(donation.method, is_own_creditor=_is_own_creditor(donation, now)),
        "thanks_url": thanks_url(donation),
        **more,
    }
    write(mailbox, key=key, mail=mail, context=context, now=now, due_at=due_at)
