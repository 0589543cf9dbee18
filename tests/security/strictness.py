"""What every answer tells the browser to refuse, whatever it is an answer to."""

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie

POLICY = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "connect-src": {"'self'"},
    "font-src": {"'self'"},
    "form-action": {"'self'", "https://checkout.stripe.com"},
    "frame-ancestors": {"'none'"},
    "img-src": {"'self'", "data:"},
    "manifest-src": {"'self'"},
    "object-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FRAMED_ANYWHERE = {"embedded_tasks"}
"""The one address that other websites may show in a frame; in exchange it sends no form anywhere."""
FORBIDDEN = ("camera", "geolocation", "microphone", "payment", "usb")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=\s*[\"']|<script(?![^>]*\ssrc=)|\son\w+\s*=\s*[\"']|javascript:", re.I
)
ELSEWHERE = re.compile(
    r"<(?:img|script|link(?! rel=\"canonical\")|iframe|source|embed|object)\b"
    r"[^>]*\b(?:src|srcset|href|data)=[\"'](?:https?:)?//",
    re.I,
)
IN_LETTERS = re.compile(r"^text/|[+/]xml\b")
"""What a browser reads as letters, in a charset of its choice where none is told (OWASP ASVS 5.0, 4.1.1)."""
COOKIES = {"csrftoken", "sessionid"}


def policy_in(headers: Mapping[str, str]) -> dict[str, set[str]]:
    parts = [part.split() for part in headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


def assert_strict(name: str, headers: Mapping[str, str], page: str) -> None:
    """Assert that an answer forbids what it should and, as a page, loads nothing from elsewhere.

    The administration is Django's: its pages answer for their headers only.
    """
    policy, told = POLICY, HEADERS
    if name in FRAMED_ANYWHERE:
        policy = {**POLICY, "frame-ancestors": {"*"}, "form-action": {"'none'"}}
        told = {header: value for header, value in HEADERS.items() if header != "X-Frame-Options"}
        assert "X-Frame-Options" not in headers, name
    assert policy_in(headers) == policy, name
    assert {header: headers.get(header) for header in told} == told, name
    assert headers.get("Access-Control-Allow-Origin") is None, name
    assert all(f"{power}=()" in headers["Permissions-Policy"] for power in FORBIDDEN), name
    if IN_LETTERS.search(headers["Content-Type"]):
        assert headers["Content-Type"].endswith("; charset=utf-8"), name
    if headers["Content-Type"].startswith("text/html") and not name.startswith("/verwaltung"):
        assert INLINE.findall(page) == [], name
        assert ELSEWHERE.findall(page) == [], name


def assert_only_ours(name: str, cookies: SimpleCookie) -> None:
    """Assert that cookies are those of forms and signing in, and that no script reads them."""
    assert set(cookies) <= COOKIES, name
    for cookie in cookies.values():
        assert cookie["httponly"] is True, name
        assert cookie["samesite"] == "Lax", name
        assert cookie["domain"] == "", name
