"""German words where the machine needs an order or an address."""

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count

_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def sort_key(text: str) -> str:
    """Return the key by which a phone book sorts `text` (DIN 5007-1): umlauts like their vowel."""
    return text.lower().translate(_FOLDED)


def german_slug(text: str, length: int) -> str:
    """Return `text` as part of an address, at most `length` characters: "Düren-Süd" → "dueren-sued"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_WRITTEN_OUT)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode()).strip("-")[:length].strip("-")


def free_slug(slug: str, taken: Container[str]) -> str:
    """Return `slug` if it is free, or with the first number from 2 on with which it is: "chor", "chor-2"."""
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(each for each in chain([slug], numbered) if each not in taken)
