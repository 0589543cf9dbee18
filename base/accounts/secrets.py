"""Secrets of second factors and of programs' addresses are stored encrypted, under a key that can be changed.

By AES-256 in Galois/Counter Mode. What Fernet (AES-128) encrypted until November 2026 is still read.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"accounts.second_factor"
_MARK = "A256GCM."
"""What begins so is nonce, text and tag in one (RFC 7518, 5.1 names the algorithm); no Fernet token does."""
_NONCE_BYTES = 12


def encrypt(text: str) -> str:
    """Return `text` encrypted under the first of SECOND_FACTOR_KEYS."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(settings.SECOND_FACTOR_KEYS[0]).encrypt(nonce, text.encode(), _PURPOSE)
    return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def decrypt(token: str) -> str:
    """Return what was encrypted under any of SECOND_FACTOR_KEYS. Raises cryptography.fernet.InvalidToken."""
    if not token.startswith(_MARK):
        return _fernet().decrypt(token.encode("ascii")).decode()
    for secret in settings.SECOND_FACTOR_KEYS:
        try:
            sealed = base64.urlsafe_b64decode(token.removeprefix(_MARK))
            return _cipher(secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE).decode()
        except (InvalidTag, ValueError):
            continue
    raise InvalidToken


def renewed(token: str) -> str:
    """Return the same secret under the first of SECOND_FACTOR_KEYS. Raises InvalidToken."""
    return encrypt(decrypt(token))


def _cipher(secret: str) -> AESGCM:
    """Secrets have the entropy of a key (50 characters at least in production), so nothing is stretched."""
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode()))


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in settings.SECOND_FACTOR_KEYS])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256))
