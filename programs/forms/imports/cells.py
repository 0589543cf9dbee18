"""Reading the cells of a row; what cannot be used becomes a fault that names column and value."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.clock import local_day, utc_now
from foundation.free_texts import FreeText
from foundation.tables.table import Line, folded
from foundation.tables.values import german_day
from programs.domain.imports import Fault
from programs.domain.screening.masking import masked

Value = TypeVar("Value")
SHOWN = 60


class Cells:
    """One line, and the faults found in it so far."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.faults: list[Fault] = []

    def text(self, *heads: str) -> str:
        """Return what stands there, "" for nothing."""
        return self.line.cell(*heads)

    def fault(self, column: str, value: str, reason: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(column, covered(value), reason))

    def read(self, read: Callable[[str], Value], reason: str, *heads: str) -> Value | None:
        """Return what `read` makes of a cell; None with a fault if that raises ValueError."""
        text = self.text(*heads)
        try:
            return read(text)
        except (ValueError, ArithmeticError):
            self.fault(heads[0], text, reason)
            return None

    def one_of(self, known: Mapping[str, Value], reason: str, *heads: str) -> Value | None:
        """Return what `known` (by `folded` name) holds for a cell; None with a fault for what is unknown."""
        text = self.text(*heads)
        found = known.get(folded(text))
        if found is None:
            self.fault(heads[0], text, reason)
        return found

    def day(self, *heads: str) -> date | None:
        """Return the day of a cell; None for an empty one, and with a fault for what is none."""
        reason = _("Das ist kein Tag. Bitte so: 31.12.2026.")
        return self.read(german_day, reason, *heads) if self.text(*heads) else None

    def free_text(self, column: str, text: str, head: str, most: int) -> str:
        """Return a text that may stand in a column ("programs.DistrictFigure.source"), else note a fault."""
        if not text:
            self.fault(head, "", _("Hier fehlt etwas."))
        elif len(text) > most:
            self.fault(head, text, _("Das sind mehr als %(most)d Zeichen.") % {"most": most})
        else:
            try:
                FreeText(column)(text)
            except ValidationError:
                self.fault(head, "", betrays())
        return text


def covered(value: str) -> str:
    """Return the beginning of a value; of one that would betray a child its length alone."""
    shown = value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"
    return shown if masked(value, today=local_day(utc_now())) == value else "▒" * len(shown)


def betrays() -> str:
    """Return why a text is not taken, without a word of it."""
    return _(
        "Der Text nennt vielleicht ein Kind oder eine Familie (Name, Geburtstag oder Anschrift). Hier wird"
        " kein Kind und keine Familie gespeichert; bitte schreiben Sie ihn ohne diese Angabe."
    )


def missing_heads(heads: Collection[str]) -> str:
    """Return that the table lacks these heads."""
    return _("Diese Spalten fehlen: %(heads)s.") % {"heads": ", ".join(heads)}


def safe_name(name: str) -> str:
    """Return the name of a file if it may be kept, "" if it may tell of somebody."""
    plain = re.sub(r"[^\w .()+-]", "_", name)[-120:]
    try:
        for told in (name, plain, re.sub(r"[\W_]+", " ", name)):
            FreeText("programs.DataImport.file_name")(told)
    except ValidationError:
        return ""
    return plain
