"""Requests and answers between the HTTP server and the parts that answer."""

import json
from dataclasses import dataclass, field

from workshop.stripe_double.errors import ApiError, invalid
from workshop.stripe_double.forms import Form, decode
from workshop.stripe_double.store import Json

SAFETY = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Request:
    """``headers`` have lower-case names."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def form(self) -> Form:
        """Return the parameters: from the body of a POST, from the query otherwise."""
        if self.method != "POST":
            return decode(self.target.partition("?")[2])
        try:
            return decode(self.body.decode())
        except UnicodeDecodeError as error:
            raise invalid("The body is not UTF-8.", param="body") from error


@dataclass(frozen=True)
class Answer:
    """``dropped`` cuts the line instead of answering."""

    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False


def json_answer(status: int, body: Json, headers: dict[str, str] | None = None) -> Answer:
    encoded = json.dumps(body, indent=2, ensure_ascii=False).encode()
    return Answer(status, "application/json", encoded, {**SAFETY, **(headers or {})})


def error_answer(error: ApiError, headers: dict[str, str] | None = None) -> Answer:
    return json_answer(error.status, error.body, headers)


def redirect(address: str) -> Answer:
    return Answer(303, "text/plain; charset=utf-8", b"", {**SAFETY, "Location": address})
