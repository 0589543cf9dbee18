"""A giver corrects the name and address to which receipts for their gifts go."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.services.steps import ask_by_mail
from citizens.views.private_pages import private_page, see_other
from donations.domain.links import CORRECT_ADDRESS
from donations.forms.giving import NAME_AN_ADULT
from donations.models import Donation
from donations.receipts.access import access_address_to_correct, access_own_receipts, access_own_wish
from donations.receipts.documents.receipt import Giver
from donations.receipts.forms.own import OwnAddressForm
from donations.receipts.services.wishes import NameAnAdult, correct_own_address
from foundation.clock import utc_now
from foundation.limit_values import RECEIPT_ADDRESSES
from foundation.limits import take


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_receipt_address(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """GET shows what can be corrected, POST corrects it; an older link takes a step by mail."""
    now = utc_now()
    opened = access_own_receipts(token, now)
    gift = access_own_wish(opened.mailbox, pk)
    if not opened.needs_step(now):
        return _correct(
            request, gift, now, token=token, done=lambda said: see_other("my_page", token, query=said)
        )
    if request.method != "POST":
        return _page(request, gift, {"token": token, "needs_step": True})
    what = _("Sie berichtigen Name und Anschrift für Zuwendungsbestätigungen.")
    ask_by_mail(opened.mailbox, CORRECT_ADDRESS, gift.pk, page="my_receipt_address_step", what=what, now=now)
    return see_other("my_page_step_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_receipt_address_step(request: HttpRequest, token: str) -> HttpResponse:
    """The same page by the link of the mailed step, which opens nothing else."""
    now = utc_now()
    gift = access_address_to_correct(token, now)
    return _correct(
        request, gift, now, done=lambda said: see_other("my_receipt_address_step", token, query=said)
    )


def _correct(
    request: HttpRequest,
    gift: Donation,
    now: datetime,
    *,
    done: Callable[[str], HttpResponse],
    token: str = "",
) -> HttpResponse:
    context = {"token": token, "is_done": "hinweis" in request.GET}
    if request.method != "POST":
        return _page(request, gift, context)
    form = OwnAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, gift, {**context, "form": form}, status=422)
    take(RECEIPT_ADDRESSES, str(gift.donor_id), now=now)
    try:
        correct_own_address(gift, Giver(**form.cleaned_data), now=now)
    except NameAnAdult:
        form.add_error("name", NAME_AN_ADULT)
        return _page(request, gift, {**context, "form": form}, status=422)
    return done("hinweis=anschrift_berichtigt")


def _page(request: HttpRequest, gift: Donation, context: dict[str, Any], status: int = 200) -> HttpResponse:
    address = getattr(gift, "receipt_address", None)
    where = {name: getattr(address, name, "") for name in ("street", "postcode", "town")}
    form = OwnAddressForm(initial={"name": gift.donor_name, **where})
    more = {"gift": gift, "form": form, **context}
    return render(request, "receipts/my_receipt_address.html", more, status=status)
