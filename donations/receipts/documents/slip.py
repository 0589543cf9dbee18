"""The slip that goes with the bank statement of a small gift to a tax-exempt body (RULES §2.6)."""

from datetime import date, datetime
from typing import Any

from donations.receipts.documents.receipt import status_passages
from donations.receipts.domain.purposes import furthering
from donations.receipts.gateways.template_files import Template
from donations.receipts.models import Issuer
from foundation.formats import euro_exact
from foundation.typesetting import typeset
from foundation.units import Cents

KIND_OF_GIFT = "Spende"
_WITH_STATEMENT = "Gilt zusammen mit dem Kontoauszug."
_WITH_DETAILS = "Gilt zusammen mit dem Kontoauszug und den Angaben des Zahlungsdienstes zu dieser Zahlung."


def slip_pdf(
    issuer: Issuer,
    template: Template,
    *,
    purpose: str,
    needs_details: bool,
    way: str,
    cents: Cents,
    given_on: date,
    now: datetime,
) -> bytes:
    """Return the slip as PDF: who received, for which purpose, by which notice, that it was a gift."""
    data: dict[str, Any] = {
        "issuer": [issuer.name, issuer.street, f"{issuer.postcode} {issuer.town}"],
        "purpose": f"zur Förderung {furthering([purpose])}",
        "status": status_passages(issuer, template),
        "kind": KIND_OF_GIFT,
        "amount": euro_exact(cents),
        "day": f"{given_on:%d.%m.%Y}",
        "way": way,
        "counts": _WITH_DETAILS if needs_details else _WITH_STATEMENT,
    }
    return typeset("proof_slip", data, now=now)
