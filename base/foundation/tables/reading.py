"""The one way from an uploaded file to a table."""

from django.utils.translation import gettext as _

from foundation.tables.csv_files import csv_lines
from foundation.tables.table import BYTES_MAX, FileRefused, Table, table_of
from foundation.tables.xlsx_files import xlsx_lines

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_workbook(head: bytes) -> bool:
    """Whether a file that begins so may be called a workbook; an old one is refused when it is read."""
    return head.startswith((_ZIP, _OLD_EXCEL))


def is_text(head: bytes) -> bool:
    """Whether a file that begins so may be called a text, such as CSV or JSON."""
    return not is_workbook(head)


ENDINGS = {".xlsx": is_workbook, ".csv": is_text}


def read_table(content: bytes) -> Table:
    """Read CSV or XLSX, whichever it is. Raises FileRefused."""
    if len(content) > BYTES_MAX:
        raise FileRefused(_("Diese Datei ist größer als 5 MB. Bitte teilen Sie sie auf."))
    if content.startswith(_OLD_EXCEL):
        raise FileRefused(
            _("Das ist eine alte oder verschlüsselte Excel-Datei. Bitte speichern Sie sie als XLSX.")
        )
    return table_of(xlsx_lines(content) if content.startswith(_ZIP) else csv_lines(content))
