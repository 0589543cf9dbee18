"""Contacts as sources write them, taken apart into what can be dialled, written to or opened."""

import re
from dataclasses import dataclass

_NOTE = re.compile(r"\s*\([^()]*(?:\b(?:19|20)\d\d\b|prüfen|laut|auf )[^()]*\)")
LEAST_DIGITS = 6
MOST_DIGITS = 15
_WAY = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<page>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])"
    r"|(?<![\w/.+-])(?P<phone>(?:\+|0)\d(?:[ /-]{0,3}\d)+)(?![\w.@])"
)


@dataclass(frozen=True)
class ContactPart:
    """A piece of a contact; `address` is tel:, mailto: or http(s):, "" for mere words."""

    text: str
    address: str = ""


def contact_parts(text: str) -> list[ContactPart]:
    """Return `text` in pieces that together read as it does; telephone numbers have 6 to 15 digits."""
    parts: list[ContactPart] = []
    end = 0
    for found in _WAY.finditer(text):
        address = _address(found)
        if not address:
            continue
        parts += _words(text[end : found.start()])
        parts.append(ContactPart(found[0], address))
        end = found.end()
    return parts + _words(text[end:])


def without_notes(text: str) -> str:
    """Return a contact without what its keepers noted in brackets: years, sources, "prüfen"."""
    return _NOTE.sub("", text)


def is_reachable(text: str) -> bool:
    """Tell whether the contact has anything to dial, write to or open."""
    return any(part.address for part in contact_parts(text))


def telephone_address(number: str) -> str:
    """Return the tel: address of a number as people write it, "" where there are no digits."""
    digits = re.sub(r"\D", "", number)
    plus = "+" if number.lstrip().startswith("+") else ""
    return f"tel:{plus}{digits}" if digits else ""


def _address(found: re.Match[str]) -> str:
    if found["mail"]:
        return f"mailto:{found['mail']}"
    if found["page"]:
        return found["page"]
    number = found["phone"]
    digits = sum(each.isdigit() for each in number)
    return telephone_address(number) if LEAST_DIGITS <= digits <= MOST_DIGITS else ""


def _words(text: str) -> list[ContactPart]:
    return [ContactPart(text)] if text else []
