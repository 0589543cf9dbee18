"""German words where the machine needs an order or an address."""

from django.utils.text import slugify

_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def sort_key(text: str) -> str:
    """Return the key by which a phone book sorts `text` (DIN 5007-1): umlauts like their vowel."""
    return text.lower().translate(_FOLDED)


def german_slug(text: str, length: int) -> str:
    """Return `text` as part of an address, at most `length` characters: "Düren-Süd" → "dueren-sued"."""
    return slugify(text.lower().translate(_WRITTEN_OUT))[:length].strip("-")
