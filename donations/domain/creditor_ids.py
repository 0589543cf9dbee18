"""Whether something typed can be a Gläubiger-Identifikationsnummer of SEPA debits (EPC262-08)."""

import re

_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{3}([A-Z0-9]{1,28})", re.ASCII)
_GERMAN_LENGTH = 18


def plain_creditor_id(text: str) -> str:
    """Return it in capitals and without blanks, however it was typed."""
    return "".join(text.split()).upper()


def is_creditor_id(text: str) -> bool:
    """Tell whether shape and check digits are right; the three signs after them are free and not checked."""
    found = _SHAPE.fullmatch(text)
    if not found or (text.startswith("DE") and len(text) != _GERMAN_LENGTH):
        return False
    digits = "".join(str(int(sign, 36)) for sign in found[1] + text[:4])
    return int(digits) % 97 == 1
