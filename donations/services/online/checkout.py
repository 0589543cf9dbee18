"""The way to the payment page: one page per gift, however often it is asked for."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils.http import urlencode

from donations.domain.accounts import Owner
from donations.domain.deadlines import CHECKOUT_OPEN_FOR, LAPSE_WITHOUT_CHECKOUT_AFTER
from donations.domain.rhythm import IN_ADDRESS
from donations.gateways import stripe
from donations.gateways.errors import KeyRefused, PaymentServiceError
from donations.models import Donation
from donations.services.books.accounts import OfAnotherBody, accounts_of
from donations.services.gifts.reception import locked
from donations.services.links import thanks_url
from foundation.units import Cents

log = structlog.get_logger(__name__)


class CheckoutUnavailable(Exception):
    """The payment page cannot be opened just now; nothing was charged and the same form may be sent again.

    `needs_operator`: only the operator can mend it, so that trying again soon is no use.
    """

    def __init__(self, *, needs_operator: bool = False) -> None:
        super().__init__(needs_operator)
        self.needs_operator = needs_operator


class NotPayable(Exception):
    """This gift is paid, under way or lapsed: there is nothing to pay here any more."""


class NotYet(Exception):
    """Very many want to pay just now; this gift's turn comes at `payable_at`."""

    def __init__(self, payable_at: datetime) -> None:
        super().__init__(payable_at)
        self.payable_at = payable_at


def checkout_url(donation_id: int, now: datetime) -> str:
    """Return the address of the gift's payment page, opening it if that has not happened.

    The row is locked, so that parallel submits of one form wait for the first and get its page. The key that
    Stripe knows the act by comes from the row, which was committed before: after a cut connection the same
    call finds the page that was opened. Raises CheckoutUnavailable, NotPayable or NotYet.
    """
    try:
        with transaction.atomic():
            donation = locked(donation_id)
            if donation.status != Donation.Status.PLEDGED:
                raise NotPayable
            if donation.checkout_url:
                return donation.checkout_url
            if now - donation.pledged_at > LAPSE_WITHOUT_CHECKOUT_AFTER:
                raise NotPayable
            if donation.payable_at and now < donation.payable_at:
                raise NotYet(donation.payable_at)
            return _open(donation)
    except (KeyRefused, OfAnotherBody) as error:
        log.exception("stripe_account_unusable", donation=donation_id)
        raise CheckoutUnavailable(needs_operator=True) from error
    except (PaymentServiceError, OperationalError) as error:
        log.exception("checkout_failed", donation=donation_id)
        raise CheckoutUnavailable from error


def _open(donation: Donation) -> str:
    """At the account of the gift's body, which from its first page on is nobody else's."""
    body = donation.fund.provider
    if not body.stripe_account:
        raise KeyRefused(f"{body.slug}: no account")
    accounts_of(Owner(body.pk), body.stripe_account)
    page = stripe.open_checkout(
        stripe.Order(
            account=body.stripe_account,
            donation=str(donation.public_id),
            idempotency_key=f"gift-{donation.public_id}",
            amount_cents=Cents(donation.amount_cents),
            label=f"Spende: {donation.fund.name}",
            method=donation.method,
            rhythm=donation.recurring.rhythm if donation.recurring else "",
            email=donation.donor.email,
            success_url=thanks_url(donation),
            cancel_url=_form_again(donation),
            expires_at=donation.pledged_at + CHECKOUT_OPEN_FOR,
        )
    )
    Donation.objects.filter(pk=donation.pk).update(checkout_session_id=page.session, checkout_url=page.url)
    return page.url


def _form_again(donation: Donation) -> str:
    """Back to the second screen with what was chosen on the first; nothing about the person."""
    chosen = urlencode(
        {
            "zweck": donation.fund.slug,
            "betrag": "own",
            "eigener_betrag": f"{donation.amount_cents // 100},{donation.amount_cents % 100:02d}",
            "rhythmus": IN_ADDRESS[donation.recurring.rhythm if donation.recurring else ""],
            "abgebrochen": "1",
        }
    )
    return f"{settings.PUBLIC_BASE_URL}{reverse('donate_details')}?{chosen}"
