"""Codes on paper for when the telephone is lost: shown when they are made, kept as hashes, each good once.

OWASP ASVS 5.0, 6.5.2. The row is the one that the sign-in library has for such codes (docs/decisions/0070).
"""

import re
from secrets import choice

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.secrets import decrypt, encrypt

COUNT = 10
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no sign looks like another one. Twelve of them are 60 random bits."""
_MEANT = str.maketrans("OIL", "011", "- \u2010\u2011\u2013")
_ONE = re.compile(rf"[{_SIGNS}]{{12}}|[0-9]{{8}}")
"""Eight digits are what codes had until November 2026."""


@transaction.atomic
def make_codes(user: User) -> tuple[Authenticator, list[str]]:
    """Replace the codes of `user` by COUNT new ones. Returns the row of their hashes and what to show."""
    User.objects.select_for_update().get(pk=user.pk)
    _row_of(user).delete()
    codes = ["-".join("".join(choice(_SIGNS) for _ in range(4)) for _ in range(3)) for _ in range(COUNT)]
    row = Authenticator.objects.create(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data=hashed([_plain(code) for code in codes])
    )
    return row, codes


def hashed(codes: list[str]) -> dict[str, list[str]]:
    """Return what is kept of these codes. The library reads the empty list: it knows none of them."""
    return {"migrated_codes": [], "hashes": [encrypt(make_password(code)) for code in codes]}


def looks_like_one(typed: str) -> bool:
    """Whether this can be a code on paper, and none of the app."""
    return _ONE.fullmatch(_plain(typed)) is not None


def use_code(user: User, typed: str) -> Authenticator | None:
    """Use up a code. Returns the row that had it; None if it is wrong or was used before, anywhere."""
    code, row = _plain(typed), _row_of(user).first()
    kept = next((each for each in row.data.get("hashes", ()) if _is(code, each)), None) if row else None
    if kept is None:
        return None
    with transaction.atomic():
        row = _row_of(user).select_for_update().first()
        if row is None or kept not in row.data["hashes"]:
            return None
        row.data["hashes"].remove(kept)
        row.save(update_fields=["data"])
    return row


def _row_of(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)


def _plain(typed: str) -> str:
    return typed.upper().translate(_MEANT)


def _is(code: str, kept: str) -> bool:
    try:
        return check_password(code, decrypt(kept))
    except InvalidToken:
        return False
