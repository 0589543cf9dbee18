"""Letters as one PDF: the words of the mail, with a code to photograph where it has a link."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.utils.dateformat import format as formatted

from foundation.clock import local_day
from foundation.typesetting import typeset
from outbox.models import Message
from programs.models import City

FOOTER = "\n--\n"
SHEET = "\n=====\n"
"""What stands below it is a sheet of its own, to be signed and sent back."""
_ITEM = re.compile(r"[-•] +")
_TO_SIGN = re.compile(r"_{4} ")
_LINK = re.compile(r"https?://\S+")
_PICTURES = frozenset({"So", "Cs", "Co", "Cn"})
"""Kinds of characters that no typeface of a letter has, such as emoji."""


def letters_document(letters: Iterable[Message], city: City | None, *, now: datetime) -> bytes:
    """Return the letters one after the other, each on a new page. Raises NotDisplayable.

    Each letter is read with its `postal_address`. The same letters and `now` give the same bytes.
    """
    data = {
        "sender": {
            "name": city.name if city else settings.DEFAULT_FROM_EMAIL,
            "address": city.postal_address if city else "",
            "phone": city.contact_phone if city else "",
        },
        "day": formatted(local_day(now), "j. F Y"),
        "letters": [_letter(each) for each in letters],
    }
    return typeset("letters", data, now=now)


def _letter(message: Message) -> dict[str, Any]:
    address: str = vars(message)["postal_address"] or ""
    text, _between, sheet = message.body_text.rsplit(FOOTER, 1)[0].partition(SHEET)
    return {
        "address": [_displayable(line) for line in address.splitlines()],
        "subject": _displayable(message.subject),
        "parts": list(_parts(text)),
        "sheet": list(_parts(sheet)),
    }


def _parts(text: str) -> Iterator[dict[str, str]]:
    """Yield what stands between empty lines: text, an item of a list, a link as a code, a line to sign."""
    for block in re.split(r"\n\s*\n", _displayable(text).strip()):
        said: list[str] = []
        for line in filter(None, map(str.strip, block.splitlines())):
            if _LINK.fullmatch(line):
                yield from _said(said)
                yield {"kind": "code", "text": _code(line)}
            elif item := _ITEM.match(line):
                yield from _said(said)
                yield {"kind": "item", "text": line[item.end() :]}
            elif to_sign := _TO_SIGN.match(line):
                yield from _said(said)
                yield {"kind": "sign", "text": line[to_sign.end() :]}
            else:
                said.append(line)
        yield from _said(said)


def _said(lines: list[str]) -> Iterator[dict[str, str]]:
    if lines:
        yield {"kind": "text", "text": "\n".join(lines)}
        lines.clear()


def _code(url: str) -> str:
    drawing = BytesIO()
    segno.make_qr(url, error="l").save(drawing, kind="svg", border=4, dark="#000", light="#fff")
    return drawing.getvalue().decode()


def _displayable(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each) not in _PICTURES)
