"""What the giver needs for the tax office, by who received the gift and how much it was."""

from typing import Literal

from foundation.units import Cents

# § 50 Abs. 4 S. 1 Nr. 2 EStDV: up to and including 300 euro the bank statement is proof.
SIMPLIFIED_PROOF_MAX_CENTS = Cents(30_000)

Proof = Literal["statement", "statement_and_slip", "receipt", "none"]


def proof_for(issuer_kind: str, amount_cents: Cents) -> Proof:
    """Return the proof a gift needs (RULES §2.6): public law needs the statement alone up to 300 euro, a
    tax-exempt body a printed slip besides, and who issues no receipts has none to offer.
    """
    if issuer_kind not in {"jpoer", "kstg_5_1_9"}:
        return "none"
    if amount_cents > SIMPLIFIED_PROOF_MAX_CENTS:
        return "receipt"
    return "statement" if issuer_kind == "jpoer" else "statement_and_slip"


def needs_details(method: str, *, is_own_creditor: bool) -> bool:
    """True if the bank statement alone does not say enough: that of a card or PayPal payment names neither
    account, that of a debit names the payment service, unless it is collected under the body's own
    Gläubiger-ID. The details of the payment belong to it then (RULES §2.6, §10).
    """
    return method in {"card", "paypal"} or (method == "sepa_debit" and not is_own_creditor)
