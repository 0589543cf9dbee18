"""The words families use, and the words that the directory uses for the same."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parents[1] / "data" / "search_words.json"
_SHORTEST_TYPO = 5
_WORD = re.compile(r"[^\W\d_]{4,}")
_SHORTEST_HEAD, _SHORTEST_BEFORE = 5, 3


def asked_words(text: str) -> list[str]:
    """Return the words of `text` that say what is looked for: none of „kein“, „für“, „ich brauche“.

    If nothing else was typed, all of them.
    """
    words = [word for word in (each.strip(',.;:!?„“"()') for each in text.split()) if word]
    return [word for word in words if word.lower() not in _fillers()] or words


def spellings(word: str) -> list[str]:
    """Return what is looked for when somebody types `word`: its spellings and what is meant by it."""
    small = word.lower()
    forms = [word, small.replace("ss", "ß"), small.replace("ß", "ss"), *_umlauts(small)]
    meant = [other for form in forms for other in _meant().get(form.lower(), [])]
    return list(dict.fromkeys([*forms, *meant]))


def may_be_mistyped(word: str) -> bool:
    """Whether `word` is long enough to tell what it is a typing error of."""
    return len(word) >= _SHORTEST_TYPO


def heads(word: str, known: Iterable[str]) -> list[str]:
    """Return the longest of the `known` words in which a longer one ends: „Drogenberatung“ is a Beratung."""
    small = word.lower()
    ends = [
        each
        for each in known
        if len(each) >= _SHORTEST_HEAD and small.endswith(each) and len(small) - len(each) >= _SHORTEST_BEFORE
    ]
    return [max(ends, key=len)] if ends else []


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of the directory's `texts`, and those of families."""
    return sorted({each.lower() for text in texts for each in _WORD.findall(text)} | _meant().keys())


@cache
def _meant() -> dict[str, list[str]]:
    words: dict[str, list[str]] = _data()["words"]
    return words


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_data()["fillers"].split())


def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def _umlauts(small: str) -> list[str]:
    """Return the word with „ae“, „oe“, „ue“ as umlauts."""
    changed = small.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")
    return [] if changed == small else [changed]
