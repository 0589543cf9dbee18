"""Who wishes a receipt: what each wish waits for, and its answer."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.views.private_pages import see_other
from donations.access import gifts_within_reach
from donations.receipts.access import access_wish, bodies_of
from donations.receipts.documents.receipt import Giver
from donations.receipts.forms.register import PayerForm, RefuseForm, WishAddressForm
from donations.receipts.models import WishRefusal
from donations.receipts.selectors.gifts import open_wishes
from donations.receipts.selectors.payers import other_names_of
from donations.receipts.selectors.wishes import listed, wishes
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.payers import say_who_gave
from donations.receipts.services.wishes import correct_address, refuse_wish
from donations.receipts.wording.refusals import REFUSALS
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from programs.access import Role, actor_of

PER_PAGE = 50


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
    address = getattr(gift, "receipt_address", None)
    initial = {"name": gift.donor_name} | (
        {"street": address.street, "postcode": address.postcode, "town": address.town} if address else {}
    )
    form = WishAddressForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        correct_address(gift, Giver(**form.cleaned_data), actor=actor_of(user, Role.TREASURER), now=now)
        messages.success(request, _("Name und Anschrift sind berichtigt."))
        return see_other("coordination_wish", pk)
    (wish,) = wishes([gift], local_day(now))
    context = {
        "form": form,
        "wish": wish,
        "gift": gift,
        "reason": REFUSALS[wish.reason] if wish.reason else "",
        "refuse": RefuseForm(),
        "other_names": other_names_of([gift]).get(gift.pk, []),
        "payer": PayerForm(),
        "refusal": WishRefusal.objects.filter(donation=gift).first(),
    }
    return render(request, "receipts/coordination/wish.html", context, status=422 if form.is_bound else 200)


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
        return see_other("coordination_wish", pk)
    messages.success(request, _("Die Bestätigung %(number)s ist angelegt.") % {"number": receipt.number})
    return see_other("coordination_receipt", receipt.pk)


@login_required
@require_POST
def coordination_wish_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a wish that cannot be fulfilled; the giver is told why."""
    user = signed_in(request)
    gift = access_wish(user, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Bitte wählen Sie einen Grund."))
        return see_other("coordination_wish", pk)
    actor = actor_of(user, Role.TREASURER)
    if refuse_wish(gift, form.cleaned_data["why"], refused_by=user, actor=actor, now=utc_now()):
        messages.success(request, _("Beantwortet: Der Grund steht in der E-Mail."))
    else:
        messages.warning(request, _("Dieser Wunsch war schon beantwortet."))
    return see_other("coordination_wishes")


@login_required
@require_POST
def coordination_wish_payer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose gift it is, where the bank names somebody else as who paid."""
    user = signed_in(request)
    gift = access_wish(user, pk)
    form = PayerForm(request.POST)
    if not form.is_valid():
        messages.warning(
            request, _("Bitte wählen Sie, wer gegeben hat, und nennen Sie, woher Sie es wissen.")
        )
        return see_other("coordination_wish", pk)
    verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
    actor = actor_of(user, Role.TREASURER)
    if say_who_gave(gift, verdict, reason, by=user, actor=actor, now=utc_now()):
        messages.success(request, _("Eingetragen. Es gilt für alle Spenden unter denselben Namen."))
    else:
        messages.warning(request, _("Hier nennt die Bank keinen anderen Namen."))
    return see_other("coordination_wish", pk)
