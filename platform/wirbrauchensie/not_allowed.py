"""Turns a bare 405, as a reload or a bookmark of a step earns it, into a page with a way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Respond = Callable[[HttpRequest], HttpResponse]


def page_for_405(get_response: Respond) -> Respond:
    """Fill an empty 405 for browsers; all its headers stay, those of private pages too."""

    def respond(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.status_code != 405 or answer.content or not request.accepts("text/html"):
            return answer
        answer.content = render(request, "405.html").content
        return answer

    return respond
