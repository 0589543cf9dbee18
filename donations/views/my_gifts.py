"""A giver's monthly gift, and the addresses of "Meine Spenden" from before "Meine Seite"."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.services.steps import ask_by_mail
from citizens.views.private_pages import private_page, see_other
from donations.access import access_monthly_to_end, access_own_gifts, access_own_monthly
from donations.domain.links import END_MONTHLY
from donations.gateways.errors import PaymentServiceError
from donations.models import RecurringDonation
from donations.services.gifts.monthly_mails import is_under_way
from donations.services.gifts.naming import name_no_more
from donations.services.online.monthly import cancel_monthly
from foundation.clock import utc_now
from foundation.formats import euro
from foundation.units import Cents


@require_safe
def my_gifts_link(request: HttpRequest) -> HttpResponse:
    """Go where the link is asked for."""
    return see_other("my_page_link")


@private_page
@require_safe
def my_gifts(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with the same link, which opens there what it opened here."""
    access_own_gifts(token, utc_now())
    return see_other("my_page", token)


@private_page
@require_POST
def my_gifts_unnamed(request: HttpRequest, token: str) -> HttpResponse:
    """Name this giver nowhere any more; whoever has the link may, because it only takes away."""
    now = utc_now()
    name_no_more(access_own_gifts(token, now).mailbox, now)
    return see_other("my_page", token, query="hinweis=nicht_genannt")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_gifts_end(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """GET asks, POST ends the monthly gift; an older link takes a step by mail."""
    now = utc_now()
    opened = access_own_gifts(token, now)
    row = access_own_monthly(opened.mailbox, pk)
    context = {
        "token": token,
        "monthly": row,
        "needs_step": opened.needs_step(now),
        "is_under_way": is_under_way(row),
    }
    if request.method != "POST":
        return render(request, "donations/my_gifts_end.html", context)
    if not context["needs_step"]:
        return _end(request, row, context, now) or see_other("my_page", token, query="hinweis=beendet")
    what = _("Ihre Dauerspende wird beendet: %(amount)s %(per)s für %(fund)s.") % {
        "amount": euro(Cents(row.amount_cents)),
        "per": row.get_rhythm_display(),
        "fund": row.fund.name,
    }
    ask_by_mail(opened.mailbox, END_MONTHLY, row.pk, page="my_gifts_end_step", what=what, now=now)
    return see_other("my_page_step_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_gifts_end_step(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed step does: GET shows it, POST ends."""
    now = utc_now()
    row = access_monthly_to_end(token, now)
    is_over = row.status == RecurringDonation.Status.CANCELLED
    context = {"monthly": row, "is_over": is_over, "is_under_way": is_under_way(row)}
    if request.method != "POST":
        return render(request, "donations/my_gifts_end.html", context)
    return _end(request, row, context, now) or see_other("my_gifts_end_step", token)


def _end(
    request: HttpRequest, row: RecurringDonation, context: dict[str, Any], now: datetime
) -> HttpResponse | None:
    """End the monthly gift; returns the page that says why not."""
    try:
        cancel_monthly(row, now)
    except PaymentServiceError:
        problem = _(
            "Der Zahlungsdienst antwortet gerade nicht. Wir wissen deshalb noch nicht, ob Ihre Dauerspende "
            "beendet ist. Bitte laden Sie diese Seite in ein paar Minuten neu; läuft sie dann noch, beenden "
            "Sie sie bitte noch einmal."
        )
        return render(request, "donations/my_gifts_end.html", {**context, "problem": problem}, status=503)
    return None
