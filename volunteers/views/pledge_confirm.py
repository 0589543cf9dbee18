"""The double opt-in: GET shows what was typed, POST confirms it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from foundation.clock import utc_now
from volunteers.access import access_pledge_to_confirm
from volunteers.models import TimePledge
from volunteers.services.links import my_pledges_token
from volunteers.services.pledges import confirm_pledge
from volunteers.views.answers import see_other
from volunteers.views.token_pages import token_page


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a pledge. A link used before confirms nothing again and opens nothing."""
    now = utc_now()
    pledge = access_pledge_to_confirm(token, now)
    if request.method != "POST":
        is_waiting = pledge.status == TimePledge.Status.UNCONFIRMED
        template = "volunteers/pledge_confirm.html" if is_waiting else "volunteers/pledge_is_confirmed.html"
        return render(request, template, {"pledge": pledge})
    if confirm_pledge(pledge, now=now):
        return see_other(
            "my_pledges_with", my_pledges_token(pledge.volunteer, now), query="hinweis=bestaetigt"
        )
    return see_other("pledge_confirm", token)
