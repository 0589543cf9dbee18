"""The letter that takes a Zuwendungsbestätigung back."""

from datetime import datetime

from django.utils import translation

from donations.receipts.models import Receipt
from foundation.clock import local_day
from foundation.formats import euro_exact
from foundation.typesetting import typeset
from foundation.units import Cents

FILE_NAME = "ruecknahme-{number}.pdf"


def withdrawal_letter(receipt: Receipt, *, now: datetime) -> bytes:
    """Return the letter of a withdrawn receipt as PDF, always in German. Raises NotDisplayable."""
    assert receipt.withdrawn_at is not None
    replacement = Receipt.objects.filter(replaces=receipt).first()
    with translation.override("de"):
        data = {
            "issuer": receipt.snapshot["issuer"]["lines"],
            "donor": receipt.snapshot["donor"]["lines"],
            "town": receipt.issuer.town,
            "day": f"{local_day(receipt.withdrawn_at):%d.%m.%Y}",
            "number": receipt.number,
            "issued_on": f"{receipt.issued_on:%d.%m.%Y}",
            "amount": euro_exact(Cents(receipt.total_cents)),
            "reason": str(receipt.get_withdrawn_for_display()),
            "replacement": replacement.number if replacement else "",
            "signatory": receipt.issuer.signatory,
        }
        return typeset("receipt_withdrawal", data, now=now)
