"""Tells the database whose request it is, so that the history names who changed a row."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from foundation.history import acting
from programs.access import hand_of

READING = ("GET", "HEAD", "OPTIONS", "TRACE")


class SignedInHand:
    """Names the signed-in person, and the name of the address, where a request may change something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as named:
            request.hand = named  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Begin when the address is known; it ends when the answer has passed."""
        if request.method not in READING and isinstance(request.user, User):
            route = request.resolver_match.view_name if request.resolver_match else ""
            request.hand.enter_context(acting(hand_of(request.user), str(route)))  # type: ignore[attr-defined]
