"""What a file of the bank is called, and what it is by how it begins."""

from functools import partial

ARCHIVE, CAMT, MT940, UNKNOWN = "zip", "camt", "mt940", ""
HEAD = 4096

_ZIP = b"PK"
_BLANKS = b" \t\r\n"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # byte order marks


def form_of(head: bytes) -> str:
    """Return which form a file has that begins so."""
    if head.startswith(_ZIP):
        return ARCHIVE
    start = head
    for mark in _MARKS:
        start = start.removeprefix(mark)
    if start.lstrip(_BLANKS).lstrip(b"\0").startswith(b"<"):
        return CAMT
    return MT940 if b":20:" in head else UNKNOWN


def _is_one_of(forms: set[str], head: bytes) -> bool:
    return form_of(head) in forms


_IS_CAMT = partial(_is_one_of, {CAMT, UNKNOWN})
_IS_MT940 = partial(_is_one_of, {MT940, UNKNOWN})
_IS_EITHER = partial(_is_one_of, {CAMT, MT940, UNKNOWN})
ENDINGS = {
    ".xml": _IS_CAMT,
    ".camt": _IS_CAMT,
    ".sta": _IS_MT940,
    ".940": _IS_MT940,
    ".mt940": _IS_MT940,
    ".swi": _IS_MT940,
    ".mta": _IS_MT940,
    ".txt": _IS_EITHER,
    ".dat": _IS_EITHER,
    ".zip": partial(_is_one_of, {ARCHIVE}),
}
"""How banks name statements. What has no form that we know is left to the readers, which say so."""
