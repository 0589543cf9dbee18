"""The addresses that machines call: they are answered, never led elsewhere.

A redirect makes a machine repeat its request without the body, or in the open; so these addresses are exact,
and over plain http they are refused.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware

Respond = Callable[[HttpRequest], HttpResponse]
_MACHINES = ("/stripe/webhook", "/api", "/post/zustellbericht")


def is_for_machines(path: str) -> bool:
    """Tell whether the address is one of a webhook or the API, or would be with a slash at its end."""
    return any(path == door or path.startswith(f"{door}/") for door in _MACHINES)


def https_for_machines(get_response: Respond) -> Respond:
    """Answer 403 to a machine that speaks plain http where people are led to https."""

    def respond(request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and is_for_machines(request.path):
            return HttpResponse("https only", status=403, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return respond


class SlashForPeople(CommonMiddleware):
    """Adds a forgotten slash to the addresses of people only."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not is_for_machines(request.path_info) and super().should_redirect_with_slash(request)
