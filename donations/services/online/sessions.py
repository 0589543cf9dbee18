"""What became of a visit to the payment page."""

from datetime import datetime

import structlog
from django.db import transaction

from donations.domain.deadlines import CHECKOUT_OPEN_FOR
from donations.domain.states import DONATION_MOVES, RECURRING_MOVES
from donations.gateways import stripe
from donations.gateways.errors import PaymentServiceError
from donations.models import Donation, RecurringDonation
from donations.services.gifts import reception
from donations.services.online import changes, monthly, payments
from foundation.actors import STRIPE
from foundation.transitions import move

log = structlog.get_logger(__name__)


def read_session(external_id: str, now: datetime) -> None:
    """Read a payment page anew: record what was paid, let lapse what expired, skip what is not ours."""
    facts = stripe.session(external_id)
    if facts.has_new_method:
        changes.take_new_method(facts, now)
        return
    donation = Donation.objects.filter(checkout_session_id=facts.external_id).first()
    if donation is None:
        return
    if facts.invoice:
        monthly.read_invoice(facts.invoice, now)
    elif facts.payment:
        is_over = facts.state == "complete"
        payments.record(donation.pk, stripe.payment(facts.payment), now, page_is_over=is_over)
    if facts.state == "expired":
        _let_lapse(donation.pk, now)


def is_back_from_page(donation: Donation, now: datetime) -> bool:
    """Look what became of a payment page that may just have been left; True if something was read.

    A Stripe that does not answer at once is no trouble here: its event or the next sweep tells.
    """
    page, is_open = donation.checkout_session_id, now - donation.pledged_at < CHECKOUT_OPEN_FOR
    if donation.status != Donation.Status.PLEDGED or not page or not is_open:
        return False
    try:
        read_session(page, now)
    except PaymentServiceError:
        log.warning("return_not_read", donation=donation.pk)
        return False
    return True


def _let_lapse(donation_id: int, now: datetime) -> None:
    """The giver left the page unpaid: nothing was charged, nobody is told."""
    with transaction.atomic():
        donation = reception.locked(donation_id)
        if donation.status != Donation.Status.PLEDGED:
            return
        move(donation, DONATION_MOVES, Donation.Status.LAPSED, actor=STRIPE, now=now, reason="abgelaufen")
        recurring = donation.recurring
        if recurring and recurring.status == RecurringDonation.Status.STARTING:
            move(recurring, RECURRING_MOVES, RecurringDonation.Status.CANCELLED, actor=STRIPE, now=now)
