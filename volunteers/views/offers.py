"""The question in the mail: GET shows, POST decides."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from citizens.services.links import ask_token
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from volunteers.access import access_offer
from volunteers.forms.offers import AnswerForm
from volunteers.models import Offer, Placement
from volunteers.services.answers import TooFewPlaces, accept_offer, decline_offer


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def offer_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a question and take the answer; an answer given stays, however often the link is used."""
    now = utc_now()
    offer = access_offer(token, now)
    if request.method != "POST":
        return _page(request, offer, AnswerForm(offer=offer), now)
    form = AnswerForm(request.POST, offer=offer)
    if not form.is_valid():
        return _page(request, offer, form, now, status=422)
    if form.accepts:
        try:
            accept_offer(offer, now=now, heads=form.heads)
        except TooFewPlaces:
            form.tell_too_few_places(offer)
            return _page(request, offer, form, now, status=422)
    else:
        decline_offer(offer, reason=form.decline_reason, now=now)
    return see_other("offer_answer", token)


def _page(
    request: HttpRequest, offer: Offer, form: AnswerForm, now: datetime, status: int = 200
) -> HttpResponse:
    """Render what the offer has become: the question, the thanks, or what happened to it."""
    context = {
        "offer": offer,
        "opportunity": offer.opportunity,
        "volunteer": offer.pledge.volunteer,
        "placement": _placement(offer),
        "form": form,
        "ran_out": offer.ran_out(now),
        "rest_days": settings.OFFER_REST_DAYS,
        "ask_token": ask_token(offer.pledge.volunteer.mailbox, now),
    }
    return render(request, _template(offer, now), context, status=status)


def _placement(offer: Offer) -> Placement | None:
    """Return what a yes became, as it is today: the link is opened weeks later, too."""
    placement: Placement | None = getattr(offer, "placement", None)
    if placement is not None:
        placement.opportunity = offer.opportunity
    return placement


def _template(offer: Offer, now: datetime) -> str:
    if offer.may_be_accepted(now):
        return "volunteers/offer.html"
    answered = {Offer.Status.ACCEPTED: "accepted", Offer.Status.DECLINED: "declined"}
    return f"volunteers/offer_{answered.get(Offer.Status(offer.status), 'over')}.html"
