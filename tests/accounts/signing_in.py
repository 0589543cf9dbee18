"""Signing in as people do, with the app on the telephone played by RFC 6238."""

import base64
import hmac
import struct
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services.recovery_codes import make_codes

PASSWORD = "Vorlesen-am-Dienstag-2026"
HALF_MINUTE = 59_203_440
"""Counted from 1970; telephone and product are in it (`same_half_minute`), however long a test takes."""


@pytest.fixture(autouse=True)
def same_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no code run out between being shown and being typed."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: HALF_MINUTE * 30.0 + 29))


def sign_in(
    client: Client, user: User | str, password: str = PASSWORD, *, wanted: str | None = None
) -> HttpResponse:
    """Type address and password; `wanted` is the page somebody came from."""
    query = {"next": wanted} if wanted is not None else None
    email = user if isinstance(user, str) else user.email
    return client.post(reverse("account_login"), {"login": email, "password": password}, query_params=query)


def code_of(secret: str, later: int = 0) -> str:
    """Return what the app shows so many half minutes later (SHA-1, six digits, thirty seconds)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", HALF_MINUTE + later), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def give_second_factor(user: User) -> str:
    """Set up the app of `user` and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    make_codes(user)
    return secret


def enter_code(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def sign_in_with_code(client: Client, user: User, secret: str) -> None:
    """Sign in all the way."""
    cache.clear()
    sign_in(client, user)
    assert enter_code(client, code_of(secret)).status_code == 302


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
