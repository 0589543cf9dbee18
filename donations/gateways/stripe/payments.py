"""Payments with what became of them: fees, refunds, disputes."""

from datetime import date, datetime
from typing import Any

from stripe import StripeClient

from donations.domain.debits import debited_on
from donations.domain.facts import PaymentFacts, PaymentState, RefundFact
from donations.domain.failures import Failure, failure_of
from donations.domain.identities import account_of, identity, name_of
from donations.gateways.errors import ForeignCurrency
from donations.gateways.stripe.client import Json, asking, gift_named, moment, plain
from donations.gateways.stripe.disputes import disputes
from foundation.clock import local_day
from foundation.units import Cents

_WITH_CHARGE: Any = {"expand": ["latest_charge.balance_transaction", "latest_charge.refunds"]}
_COUNTRY = 2
_REFUND_FAILED = frozenset({"failed", "canceled"})


def give_back(payment: str, cents: Cents, order: str) -> str:
    """Give back `cents` of a payment, once per `order` however often it is asked; returns the refund's id.

    Raises Unreachable, or Refused if it cannot be given back (any more).
    """
    account = account_of(payment)
    with asking(account) as client:
        made = client.v1.refunds.create(
            params={"payment_intent": name_of(payment), "amount": cents, "metadata": {"order": order}},
            options={"idempotency_key": f"refund-{order}"},
        )
    return identity(account, made.id)


def payment(external_id: str, *, is_disputed: bool = False) -> PaymentFacts:
    """Read a payment with its fee, refunds and disputes. Raises Unreachable, Refused or ForeignCurrency.

    `is_disputed`: its disputes are asked for whatever the charge says: where a bank only inquires it may not.
    """
    account, name = account_of(external_id), name_of(external_id)
    with asking(account) as client:
        intent = plain(client.v1.payment_intents.retrieve(name, params=_WITH_CHARGE))
        charge = intent.get("latest_charge") or {}
        has_refunds = (charge.get("refunds") or {}).get("data")
        refunds = _refunds(client, account, name) if has_refunds else ()
        has_disputes = is_disputed or charge.get("disputed")
        claims = disputes(client, account, name) if has_disputes else ()
    if intent["currency"] != "eur":
        raise ForeignCurrency(intent["currency"])
    booked = charge.get("balance_transaction") or {}
    return PaymentFacts(
        external_id=identity(account, intent["id"]),
        state="processing" if _is_on_its_way(intent, charge, booked) else _payment_state(intent),
        amount_cents=Cents(intent.get("amount_received") or intent["amount"]),
        happened_at=_arrival(intent, charge, booked),
        donation=gift_named(intent),
        fee_cents=booked.get("fee"),
        failure=_failure(intent, charge),
        charge=charge.get("id", ""),
        mandate=(_details(charge).get("sepa_debit") or {}).get("mandate") or "",
        method=_details(charge).get("type") or "",
        country=_country(charge),
        debited_on=_debited_on(intent, charge, booked),
        settles_on=local_day(moment(booked["available_on"])) if booked.get("available_on") else None,
        refunds=refunds,
        disputes=claims,
    )


def _details(charge: Json) -> Json:
    return charge.get("payment_method_details") or {}


def _country(charge: Json) -> str:
    """Of the bank for a debit, of who issued the card, of the account at PayPal."""
    details = _details(charge)
    said = (details.get(details.get("type") or "") or {}).get("country") or ""
    return said.upper() if len(said) == _COUNTRY else ""


def _is_debit(charge: Json) -> bool:
    return bool(_details(charge).get("type") == "sepa_debit")


def _is_on_its_way(intent: Json, charge: Json, booked: Json) -> bool:
    """A debit is here when it stands in Stripe's balance, which is told a moment after its success."""
    return bool(intent["status"] == "succeeded" and _is_debit(charge) and not booked)


def _arrival(intent: Json, charge: Json, booked: Json) -> datetime:
    """When the money was here: of a debit the day of the balance, days after it was asked for."""
    asked_at = charge.get("created") or intent["created"]
    return moment(booked["created"] if booked and _is_debit(charge) else asked_at)


def _debited_on(intent: Json, charge: Json, booked: Json) -> date | None:
    """The day that Stripe announced to the giver's bank; asked for and here are the moments around it."""
    if not _is_debit(charge):
        return None
    said = (_details(charge).get("sepa_debit") or {}).get("expected_debit_date")
    return debited_on(
        said,
        asked_on=local_day(moment(charge.get("created") or intent["created"])),
        here_on=local_day(_arrival(intent, charge, booked)),
    )


def _failure(intent: Json, charge: Json) -> Failure:
    """The bank's own reason says more than that a card was declined."""
    said = intent.get("last_payment_error") or {}
    return failure_of(said.get("decline_code"), charge.get("failure_code"), said.get("code"))


def _payment_state(intent: Json) -> PaymentState:
    if intent["status"] == "requires_payment_method":
        return "failed" if intent.get("last_payment_error") else "waiting"
    states: dict[str, PaymentState] = {
        "succeeded": "succeeded",
        "processing": "processing",
        "canceled": "cancelled",
    }
    return states.get(intent["status"], "waiting")


def _refunds(client: StripeClient, account: str, intent: str) -> tuple[RefundFact, ...]:
    """Refunds that gave money back, and those that ended otherwise.

    One that a bank has still to confirm has left our balance already, where its entry says so; one that waits
    for our balance has not happened yet.
    """
    listed = client.v1.refunds.list(
        params={"payment_intent": intent, "limit": 100, "expand": ["data.failure_balance_transaction"]}
    )
    found = [plain(each) for each in listed.auto_paging_iter()]
    return tuple(_refund(account, each) for each in found if _has_happened(each))


def _has_happened(found: Json) -> bool:
    is_under_way = found["status"] == "pending" and bool(found.get("balance_transaction"))
    return is_under_way or found["status"] in {"succeeded", *_REFUND_FAILED}


def _refund(account: str, found: Json) -> RefundFact:
    """A refund that failed is dated by the entry that brought its money back."""
    back = found.get("failure_balance_transaction") or {}
    has_failed = found["status"] in _REFUND_FAILED
    return RefundFact(
        external_id=identity(account, found["id"]),
        amount_cents=Cents(found["amount"]),
        happened_at=moment(found["created"]),
        failed_at=moment(back.get("created") or found["created"]) if has_failed else None,
        was_paid_out=bool(back) or not has_failed,
        order=(found.get("metadata") or {}).get("order", ""),
    )
