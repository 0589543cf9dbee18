"""The slip for a small gift to a tax-exempt body: made on demand, as long as the gift is there."""

from datetime import datetime

from donations.domain.receipts import needs_details, proof_for
from donations.models import Donation
from donations.receipts.documents.slip import slip_pdf
from donations.receipts.domain.eligibility import KEPT, kept_cents
from donations.receipts.domain.issuers import TAX_EXEMPT
from donations.receipts.selectors.gifts import facts_of
from donations.receipts.services.readiness import ready
from donations.selectors.creditor_ids import is_own_creditor
from foundation.clock import local_day
from foundation.units import Cents

SLIP_NAME = "vereinfachter-zuwendungsnachweis.pdf"


def slip_of(gift: Donation, now: datetime) -> bytes | None:
    """Return the slip as PDF; None where none is due: money not here, too much, or its body may not issue."""
    found = ready(gift.fund.provider_id, "money", local_day(now))
    if found is None or found.issuer.kind != TAX_EXEMPT:
        return None
    if gift.status not in KEPT or not gift.is_accepted:
        return None
    purpose = found.issuer.fund_purposes.get(str(gift.fund_id))
    if proof_for(TAX_EXEMPT, Cents(gift.amount_cents)) != "statement_and_slip" or not purpose:
        return None
    (facts,) = facts_of([gift], found.issuer.fund_purposes)
    return slip_pdf(
        found.issuer,
        found.template,
        purpose=purpose,
        needs_details=needs_details(
            gift.method, is_own_creditor=is_own_creditor(gift.fund.provider_id, gift.given_on)
        ),
        way=gift.get_method_display(),
        cents=kept_cents(facts),
        given_on=gift.given_on,
        now=now,
    )
