"""One payment: the intent, its charge, and the entry in the balance."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workshop.stripe_double import timers
from workshop.stripe_double.context import Context
from workshop.stripe_double.fees import payment_fee_cents
from workshop.stripe_double.objects.balance import new_balance_transaction
from workshop.stripe_double.objects.payment import new_charge, new_payment_intent, outcome
from workshop.stripe_double.objects.payment_method import new_mandate
from workshop.stripe_double.store import Json

SETTLE = "settle_debit"
BANK_TIME = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Refusal:
    """Why a payment did not come, in Stripe's codes."""

    code: str
    decline_code: str | None
    message: str


REFUSALS = {
    "card": Refusal("card_declined", "generic_decline", "Your card was declined."),
    "paypal": Refusal("payment_method_provider_decline", None, "PayPal declined the payment."),
    "sepa_debit": Refusal("insufficient_funds", None, "The bank account has insufficient funds."),
}


# What a card's refusal is called by itself; everything else is a reason beside ``card_declined``.
OWN_CODES = ("expired_card", "incorrect_cvc", "processing_error")


def open_intent(
    context: Context, amount: int, methods: list[str], carried: Json, customer: str | None = None
) -> Json:
    intent = new_payment_intent(amount, methods, carried, customer=customer, created=context.now)
    context.create(intent, "payment_intent.created")
    return intent


def _attach(context: Context, intent: Json, payment_method: Json) -> Json:
    mandate = debit_on = None
    if payment_method["type"] == "sepa_debit":
        mandate = mandate_of(context, payment_method, intent["amount"])
        taken_at = datetime.fromtimestamp(context.now + context.config.sepa_delay_seconds, BANK_TIME)
        debit_on = taken_at.date().isoformat()
    charge = new_charge(intent, payment_method, mandate=mandate, debit_on=debit_on, created=context.now)
    intent["payment_method"] = payment_method["id"]
    intent["latest_charge"] = charge["id"]
    intent["last_payment_error"] = None
    return charge


def mandate_of(context: Context, payment_method: Json, amount: int) -> str:
    known = context.find_one("mandate", "$.payment_method", payment_method["id"])
    if known is None:
        known = new_mandate(
            payment_method["id"],
            multi_use=payment_method["customer"] is not None,
            amount=amount,
            created=context.now,
        )
        context.create(known)
    mandate_id: str = known["id"]
    return mandate_id


def collect(context: Context, intent: Json, payment_method: Json) -> Json:
    """The payer paid on the spot: charge and intent succeed. Returns the charge, not yet booked."""
    charge = _attach(context, intent, payment_method)
    context.create(charge)
    succeed(context, intent, charge)
    return charge


def start_debit(context: Context, intent: Json, payment_method: Json, *, succeeds: bool) -> Json:
    """The payer gave a SEPA mandate: the money comes, or does not, after the configured delay."""
    charge = _attach(context, intent, payment_method)
    intent["status"] = "processing"
    context.save(intent, "payment_intent.processing")
    context.create(charge, "charge.pending")
    due_at = context.now + context.config.sepa_delay_seconds
    timers.schedule(context.store, SETTLE, intent["id"], due_at, {"succeeds": succeeds})
    return charge


def decline(context: Context, intent: Json, payment_method: Json, failure_code: str | None = None) -> Json:
    """The payment is refused on the spot; of a card, ``failure_code`` may be Stripe's decline code."""
    charge = _attach(context, intent, payment_method)
    context.create(charge)
    refusal = REFUSALS[payment_method["type"]]
    if failure_code in OWN_CODES:
        refusal = Refusal(str(failure_code), None, refusal.message)
    elif failure_code:
        refusal = Refusal(refusal.code, failure_code, refusal.message)
    fail(context, intent, charge, refusal)
    return charge


def succeed(context: Context, intent: Json, charge: Json) -> None:
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    charge["outcome"] = outcome("approved_by_network", None, "Payment complete.")
    context.save(charge, "charge.succeeded")
    intent.update(status="succeeded", amount_received=intent["amount"])
    context.save(intent, "payment_intent.succeeded")


def fail(context: Context, intent: Json, charge: Json, refusal: Refusal) -> None:
    charge.update(status="failed", failure_code=refusal.code, failure_message=refusal.message)
    charge["outcome"] = outcome("declined_by_network", refusal.decline_code or refusal.code, refusal.message)
    context.save(charge, "charge.failed")
    intent["status"] = "requires_payment_method"
    intent["last_payment_error"] = {
        "charge": charge["id"],
        "code": refusal.code,
        "decline_code": refusal.decline_code,
        "message": refusal.message,
        "payment_method": context.get("payment_method", charge["payment_method"]),
        "type": "card_error" if refusal.code == "card_declined" else "invalid_request_error",
    }
    context.save(intent, "payment_intent.payment_failed")


def book(context: Context, charge: Json) -> None:
    """Enter the payment in the balance; Stripe tells of it by ``charge.updated``, a little later."""
    method = charge["payment_method_details"]["type"]
    entry = new_balance_transaction(
        charge["id"],
        "charge" if method == "card" else "payment",
        charge["amount"],
        payment_fee_cents(method, charge["amount"]),
        charge["description"],
        created=context.now,
    )
    context.create(entry)
    charge["balance_transaction"] = entry["id"]
    context.save(charge, "charge.updated")
