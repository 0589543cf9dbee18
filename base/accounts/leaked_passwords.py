"""Passwords that were in a leak (OWASP ASVS 5.0, 6.2.12), compared with a file on this machine.

The file is the operator's (`LEAKED_PASSWORDS`): one SHA-1 in upper case a line, ordered, whatever stands
behind a colon is skipped. That is how Have I Been Pwned gives its whole list away. No password leaves the
house, not even a part of a hash. It is searched in halves: 40 GB cost some forty reads and no memory.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotLeaked:
    """Refuses what the file knows. Without a file it lets everything through."""

    def __init__(self, file: str = "") -> None:
        self._file = Path(file) if file else None

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if it was in a leak."""
        if self._file is None:
            return
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with self._file.open("rb") as lines:
            if _holds(lines, wanted):
                raise ValidationError(self.get_help_text(), code="password_leaked")

    def get_help_text(self) -> str:
        return _("Dieses Passwort steht in einer Liste gestohlener Passwörter. Bitte nehmen Sie ein anderes.")


def _holds(lines: BinaryIO, wanted: bytes) -> bool:
    """Whether one of the ordered lines begins with `wanted`; its line begins at or behind `low`."""
    low, high = 0, lines.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        if _line_from(lines, middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return _line_from(lines, low) == wanted


def _line_from(lines: BinaryIO, place: int) -> bytes:
    """Return the hash of the first line that begins at `place` or behind; greater than all at the end."""
    lines.seek(max(place - 1, 0))
    if place > 0:
        lines.readline()
    line = lines.readline()
    return line.partition(b":")[0].strip().upper() if line else b"~"
