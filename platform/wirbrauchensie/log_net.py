"""The last net of the log: texts of exceptions quote rows, and rows hold addresses and links.

What is known to hold them never gets here (log_routes.py); this catches what libraries and database quote.
"""

import re
from collections.abc import MutableMapping
from typing import Any

_SIGNED = re.compile(r"[\w-]+:[\w-]+:[\w-]{43}(?![\w-])", re.ASCII)
_MAILBOX = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")

# Their texts quote the address that was asked for, the host or the arguments of a link.
_QUOTES_ADDRESS = re.compile(
    r"^([\w.]*\b(?:Http404|Resolver404|NoReverseMatch|BadSignature|DisallowedHost|DisallowedRedirect|Suspicious\w+))"
    r": .*",
    re.MULTILINE,
)


def without_links_and_addresses(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace every signed token and every e-mail address in the texts of a log event by a dash."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _caught(value)
    return event


def _caught(text: str) -> str:
    text = _QUOTES_ADDRESS.sub(r"\1", text)
    if text.count(":") >= 2:
        text = _SIGNED.sub("–", text)
    return _MAILBOX.sub("–", text) if "@" in text else text
