"""The double opt-in: GET shows what was typed, POST confirms it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from citizens.services.links import ask_token
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from volunteers.access import access_pledge_to_confirm
from volunteers.forms.pledge import SharedMailboxForm
from volunteers.models import TimePledge
from volunteers.selectors.people import people_at
from volunteers.services.pledges import confirm_pledge
from volunteers.wording.first_steps import first_steps


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a pledge. A link used before confirms nothing again and opens nothing else."""
    now = utc_now()
    pledge = access_pledge_to_confirm(token, now)
    if request.method != "POST":
        return render(request, *_page(pledge, now))
    form = SharedMailboxForm(request.POST)
    is_other = form.is_valid() and form.is_other_person
    confirm_pledge(pledge, now=now, is_other_person=is_other)
    return see_other("pledge_confirm", token)


def _page(pledge: TimePledge, now: datetime) -> tuple[str, dict[str, Any]]:
    if pledge.status == TimePledge.Status.UNCONFIRMED:
        names = {person.first_name.casefold() for person in people_at(pledge.volunteer.mailbox)}
        is_new_name = bool(names) and pledge.volunteer.first_name.casefold() not in names
        form = SharedMailboxForm() if is_new_name else None
        return "volunteers/pledge_confirm.html", {"pledge": pledge, "form": form}
    context = {
        "pledge": pledge,
        "next_steps": first_steps(pledge.answer_due_on) if pledge.is_open and pledge.answer_due_on else [],
        "ask_token": ask_token(pledge.volunteer.mailbox, now),
    }
    return "volunteers/pledge_is_confirmed.html", context
