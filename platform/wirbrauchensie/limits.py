"""Turns a reached limit, wherever it was noticed, into one plain answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.limits import LimitReached
from wirbrauchensie.errors import too_many_requests


class LimitAnswer:
    """Answers 429 to LimitReached raised by a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, LimitReached):
            return too_many_requests(request, exception.retry_after)
        return None
