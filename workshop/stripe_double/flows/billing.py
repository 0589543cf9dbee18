"""Subscriptions: the first and every further invoice, and how they are paid."""

from workshop.stripe_double import timers
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import ApiError, declined, no_such, refused
from workshop.stripe_double.flows import payments
from workshop.stripe_double.objects.invoice import new_invoice, new_invoice_payment
from workshop.stripe_double.objects.subscription import new_subscription
from workshop.stripe_double.periods import period_end
from workshop.stripe_double.store import Json

NEXT_PERIOD = "next_period"


def subscribe(context: Context, session: Json, customer: Json, payment_method: Json) -> Json:
    """Open the subscription a session asked for; it stays incomplete until its first invoice is paid."""
    line = session["line_items"]["data"][0]
    recurring = line["price"]["recurring"]
    end = period_end(context.now, context.now, recurring["interval"], recurring["interval_count"])
    subscription = new_subscription(
        customer["id"],
        payment_method,
        {**line["price"], "active": True},
        line["quantity"],
        session["_carried"],
        period_end=end,
        created=context.now,
    )
    context.create(subscription, "customer.subscription.created")
    timers.schedule(context.store, NEXT_PERIOD, subscription["id"], end)
    return subscription


def issue_invoice(context: Context, subscription: Json, reason: str) -> Json:
    """Write and finalize the invoice of the current period."""
    customer = context.get("customer", subscription["customer"])
    invoice = new_invoice(subscription, customer, reason=reason, created=context.now)
    customer["next_invoice_sequence"] += 1
    context.save(customer)
    context.create(invoice, "invoice.created")
    invoice.update(status="open", effective_at=context.now)
    invoice["status_transitions"]["finalized_at"] = context.now
    context.save(invoice, "invoice.finalized")
    subscription["latest_invoice"] = invoice["id"]
    context.save(subscription)
    return invoice


def issue_free_invoice(context: Context, subscription: Json) -> None:
    """Write the invoice of a trial: nothing is due, it is paid without a payment."""
    customer = context.get("customer", subscription["customer"])
    invoice = new_invoice(subscription, customer, reason="subscription_update", created=context.now)
    for amount in ("amount_due", "amount_remaining", "subtotal", "subtotal_excluding_tax", "total"):
        invoice[amount] = 0
    invoice["total_excluding_tax"] = 0
    invoice.update(status="paid", effective_at=context.now, attempted=True, auto_advance=False)
    invoice["status_transitions"].update(finalized_at=context.now, paid_at=context.now)
    customer["next_invoice_sequence"] += 1
    context.save(customer)
    context.create(invoice, "invoice.created")
    context.save(invoice, "invoice.finalized", "invoice.paid", "invoice.payment_succeeded")
    subscription["latest_invoice"] = invoice["id"]


def open_invoice_intent(context: Context, invoice: Json, customer: str) -> Json:
    methods = invoice["payment_settings"]["payment_method_types"]
    intent = payments.open_intent(context, invoice["amount_due"], methods, {}, customer)
    context.create(new_invoice_payment(invoice, intent["id"], created=context.now))
    return intent


def mark_paid(context: Context, invoice: Json) -> None:
    payment = context.find_one("invoice_payment", "$.invoice", invoice["id"])
    if payment is not None:
        payment.update(status="paid", amount_paid=invoice["amount_due"])
        payment["status_transitions"]["paid_at"] = context.now
        context.save(payment, "invoice_payment.paid")
    invoice.update(status="paid", amount_paid=invoice["amount_due"], amount_remaining=0, attempted=True)
    invoice.update(auto_advance=False, next_payment_attempt=None, attempt_count=invoice["attempt_count"] + 1)
    invoice["status_transitions"]["paid_at"] = context.now
    context.save(invoice, "invoice.paid", "invoice.payment_succeeded")


def mark_failed(context: Context, invoice: Json) -> None:
    """The invoice stays open and the subscription is past due."""
    invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
    context.save(invoice, "invoice.payment_failed")
    set_status(context, _subscription_of(context, invoice), "past_due")


def set_status(context: Context, subscription: Json, status: str) -> None:
    if subscription["status"] not in (status, "canceled"):
        subscription["status"] = status
        context.save(subscription, "customer.subscription.updated")


def _subscription_of(context: Context, invoice: Json) -> Json:
    return context.get("subscription", invoice["parent"]["subscription_details"]["subscription"])


def advance(context: Context, subscription: Json, *, succeeds: bool, failure_code: str | None = None) -> Json:
    """Begin the next period now and collect its invoice. Returns the invoice.

    The invoice of a paused subscription is void.

    Raises:
        ApiError: the subscription has ended.
    """
    if subscription["status"] == "canceled":
        raise refused("This subscription has been canceled.", code="resource_missing")
    item = subscription["items"]["data"][0]
    recurring = item["price"]["recurring"]
    start = item["current_period_end"]
    end = period_end(
        subscription["billing_cycle_anchor"], start, recurring["interval"], recurring["interval_count"]
    )
    item.update(current_period_start=start, current_period_end=end)
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    _end_pause(context, subscription)
    context.save(subscription, "customer.subscription.updated")
    timers.schedule(context.store, NEXT_PERIOD, subscription["id"], end)
    invoice = issue_invoice(context, subscription, "subscription_cycle")
    return _collect_or_void(context, subscription, invoice, succeeds=succeeds, failure_code=failure_code)


def begin_anew(context: Context, subscription: Json) -> Json:
    """Another interval: the period begins now, and so does its invoice."""
    item = subscription["items"]["data"][0]
    recurring = item["price"]["recurring"]
    end = period_end(context.now, context.now, recurring["interval"], recurring["interval_count"])
    subscription["billing_cycle_anchor"] = context.now
    item.update(current_period_start=context.now, current_period_end=end)
    context.save(subscription, "customer.subscription.updated")
    timers.schedule(context.store, NEXT_PERIOD, subscription["id"], end)
    invoice = issue_invoice(context, subscription, "subscription_update")
    return _collect_or_void(context, subscription, invoice, succeeds=True)


def _end_pause(context: Context, subscription: Json) -> None:
    pause = subscription["pause_collection"]
    if pause and pause["resumes_at"] and pause["resumes_at"] <= context.now:
        subscription["pause_collection"] = None


def _collect_or_void(
    context: Context, subscription: Json, invoice: Json, *, succeeds: bool, failure_code: str | None = None
) -> Json:
    if subscription["pause_collection"]:
        invoice.update(status="void", auto_advance=False)
        invoice["status_transitions"]["voided_at"] = context.now
        context.save(invoice, "invoice.voided")
        return invoice
    intent = open_invoice_intent(context, invoice, subscription["customer"])
    collect_invoice(context, invoice, intent, succeeds=succeeds, failure_code=failure_code)
    return context.get("invoice", invoice["id"])


def retry(context: Context, invoice: Json, *, succeeds: bool) -> Json:
    """Collect an open invoice once more.

    Raises:
        ApiError: the invoice is not open, or its debit is still under way.
    """
    payment = context.find_one("invoice_payment", "$.invoice", invoice["id"])
    if invoice["status"] != "open" or payment is None:
        raise refused("Only an open invoice can be collected.", code="invoice_not_editable")
    intent = context.get("payment_intent", payment["payment"]["payment_intent"])
    if intent["status"] == "processing":
        raise refused("The payment of this invoice is processing.", code="payment_intent_unexpected_state")
    collect_invoice(context, invoice, intent, succeeds=succeeds)
    return context.get("invoice", invoice["id"])


def pay(context: Context, invoice: Json) -> Json | ApiError:
    """Collect an open invoice once more because somebody asked for it.

    Returns the invoice, or the refusal (402) of a payment that was tried and declined.

    Raises:
        ApiError: it is not open, or its debit is under way.
    """
    if invoice["status"] != "open":
        code = "invoice_already_paid" if invoice["status"] == "paid" else "invoice_not_editable"
        raise refused(f"Invoice is {invoice['status']}.", code=code)
    refusal = _refusal_of(context, invoice)
    paid = retry(context, invoice, succeeds=refusal is None)
    if refusal is not None and paid["status"] == "open" and not _is_processing(context, paid):
        return declined(payments.REFUSALS["card"].message, code=refusal)
    return paid


def _is_processing(context: Context, invoice: Json) -> bool:
    payment = context.find_one("invoice_payment", "$.invoice", invoice["id"]) or {}
    intent = context.get("payment_intent", payment["payment"]["payment_intent"])
    return bool(intent["status"] == "processing")


def _refusal_of(context: Context, invoice: Json) -> str | None:
    """The code with which the bank refuses everything that is tried with this way of paying."""
    method_id = _subscription_of(context, invoice)["default_payment_method"]
    code: str | None = context.get("payment_method", method_id).get("_refusal")
    return code


def collect_invoice(
    context: Context, invoice: Json, intent: Json, *, succeeds: bool, failure_code: str | None = None
) -> None:
    """Charge the subscription's payment method; a SEPA debit settles later."""
    subscription = _subscription_of(context, invoice)
    payment_method = context.get("payment_method", subscription["default_payment_method"])
    failure_code = failure_code or payment_method.get("_refusal")
    if payment_method["type"] == "sepa_debit":
        payments.start_debit(context, intent, payment_method, succeeds=succeeds)
    elif succeeds:
        charge = payments.collect(context, intent, payment_method)
        mark_paid(context, invoice)
        set_status(context, subscription, "active")
        payments.book(context, charge)
    else:
        payments.decline(context, intent, payment_method, failure_code)
        mark_failed(context, invoice)


def cancel(context: Context, subscription: Json, *, comment: str | None, feedback: str | None) -> Json:
    """End the subscription at once.

    Raises:
        ApiError: it has ended already.
    """
    if subscription["status"] == "canceled":
        raise no_such("subscription", subscription["id"])
    subscription.update(status="canceled", canceled_at=context.now, ended_at=context.now)
    subscription["cancellation_details"] = {
        "comment": comment,
        "feedback": feedback,
        "reason": "cancellation_requested",
    }
    context.save(subscription, "customer.subscription.deleted")
    timers.cancel(context.store, NEXT_PERIOD, subscription["id"])
    return subscription
