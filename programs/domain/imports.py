"""What can be brought in as a file, how far it has come, and what became of each of its rows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from foundation.choices import TextChoices
from foundation.choices import noop as _
from foundation.moves import Moves


class ImportKind(TextChoices):
    """What the file holds."""

    FIGURES = "figures", _("Zahlen zu Stadtteilen")
    TASKS = "tasks", _("Engagementangebote")
    BORDERS = "borders", _("Grenzen der Stadtteile")
    SERVICES = "services", _("Angebote im Verzeichnis")


TAKES_TWO = frozenset({ImportKind.FIGURES.value, ImportKind.BORDERS.value})
"""What everybody reads at once takes effect when somebody else has looked at the same preview."""


class ImportStatus(TextChoices):
    """How far it has come."""

    PREVIEW = "preview", _("Vorschau")
    WAITING = "waiting", _("wartet auf eine zweite Person")
    APPLYING = "applying", _("wird gerade eingelesen")
    APPLIED = "applied", _("eingelesen")
    DISCARDED = "discarded", _("verworfen")
    UNDONE = "undone", _("zurückgenommen")


IMPORT_MOVES: Moves = {
    "preview": {"waiting", "applying", "discarded"},
    "waiting": {"applying", "discarded"},
    "applying": {"applied"},
    "applied": {"undone"},
    "discarded": set(),
    "undone": set(),
}


class RowFate(TextChoices):
    """What becomes or became of one row."""

    NEW = "new", _("neu")
    CHANGED = "changed", _("geändert")
    SAME = "same", _("unverändert")
    FAULTY = "faulty", _("mit Fehlern")
    TAKEN_BACK = "taken_back", _("zurückgenommen")
    ENDED = "ended", _("beendet")
    STAYS = "stays", _("bleibt")


MADE = frozenset({RowFate.NEW.value, RowFate.STAYS.value, RowFate.ENDED.value})
"""What was made of a row of that origin is not made again."""


class ImportRefusal(TextChoices):
    """Why a step of an import cannot be taken."""

    MOVED_MEANWHILE = (
        "moved_meanwhile",
        _("Inzwischen hat sich der Stand geändert. Bitte sehen Sie sich die Datei noch einmal an."),
    )
    SAME_PERSON = ("same_person", _("Vier Augen: Wer die Datei hochgeladen hat, gibt sie nicht selbst frei."))
    HAS_FAULTS = (
        "has_faults",
        _("Sie wollten die Datei nur ganz einlesen. Bitte berichtigen Sie die Zeilen mit Fehlern."),
    )
    NOTHING_TO_DO = ("nothing_to_do", _("In dieser Datei steht nichts, was sich ändern würde."))


class WhyItStays(TextChoices):
    """Why an import cannot take a row back."""

    CHANGED_SINCE = "changed_since", _("Das wurde seitdem geändert.")
    IS_GONE = "is_gone", _("Das gibt es nicht mehr.")
    PEOPLE_ACTED = (
        "people_acted",
        _("Daran hängen schon Menschen, Anfragen oder Meldungen. Sie können es von Hand beenden."),
    )
    TWICE = "twice", _("Das war schon da, als die Zeile an der Reihe war.")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: in which column, what stands there ("" for nothing), and why it is no use."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class ReadRow:
    """One row of a file as it was read; `values` is what is written if it is brought in.

    `key` is the fingerprint of how the source names it (`origin_key`), which could name somebody and is kept
    nowhere. `label` says what it is about, `before` and `after` what stands there now and what would; a row
    with faults has none of these, for nothing of it is kept.
    """

    line: int
    fate: RowFate
    key: str | None = None
    label: str = ""
    before: str = ""
    after: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def faulty(line: int, *faults: Fault) -> ReadRow:
    """Return a row of which only what is wrong is kept."""
    return ReadRow(line, RowFate.FAULTY, faults=faults)


def with_key(row: ReadRow, key: str | None) -> ReadRow:
    """Return the row with its fingerprint, unless nothing of it is kept."""
    return row if row.fate == RowFate.FAULTY else replace(row, key=key)


def origin_key(kind: str, provider: int | None, source: str, origin: str) -> str | None:
    """Return the fingerprint of a row's own name under its source; None for a row that has none."""
    if not origin:
        return None
    told = "\x1f".join((kind, str(provider or ""), source.casefold().strip(), origin))
    return hashlib.sha256(told.encode()).hexdigest()
