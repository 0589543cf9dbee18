"""Monthly gifts: each paid month is a gift of its own, until the giver or the bank ends it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from donations.domain.facts import InvoiceFacts, PaymentFacts
from donations.domain.states import RECURRING_MOVES
from donations.gateways import stripe
from donations.gateways.errors import Refused
from donations.models import Donation, RecurringDonation
from donations.services.gifts import mails
from donations.services.gifts.addresses import copy_address
from donations.services.online import payments
from foundation.actors import STRIPE, citizen
from foundation.transitions import move

Status = RecurringDonation.Status


def read_invoice(external_id: str, now: datetime) -> None:
    """Read one month anew and record its payment; an invoice that is none of ours is left alone."""
    facts = stripe.invoice(external_id)
    beginning = _beginning(facts.donation, facts.subscription)
    if beginning is None or beginning.recurring is None:
        return
    payment = stripe.payment(facts.payment) if facts.payment else None
    if payment is not None:
        _record_month(beginning, facts, payment, now)
    if facts.subscription:
        read_subscription(facts.subscription, now)


def _beginning(public_id: str, subscription: str) -> Donation | None:
    """The gift with which a monthly gift began: by the name it has at Stripe, else by its subscription.

    The name is lost where somebody changes the subscription at Stripe's own desk.
    """
    gifts = Donation.objects.filter(recurring__isnull=False).select_related(
        "recurring__fund", "recurring__donor"
    )
    named = gifts.filter(public_id=public_id).first() if public_id else None
    if named is not None or not subscription:
        return named
    return gifts.filter(recurring__stripe_subscription_id=subscription).order_by("pledged_at", "pk").first()


def _record_month(beginning: Donation, facts: InvoiceFacts, payment: PaymentFacts, now: datetime) -> None:
    recurring = beginning.recurring
    assert recurring is not None
    is_known = facts.is_first or Donation.objects.filter(stripe_invoice_id=facts.external_id).exists()
    if payment.state == "failed" and not facts.is_first:
        mails.tell_monthly_failed(recurring, facts.external_id, now)
    if not is_known and payment.state not in {"processing", "succeeded"}:
        return
    gift = _first_gift(beginning, facts) if facts.is_first else _gift_of_month(beginning, facts, now)
    payments.record(gift.pk, payment, now, page_is_over=payments.page_is_over(gift.pk, payment))


def _first_gift(beginning: Donation, facts: InvoiceFacts) -> Donation:
    Donation.objects.filter(pk=beginning.pk, stripe_invoice_id=None).update(
        stripe_invoice_id=facts.external_id
    )
    return beginning


def _gift_of_month(beginning: Donation, facts: InvoiceFacts, now: datetime) -> Donation:
    """The gift of a further month, made from the first: same purpose and texts, once by its invoice."""
    with transaction.atomic():
        gift, is_new = Donation.objects.get_or_create(
            stripe_invoice_id=facts.external_id,
            defaults={
                "donor": beginning.donor,
                "donor_name": beginning.donor_name,
                "fund": beginning.fund,
                "recurring": beginning.recurring,
                "amount_cents": facts.amount_cents,
                "method": beginning.method,
                "wants_receipt": beginning.wants_receipt,
                "purpose_text": beginning.purpose_text,
                "fallback_text": beginning.fallback_text,
                "text_version": beginning.text_version,
                "status_changed_at": now,
                "pledged_at": facts.created_at,
                "is_demo": beginning.is_demo,
            },
        )
        if is_new:
            copy_address(beginning, gift)
    return gift


def read_subscription(external_id: str, now: datetime) -> None:
    """Read a monthly gift's state anew. Its row is locked first, so that of two readers the later decides."""
    with transaction.atomic():
        row = RecurringDonation.objects.select_for_update().filter(stripe_subscription_id=external_id).first()
        facts = stripe.subscription(external_id)
        if row is None:
            beginning = _beginning(facts.donation, "")
            if beginning is None:
                return
            row = RecurringDonation.objects.select_for_update().get(donations=beginning)
        _move_to(row, facts.state, external_id, now)


def _move_to(row: RecurringDonation, state: str, subscription: str, now: datetime) -> None:
    if row.stripe_subscription_id is None:
        RecurringDonation.objects.filter(pk=row.pk).update(stripe_subscription_id=subscription)
    if row.status == Status.STARTING and state == Status.PAST_DUE:
        move(row, RECURRING_MOVES, Status.ACTIVE, actor=STRIPE, now=now)
    if state == row.status or state not in RECURRING_MOVES[row.status]:
        return
    move(row, RECURRING_MOVES, state, actor=STRIPE, now=now)
    if state == Status.CANCELLED:
        mails.tell_monthly_ended(row, now)


def cancel_monthly(row: RecurringDonation, now: datetime) -> None:
    """End a monthly gift at the giver's wish; ended twice is ended.

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
