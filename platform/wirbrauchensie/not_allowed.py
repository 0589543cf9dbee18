"""Turns a bare 405, as a reload or a bookmark of a step earns it, into a page with a way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Respond = Callable[[HttpRequest], HttpResponse]


def page_for_405(get_response: Respond) -> Respond:
    """Fill an empty 405 for browsers; its `Allow` header stays."""

    def respond(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.status_code != 405 or answer.content or not request.accepts("text/html"):
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page

    return respond
