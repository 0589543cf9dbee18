"""Filling the templates: every value is escaped, except parts that were rendered here."""

import html
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from workshop.stripe_double.answers import SAFETY, Answer

HERE = Path(__file__).parent


class Markup(str):
    """Text that is HTML already."""


def fill(template_name: str, /, **values: str) -> Markup:
    """Return the template with its values; plain text is escaped, ``Markup`` is not."""
    template = Template((HERE / "templates" / f"{template_name}.html").read_text(encoding="utf-8"))
    escaped = {
        key: value if isinstance(value, Markup) else html.escape(value) for key, value in values.items()
    }
    return Markup(template.substitute(escaped))


def joined(parts: list[Markup]) -> Markup:
    return Markup("\n".join(parts))


def origin(address: str | None) -> str:
    """Return scheme, host and port of an address that was checked when the session was made."""
    if address is None:
        return ""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def page(title: str, main: Markup, *, status: int = 200, leads_to: tuple[str | None, ...] = ()) -> Answer:
    """Return a whole page; ``leads_to`` are addresses its form may end at, also by redirect."""
    targets = sorted({target for address in leads_to if (target := origin(address))})
    policy = [
        "default-src 'none'",
        "style-src 'self'",
        " ".join(["form-action 'self'", *targets]),
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    headers = {**SAFETY, "Content-Security-Policy": "; ".join(policy), "Content-Language": "de"}
    body = fill("page", title=title, main=main)
    return Answer(status, "text/html; charset=utf-8", body.encode(), headers)


def stylesheet() -> Answer:
    body = (HERE / "static" / "stripe-double.css").read_bytes()
    return Answer(200, "text/css; charset=utf-8", body, {**SAFETY, "Cache-Control": "max-age=60"})
