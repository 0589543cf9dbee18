"""The payer's bank takes the money back: a card dispute, or a SEPA debit returned within eight weeks."""

from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import invalid, refused
from workshop.stripe_double.fees import dispute_fee_cents
from workshop.stripe_double.objects.balance import new_balance_transaction, new_dispute
from workshop.stripe_double.store import Json


def dispute(context: Context, charge: Json, amount: int | None, reason: str) -> Json:
    """Open a dispute and withdraw the money; a returned SEPA debit is lost from the start.

    Raises:
        ApiError: not paid, disputed already, or more than was paid.
    """
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise refused("This charge cannot be disputed.", code="charge_not_disputable")
    if amount is not None and amount > charge["amount"]:
        raise invalid("A dispute cannot exceed the charge.", param="amount", code="amount_too_large")
    final = charge["payment_method_details"]["type"] == "sepa_debit"
    claim = new_dispute(
        charge,
        charge["amount"] if amount is None else amount,
        reason=reason,
        status="lost" if final else "needs_response",
        created=context.now,
    )
    charge["disputed"] = True
    context.save(charge)
    context.create(claim, "charge.dispute.created")
    _move_money(context, claim, charge, sign=-1)
    context.save(claim, "charge.dispute.funds_withdrawn")
    if final:
        context.emit("charge.dispute.closed", claim)
    return claim


def close(context: Context, claim: Json, status: str) -> Json:
    """Decide an open dispute as ``won`` or ``lost``; won means money and fee come back.

    Raises:
        ApiError: it is decided already.
    """
    if claim["status"] in ("won", "lost"):
        raise refused("This dispute is already closed.", code="dispute_closed")
    claim["status"] = status
    claim["evidence_details"]["due_by"] = None
    if status == "won":
        _move_money(context, claim, context.get("charge", claim["charge"]), sign=1)
        context.save(claim, "charge.dispute.funds_reinstated")
    context.save(claim, "charge.dispute.closed")
    return claim


def _move_money(context: Context, claim: Json, charge: Json, *, sign: int) -> None:
    fee = dispute_fee_cents(charge["payment_method_details"]["type"])
    word = "Chargeback withdrawal" if sign < 0 else "Chargeback reversal"
    entry = new_balance_transaction(
        claim["id"],
        "adjustment",
        sign * claim["amount"],
        -sign * fee,
        f"{word} for {charge['id']}",
        created=context.now,
    )
    context.create(entry)
    claim["balance_transactions"].append(entry)
