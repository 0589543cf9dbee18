"""Answers that several pages of this app give."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_cache_control

from foundation.links import LinkExpired, LinkNotValid

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def see_other(to: str, *arguments: object) -> HttpResponse:
    """Answer 303: the act is done, look there."""
    return HttpResponseRedirect(resolve_url(to, *arguments), status=303)


def private_page(view: View[P]) -> View[P]:
    """Keep a page behind an unguessable address out of every cache and index; a dead link is told plainly."""

    @functools.wraps(view)
    def respond(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except LinkExpired:
            response = render(request, "donations/link_expired.html", status=410)
        except LinkNotValid:
            response = render(request, "donations/link_not_valid.html", status=404)
        patch_cache_control(response, no_store=True, private=True)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return respond
