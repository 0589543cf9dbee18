"""A table as it was read: heads, and lines with the number that a spreadsheet shows."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

BYTES_MAX = 5 * 1024 * 1024
LINES_MAX = 2_000
COLUMNS_MAX = 60
LETTERS_MAX = 5_000


class FileRefused(Exception):
    """The file cannot be read at all; the message says why, in German."""


@dataclass(frozen=True)
class Line:
    """One line that holds something: its number in the file, and its cells by `folded` head."""

    number: int
    cells: Mapping[str, str]

    def cell(self, *heads: str) -> str:
        """Return what stands under the first of these heads that the table has, "" for nothing."""
        return next((self.cells[folded(head)] for head in heads if folded(head) in self.cells), "")


@dataclass(frozen=True)
class Table:
    """`heads` as they are written, in their order."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]

    def has(self, *heads: str) -> bool:
        """Whether one of these heads is there."""
        return not {folded(head) for head in heads}.isdisjoint(folded(head) for head in self.heads)


def folded(text: str) -> str:
    """Return a head or a name without capitals, accents and signs, so that "Träger " finds "traeger"."""
    low = text.strip().lower().replace("ß", "ss")
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        low = low.replace(umlaut, written)
    plain = unicodedata.normalize("NFKD", low)
    return re.sub(r"[^a-z0-9%]+", " ", plain.encode("ascii", "ignore").decode()).strip()


def table_of(written: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """Make a table of numbered lines of cells; the first that holds something are the heads.

    Raises FileRefused for more than is allowed, heads that come twice, and a table without lines.
    """
    lines: list[Line] = []
    heads: tuple[str, ...] = ()
    for number, cells in written:
        texts = [_text(cell, number) for cell in cells]
        if not any(texts):
            continue
        if len(lines) >= LINES_MAX:
            raise FileRefused(
                _("Die Tabelle hat mehr als %(most)d Zeilen. Bitte teilen Sie sie auf.") % {"most": LINES_MAX}
            )
        if not heads:
            heads = _heads(texts)
            continue
        if any(texts[len(heads) :]):
            raise FileRefused(
                _(
                    "In Zeile %(line)d stehen mehr Werte, als es Überschriften gibt. Ist das Trennzeichen"
                    " richtig?"
                )
                % {"line": number}
            )
        named = zip(heads, texts + [""] * (len(heads) - len(texts)), strict=False)
        lines.append(Line(number, {folded(head): text for head, text in named if folded(head)}))
    if not lines:
        raise FileRefused(_("In der Tabelle steht unter den Überschriften keine einzige Zeile."))
    return Table(tuple(head for head in heads if folded(head)), tuple(lines))


def _heads(texts: list[str]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) > COLUMNS_MAX:
        raise FileRefused(_("Die Tabelle hat mehr als %(most)d Spalten.") % {"most": COLUMNS_MAX})
    seen: set[str] = set()
    for head in filter(None, map(folded, texts)):
        if head in seen:
            raise FileRefused(_("Die Überschrift „%(head)s“ kommt zweimal vor.") % {"head": head})
        seen.add(head)
    return tuple(texts)


def _text(cell: str, number: int) -> str:
    if len(cell) > LETTERS_MAX:
        raise FileRefused(
            _("In Zeile %(line)d steht ein Text mit mehr als %(most)d Zeichen.")
            % {"line": number, "most": LETTERS_MAX}
        )
    text = unicodedata.normalize("NFC", cell).replace("\x00", "").replace("\r\n", "\n").strip()
    # Our own exports put an apostrophe before what a spreadsheet would take for a formula.
    return text[1:] if re.match(r"'[=+\-@]", text) else text
