"""A Dauerspende as Stripe has it: what was agreed, how it stands, and what its owner hears of it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from donations.domain.facts import SubscriptionFacts
from donations.domain.identities import account_of
from donations.domain.rhythm import next_collection
from donations.domain.states import RECURRING_MOVES
from donations.gateways import stripe
from donations.models import Donation, Method, RecurringDonation
from donations.selectors.stripe_accounts import account_of_gift
from donations.services.gifts import monthly_mails as mails
from foundation.actors import STRIPE
from foundation.history import note_act
from foundation.rows import change
from foundation.transitions import move

Status = RecurringDonation.Status


def beginning_of(public_id: str, subscription: str) -> Donation | None:
    """Return the gift with which a Dauerspende began: by the name it has at Stripe, else by its subscription.

    The name is lost where somebody changes the subscription at Stripe's own desk. One that names a gift of
    another account is none of it.
    """
    gifts = Donation.objects.filter(recurring__isnull=False).select_related(
        "recurring__fund", "recurring__donor", "fund__provider"
    )
    named = gifts.filter(public_id=public_id).first() if public_id else None
    if named is not None and account_of_gift(named) == account_of(subscription):
        return named
    return gifts.filter(recurring__stripe_subscription_id=subscription).order_by("pledged_at", "pk").first()


def read_subscription(external_id: str, now: datetime) -> None:
    """Read a Dauerspende's state anew. Its row is locked first, so that of two readers the later decides."""
    with transaction.atomic():
        row = RecurringDonation.objects.select_for_update().filter(stripe_subscription_id=external_id).first()
        facts = stripe.subscription(external_id)
        if row is None:
            beginning = beginning_of(facts.donation, facts.external_id)
            if beginning is None:
                return
            row = RecurringDonation.objects.select_for_update().get(donations=beginning)
        _move_to(row, facts, now)


def _move_to(row: RecurringDonation, facts: SubscriptionFacts, now: datetime) -> None:
    if row.stripe_subscription_id is None:
        RecurringDonation.objects.filter(pk=row.pk).update(stripe_subscription_id=facts.external_id)
    is_new = row.status == Status.STARTING
    if is_new and facts.state == Status.PAST_DUE:
        move(row, RECURRING_MOVES, Status.ACTIVE, actor=STRIPE, now=now)
    if facts.state != row.status and facts.state in RECURRING_MOVES[row.status]:
        move(row, RECURRING_MOVES, facts.state, actor=STRIPE, now=now)
        if facts.state == Status.CANCELLED:
            _end(row, now)
            return
    if row.status != Status.CANCELLED:
        _take_over(row, facts, now, is_told=not is_new)


def _end(row: RecurringDonation, now: datetime) -> None:
    RecurringDonation.objects.filter(pk=row.pk).update(
        failure="", failed_invoice_id="", failed_at=None, next_on=None, paused_at=None, resumes_on=None
    )
    mails.tell_ended(row, now)


def _take_over(row: RecurringDonation, facts: SubscriptionFacts, now: datetime, *, is_told: bool) -> None:
    """Write down what Stripe says, whoever changed it there; tell the giver of what is agreed otherwise."""
    agreed = _agreed_otherwise(row, facts, now)
    rhythm = agreed.get("rhythm", row.rhythm)
    seen: dict[str, Any] = {"next_on": _next_on(facts, rhythm), "card_expires_on": facts.card_expires_on}
    is_change = bool(agreed) and is_told
    if is_change:
        agreed["version"] = row.version + 1
    change(row, **agreed, **seen)
    if is_change:
        note_act(row, "agreed", ", ".join(sorted(set(agreed) - {"version"})), actor=STRIPE, now=now)
        mails.tell_changed(row, now)


def _agreed_otherwise(row: RecurringDonation, facts: SubscriptionFacts, now: datetime) -> dict[str, Any]:
    """Return the columns of what was agreed that are not as Stripe says; what it does not say stays."""
    said: dict[str, Any] = {
        "amount_cents": facts.amount_cents or row.amount_cents,
        "rhythm": facts.rhythm or row.rhythm,
        "method": facts.method if facts.method in Method.values else row.method,
        "paused_at": (row.paused_at or now) if facts.is_paused else None,
        "resumes_on": facts.resumes_on if facts.is_paused else None,
    }
    return {name: value for name, value in said.items() if getattr(row, name) != value}


def _next_on(facts: SubscriptionFacts, rhythm: str) -> Any:
    if facts.next_on is None or (facts.is_paused and facts.resumes_on is None):
        return None
    return next_collection(facts.next_on, rhythm, facts.resumes_on if facts.is_paused else None)
