"""Secrets of the second factor are stored encrypted, under a key that can be changed."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

_PURPOSE = b"accounts.second_factor"


def encrypt(text: str) -> str:
    """Return `text` encrypted under the first of SECOND_FACTOR_KEYS."""
    return _fernet().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Return what was encrypted under any of SECOND_FACTOR_KEYS. Raises cryptography.fernet.InvalidToken."""
    return _fernet().decrypt(token.encode("ascii")).decode()


def renewed(token: str) -> str:
    """Return the same secret under the first of SECOND_FACTOR_KEYS. Raises InvalidToken."""
    return _fernet().rotate(token.encode("ascii")).decode("ascii")


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in settings.SECOND_FACTOR_KEYS])


def _key(secret: str) -> bytes:
    """Secrets have the entropy of a key (50 characters at least in production), so one round is enough."""
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256))
