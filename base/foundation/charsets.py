"""Bodies come in UTF-8. What comes otherwise is refused before Django decodes path, query or body with it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_UTF8 = {"", "utf-8"}
ANSWER = "Bitte senden Sie Ihre Angaben in der Zeichenkodierung UTF-8."


def is_utf8(content_type: str) -> bool:
    """Return whether a Content-Type names UTF-8 or no charset at all."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "")
    except (LookupError, ValueError):  # RFC 2231 lets the parameter itself be in a strange charset
        return False
    return charset.strip("\"' ").lower() in _UTF8


def utf8_gate(application: Application) -> Application:
    """Answer 415 before `application` makes a request of it: Django reads the query in the body's charset."""

    def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_utf8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        body = ANSWER.encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("415 Unsupported Media Type", headers)
        return [body]

    return respond
