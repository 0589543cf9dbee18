"""Pages that a link from a mail opens: whoever holds the link is the person."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from foundation.links import LinkExpired, LinkNotValid

P = ParamSpec("P")


def token_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer a dead link in plain words (404, expired 410) and keep the page out of every cache and index.

    `Referrer-Policy: same-origin` keeps the link from other sites; stricter, browsers would send
    `Origin: null` with the forms and the CSRF check refuse them.
    """

    @functools.wraps(view)
    def respond(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except LinkExpired:
            response = render(request, "volunteers/link_expired.html", status=410)
        except LinkNotValid:
            response = render(request, "volunteers/link_not_valid.html", status=404)
        patch_cache_control(response, no_store=True, private=True)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return respond
