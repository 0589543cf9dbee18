"""A subscription goes on otherwise: another amount, rhythm or way of paying, a pause."""

from dataclasses import dataclass

from workshop.stripe_double import timers
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import refused
from workshop.stripe_double.flows import billing
from workshop.stripe_double.ids import new_id
from workshop.stripe_double.objects.subscription import plan_of
from workshop.stripe_double.store import Json


@dataclass(frozen=True)
class Pause:
    """``pause_collection`` as it will be; None ends a pause."""

    value: Json | None


@dataclass(frozen=True)
class Change:
    """What is to be otherwise; None leaves a part as it is. ``price`` has unit_amount and recurring."""

    price: Json | None = None
    trial_end: int | None = None
    pause: Pause | None = None
    payment_method: str | None = None
    method_types: list[str] | None = None
    metadata: dict[str, str] | None = None


def update(context: Context, subscription: Json, change: Change) -> Json:
    """Change a subscription that runs.

    Another interval begins a new period at once and is collected at once, unless a trial bridges the time
    (https://docs.stripe.com/billing/subscriptions/change-price, …/billing-cycle).

    Raises:
        ApiError: the subscription has ended, or has not begun.
    """
    if subscription["status"] in ("canceled", "incomplete", "incomplete_expired"):
        message = f"This subscription cannot be updated: it is {subscription['status']}."
        raise refused(message, code="resource_missing", param="id")
    item = subscription["items"]["data"][0]
    before = _rhythm(item)
    if change.price is not None:
        _set_price(context, item, change.price)
    if change.pause is not None:
        subscription["pause_collection"] = change.pause.value
    if change.payment_method is not None:
        subscription["default_payment_method"] = change.payment_method
    if change.method_types is not None:
        subscription["payment_settings"]["payment_method_types"] = change.method_types
    if change.metadata is not None:
        subscription["metadata"] = {**subscription["metadata"], **change.metadata}
    if change.trial_end is not None:
        _bridge(context, subscription, item, change.trial_end)
    elif _rhythm(item) != before:
        billing.begin_anew(context, subscription)
        return context.get("subscription", subscription["id"])
    context.save(subscription, "customer.subscription.updated")
    return subscription


def _rhythm(item: Json) -> tuple[str, int]:
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _set_price(context: Context, item: Json, wanted: Json) -> None:
    amount: int = wanted["unit_amount"]
    item["price"] = {
        **item["price"],
        "id": new_id("price"),
        "created": context.now,
        "recurring": {**item["price"]["recurring"], **wanted["recurring"]},
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
    item["plan"] = plan_of(item["price"])


def _bridge(context: Context, subscription: Json, item: Json, ends_at: int) -> None:
    """Until then nothing is owed: an invoice over nothing says so, as Stripe writes one."""
    subscription.update(
        status="trialing", trial_start=context.now, trial_end=ends_at, billing_cycle_anchor=ends_at
    )
    item.update(current_period_start=context.now, current_period_end=ends_at)
    timers.schedule(context.store, billing.NEXT_PERIOD, subscription["id"], ends_at)
    billing.issue_free_invoice(context, subscription)
