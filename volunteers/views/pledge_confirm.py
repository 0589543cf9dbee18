"""The double opt-in: GET shows what was typed, POST confirms it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from citizens.services.links import ask_token
from citizens.views.private_pages import private_page, see_other
from foundation import typed
from foundation.client import client_address
from foundation.clock import utc_now
from foundation.limits import LimitReached
from foundation.links import LinkExpired, LinkNotValid
from volunteers.access import access_pledge_to_confirm, access_pledge_to_confirm_again
from volunteers.forms.pledge import SharedMailboxForm
from volunteers.models import TimePledge
from volunteers.selectors.same_mailbox import known_beside
from volunteers.services.pledges import confirm_pledge, renew_link
from volunteers.wording.first_steps import first_steps

PAGE = "volunteers/pledge_confirm.html"


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a pledge. A link used before confirms nothing again and opens nothing else."""
    now = utc_now()
    try:
        pledge = access_pledge_to_confirm(token, now)
    except LinkExpired:
        return _expired(request, token, now)
    if request.method != "POST":
        return render(request, *_page(pledge, now))
    form = _form(pledge, request.POST)
    if form and not form.is_valid():
        return render(request, PAGE, {"pledge": pledge, "form": form}, status=400)
    confirm_pledge(pledge, now=now, is_known_person=form.is_known_person if form else None)
    return see_other("pledge_confirm", token)


@private_page
@require_POST
def pledge_confirm_again(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a new link to the mailbox that has not confirmed in time."""
    now = utc_now()
    pledge = access_pledge_to_confirm_again(token, now)
    try:
        renew_link(pledge, client=client_address(request), now=now)
    except LimitReached as reached:
        response = _expired(request, token, now, is_too_much=True, status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    typed.forget_written_to(request)
    return see_other("pledge_sent")


def _expired(
    request: HttpRequest, token: str, now: datetime, *, is_too_much: bool = False, status: int = 410
) -> HttpResponse:
    """Offer a new link, if there is still something to confirm, else the ways that are left."""
    try:
        access_pledge_to_confirm_again(token, now)
    except LinkNotValid:
        return render(request, "volunteers/pledge_confirm_over.html", status=status)
    context = {"token": token, "is_too_much": is_too_much}
    return render(request, "volunteers/pledge_confirm_expired.html", context, status=status)


def _form(pledge: TimePledge, data: QueryDict | None = None) -> SharedMailboxForm | None:
    """The question who of those known there this is, while it waits for an answer."""
    known = known_beside(pledge.volunteer) if pledge.status == TimePledge.Status.UNCONFIRMED else []
    return SharedMailboxForm(pledge.volunteer, known, data) if known else None


def _page(pledge: TimePledge, now: datetime) -> tuple[str, dict[str, Any]]:
    if pledge.status == TimePledge.Status.UNCONFIRMED:
        return PAGE, {"pledge": pledge, "form": _form(pledge)}
    context = {
        "pledge": pledge,
        "next_steps": first_steps(pledge.answer_due_on) if pledge.is_open and pledge.answer_due_on else [],
        "ask_token": ask_token(pledge.volunteer.mailbox, now),
    }
    return "volunteers/pledge_is_confirmed.html", context
