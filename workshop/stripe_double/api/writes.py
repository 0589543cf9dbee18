"""The calls that change something: sessions, refunds, customers, subscriptions."""

from workshop.stripe_double.api.change import read_change
from workshop.stripe_double.api.expand import answer
from workshop.stripe_double.api.order import read_order
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import ApiError, invalid, missing_param
from workshop.stripe_double.flows import billing, changes, checkout, refunds
from workshop.stripe_double.objects.customer import new_customer
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import Json

REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create_session(context: Context, params: Params) -> Json:
    session = checkout.open_session(context, read_order(context, params))
    return answer(context.store, session, params.texts("expand"))


def expire_session(context: Context, params: Params, session_id: str) -> Json:
    params.allow("expand")
    session = checkout.expire(context, context.get("checkout.session", session_id, param="session"))
    return answer(context.store, session, params.texts("expand"))


def line_items(context: Context, params: Params, session_id: str) -> Json:
    params.allow("limit", "expand")
    limit = params.integer("limit", minimum=1, maximum=100) or 10
    lines: Json = context.get("checkout.session", session_id, param="session")["line_items"]
    return {**lines, "data": lines["data"][:limit], "has_more": len(lines["data"]) > limit}


def create_refund(context: Context, params: Params) -> Json:
    params.allow("amount", "charge", "expand", "metadata", "payment_intent", "reason")
    back = refunds.refund(
        context,
        _charge_to_refund(context, params),
        params.integer("amount", minimum=1),
        params.choice("reason", REFUND_REASONS),
        params.metadata(),
    )
    return answer(context.store, back, params.texts("expand"))


def _charge_to_refund(context: Context, params: Params) -> Json:
    charge_id, intent_id = params.text("charge"), params.text("payment_intent")
    if charge_id and intent_id:
        message = "You may only specify one of these parameters: charge, payment_intent."
        raise invalid(message, param="charge")
    if charge_id:
        return context.get("charge", charge_id, param="charge")
    if intent_id is None:
        raise missing_param("payment_intent")
    intent = context.get("payment_intent", intent_id, param="payment_intent")
    if intent["latest_charge"] is None:
        message = f"This PaymentIntent ({intent_id}) does not have a successful charge to refund."
        raise invalid(message, param="payment_intent", code="payment_intent_unexpected_state")
    return context.get("charge", intent["latest_charge"])


def create_customer(context: Context, params: Params) -> Json:
    params.allow("description", "email", "expand", "metadata", "name")
    customer = new_customer(
        email=params.email("email"),
        name=params.text("name", limit=256),
        created=context.now,
        description=params.text("description"),
        metadata=params.metadata(),
    )
    context.create(customer, "customer.created")
    return answer(context.store, customer, params.texts("expand"))


def pay_invoice(context: Context, params: Params, invoice_id: str) -> Json | ApiError:
    params.allow("expand", "off_session")
    params.flag("off_session")
    paid = billing.pay(context, context.get("invoice", invoice_id))
    if isinstance(paid, ApiError):
        return paid
    return answer(context.store, paid, params.texts("expand"))


def update_subscription(context: Context, params: Params, subscription_id: str) -> Json:
    subscription = context.get("subscription", subscription_id)
    changed = changes.update(context, subscription, read_change(context, params, subscription))
    return answer(context.store, changed, params.texts("expand"))


def cancel_subscription(context: Context, params: Params, subscription_id: str) -> Json:
    params.allow("cancellation_details", "expand", "invoice_now", "prorate")
    details = params.group("cancellation_details") or Params({})
    details.allow("comment", "feedback")
    subscription = context.get("subscription", subscription_id)
    ended = billing.cancel(
        context, subscription, comment=details.text("comment"), feedback=details.text("feedback")
    )
    return answer(context.store, ended, params.texts("expand"))
