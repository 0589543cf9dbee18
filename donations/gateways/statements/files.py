"""A file of the bank as it arrives: plain or zipped, within limits that no bomb passes."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from donations.domain.statement_files import ARCHIVE, ENDINGS, HEAD, form_of
from donations.domain.statements import StatementRefused
from foundation.file_endings import ending_of

BYTES_MAX = 512 * 1024 * 1024
MEMBERS_MAX = 400
# Statements shrink to a twentieth or a fiftieth; what shrinks much more was made to burst.
RATIO_MAX = 200
_SMALL = 1024 * 1024
_INSIDE = ENDINGS.keys() - {".zip"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class _Limited(io.RawIOBase):
    """Counts what is read; a header that lies about the size does not help."""

    def __init__(self, source: IO[bytes], bytes_max: int) -> None:
        self._source = source
        self._left = bytes_max

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._source.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise StatementRefused("too large")
        buffer[: len(piece)] = piece
        return len(piece)


@dataclass(frozen=True)
class Part:
    """One statement file, inside an archive or alone; it can be opened any number of times."""

    path: Path
    member: str = ""
    bytes_max: int = BYTES_MAX

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Yield its bytes. Raises StatementRefused when there are more than allowed."""
        if not self.member:
            with self.path.open("rb") as source:
                yield io.BufferedReader(_Limited(source, self.bytes_max))
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as inside:
            yield io.BufferedReader(_Limited(inside, self.bytes_max))


def parts_of(path: Path) -> list[Part]:
    """Return the statement files in `path`, in the archive's order. Raises StatementRefused or OSError."""
    with path.open("rb") as source:
        is_archive = form_of(source.read(HEAD)) == ARCHIVE
    if not is_archive:
        return [Part(path)]
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not _is_clutter(member)]
    if not members:
        raise StatementRefused("an archive without files")
    if len({member.filename for member in members}) < len(members):
        raise StatementRefused("two files of one name in the archive")
    if len(members) > MEMBERS_MAX:
        raise StatementRefused("too many files in the archive")
    if sum(member.file_size for member in members) > BYTES_MAX:
        raise StatementRefused("too large")
    if any(ending_of(member.filename) not in _INSIDE for member in members):
        raise StatementRefused("a file in the archive is not called like a statement")
    return [Part(path, member.filename, _bytes_max(member)) for member in members]


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    return member.is_dir() or member.filename.startswith("__MACOSX/")


def _bytes_max(member: zipfile.ZipInfo) -> int:
    if member.flag_bits & 0x1:
        raise StatementRefused("the archive is encrypted")
    if member.compress_type not in _METHODS:
        raise StatementRefused("the archive is compressed in a strange way")
    allowed = max(_SMALL, member.compress_size * RATIO_MAX)
    if member.file_size > allowed:
        raise StatementRefused("too large for its compressed size")
    return min(allowed, BYTES_MAX)
