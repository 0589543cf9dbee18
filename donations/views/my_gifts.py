""" "Meine Spenden": a giver's own gifts, opened by a link instead of a password."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donations.forms.my_gifts import LinkRequestForm
from donations.gateways.errors import PaymentServiceError
from donations.models import Donor, RecurringDonation
from donations.selectors.gifts import gifts_of, monthly_of, stage_of
from donations.services.link_requests import request_link
from donations.services.links import donor_of_link
from donations.services.online.monthly import cancel_monthly
from donations.views.answers import private_page, see_other
from foundation.client import client_address
from foundation.clock import utc_now


@require_http_methods(["GET", "HEAD", "POST"])
def my_gifts_link(request: HttpRequest) -> HttpResponse:
    """Ask for the address to which the link shall go; the answer is the same for every address."""
    form = LinkRequestForm(request.POST or None)
    if request.method != "POST":
        return render(request, "donations/my_gifts_link.html", {"form": LinkRequestForm()})
    if not form.is_valid():
        return render(request, "donations/my_gifts_link.html", {"form": form}, status=422)
    request_link(form.cleaned_data["email"], client=client_address(request), now=utc_now())
    return see_other("my_gifts_link_sent")


@require_safe
def my_gifts_link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the link."""
    return render(request, "donations/my_gifts_link_sent.html")


def _donor(token: str) -> Donor:
    donor = donor_of_link(token, utc_now())
    if donor is None:
        raise Http404
    return donor


@require_safe
@private_page
def my_gifts(request: HttpRequest, token: str) -> HttpResponse:
    """What this person gave, and what is given each month."""
    donor = _donor(token)
    gifts = [{"gift": gift, "stage": stage_of(gift)} for gift in gifts_of(donor)]
    context = {
        "token": token,
        "gifts": gifts,
        "monthly": monthly_of(donor),
        "has_ended": "beendet" in request.GET,
    }
    return render(request, "donations/my_gifts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def my_gifts_end(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """GET asks, POST ends the monthly gift."""
    row = get_object_or_404(RecurringDonation.objects.select_related("fund"), pk=pk, donor=_donor(token))
    context = {"token": token, "monthly": row, "problem": ""}
    if request.method != "POST":
        return render(request, "donations/my_gifts_end.html", context)
    try:
        cancel_monthly(row, utc_now())
    except PaymentServiceError:
        context["problem"] = _(
            "Der Zahlungsdienst ist gerade nicht erreichbar, deshalb läuft Ihre Dauerspende noch. Bitte "
            "versuchen Sie es gleich noch einmal."
        )
        return render(request, "donations/my_gifts_end.html", context, status=503)
    response = see_other("my_gifts", token)
    response["Location"] += "?beendet=1"
    return response
