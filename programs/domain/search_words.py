"""The words families use, and the words that the directory uses for the same."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "data" / "search_words.json"
_SHORTEST_TYPO = 5
_WORD = re.compile(r"[^\W\d_]{4,}")


def spellings(word: str) -> list[str]:
    """Return what is looked for when somebody types `word`: its spellings and what is meant by it."""
    small = word.lower()
    forms = [word, small.replace("ss", "ß"), small.replace("ß", "ss"), *_umlauts(small)]
    meant = [other for form in forms for other in _meant().get(form.lower(), [])]
    return list(dict.fromkeys([*forms, *meant]))


def may_be_mistyped(word: str) -> bool:
    """Whether `word` is long enough to tell what it is a typing error of."""
    return len(word) >= _SHORTEST_TYPO


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of the directory's `texts`, and those of families."""
    return sorted({each.lower() for text in texts for each in _WORD.findall(text)} | _meant().keys())


@cache
def _meant() -> dict[str, list[str]]:
    words: dict[str, list[str]] = json.loads(_FILE.read_text(encoding="utf-8"))["words"]
    return words


def _umlauts(small: str) -> list[str]:
    """Return the word with „ae“, „oe“, „ue“ as umlauts."""
    changed = small.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")
    return [] if changed == small else [changed]
