"""A list as a table to take away: all that is asked for, row by row, in the columns of its page."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.db.models import Model, QuerySet
from xlsxwriter import Workbook

from foundation.clock import local_day
from foundation.lists.declaring import Listing
from foundation.spreadsheets import Euros, guarded

AT_ONCE = 500
_BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for something else."""


def lines_of(listing: Listing[Any], rows: QuerySet[Any]) -> Iterator[list[object]]:
    """Yield the cells of each row; few rows are held at a time, and nothing follows after `rows`."""
    columns = list(listing.columns.values())
    row: Model
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield [_plain(column.cell(row)) for column in columns]


def heads_of(listing: Listing[Any]) -> list[str]:
    """Return the heads of the columns."""
    return [str(column.label) for column in listing.columns.values()]


def csv_of(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a CSV file line by line, with the semicolons that German spreadsheets expect."""
    yield _BYTE_ORDER_MARK + _csv_line(heads)
    for line in lines:
        yield _csv_line([_written(cell) for cell in line])


def xlsx_of(title: str, heads: Sequence[str], lines: Iterable[Sequence[object]]) -> BytesIO:
    """Return an XLSX file; rows lie on the disk until it is packed, and no cell is a formula."""
    file = BytesIO()
    with Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold = book.add_worksheet(title[:31]), book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        money = book.add_format({"num_format": '#,##0.00 "€"'})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, heads, bold)
        for number, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, Euros):
                    sheet.write_number(number, place, cell.cents / 100, money)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_string(number, place, guarded(cell))
    file.seek(0)
    return file


def _plain(cell: object) -> object:
    """Return a number, an amount or a day as it is, a moment as its day, all else as text."""
    if isinstance(cell, datetime):
        return local_day(cell)
    if cell is None:
        return ""
    return cell if isinstance(cell, int | date | Euros) else str(cell)


def _written(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return str(cell) if isinstance(cell, int | Euros) else guarded(cell)


def _csv_line(cells: Sequence[object]) -> str:
    line = StringIO()
    csv.writer(line, delimiter=";").writerow(cells)
    return line.getvalue()
