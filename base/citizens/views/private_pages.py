"""Pages that a link from a mail opens: whoever holds the link is the person."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from citizens.access import noting_unreachable
from citizens.services.mailboxes import note_reached
from foundation.clock import utc_now
from foundation.links import LinkExpired, LinkNotValid

log = structlog.get_logger(__name__)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def private_page(view: View[P]) -> View[P]:
    """Answer a dead link in plain words (404, expired 410) and keep the page out of every cache and index.

    Who does something by a link reads their mails: they are written to again where mails came back.

    `Referrer-Policy: same-origin` keeps the link from other sites; stricter, browsers would send
    `Origin: null` with the forms and the CSRF check refuse them.
    """

    @functools.wraps(view)
    def respond(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with noting_unreachable() as unreachable:
            try:
                response = view(request, *args, **kwargs)
            except LinkExpired:
                log.info("link_refused", why="expired")
                response = render(request, "citizens/link_expired.html", status=410)
            except LinkNotValid:
                log.warning("link_refused", why="not genuine, revoked or of another kind")
                response = render(request, "citizens/link_not_valid.html", status=404)
        if unreachable and request.method == "POST" and response.status_code == 303:
            note_reached(unreachable, utc_now())
        patch_cache_control(response, no_store=True, private=True)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return respond


def see_other(name: str, *args: object, query: str = "") -> HttpResponse:
    """Return 303 to the page `name`, so that a reload repeats nothing."""
    address = reverse(name, args=args)
    return HttpResponseRedirect(f"{address}?{query}" if query else address, status=303)
