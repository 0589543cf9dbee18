"""German words where the machine needs an order or an address."""

import re
import unicodedata

_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def sort_key(text: str) -> str:
    """Return the key by which a phone book sorts `text` (DIN 5007-1): umlauts like their vowel."""
    return text.lower().translate(_FOLDED)


def german_slug(text: str, length: int) -> str:
    """Return `text` as part of an address, at most `length` characters: "Düren-Süd" → "dueren-sued"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_WRITTEN_OUT)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode()).strip("-")[:length].strip("-")
