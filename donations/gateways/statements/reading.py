"""Reading a statement of the bank, whichever of the two forms it has, without booking anything."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from donations.domain.statement_files import CAMT, HEAD, MT940, form_of
from donations.domain.statements import InForm, Item, StatementRefused
from donations.gateways.statements import camt, mt940
from donations.gateways.statements.files import Part, parts_of

_READERS: dict[str, Callable[[Part], Iterator[Item]]] = {CAMT: camt.read, MT940: mt940.read}
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def read_statement(path: Path) -> Iterator[Item]:
    """Yield the statements of a camt.053 or MT940 file, also zipped: where they begin, entries, and flags.

    Nothing may be booked before the last one has come: raises StatementRefused, perhaps after some of them.
    Raises OSError for a file that cannot be read.
    """
    try:
        for part in parts_of(path):
            form, read = _reader_of(part)
            yield InForm(form)
            yield from read(part)
    except _BROKEN_ARCHIVE as error:
        raise StatementRefused(f"a broken archive: {error}") from error


def _reader_of(part: Part) -> tuple[str, Callable[[Part], Iterator[Item]]]:
    with part.open() as source:
        form = form_of(source.read(HEAD))
    if form not in _READERS:
        raise StatementRefused("neither camt.053 nor MT940")
    return form, _READERS[form]
