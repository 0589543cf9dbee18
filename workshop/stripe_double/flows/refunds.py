"""Giving money back, in whole or in part."""

from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import invalid, refused
from workshop.stripe_double.objects.balance import new_balance_transaction, new_refund
from workshop.stripe_double.store import Json

SETTLED = ("succeeded", "failed", "canceled")


def refund(
    context: Context,
    charge: Json,
    amount: int | None,
    reason: str | None,
    metadata: Json,
    *,
    pending: bool = False,
) -> Json:
    """Give back ``amount`` cents, or what is left; a ``pending`` refund has moved no money yet.

    Raises:
        ApiError: not paid, disputed, given back already, or more than is left.
    """
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise refused(f"Charge {charge['id']} has not succeeded.", code="charge_not_refundable")
    if charge["disputed"]:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise refused(message, code="charge_disputed")
    if left == 0:
        raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is not None and amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise invalid(message, param="amount", code="amount_too_large")
    given = left if amount is None else amount
    back = new_refund(charge, given, reason=reason, metadata=metadata, created=context.now)
    if pending:
        back["status"] = "pending"
    else:
        _pay_out(context, back, charge)
    context.create(back, "refund.created")
    _count(context, charge, given)
    return back


def settle(context: Context, back: Json, outcome: str) -> Json:
    """End a refund as ``succeeded``, ``failed`` or ``canceled``; money that had left comes back.

    Raises:
        ApiError: it cannot end so any more.
    """
    if outcome == back["status"] or back["status"] in ("failed", "canceled"):
        raise refused("This refund has ended already.", code="refund_ended")
    charge = context.get("charge", back["charge"])
    was_paid_out = back["status"] == "succeeded"
    back["status"] = outcome
    if outcome == "succeeded":
        _pay_out(context, back, charge)
        context.save(back, "refund.updated")
        return back
    if was_paid_out:
        entry = _entry(context, back, charge, back["amount"], "REFUND FAILURE")
        back["failure_balance_transaction"] = entry["id"]
        back["failure_reason"] = "expired_or_canceled_card"
    told = ["refund.failed"] if outcome == "failed" else []
    context.save(back, *told, "refund.updated")
    _count(context, charge, -back["amount"])
    return back


def _pay_out(context: Context, back: Json, charge: Json) -> None:
    entry = _entry(context, back, charge, -back["amount"], "REFUND FOR PAYMENT")
    back["balance_transaction"] = entry["id"]


def _entry(context: Context, back: Json, charge: Json, amount: int, description: str) -> Json:
    method = charge["payment_method_details"]["type"]
    kind = "refund" if method == "card" else "payment_refund"
    if amount > 0:
        kind = f"{kind}_failure" if method == "card" else "payment_failure_refund"
    entry = new_balance_transaction(back["id"], kind, amount, 0, description, created=context.now)
    context.create(entry)
    return entry


def _count(context: Context, charge: Json, given: int) -> None:
    charge["amount_refunded"] += given
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    context.save(charge, *(["charge.refunded"] if given > 0 else []))
