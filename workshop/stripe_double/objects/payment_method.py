"""What the payer paid with, and the SEPA mandate: test data that nobody can mistake for real."""

from dataclasses import dataclass

from workshop.stripe_double.ids import new_id
from workshop.stripe_double.store import Json

CARD = {
    "brand": "visa",
    "country": "DE",
    "exp_month": 12,
    "exp_year": 2034,
    "fingerprint": "TESTCARDPRINT000",
    "funding": "credit",
    "last4": "4242",
    "wallet": None,
}
SEPA = {
    "bank_code": "37040044",
    "branch_code": "",
    "country": "DE",
    "fingerprint": "TESTIBANPRINT000",
    "last4": "3000",
}


@dataclass(frozen=True)
class Payer:
    """Who pays, as typed on the hosted page."""

    email: str | None
    name: str | None

    def billing_details(self) -> Json:
        address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
        return {"address": address, "email": self.email, "name": self.name, "phone": None, "tax_id": None}


def new_payment_method(method: str, payer: Payer, *, customer: str | None, created: int) -> Json:
    details: dict[str, Json] = {
        "card": {
            **CARD,
            "checks": dict.fromkeys(("address_line1_check", "address_postal_code_check"), None)
            | {"cvc_check": "pass"},
            "display_brand": "visa",
            "networks": {"available": ["visa"], "preferred": None},
            "three_d_secure_usage": {"supported": True},
        },
        "sepa_debit": {**SEPA, "generated_from": {"charge": None, "setup_attempt": None}},
        "paypal": {"country": "DE", "payer_email": payer.email, "payer_id": "TESTPAYERID00"},
    }
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": payer.billing_details(),
        "created": created,
        "customer": customer,
        "livemode": False,
        "metadata": {},
        "type": method,
        method: details[method],
    }


def new_mandate(payment_method: str, *, multi_use: bool, amount: int, created: int) -> Json:
    kind = "multi_use" if multi_use else "single_use"
    mandate_id = new_id("mandate")
    return {
        "id": mandate_id,
        "object": "mandate",
        "created": created,
        "customer_acceptance": {
            "accepted_at": created,
            "online": {"ip_address": "127.0.0.1", "user_agent": "Stripe-Testdoppel"},
            "type": "online",
        },
        "livemode": False,
        "payment_method": payment_method,
        "payment_method_details": {
            "sepa_debit": {"reference": f"TEST{mandate_id[-12:].upper()}", "url": None},
            "type": "sepa_debit",
        },
        "status": "active",
        "type": kind,
        kind: {} if multi_use else {"amount": amount, "currency": "eur"},
    }


def charge_details(
    method: str,
    payer_email: str | None,
    payer_name: str | None,
    *,
    mandate: str | None,
    debit_on: str | None,
) -> Json:
    """Return the charge's ``payment_method_details``; ``debit_on`` (YYYY-MM-DD) is when a debit is taken."""
    details: dict[str, Json] = {
        "card": {
            **CARD,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass",
            },
            "network": "visa",
            "three_d_secure": None,
        },
        "sepa_debit": {**SEPA, "expected_debit_date": debit_on, "mandate": mandate},
        "paypal": {
            "country": "DE",
            "payer_email": payer_email,
            "payer_id": "TESTPAYERID00",
            "payer_name": payer_name,
            "seller_protection": {"dispute_categories": None, "status": "not_eligible"},
            "transaction_id": new_id("TEST").upper()[:17],
        },
    }
    return {"type": method, method: details[method]}
