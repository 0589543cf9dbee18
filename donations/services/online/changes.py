"""What its owner changes about a Dauerspende: asked of Stripe, then read anew, so that both say the same."""

from datetime import date, datetime
from enum import Enum

from django.conf import settings
from django.db.models import F

from donations.domain.facts import SessionFacts
from donations.domain.identities import account_of
from donations.domain.rhythm import in_months
from donations.gateways import stripe
from donations.gateways.errors import Refused
from donations.models import RecurringDonation
from donations.selectors.funds import methods_for
from donations.selectors.method_limits import most_cents
from donations.services.online.monthly import read_invoice
from donations.services.online.recurring import read_subscription
from foundation.clock import local_day, local_moment
from foundation.money import some_cents
from foundation.units import MIDNIGHT, Cents

Status = RecurringDonation.Status


class NoChange(Enum):
    """Why a Dauerspende cannot be changed like this."""

    NOT_RUNNING = "not_running"
    FAILING = "failing"
    TOO_MUCH = "too_much"
    METHOD_NOT_OFFERED = "method_not_offered"


class ChangeRefused(Exception):
    """The Dauerspende stays as it is; `reason` says why."""

    def __init__(self, reason: NoChange) -> None:
        super().__init__(reason.value)
        self.reason = reason


def change(row: RecurringDonation, *, amount_cents: Cents, rhythm: str, now: datetime) -> None:
    """Let amount and rhythm be others from the next collection on.

    Raises ChangeRefused, or PaymentServiceError if nobody knows: nothing may be promised then; NotCents or
    NotAnAmount.
    """
    some_cents(amount_cents)
    subscription = _running(row)
    if rhythm != row.rhythm and row.is_failing:
        raise ChangeRefused(NoChange.FAILING)
    most = most_cents(local_day(now)).get(row.method, amount_cents)
    if amount_cents > min(most, settings.DONATION_MAX_CENTS):
        raise ChangeRefused(NoChange.TOO_MUCH)
    key = f"change-{row.pk}-{row.version}-{amount_cents}-{rhythm}"
    stripe.change_subscription(subscription, amount_cents=amount_cents, rhythm=rhythm, idempotency_key=key)
    read_subscription(subscription, now)


def pause(row: RecurringDonation, months: int, now: datetime) -> None:
    """Collect nothing for so many months. Raises ChangeRefused or PaymentServiceError."""
    subscription = _running(row)
    stripe.pause_subscription(subscription, local_moment(in_months(local_day(now), months), MIDNIGHT))
    read_subscription(subscription, now)


def resume(row: RecurringDonation, now: datetime) -> None:
    """Collect again from the next day that is due. Raises ChangeRefused or PaymentServiceError."""
    subscription = _running(row)
    stripe.resume_subscription(subscription)
    read_subscription(subscription, now)


def methods_to_choose(row: RecurringDonation, day: date) -> list[str]:
    """Return the ways in which this Dauerspende can be paid, at the account where it was begun."""
    account = account_of(row.stripe_subscription_id or "")
    return methods_for(row.fund, monthly=True, of=(Cents(row.amount_cents), day), account=account)


def method_page(
    row: RecurringDonation, method: str, *, success_url: str, cancel_url: str, now: datetime
) -> str:
    """Open the page on which another way of paying is entered; returns its address.

    Raises ChangeRefused or PaymentServiceError.
    """
    subscription = _running(row)
    if method not in methods_to_choose(row, local_day(now)):
        raise ChangeRefused(NoChange.METHOD_NOT_OFFERED)
    return stripe.open_method_page(subscription, method, success_url=success_url, cancel_url=cancel_url)


def take_new_method(facts: SessionFacts, now: datetime) -> None:
    """Pay from now on as was entered on that page, what is open too; once, and never as on an older page.

    Raises PaymentServiceError.
    """
    row = RecurringDonation.objects.filter(stripe_subscription_id=facts.renews).first()
    if row is None or not row.is_running or facts.opened_at is None:
        return
    if row.method_set_at is not None and row.method_set_at >= facts.opened_at:
        return
    stripe.use_new_method(facts.external_id)
    RecurringDonation.objects.filter(pk=row.pk).update(method_set_at=facts.opened_at)
    read_subscription(facts.renews, now)
    collect_again(row, now)


def collect_again(row: RecurringDonation, now: datetime) -> None:
    """Try once more to collect what did not come, because its owner asked for it.

    A try that fails is read and told like any other. Raises Unreachable.
    """
    row.refresh_from_db()
    if not row.failed_invoice_id or not row.is_running:
        return
    RecurringDonation.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    invoice, key = row.failed_invoice_id, f"again-{row.failed_invoice_id}-{row.tries + 1}"
    try:
        stripe.pay_invoice(invoice, idempotency_key=key)
    except Refused:
        pass  # declined, or paid meanwhile: the reading tells
    read_invoice(invoice, now)


def _running(row: RecurringDonation) -> str:
    if not row.is_running or row.stripe_subscription_id is None:
        raise ChangeRefused(NoChange.NOT_RUNNING)
    return row.stripe_subscription_id
