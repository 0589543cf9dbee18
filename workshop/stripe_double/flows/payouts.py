"""Payouts: out of the balance, to the bank, and sometimes back."""

from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import refused
from workshop.stripe_double.objects.balance import new_balance_transaction
from workshop.stripe_double.objects.payout import new_payout
from workshop.stripe_double.store import Json

SETTLED = ("paid", "failed")


def pay_out(context: Context, amount: int) -> Json:
    payout = new_payout(amount, created=context.now)
    entry = _entry(payout, "payout", -amount, context.now)
    context.create(entry)
    payout["balance_transaction"] = entry["id"]
    context.create(payout, "payout.created")
    return payout


def settle(context: Context, payout: Json, outcome: str) -> Json:
    """Let a payout arrive or fail; one that arrived may still fail (docs.stripe.com/payouts).

    Raises:
        ApiError: it has failed already, or has arrived and is to arrive again.
    """
    if payout["status"] == "failed" or payout["status"] == outcome:
        raise refused("This payout is settled.", code="payout_settled")
    payout["status"] = outcome
    if outcome == "failed":
        entry = _entry(payout, "payout_failure", payout["amount"], context.now)
        context.create(entry)
        payout.update(failure_balance_transaction=entry["id"], failure_code="account_closed")
    context.save(payout, "payout.updated", f"payout.{outcome}")
    return payout


def _entry(payout: Json, kind: str, amount: int, created: int) -> Json:
    return new_balance_transaction(payout["id"], kind, amount, 0, "STRIPE PAYOUT", created=created)
