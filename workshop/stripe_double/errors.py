"""Refusals in Stripe's words: HTTP status and the JSON below ``error``."""

from typing import Any


class ApiError(Exception):
    """A refused call.

    ``began`` is true when the call had begun to execute: such an answer is kept for its idempotency key,
    a failed validation is not (https://docs.stripe.com/api/idempotent_requests).
    """

    def __init__(self, status: int, kind: str, message: str, *, began: bool = False, **details: str) -> None:
        super().__init__(message)
        self.status = status
        self.began = began
        self.body: dict[str, Any] = {"error": {"type": kind, "message": message, **details}}


def invalid(message: str, *, param: str, code: str = "parameter_invalid") -> ApiError:
    return ApiError(400, "invalid_request_error", message, param=param, code=code)


def missing_param(param: str) -> ApiError:
    return invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")


def unknown_param(param: str) -> ApiError:
    message = f"Received unknown parameter: {param} (or one that the test double does not support)"
    return invalid(message, param=param, code="parameter_unknown")


def refused(message: str, *, code: str, param: str | None = None) -> ApiError:
    """The parameters are well formed but the state of the object forbids the act."""
    details = {"code": code} | ({"param": param} if param else {})
    return ApiError(400, "invalid_request_error", message, began=True, **details)


def declined(message: str, *, code: str) -> ApiError:
    """A payment that was asked for was refused by the payer's bank."""
    own = code in ("expired_card", "incorrect_cvc", "processing_error")
    details = {"code": code} if own else {"code": "card_declined", "decline_code": code}
    return ApiError(402, "card_error", message, began=True, **details)


def no_such(noun: str, object_id: str, *, param: str = "id", status: int = 404) -> ApiError:
    message = f"No such {noun}: '{object_id}'"
    return ApiError(status, "invalid_request_error", message, param=param, code="resource_missing")


def no_route(method: str, path: str) -> ApiError:
    message = f"Unrecognized request URL ({method}: {path}). The test double does not know this address."
    return ApiError(404, "invalid_request_error", message)


def wrong_key() -> ApiError:
    return ApiError(401, "invalid_request_error", "Invalid API Key provided.")
