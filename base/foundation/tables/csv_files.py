"""Tables as text: comma, semicolon or tab, UTF-8 or what Windows writes."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from foundation.tables.table import FileRefused

_SIGNS = ";\t,"


def csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line and its cells. Raises FileRefused."""
    text = _decoded(content)
    if "\x00" in text:
        raise FileRefused(_("Das ist keine Tabelle. Bitte speichern Sie sie als XLSX oder CSV."))
    rows = csv.reader(StringIO(text, newline=""), delimiter=_sign(text), strict=True)
    before = 0
    try:
        for cells in rows:
            yield before + 1, cells
            before = rows.line_num
    except csv.Error as error:
        # A field longer than the module allows, or quotes that never end.
        raise FileRefused(
            _("Zeile %(line)d ist nicht lesbar: Stehen alle Anführungszeichen paarweise?")
            % {"line": rows.line_num}
        ) from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise FileRefused(
                _(
                    "Die Zeichen dieser Datei sind nicht lesbar. Bitte speichern Sie sie als „CSV UTF-8“ oder"
                    " XLSX."
                )
            ) from error


def _sign(text: str) -> str:
    """Return the sign that parts the heads: whichever comes most often in the first line that has one."""
    for line in text.splitlines():
        counts = {sign: line.count(sign) for sign in _SIGNS}
        if any(counts.values()):
            return max(_SIGNS, key=lambda sign: counts[sign])
    return ";"
