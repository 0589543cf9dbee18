"""The payer's bank takes the money back: a card dispute, or a SEPA debit returned within eight weeks.

Before that the bank of a card may only ask (an inquiry, ``warning_…``): then nothing moves.
"""

from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import invalid, refused
from workshop.stripe_double.fees import dispute_fee_cents
from workshop.stripe_double.objects.balance import new_balance_transaction, new_dispute
from workshop.stripe_double.store import Json

CLOSED = ("won", "lost", "warning_closed")
_ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
_ASKING = ("warning_needs_response", "warning_under_review")


def dispute(context: Context, charge: Json, amount: int | None, reason: str) -> Json:
    """Open a dispute and withdraw the money; a returned SEPA debit is lost from the start.

    Raises:
        ApiError: not paid, disputed or asked about already, or more than was paid.
    """
    final = charge["payment_method_details"]["type"] == "sepa_debit"
    claim = _claim(context, charge, amount, reason, status="lost" if final else "needs_response")
    charge["disputed"] = True
    context.save(charge)
    context.create(claim, "charge.dispute.created")
    _move_money(context, claim, charge, sign=-1)
    context.save(claim, "charge.dispute.funds_withdrawn")
    if final:
        context.emit("charge.dispute.closed", claim)
    return claim


def inquire(context: Context, charge: Json, amount: int | None, reason: str) -> Json:
    """The bank of a card asks before it takes anything; the charge is not called disputed.

    Raises:
        ApiError: no card, not paid, disputed or asked about already, or more than was paid.
    """
    if charge["payment_method_details"]["type"] != "card":
        raise refused("Only the bank of a card inquires.", code="charge_not_disputable")
    claim = _claim(context, charge, amount, reason, status="warning_needs_response")
    context.create(claim, "charge.dispute.created")
    return claim


def _claim(context: Context, charge: Json, amount: int | None, reason: str, *, status: str) -> Json:
    if charge["status"] != "succeeded" or charge["disputed"] or _is_asked_about(context, charge):
        raise refused("This charge cannot be disputed.", code="charge_not_disputable")
    if amount is not None and amount > charge["amount"]:
        raise invalid("A dispute cannot exceed the charge.", param="amount", code="amount_too_large")
    cents = charge["amount"] if amount is None else amount
    return new_dispute(charge, cents, reason=reason, status=status, created=context.now)


def _is_asked_about(context: Context, charge: Json) -> bool:
    claims = context.store.select("dispute", equal={"$.charge": charge["id"]})
    return any(claim["status"] in _ASKING for claim in claims)


def answer(context: Context, claim: Json) -> Json:
    """Evidence was handed in; from then on the bank decides.

    Raises:
        ApiError: no answer is asked for (any more).
    """
    if claim["status"] not in _ANSWERED:
        raise refused("This dispute waits for no answer.", code="dispute_closed")
    claim["status"] = _ANSWERED[claim["status"]]
    claim["evidence_details"].update(has_evidence=True, submission_count=1)
    context.save(claim, "charge.dispute.updated")
    return claim


def escalate(context: Context, claim: Json) -> Json:
    """The bank that asked, or whose question had ended, takes the money after all.

    Raises:
        ApiError: it is no inquiry, or the money was given back meanwhile.
    """
    charge = context.get("charge", claim["charge"])
    if claim["status"] not in (*_ASKING, "warning_closed") or charge["amount_refunded"]:
        raise refused("This inquiry cannot become a dispute.", code="dispute_closed")
    claim["status"], claim["is_charge_refundable"] = "needs_response", False
    claim["payment_method_details"]["card"]["case_type"] = "chargeback"
    claim["evidence_details"] = new_dispute(
        charge, claim["amount"], reason=claim["reason"], status="needs_response", created=context.now
    )["evidence_details"]
    charge["disputed"] = True
    context.save(charge)
    context.save(claim, "charge.dispute.updated")
    _move_money(context, claim, charge, sign=-1)
    context.save(claim, "charge.dispute.funds_withdrawn")
    return claim


def close(context: Context, claim: Json, status: str) -> Json:
    """Decide an open dispute as ``won`` or ``lost``; won means money and fee come back. An inquiry ends as
    ``warning_closed``.

    Raises:
        ApiError: it is decided already, or cannot end so.
    """
    if claim["status"] in CLOSED:
        raise refused("This dispute is already closed.", code="dispute_closed")
    if (claim["status"] in _ASKING) != (status == "warning_closed"):
        raise refused("This dispute cannot end so.", code="dispute_closed")
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
