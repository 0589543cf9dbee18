"""``/_test/``: what happens at Stripe without our doing, on command. Guarded by the secret key."""

import time
from collections.abc import Sequence

from workshop.stripe_double import deliveries, webhook
from workshop.stripe_double.answers import Answer, Request, error_answer, json_answer
from workshop.stripe_double.api.dispatch import account_of
from workshop.stripe_double.api.routes import Route, find, route
from workshop.stripe_double.api.writes import REFUND_REASONS
from workshop.stripe_double.double import FAULTS, Double
from workshop.stripe_double.errors import ApiError, missing_param, no_route, refused
from workshop.stripe_double.flows import billing, disputes, payouts, refunds, settlement
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import Json

DISPUTE_REASONS = ("fraudulent", "general", "duplicate", "insufficient_funds", "debit_not_authorized")


def _succeeds(params: Params) -> bool:
    return params.choice("outcome", ("paid", "failed"), "paid") == "paid"


def settle(double: Double, params: Params, intent_id: str) -> Json:
    params.allow("outcome", "failure_code")
    with double.act() as context:
        intent = context.get("payment_intent", intent_id)
        succeeds, code = _succeeds(params), params.text("failure_code", limit=60)
        if not settlement.settle(context, intent, succeeds=succeeds, failure_code=code):
            raise refused("This payment is not processing.", code="payment_intent_unexpected_state")
        return context.get("payment_intent", intent_id)


def advance(double: Double, params: Params, subscription_id: str) -> Json:
    params.allow("outcome", "failure_code")
    code = params.text("failure_code", limit=60)
    with double.act() as context:
        subscription = context.get("subscription", subscription_id)
        return billing.advance(context, subscription, succeeds=_succeeds(params), failure_code=code)


def change_method(double: Double, params: Params, method_id: str) -> Json:
    """A card is about to expire, or the bank refuses whatever is tried with it; empty: no longer."""
    params.allow("exp_month", "exp_year", "refusal")
    with double.act() as context:
        method = context.get("payment_method", method_id)
        for name in ("exp_month", "exp_year"):
            wanted = params.integer(name, minimum=1, maximum=2100)
            if wanted is not None and method["type"] == "card":
                method["card"][name] = wanted
        method["_refusal"] = params.form.get("refusal") or None
        context.save(method)
        return method


def retry(double: Double, params: Params, invoice_id: str) -> Json:
    params.allow("outcome")
    with double.act() as context:
        return billing.retry(context, context.get("invoice", invoice_id), succeeds=_succeeds(params))


def refund(double: Double, params: Params, charge_id: str) -> Json:
    params.allow("amount", "reason", "status")
    with double.act() as context:
        charge = context.get("charge", charge_id)
        amount, reason = params.integer("amount", minimum=1), params.choice("reason", REFUND_REASONS)
        pending = params.choice("status", ("succeeded", "pending")) == "pending"
        return refunds.refund(context, charge, amount, reason, {}, pending=pending)


def settle_refund(double: Double, params: Params, refund_id: str) -> Json:
    params.allow("outcome")
    outcome = params.choice("outcome", refunds.SETTLED)
    if outcome is None:
        raise missing_param("outcome")
    with double.act() as context:
        return refunds.settle(context, context.get("refund", refund_id), outcome)


def dispute(double: Double, params: Params, charge_id: str) -> Json:
    params.allow("amount", "reason", "kind")
    is_inquiry = params.choice("kind", ("chargeback", "inquiry"), "chargeback") == "inquiry"
    with double.act() as context:
        charge = context.get("charge", charge_id)
        amount = params.integer("amount", minimum=1)
        reason = params.choice("reason", DISPUTE_REASONS, "fraudulent") or "fraudulent"
        begin = disputes.inquire if is_inquiry else disputes.dispute
        return begin(context, charge, amount, reason)


def answer_dispute(double: Double, params: Params, dispute_id: str) -> Json:
    params.allow()
    with double.act() as context:
        return disputes.answer(context, context.get("dispute", dispute_id))


def escalate_dispute(double: Double, params: Params, dispute_id: str) -> Json:
    params.allow()
    with double.act() as context:
        return disputes.escalate(context, context.get("dispute", dispute_id))


def close_dispute(double: Double, params: Params, dispute_id: str) -> Json:
    params.allow("status")
    status = params.choice("status", disputes.CLOSED)
    if status is None:
        raise missing_param("status")
    with double.act() as context:
        return disputes.close(context, context.get("dispute", dispute_id), status)


def pay_out(double: Double, params: Params) -> Json:
    params.allow("amount")
    amount = params.integer("amount", minimum=1)
    if amount is None:
        raise missing_param("amount")
    with double.act() as context:
        return payouts.pay_out(context, amount)


def settle_payout(double: Double, params: Params, payout_id: str) -> Json:
    params.allow("outcome")
    outcome = params.choice("outcome", payouts.SETTLED, "paid") or "paid"
    with double.act() as context:
        return payouts.settle(context, context.get("payout", payout_id), outcome)


def deliver(double: Double, params: Params, event_id: str) -> Json:
    """Send the event once, now, as it is or spoiled; it is not repeated if refused."""
    params.allow("mode")
    mode = params.choice("mode", webhook.MODES, "normal") or "normal"
    with double.act() as context:
        event = context.get("event", event_id)
        config = double.config
        parcel = webhook.pack(event, config.webhook_secret, context.now, mode, connected=config.connected)
    receipt = webhook.post(double.config.webhook_url, parcel)
    result = {"status": receipt.status, "error": receipt.error}
    deliveries.record(double.store, event_id, mode, time.time(), status=receipt.status, error=receipt.error)
    return {"event": event_id, "mode": mode, **result}


def list_deliveries(double: Double, params: Params) -> Json:
    params.allow("event")
    return {"object": "list", "data": deliveries.attempts(double.store, params.text("event"))}


def hold_deliveries(double: Double, params: Params) -> Json:
    params.allow("state")
    state = params.choice("state", ("paused", "running"))
    if state is None:
        raise missing_param("state")
    with double.act():
        deliveries.set_paused(double.store, state == "paused")
    return {"state": state}


def plan_faults(double: Double, params: Params) -> Json:
    params.allow("kind", "times")
    kind = params.choice("kind", FAULTS)
    if kind is None:
        raise missing_param("kind")
    times = params.integer("times", minimum=1, maximum=1000) or 1
    double.plan_faults(kind, times)
    return {"kind": kind, "times": times}


LEVERS: list[Route] = [
    route("POST", "/_test/payment_intents/{id}/settle", settle),
    route("POST", "/_test/subscriptions/{id}/advance", advance),
    route("POST", "/_test/invoices/{id}/retry", retry),
    route("POST", "/_test/payment_methods/{id}", change_method),
    route("POST", "/_test/charges/{id}/refund", refund),
    route("POST", "/_test/refunds/{id}/settle", settle_refund),
    route("POST", "/_test/charges/{id}/dispute", dispute),
    route("POST", "/_test/disputes/{id}/answer", answer_dispute),
    route("POST", "/_test/disputes/{id}/escalate", escalate_dispute),
    route("POST", "/_test/disputes/{id}/close", close_dispute),
    route("POST", "/_test/payouts", pay_out),
    route("POST", "/_test/payouts/{id}/settle", settle_payout),
    route("POST", "/_test/events/{id}/deliver", deliver),
    route("GET", "/_test/deliveries", list_deliveries),
    route("POST", "/_test/deliveries", hold_deliveries),
    route("POST", "/_test/faults", plan_faults),
]


def pull(doubles: Sequence[Double], request: Request) -> Answer:
    try:
        double = account_of(doubles, request)
        found = find(LEVERS, request.method, request.path)
        if found is None:
            raise no_route(request.method, request.path)
        handler, ids = found
        done = handler(double, Params(request.form()), *ids)
        return error_answer(done) if isinstance(done, ApiError) else json_answer(200, done)
    except ApiError as error:
        return error_answer(error)
