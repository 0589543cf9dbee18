"""Passwords that many people take, those long enough to be taken here among them (OWASP ASVS 5.0, 6.2.4)."""

import lzma
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

LIST = Path(__file__).with_name("common_passwords.txt.xz")
"""The 5,000 commonest of twelve characters and more, in small letters; where they are from: LICENSES."""


class NotCommon(CommonPasswordValidator):
    """Knows Django's 20,000, of which 190 have twelve characters, and those of the list."""

    def __init__(self) -> None:
        super().__init__()
        with lzma.open(LIST, "rt", encoding="ascii") as lines:
            self.passwords |= {line.rstrip("\n") for line in lines}
