"""The first gate: what no view should ever have to think about."""

from collections.abc import Callable
from urllib.parse import urlsplit

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


def another_page_is_a_whole_page(get_response: Respond) -> Respond:
    """Let the browser itself go where a redirect leads, if htmx asked for a part of the page that is shown.

    Otherwise the log-in would stand among the rows of a list. Only what `hx-boost` sends is meant: who writes
    a form with a live preview does not lose it.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "HX-Boosted" not in request.headers or not 300 <= response.status_code < 400:
            return response
        if _path(response["Location"]) != _path(request.headers.get("HX-Current-URL", "")):
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
            response.status_code = 200
        return response

    return respond


def _path(address: str) -> str:
    return urlsplit(address).path
