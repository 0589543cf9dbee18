"""Who wishes a receipt: what each wish waits for, and its answer."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.views.private_pages import see_other
from donations.access import gifts_within_reach
from donations.models import Donation
from donations.receipts.access import access_wish, bodies_of
from donations.receipts.documents.receipt import Giver
from donations.receipts.forms.register import PayerForm, RefuseForm, WishAddressForm
from donations.receipts.models import WishRefusal
from donations.receipts.selectors.gifts import open_wishes
from donations.receipts.selectors.payers import other_names_of
from donations.receipts.selectors.wishes import last_correction, listed, wishes
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.payers import say_who_gave
from donations.receipts.services.wishes import correct_address, refuse_wish
from donations.receipts.wording.refusals import REFUSALS
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from foundation.returns import BACK, back_or
from programs.access import Role, actor_of

PER_PAGE = 50
WISH = "receipts/coordination/wish.html"


@login_required
@require_safe
def coordination_wishes(request: HttpRequest) -> HttpResponse:
    """The wishes that nobody has answered, the oldest first, with name and address."""
    user = signed_in(request)
    bodies_of(user)
    gifts = listed(open_wishes().filter(pk__in=gifts_within_reach(user)))
    page = Paginator(gifts, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(each, REFUSALS[each.reason] if each.reason else "") for each in wishes(list(page), _today())]
    return render(request, "receipts/coordination/wishes.html", {"page": page, "shown": shown})


def _today() -> date:
    return local_day(utc_now())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_wish(request: HttpRequest, pk: int) -> HttpResponse:
    """One wish; a POST mends name and address."""
    user, now = signed_in(request), utc_now()
    gift = access_wish(user, pk)
    if request.method != "POST":
        return render(request, WISH, {"facts": wish_facts(gift, now)})
    form = WishAddressForm(request.POST)
    if not form.is_valid():
        return _once_more(request, gift, "address", form)
    correct_address(gift, Giver(**form.cleaned_data), actor=actor_of(user, Role.TREASURER), now=now)
    messages.success(request, _("Name und Anschrift sind berichtigt."))
    return back_or(request, see_other("coordination_wish", pk))


def wish_facts(gift: Donation, now: datetime) -> dict[str, Any]:
    """Return what is shown to answer a wish: what it waits for, whose the gift is, and a form for each act.

    `gift` is one that `access_wish` returns.
    """
    (wish,) = wishes([gift], local_day(now))
    return {
        "gift": gift,
        "wish": wish,
        "reason": REFUSALS[wish.reason] if wish.reason else "",
        "refusal": WishRefusal.objects.filter(donation=gift).first(),
        "other_names": other_names_of([gift]).get(gift.pk, []),
        "corrected": last_correction(gift),
        "address": WishAddressForm(initial=_printed(gift)),
        "refuse": RefuseForm(),
        "payer": PayerForm(),
    }


def _printed(gift: Donation) -> dict[str, str]:
    """Return name and address as a receipt would show them."""
    address = getattr(gift, "receipt_address", None)
    where = {name: getattr(address, name) for name in ("street", "postcode", "town")} if address else {}
    return {"name": gift.donor_name, **where}


def _once_more(request: HttpRequest, gift: Donation, name: str, form: Form) -> HttpResponse:
    """Show the wish again with what is wrong in the form `name`; the way back is kept."""
    facts = wish_facts(gift, utc_now()) | {name: form}
    context = {"facts": facts, "form": form, "back_to": request.POST.get(BACK, "")}
    return render(request, WISH, context, status=422)


@login_required
@require_POST
def coordination_wish_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the receipt of one gift now, instead of in March."""
    user = signed_in(request)
    gift = access_wish(user, pk)
    try:
        receipt = issue([gift.pk], actor=actor_of(user, Role.TREASURER), now=utc_now())
    except IssueRefused as refused:
        messages.warning(request, REFUSALS[refused.reason])
        return back_or(request, see_other("coordination_wish", pk))
    messages.success(request, _("Die Bestätigung %(number)s ist angelegt.") % {"number": receipt.number})
    return back_or(request, see_other("coordination_receipt", receipt.pk))


@login_required
@require_POST
def coordination_wish_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a wish that cannot be fulfilled; the giver is told why."""
    user = signed_in(request)
    gift = access_wish(user, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _once_more(request, gift, "refuse", form)
    actor = actor_of(user, Role.TREASURER)
    if refuse_wish(gift, form.cleaned_data["why"], refused_by=user, actor=actor, now=utc_now()):
        messages.success(request, _("Beantwortet: Der Grund steht in der E-Mail."))
    else:
        messages.warning(request, _("Dieser Wunsch war schon beantwortet."))
    return back_or(request, see_other("coordination_wishes"))


@login_required
@require_POST
def coordination_wish_payer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose gift it is, where the bank names somebody else as who paid."""
    user = signed_in(request)
    gift = access_wish(user, pk)
    form = PayerForm(request.POST)
    if not form.is_valid():
        return _once_more(request, gift, "payer", form)
    verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
    actor = actor_of(user, Role.TREASURER)
    if say_who_gave(gift, verdict, reason, by=user, actor=actor, now=utc_now()):
        messages.success(request, _("Eingetragen. Es gilt für alle Spenden unter denselben Namen."))
    else:
        messages.warning(request, _("Hier nennt die Bank keinen anderen Namen."))
    return back_or(request, see_other("coordination_wish", pk))
