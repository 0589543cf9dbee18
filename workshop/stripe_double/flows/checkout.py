"""What the payer does on the hosted page, and how a session ends."""

from workshop.stripe_double import timers
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import refused
from workshop.stripe_double.flows import billing, payments
from workshop.stripe_double.objects.customer import new_customer
from workshop.stripe_double.objects.payment_method import Payer, new_payment_method
from workshop.stripe_double.objects.session import Order, new_session, note_payer
from workshop.stripe_double.objects.setup_intent import new_setup_intent
from workshop.stripe_double.store import Json

EXPIRE = "expire_session"


def open_session(context: Context, order: Order) -> Json:
    session = new_session(order, public_url=context.config.public_url, created=context.now)
    context.create(session)
    timers.schedule(context.store, EXPIRE, session["id"], order.expires_at)
    return session


def expire(context: Context, session: Json) -> Json:
    """Close an open session unpaid.

    Raises:
        ApiError: the session is complete or has expired already.
    """
    if session["status"] != "open":
        message = (
            f"Only Checkout Sessions with a status in [open] can be expired; this one is {session['status']}."
        )
        raise refused(message, code="resource_invalid_state", param="session")
    session.update(status="expired", url=None)
    context.save(session, "checkout.session.expired")
    timers.cancel(context.store, EXPIRE, session["id"])
    return session


def pay(context: Context, session: Json, method: str, payer: Payer, *, succeeds: bool) -> bool:
    """Pay an open session; a second press on the button changes nothing. Returns whether it is complete."""
    if session["status"] != "open":
        return bool(session["status"] == "complete")
    note_payer(session, payer.email, payer.name)
    if session["mode"] == "setup":
        return _set_up(context, session, method, payer, succeeds=succeeds)
    later = method == "sepa_debit"
    if not succeeds and not later:
        _decline(context, session, method, payer)
        return False
    if session["mode"] == "subscription":
        charge = _subscribe(context, session, method, payer, succeeds=succeeds)
    else:
        charge = _pay_once(context, session, method, payer, succeeds=succeeds)
    _complete(context, session, paid=not later)
    if not later:
        payments.book(context, charge)
    return True


def _set_up(context: Context, session: Json, method: str, payer: Payer, *, succeeds: bool) -> bool:
    """Keep a way of paying of the customer; one that the bank refuses leaves the page open."""
    if not succeeds:
        context.save(session)
        return False
    payment_method = _payment_method(context, method, payer, session["customer"])
    mandate = payments.mandate_of(context, payment_method, 0) if method == "sepa_debit" else None
    setup = new_setup_intent(
        payment_method,
        session["payment_method_types"],
        session["_carried"],
        mandate=mandate,
        created=context.now,
    )
    context.create(setup, "setup_intent.succeeded")
    session.update(status="complete", setup_intent=setup["id"], url=None)
    context.save(session, "checkout.session.completed")
    timers.cancel(context.store, EXPIRE, session["id"])
    return True


def _complete(context: Context, session: Json, *, paid: bool) -> None:
    session.update(status="complete", payment_status="paid" if paid else "unpaid", url=None)
    context.save(session, "checkout.session.completed")
    timers.cancel(context.store, EXPIRE, session["id"])


def _payment_method(context: Context, method: str, payer: Payer, customer: str | None) -> Json:
    payment_method = new_payment_method(method, payer, customer=customer, created=context.now)
    context.create(payment_method)
    return payment_method


def _intent(context: Context, session: Json) -> Json:
    """A payment session has one intent for all tries; a subscription's belongs to its invoice."""
    if session["payment_intent"]:
        return context.get("payment_intent", session["payment_intent"])
    once = session["mode"] == "payment"
    intent = payments.open_intent(
        context,
        session["amount_total"],
        session["payment_method_types"],
        session["_carried"] if once else {},
        session["customer"],
    )
    if once:
        session["payment_intent"] = intent["id"]
    return intent


def _pay_once(context: Context, session: Json, method: str, payer: Payer, *, succeeds: bool) -> Json:
    intent = _intent(context, session)
    payment_method = _payment_method(context, method, payer, session["customer"])
    if method == "sepa_debit":
        return payments.start_debit(context, intent, payment_method, succeeds=succeeds)
    return payments.collect(context, intent, payment_method)


def _decline(context: Context, session: Json, method: str, payer: Payer) -> None:
    intent = _intent(context, session)
    payments.decline(context, intent, _payment_method(context, method, payer, session["customer"]))
    context.save(session)


def _customer(context: Context, session: Json, payer: Payer) -> Json:
    if session["customer"]:
        return context.get("customer", session["customer"])
    customer = new_customer(email=payer.email, name=payer.name, created=context.now)
    context.create(customer, "customer.created")
    session["customer"] = customer["id"]
    return customer


def _subscribe(context: Context, session: Json, method: str, payer: Payer, *, succeeds: bool) -> Json:
    customer = _customer(context, session, payer)
    payment_method = _payment_method(context, method, payer, customer["id"])
    subscription = billing.subscribe(context, session, customer, payment_method)
    invoice = billing.issue_invoice(context, subscription, "subscription_create")
    intent = billing.open_invoice_intent(context, invoice, customer["id"])
    if method == "sepa_debit":
        charge = payments.start_debit(context, intent, payment_method, succeeds=succeeds)
    else:
        charge = payments.collect(context, intent, payment_method)
        billing.mark_paid(context, invoice)
    billing.set_status(context, subscription, "active")
    session.update(subscription=subscription["id"], invoice=invoice["id"])
    return charge
