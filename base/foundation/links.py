"""Signed links: a purpose, a subject and an end, verified without a table.

Opening a link never decides anything; the page behind it asks and its POST decides.
"""

import re
from datetime import UTC, datetime, timedelta

from django.core import signing

TOKEN = re.compile(r"[\w-]+:[\w-]+:[\w-]{43}(?![\w-])", re.ASCII)
"""What `sign` returns, as it stands in the text of a mail."""


class LinkNotValid(Exception):
    """The token was altered, made for another purpose, or is no token at all."""


class LinkUsed(LinkNotValid):
    """The token was genuine, and what it is for has been done."""


class LinkExpired(Exception):
    """The token was genuine but its time is over."""


def sign(purpose: str, subject: str, *, now: datetime, valid_for: timedelta) -> str:
    """Return a URL-safe token: its bearer may act for `subject` within `purpose` until now + valid_for."""
    expires = int((now + valid_for).timestamp())
    return signing.dumps([subject, expires], salt=f"link.{purpose}", compress=False)


def read(purpose: str, token: str, *, now: datetime) -> str:
    """Return the subject of `token`. Raises LinkNotValid or LinkExpired."""
    return read_dated(purpose, token, now=now)[0]


def read_dated(
    purpose: str, token: str, *, now: datetime, even_if_over: bool = False
) -> tuple[str, datetime]:
    """Return the subject of `token` and the moment its time is over. Raises LinkNotValid or LinkExpired.

    `even_if_over` is for a page that offers a new link and does nothing else.
    """
    subject, ends_at = signed_text(purpose, token)
    if now >= ends_at and not even_if_over:
        raise LinkExpired(purpose)
    return subject, ends_at


def signed_text(purpose: str, token: str) -> tuple[str, datetime]:
    """Return the subject of a genuine `token` and its end, be it over or not. Raises LinkNotValid."""
    try:
        subject, expires = signing.loads(token, salt=f"link.{purpose}")
        return str(subject), datetime.fromtimestamp(expires, UTC)
    except (signing.BadSignature, ValueError, TypeError, OverflowError, OSError) as error:
        raise LinkNotValid(purpose) from error
