"""Every refusal below `/api/v1/` has one shape (RFC 9457), whoever refuses: also what no view ever saw."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

PROBLEM = "application/problem+json"
Respond = Callable[[HttpRequest], HttpResponse]


def problem_body(status_code: int) -> dict[str, Any]:
    """Return what every refusal with this status says."""
    status = HTTPStatus(status_code)
    return {"type": "about:blank", "title": status.phrase, "status": status.value}


def problems_below_v1(get_response: Respond) -> Respond:
    """Turn pages and plain words of the gates into problems; status and headers stay."""

    def respond(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        is_told = answer.status_code < HTTPStatus.BAD_REQUEST or answer.get("Content-Type") == PROBLEM
        if is_told or not request.path.startswith("/api/v1/"):
            return answer
        answer.content = json.dumps(problem_body(answer.status_code)).encode()
        answer["Content-Type"] = PROBLEM
        for name in ("Content-Encoding", "Content-Length", "Content-Language", "ETag"):
            del answer[name]
        return answer

    return respond
