"""Workbooks: the first sheet, cell by cell, as the text that somebody sees there.

A formula is never computed: what its program last stored as the result is read. Entities are refused by
defusedxml; how much an archive may hold unpacked is looked at before anything of it is read.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from io import BytesIO
from typing import Any

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from foundation.tables.table import COLUMNS_MAX, LINES_MAX, FileRefused

UNPACKED_MAX = 60 * 1024 * 1024
MEMBERS_MAX = 300
# Sheets shrink to a tenth, seldom to a fortieth; what shrinks much more was made to burst.
RATIO_MAX = 120
_SMALL = 1024 * 1024
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What the unpacker, two parsers of XML and openpyxl raise over bytes that are not as they expect: none of
# them promises more than this. Both parsers' errors are SyntaxError; too deep is a RuntimeError, as is a
# method of packing that is not known.
_BROKEN = (
    InvalidFileException,
    DefusedXmlException,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
_DIGITS = 400
"""A float has up to 309 before the comma."""
# An empty line costs a moment too: a sheet whose one cell stands in line 1,048,576 is not read to its end.
_ROWS_MAX = 4 * LINES_MAX


def xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line of the first sheet and its cells. Raises FileRefused."""
    _look_at(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=_ROWS_MAX + 1, max_col=COLUMNS_MAX + 1)
        for number, cells in enumerate(rows, 1):
            if number > _ROWS_MAX:
                raise FileRefused(
                    _("Die Tabelle reicht über Zeile %(most)d hinaus. Bitte teilen Sie sie auf.")
                    % {"most": _ROWS_MAX}
                )
            yield number, [_shown(cell) for cell in cells]
    except _BROKEN as error:
        raise FileRefused(_("Diese Datei ist keine lesbare XLSX-Tabelle.")) from error


def _look_at(content: bytes) -> None:
    """Raise FileRefused for an archive that is broken, locked, or bursts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except _BROKEN as error:
        raise FileRefused(_("Diese Datei ist keine lesbare XLSX-Tabelle.")) from error
    if any(member.flag_bits & 0x1 or member.compress_type not in _METHODS for member in members):
        raise FileRefused(_("Diese Datei ist mit einem Kennwort geschützt oder fremd gepackt."))
    too_much = sum(member.file_size for member in members) > UNPACKED_MAX
    bursts = any(member.file_size > max(_SMALL, member.compress_size * RATIO_MAX) for member in members)
    if too_much or bursts or len(members) > MEMBERS_MAX:
        raise FileRefused(_("Diese Datei ist ausgepackt zu groß."))


def _shown(cell: Any) -> str:
    """Return a cell as it would be typed here: 12,5 · 25 % · 31.12.2026 · 15:00 · ja."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int | float):
        return _number(value, is_percent="%" in str(cell.number_format))
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y}" if value.time() == time() else f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return f"{value.seconds // 3600:02}:{value.seconds % 3600 // 60:02}"
    return str(value)


def _number(value: float, *, is_percent: bool) -> str:
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    # What was computed in binary shows its last digits: 0.07 * 3 is 0.21 to whoever reads it.
    with localcontext(prec=_DIGITS):
        exact = round(exact * 100 if is_percent else exact, 10).normalize()
    return f"{exact:f}".replace(".", ",") + (" %" if is_percent else "")
