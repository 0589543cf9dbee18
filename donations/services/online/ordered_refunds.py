"""Refunds that two people ordered here are asked for at Stripe, each once."""

from datetime import datetime
from functools import partial

import structlog

from donations.domain.identities import account_of
from donations.domain.states import REFUND_MOVES
from donations.gateways import stripe
from donations.gateways.errors import KeyRefused, Refused, Unreachable
from donations.models import Payment, Refund
from donations.services.online.accounts import in_turn
from donations.services.online.payments import read_payment
from foundation.actors import STRIPE
from foundation.transitions import move
from foundation.units import Cents

SEND_REFUNDS = "donations.send_refunds"
ORDERED = "proposal:"
"""What an ordered refund is called until Stripe or the bank has named it."""

log = structlog.get_logger(__name__)


def send_waiting(now: datetime) -> int:
    """Ask Stripe for each ordered refund that it has not named yet; returns how many it took.

    Asking twice gives back once: the order is the key. A silent Stripe, or one that refuses our key, is asked
    again by the next sweep. Raises KeyRefused when all others have had their turn.
    """
    waiting = Refund.objects.filter(status=Refund.Status.PENDING, external_id__startswith=ORDERED)
    online = waiting.exclude(donation__payment__external_id__startswith="bank:").order_by("pk")
    payments = dict(
        Payment.objects.filter(donation__refunds__in=online).values_list("donation", "external_id")
    )
    return in_turn(
        (account_of(payments[each.donation_id]), partial(_send, each, payments[each.donation_id], now))
        for each in online
    )


def _send(refund: Refund, payment: str, now: datetime) -> bool:
    try:
        external_id = stripe.give_back(payment, Cents(refund.amount_cents), str(refund.proposal_id))
    except Unreachable:
        log.warning("refund_not_sent", proposal=refund.proposal_id)
        return False
    except KeyRefused:
        raise  # nobody has refused the refund itself
    except Refused as refusal:
        move(refund, REFUND_MOVES, Refund.Status.CANCELLED, actor=STRIPE, now=now, reason=str(refusal)[:200])
        return False
    Refund.objects.filter(pk=refund.pk, external_id=refund.external_id).update(external_id=external_id)
    read_payment(payment, now)
    return True
