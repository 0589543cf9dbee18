"""Money that leaves the balance for the bank account."""

from workshop.stripe_double.ids import new_id
from workshop.stripe_double.store import Json

DAY = 86_400


def new_payout(amount: int, *, created: int) -> Json:
    """Return an automatic payout on its way; ``amount`` in cents."""
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": created + 2 * DAY,
        "automatic": True,
        "balance_transaction": None,
        "created": created,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": "ba_test",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": None,
        "type": "bank_account",
    }
