"""A log names the route of a request, never its address.

Addresses hold signed links, keys that set a new password and what families search for; a log is copied,
shipped and read by others. The route (`anfrage/<str:token>/`) tells an operator all that matters.
"""

import logging
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware

from foundation.client import client_address

NO_ROUTE = "(no route)"


def named(request: HttpRequest) -> str:
    """Return method and route, such as `GET anfrage/<str:token>/`."""
    method = request.method if request.method in _METHODS else "(other method)"
    return f"{method} {_route(request)}"


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


def _route(request: HttpRequest) -> str:
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return NO_ROUTE
    return match.route or "/"


class RouteLog(RequestMiddleware):
    """One line when a request comes and one when it is answered, by route and by who asks."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Name the address that our own proxies wrote; the stock one believes any header of the client."""
        structlog.contextvars.bind_contextvars(ip=client_address(request))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return named(request)


def without_address(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell what Django tells about a request ("Not Found: /path", a host it refuses) by status and route.

    Who asked is named here: the lines of a refusal before any view come when nothing is bound any more.
    Only a fault of ours keeps its traceback: that of a refusal repeats what was asked.
    """
    record = event.get("_record")
    request = getattr(record, "request", None)
    if isinstance(record, logging.LogRecord) and isinstance(request, HttpRequest):
        status = HTTPStatus(getattr(record, "status_code", 400))
        event["event"] = status.phrase
        event["code"] = status.value
        event["request"] = named(request)
        event["ip"] = client_address(request)
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            event.pop("exc_info", None)
    return event
