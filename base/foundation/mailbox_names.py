"""One mailbox has one name, however its address is written."""

import re
import unicodedata

from django.utils.encoding import punycode

_INVISIBLE = {"Cf", "Cc"}  # soft hyphens, zero-width and control characters
_JOINERS = dict.fromkeys([0x034F, *range(0xFE00, 0xFE10)])  # invisible, but counted as marks
_QUOTES = re.compile(r'\\(.)|"', re.DOTALL)  # RFC 5321 §4.1.2: "a\.b"@x is a.b@x


def normalised_email(address: str) -> str:
    """Return the mailbox behind an address, for counting only, never for sending.

    Compatibility forms are folded (NFKC), invisible characters, quotes, dots and `+tag` before the @ go, the
    domain is lower case in ASCII without its last dot.
    """
    folded = unicodedata.normalize("NFKC", address.translate(_JOINERS))
    seen = "".join(each for each in folded if unicodedata.category(each) not in _INVISIBLE)
    local, _, domain = seen.strip().rpartition("@")
    name = _QUOTES.sub(r"\1", local).casefold()
    return re.sub(r"[.\s]", "", name.split("+", 1)[0]) + "@" + _in_ascii(domain.strip().rstrip(".")).lower()


def _in_ascii(domain: str) -> str:
    try:
        return punycode(domain)
    except UnicodeError:
        return domain
