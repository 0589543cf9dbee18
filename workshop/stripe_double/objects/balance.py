"""Balance transactions, refunds and disputes: what reached the balance and what left it again."""

from workshop.stripe_double.ids import new_id
from workshop.stripe_double.store import Json

DAY = 86_400


def new_balance_transaction(
    source: str, kind: str, amount: int, fee: int, description: str | None, *, created: int
) -> Json:
    """Return the entry; ``amount`` and ``fee`` in cents, negative when money leaves or a fee comes back."""
    fee_texts = {"adjustment": "Dispute fee"}
    details = {
        "amount": fee,
        "application": None,
        "currency": "eur",
        "description": fee_texts.get(kind, "Stripe processing fees"),
        "type": "stripe_fee",
    }
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": created + 3 * DAY,
        "balance_type": "payments",
        "created": created,
        "currency": "eur",
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details] if fee else [],
        "net": amount - fee,
        "reporting_category": REPORTING.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }


REPORTING = {"payment": "charge", "payment_refund": "refund", "adjustment": "dispute"}


def new_refund(charge: Json, amount: int, *, reason: str | None, metadata: Json, created: int) -> Json:
    method = charge["payment_method_details"]["type"]
    return {
        "id": new_id("re" if method == "card" else "pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": created,
        "currency": "eur",
        "destination_details": {"type": method, method: {}},
        "failure_balance_transaction": None,
        "failure_reason": None,
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def new_dispute(charge: Json, amount: int, *, reason: str, status: str, created: int) -> Json:
    method = charge["payment_method_details"]["type"]
    asks = status.startswith("warning_")
    details: dict[str, Json] = {
        "card": {
            "brand": "visa",
            "case_type": "inquiry" if asks else "chargeback",
            "network_reason_code": "10.4",
        },
        "sepa_debit": {},
        "paypal": {"case_id": "PP-TEST", "reason_code": reason},
    }
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": created,
        "currency": "eur",
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": created + 7 * DAY if status.endswith("needs_response") else None,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": asks,
        "livemode": False,
        "metadata": {},
        "network_reason_code": None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"type": method, method: details[method]},
        "reason": reason,
        "status": status,
    }
