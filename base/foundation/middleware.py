"""The first gate: what no view should ever have to think about."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from foundation.charsets import ANSWER, is_utf8

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Respond = Callable[[HttpRequest], HttpResponse]


def only_utf8(get_response: Respond) -> Respond:
    """Answer 415 to a body in any charset but UTF-8, before anything tries to decode it.

    Charsets such as `utf-7`, `rot13` or `punycode` make the stock handlers fail with a 500.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if not is_utf8(request.META.get("CONTENT_TYPE", "")):
            return HttpResponse(ANSWER, status=415, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return respond


def only_methods_in_use(get_response: Respond) -> Respond:
    """Answer 405 to methods that no page, form or API here has, among them TRACE (ASVS 5.0, 13.4.4)."""

    def respond(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return respond


def no_nul_in_query(get_response: Respond) -> Respond:
    """Answer 400 to a NUL character in path or query; PostgreSQL text cannot hold one."""

    def respond(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse(
                _("Die Adresse enthält ein ungültiges Zeichen."),
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return respond
