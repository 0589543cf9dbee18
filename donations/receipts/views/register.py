"""The register of receipts: find, read, sign, withdraw, tell the tax office, take along as a file."""

import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.views.private_pages import see_other
from donations.receipts.access import access_receipt, access_receipt_to_tell, bodies_of, receipts_within_reach
from donations.receipts.documents.receipt import receipt_pdf
from donations.receipts.documents.withdrawal_letter import FILE_NAME, withdrawal_letter
from donations.receipts.forms.register import RegisterFilterForm
from donations.receipts.models import Receipt
from donations.receipts.selectors.register import found, to_sign, to_tell
from donations.receipts.services.issuing import IssueRefused, sign
from donations.receipts.services.withdrawal import note_tax_office_told, withdraw_by_hand
from donations.receipts.wording.export import HEAD, table_line
from donations.receipts.wording.refusals import REFUSALS
from donations.receipts.wording.templates import NAMES
from donations.views.treasury import signed_in
from foundation.clock import utc_now
from foundation.returns import back_or
from foundation.spreadsheets import Euros, guarded
from programs.access import Role, actor_of

PER_PAGE = 50
WAITING_SHOWN = 25


@login_required
@require_safe
def coordination_receipts(request: HttpRequest) -> HttpResponse:
    """The receipts of the bodies one looks after; first what needs a human."""
    user = signed_in(request)
    bodies_of(user)
    form = RegisterFilterForm(request.GET)
    own = receipts_within_reach(user)
    shown = found(own, **form.wanted()).select_related("provider", "replaces")
    context = {
        "form": form,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "to_sign": to_sign(own)[:WAITING_SHOWN],
        "to_tell": to_tell(own)[:WAITING_SHOWN],
    }
    return render(request, "receipts/coordination/register.html", context)


@login_required
@require_safe
def coordination_receipts_csv(request: HttpRequest) -> HttpResponse:
    """What the register shows under the same filters, as a table for a spreadsheet."""
    user = signed_in(request)
    bodies_of(user)
    wanted = RegisterFilterForm(request.GET).wanted()
    shown = found(receipts_within_reach(user), **wanted).select_related("replaces")
    table = io.StringIO()
    lines = csv.writer(table, delimiter=";")
    lines.writerow(HEAD)
    lines.writerows([_safe(cell) for cell in table_line(each)] for each in shown.iterator(chunk_size=1000))
    response = HttpResponse("\ufeff" + table.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bestaetigungen.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _safe(cell: str | Euros) -> str:
    return str(cell) if isinstance(cell, Euros) else guarded(cell)


@login_required
@require_safe
def coordination_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """One receipt: what it says, what became of it, and what can be done."""
    receipt = access_receipt(signed_in(request), pk)
    items = receipt.items.select_related("donation__fund", "contribution")
    context = {
        "receipt": receipt,
        "template_name": NAMES.get(receipt.snapshot["template"]["key"], receipt.snapshot["template"]["key"]),
        "items": items,
        "replacement": Receipt.objects.filter(replaces=receipt).first(),
        "is_draft": receipt.status == Receipt.Status.DRAFT,
        "is_withdrawn": receipt.status == Receipt.Status.WITHDRAWN,
        "is_to_tell": to_tell(Receipt.objects.filter(pk=pk)).exists(),
    }
    return render(request, "receipts/coordination/receipt.html", context)


@login_required
@require_safe
def coordination_receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft to print and sign; of everything else a copy that is marked as one."""
    receipt = access_receipt(signed_in(request), pk)
    if receipt.status == Receipt.Status.DRAFT:
        return pdf(bytes(receipt.file.body), f"{receipt.number}.pdf")
    body = receipt_pdf(receipt.snapshot, receipt.issuer, now=utc_now(), is_copy=True)
    return pdf(body, f"{receipt.number}-zweitschrift.pdf")


@login_required
@require_safe
def coordination_receipt_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter that takes a receipt back, to print."""
    receipt = access_receipt(signed_in(request), pk)
    if receipt.withdrawn_at is None:
        raise Http404
    return pdf(withdrawal_letter(receipt, now=utc_now()), FILE_NAME.format(number=receipt.number))


def pdf(body: bytes, name: str) -> HttpResponse:
    """Return a file that stays out of every cache."""
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response


@login_required
@require_POST
def coordination_receipt_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a draft was signed by hand and given out."""
    user = signed_in(request)
    receipt = access_receipt(user, pk)
    try:
        if sign(receipt, actor=actor_of(user, Role.TREASURER), now=utc_now()):
            messages.success(request, _("Vermerkt: unterschrieben und herausgegeben."))
        else:
            messages.warning(request, _("Diese Bestätigung wartet nicht auf eine Unterschrift."))
    except IssueRefused as refused:
        messages.warning(request, REFUSALS[refused.reason])
    return back_or(request, see_other("coordination_receipt", pk))


@login_required
@require_POST
def coordination_receipt_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a receipt that is wrong; what can be receipted anew is, at once."""
    user = signed_in(request)
    receipt = access_receipt(user, pk)
    if withdraw_by_hand(receipt.pk, actor=actor_of(user, Role.TREASURER), now=utc_now()):
        messages.success(request, _("Zurückgenommen."))
    else:
        messages.warning(request, _("Diese Bestätigung galt schon nicht mehr."))
    return see_other("coordination_receipt", pk)


@login_required
@require_POST
def coordination_receipt_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the tax office was told of a withdrawn receipt."""
    user = signed_in(request)
    receipt = access_receipt_to_tell(user, pk)
    actor = actor_of(user, Role.TREASURER)
    if note_tax_office_told(receipt, told_by=user, actor=actor, now=utc_now()):
        messages.success(request, _("Vermerkt: Das Finanzamt weiß Bescheid."))
    else:
        messages.warning(request, _("Hier ist nichts (mehr) zu melden."))
    return back_or(request, see_other("coordination_receipts"))
