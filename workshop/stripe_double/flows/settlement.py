"""A SEPA debit comes to its end: for the payment, its invoice and its session."""

from workshop.stripe_double import timers
from workshop.stripe_double.context import Context
from workshop.stripe_double.flows import billing, payments
from workshop.stripe_double.store import Json


def settle(context: Context, intent: Json, *, succeeds: bool, failure_code: str | None = None) -> bool:
    """Let a processing debit succeed or fail. Returns whether there was one."""
    timers.cancel(context.store, payments.SETTLE, intent["id"])
    if intent["status"] != "processing":
        return False
    charge = context.get("charge", intent["latest_charge"])
    invoice = _invoice_of(context, intent)
    session = _session_of(context, intent, invoice)
    if succeeds:
        _came(context, intent, charge, invoice, session)
    else:
        _did_not_come(context, intent, charge, invoice, session, failure_code)
    return True


def _came(context: Context, intent: Json, charge: Json, invoice: Json | None, session: Json | None) -> None:
    payments.succeed(context, intent, charge)
    if invoice is not None:
        billing.mark_paid(context, invoice)
        subscription = context.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
        billing.set_status(context, subscription, "active")
    if session is not None:
        session["payment_status"] = "paid"
        context.save(session, "checkout.session.async_payment_succeeded")
    payments.book(context, charge)


def _did_not_come(
    context: Context,
    intent: Json,
    charge: Json,
    invoice: Json | None,
    session: Json | None,
    failure_code: str | None,
) -> None:
    refusal = payments.REFUSALS["sepa_debit"]
    if failure_code:
        refusal = payments.Refusal(failure_code, None, f"The debit was returned ({failure_code}).")
    payments.fail(context, intent, charge, refusal)
    if invoice is not None:
        billing.mark_failed(context, invoice)
    if session is not None:
        context.save(session, "checkout.session.async_payment_failed")


def _invoice_of(context: Context, intent: Json) -> Json | None:
    payment = context.find_one("invoice_payment", "$.payment.payment_intent", intent["id"])
    return None if payment is None else context.get("invoice", payment["invoice"])


def _session_of(context: Context, intent: Json, invoice: Json | None) -> Json | None:
    """The session still waiting for this money; later tries on its invoice are no longer its business."""
    if invoice is None:
        return context.find_one("checkout.session", "$.payment_intent", intent["id"])
    if invoice["attempt_count"]:
        return None
    return context.find_one("checkout.session", "$.invoice", invoice["id"])
