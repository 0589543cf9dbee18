"""Each alternative of each pattern in a sentence, and all texts of the other files: what exactly is found.

The sentences are put together, so some are odd; "lieb" stands for any word. A row that changes is looked at
by a person: the rule has changed for this sentence, and `found.csv` says from what.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from programs.domain.screening import screen
from programs.domain.screening.local import words_of

TODAY = date(2026, 11, 27)
AT_ONCE = 250
LOCAL = words_of(
    [
        "Stadt Düren",
        "Gürzenich",
        "Josef-Schregel-Straße 17",
        "Emma-Treff",
        "Haus Emma",
        "Rurlanke",
        "Emma-Mobil",
    ]
)


def written() -> dict[str, list[tuple[str, str]]]:
    """Return sentence and findings by the module whose words they show."""
    with Path(__file__).with_name("found.csv").open(encoding="utf-8", newline="") as lines:
        rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in csv.DictReader(lines):
            rows[row["of"]].append((row["text"], row["found"]))
        return rows


def found(text: str) -> str:
    findings = screen({"text": text}, today=TODAY, local=LOCAL)
    return " | ".join(f"{each.kind.value}: {each.excerpt}" for each in findings)


PIECES = [
    pytest.param(rows[first : first + AT_ONCE], id=f"{module}-{first}")
    for module, rows in written().items()
    for first in range(0, len(rows), AT_ONCE)
]


@pytest.mark.parametrize("rows", PIECES)
def test_what_is_found_in_each_sentence_stays(rows: list[tuple[str, str]]) -> None:
    assert [(text, found(text), right) for text, right in rows if found(text) != right] == []


def test_no_sentence_was_left_out() -> None:
    assert sum(len(rows) for rows in written().values()) > 6000
