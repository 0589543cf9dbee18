"""Dauerspenden: each collection that is paid is a gift of its own, until the giver or the bank ends it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from donations.domain.facts import InvoiceFacts, PaymentFacts
from donations.domain.states import RECURRING_MOVES
from donations.gateways import stripe
from donations.gateways.errors import Refused
from donations.models import Donation, RecurringDonation
from donations.services.gifts import monthly_mails as mails
from donations.services.gifts.addresses import copy_address
from donations.services.online import payments
from donations.services.online.recurring import beginning_of, read_subscription
from foundation.actors import citizen
from foundation.transitions import move

Status = RecurringDonation.Status


class AgreedTexts(NamedTuple):
    """What a gift is for, as its giver read it."""

    purpose_text: str
    fallback_text: str
    text_version: int


def read_invoice(external_id: str, now: datetime) -> None:
    """Read one collection anew and record its payment; an invoice that is none of ours is left alone."""
    facts = stripe.invoice(external_id)
    beginning = beginning_of(facts.donation, facts.subscription)
    if beginning is None or beginning.recurring is None:
        return
    payment = stripe.payment(facts.payment) if facts.payment else None
    if payment is not None:
        _record_month(beginning, facts, payment, now)
    if facts.subscription:
        read_subscription(facts.subscription, now)


def _record_month(beginning: Donation, facts: InvoiceFacts, payment: PaymentFacts, now: datetime) -> None:
    recurring = beginning.recurring
    assert recurring is not None
    gifts = Donation.objects.filter(stripe_invoice_id=facts.external_id)
    is_known = facts.is_first or gifts.exists()
    is_over = facts.is_first and payments.page_is_over(beginning.pk, payment)
    may_try_again = facts.is_first and not is_over and beginning.status == Donation.Status.PLEDGED
    if payment.state == "failed" and not may_try_again:
        _note_failure(recurring, facts, payment, now)
        if payment.failure != "not_allowed":  # that ends it, and of the end its owner hears with the reason
            mails.tell_failed(recurring, facts.external_id, payment.failure, now)
    elif not facts.is_open:
        _forget_failure(recurring, facts)
    if not is_known and payment.state not in {"processing", "succeeded"}:
        return
    gift = _first_gift(beginning, facts) if facts.is_first else _gift_of_month(beginning, facts, now)
    payments.record(gift.pk, payment, now, page_is_over=is_over)


def _note_failure(
    recurring: RecurringDonation, facts: InvoiceFacts, payment: PaymentFacts, now: datetime
) -> None:
    """What is open can still be paid: by another try, or in another way."""
    if facts.is_open:
        row = RecurringDonation.objects.filter(pk=recurring.pk).exclude(status=Status.CANCELLED)
        row.exclude(failed_invoice_id=facts.external_id).update(failed_at=now)
        row.update(failure=payment.failure, failed_invoice_id=facts.external_id)


def _forget_failure(recurring: RecurringDonation, facts: InvoiceFacts) -> None:
    """It is paid after all, or nobody asks for it any more."""
    RecurringDonation.objects.filter(pk=recurring.pk, failed_invoice_id=facts.external_id).update(
        failure="", failed_invoice_id="", failed_at=None
    )


def _first_gift(beginning: Donation, facts: InvoiceFacts) -> Donation:
    Donation.objects.filter(pk=beginning.pk, stripe_invoice_id=None).update(
        stripe_invoice_id=facts.external_id
    )
    return beginning


def _gift_of_month(beginning: Donation, facts: InvoiceFacts, now: datetime) -> Donation:
    """The gift of a further collection, once by its invoice: of the same giver, for what was agreed."""
    recurring = beginning.recurring
    assert recurring is not None
    texts = _agreed(beginning, recurring)
    with transaction.atomic():
        gift, is_new = Donation.objects.get_or_create(
            stripe_invoice_id=facts.external_id,
            defaults={
                "donor": beginning.donor,
                "donor_name": beginning.donor_name,
                "hide_name_public": beginning.hide_name_public,
                "no_identity": beginning.no_identity,
                "recurring": recurring,
                "amount_cents": facts.amount_cents,
                "method": recurring.method,
                "wants_receipt": beginning.wants_receipt,
                "status_changed_at": now,
                "pledged_at": facts.created_at,
                "is_demo": beginning.is_demo,
                "fund": recurring.fund,
                "purpose_text": texts.purpose_text,
                "fallback_text": texts.fallback_text,
                "text_version": texts.text_version,
            },
        )
        if is_new:
            copy_address(beginning, gift)
    return gift


def _agreed(beginning: Donation, recurring: RecurringDonation) -> AgreedTexts:
    """The texts of the first gift, unless that went to another purpose than the Dauerspende is for."""
    fund = recurring.fund
    if beginning.fund_id == fund.pk:
        return AgreedTexts(beginning.purpose_text, beginning.fallback_text, beginning.text_version)
    return AgreedTexts(fund.purpose, fund.fallback_purpose, fund.text_version)


def cancel_monthly(row: RecurringDonation, now: datetime) -> None:
    """End a Dauerspende at the giver's wish; ended twice is ended.

    Raises PaymentServiceError if it may go on: nobody must be told that it has ended.
    """
    if row.status == Status.CANCELLED:
        return
    if row.stripe_subscription_id is None:
        _cancel_before_start(row, now)
        return
    _end_and_read(row.stripe_subscription_id, now)


def _cancel_before_start(row: RecurringDonation, now: datetime) -> None:
    """Nothing was collected yet as far as we know: close the payment page, then look what became of it."""
    session = Donation.objects.filter(recurring=row, checkout_session_id__isnull=False).first()
    if session is not None and session.checkout_session_id:
        _quietly_if_over(stripe.expire_checkout, session.checkout_session_id)
        facts = stripe.session(session.checkout_session_id)
        if facts.subscription:
            _end_and_read(facts.subscription, now)
            return
    with transaction.atomic():
        locked = RecurringDonation.objects.select_for_update().get(pk=row.pk)
        if locked.status == Status.STARTING:
            move(locked, RECURRING_MOVES, Status.CANCELLED, actor=citizen("donor"), now=now)


def _end_and_read(subscription: str, now: datetime) -> None:
    _quietly_if_over(stripe.cancel_subscription, subscription)
    read_subscription(subscription, now)
    ended = RecurringDonation.objects.filter(stripe_subscription_id=subscription, status=Status.CANCELLED)
    if not ended.exists():
        raise Refused("still running")


def _quietly_if_over(end: Callable[[str], None], external_id: str) -> None:
    """What has ended already cannot be ended: that is what was wanted."""
    try:
        end(external_id)
    except Refused:
        return
