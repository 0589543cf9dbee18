"""Giving money back, in whole or in part."""

from wirbrauchensie.demo.stripe_double.context import Context
from wirbrauchensie.demo.stripe_double.errors import invalid, refused
from wirbrauchensie.demo.stripe_double.objects.balance import new_balance_transaction, new_refund
from wirbrauchensie.demo.stripe_double.store import Json


def refund(context: Context, charge: Json, amount: int | None, reason: str | None, metadata: Json) -> Json:
    """Give back ``amount`` cents, or what is left.

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
    method = charge["payment_method_details"]["type"]
    entry = new_balance_transaction(
        back["id"],
        "refund" if method == "card" else "payment_refund",
        -given,
        0,
        "REFUND FOR PAYMENT",
        created=context.now,
    )
    context.create(entry)
    back["balance_transaction"] = entry["id"]
    context.create(back, "refund.created")
    charge["amount_refunded"] += given
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    context.save(charge, "charge.refunded")
    return back
