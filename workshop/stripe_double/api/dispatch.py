"""One call of the API: key, idempotency, handler, answer."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from workshop.stripe_double import API_VERSION, idempotency
from workshop.stripe_double.answers import Answer, Request, error_answer, json_answer
from workshop.stripe_double.api.routes import ROUTES, find
from workshop.stripe_double.double import Double
from workshop.stripe_double.errors import ApiError, no_route, refused, wrong_key
from workshop.stripe_double.ids import new_id
from workshop.stripe_double.params import Params


def key_of(request: Request) -> str:
    """Return the secret key of a call, given as bearer token or as user name. Raises ApiError."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError) as error:
            raise wrong_key() from error
    elif scheme.lower() != "bearer":
        raise wrong_key()
    return value.strip()


def account_of(doubles: Sequence[Double], request: Request) -> Double:
    """Return the account that a call is about: its key's, or the one that it names. Raises ApiError."""
    key, connected = key_of(request).encode(), request.headers.get("stripe-account", "")
    for double in doubles:
        is_known = hmac.compare_digest(key, double.config.secret_key.encode())
        if is_known and connected == double.config.connected:
            return double
    raise wrong_key()


def call(doubles: Sequence[Double], request: Request) -> Answer:
    """Answer one call; every answer carries a ``Request-Id``."""
    headers = {
        "Request-Id": new_id("req"),
        "Stripe-Version": request.headers.get("stripe-version", API_VERSION),
    }
    key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
    if key:
        headers["Idempotency-Key"] = key
    try:
        double = account_of(doubles, request)
        fault = double.next_fault() if request.method != "GET" else None
        if fault == "error_500":
            raise ApiError(500, "api_error", "A planned fault of the test double.")
        if fault == "rate_limit":
            raise ApiError(
                429, "invalid_request_error", "A planned fault of the test double.", code="rate_limit"
            )
        if fault == "refused":
            raise refused("A planned fault of the test double.", code="resource_missing")
        answer = _execute(double, request, headers, key)
        return Answer(**{**vars(answer), "dropped": fault == "drop_answer"})
    except ApiError as error:
        return error_answer(error, headers)


def _execute(double: Double, request: Request, headers: dict[str, str], key: str) -> Answer:
    found = find(ROUTES, request.method, request.path)
    if found is None:
        raise no_route(request.method, request.path)
    handler, ids = found
    form = request.form()
    print_of_call = idempotency.fingerprint(request.path, form)
    try:
        with double.act(headers["Request-Id"], key or None) as context:
            kept = idempotency.recall(double.store, key, print_of_call, context.now) if key else None
            if kept is not None:
                return json_answer(*kept, {**headers, "Idempotent-Replayed": "true"})
            done = handler(context, Params(form), *ids)
            status, body = (done.status, done.body) if isinstance(done, ApiError) else (200, done)
            if key:
                idempotency.keep(double.store, key, print_of_call, context.now, status, body)
            return json_answer(status, body, headers)
    except ApiError as error:
        if key and error.began:
            with double.act() as context:
                idempotency.keep(double.store, key, print_of_call, context.now, error.status, error.body)
        raise
