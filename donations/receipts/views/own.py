"""What givers take along: their receipts, by their own link, and the slip that goes with a bank statement."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from citizens.views.private_pages import private_page
from donations.receipts.access import access_own_receipt, access_own_receipts
from donations.receipts.documents.receipt import receipt_pdf
from donations.receipts.documents.withdrawal_letter import FILE_NAME, withdrawal_letter
from donations.receipts.services.slips import SLIP_NAME, slip_of
from donations.receipts.views.register import pdf
from donations.selectors.gifts import gift_by_public_id
from foundation.clock import utc_now


@private_page
@require_safe
def my_receipt_pdf(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """One's own receipt as it was issued; where the original is on paper, a copy; withdrawn, the letter."""
    now = utc_now()
    receipt = access_own_receipt(access_own_receipts(token, now).mailbox, pk)
    if receipt.withdrawn_at is not None:
        return pdf(withdrawal_letter(receipt, now=now), FILE_NAME.format(number=receipt.number))
    if receipt.snapshot["signature"]["is_machine"]:
        return pdf(bytes(receipt.file.body), f"{receipt.number}.pdf")
    copy = receipt_pdf(receipt.snapshot, receipt.issuer, now=now, is_copy=True)
    return pdf(copy, f"{receipt.number}-zweitschrift.pdf")


@private_page
@require_safe
def donate_slip(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The slip of a small gift (§ 50 Abs. 4 Satz 1 Nr. 2 Buchst. b EStDV); nothing on it tells who gave."""
    gift = gift_by_public_id(public_id)
    body = slip_of(gift, utc_now()) if gift else None
    if body is None:
        raise Http404
    return pdf(body, SLIP_NAME)
