"""Which address of the API is answered by which function."""

import re
from collections.abc import Callable
from functools import partial

from workshop.stripe_double.api import events, reads, writes
from workshop.stripe_double.errors import ApiError
from workshop.stripe_double.store import Json

Handler = Callable[..., Json | ApiError]
"""What was done, or the refusal of something that was tried and stays written down."""
Route = tuple[str, re.Pattern[str], Handler]

ID = "([A-Za-z0-9_]+)"


def route(method: str, path: str, handler: Handler) -> Route:
    return method, re.compile(f"^{path.replace('{id}', ID)}$", re.ASCII), handler


def read_by_id(resource: reads.Resource) -> Handler:
    return lambda context, params, object_id: reads.retrieve(context, params, resource, object_id)


ROUTES: list[Route] = [
    route("POST", "/v1/checkout/sessions", writes.create_session),
    route("POST", "/v1/checkout/sessions/{id}/expire", writes.expire_session),
    route("GET", "/v1/checkout/sessions/{id}/line_items", writes.line_items),
    route("POST", "/v1/refunds", writes.create_refund),
    route("POST", "/v1/customers", writes.create_customer),
    route("POST", "/v1/invoices/{id}/pay", writes.pay_invoice),
    route("POST", "/v1/subscriptions/{id}", writes.update_subscription),
    route("DELETE", "/v1/subscriptions/{id}", writes.cancel_subscription),
    route("GET", "/v1/events", events.index),
    route("GET", "/v1/events/{id}", events.retrieve),
    *(route("GET", f"/v1/{one.path}/{{id}}", read_by_id(one)) for one in reads.RESOURCES),
    *(
        route("GET", f"/v1/{one.path}", partial(reads.index, resource=one))
        for one in reads.RESOURCES
        if one.listed
    ),
]


def find(routes: list[Route], method: str, path: str) -> tuple[Handler, tuple[str, ...]] | None:
    for known_method, pattern, handler in routes:
        match = pattern.match(path)
        if match and known_method == method:
            return handler, match.groups()
    return None
