"""Which words may stand in a public text: known German, put together from known German, or known here.

The lists are made by workshop/word_lists.py, what no dictionary has stands beside them. Words are kept in one
string per beginning, 5 MB in all.
"""

import lzma
import re
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from programs.domain.first_names import FIRST_NAMES

_FOLDER = Path(__file__).resolve().parents[2] / "data" / "words"
_BEGINNING = 4
_SHORTEST_PART = 4
_SHORT_PARTS = """
ab an auf aus bei ein er los mit nach vor weg zu um un ur bau bus ehe eis fee hof hut öl ohr ort rad rat
see tag tee tor tür uhr weg zoo zug arm bad ball bar bio euro mini maxi ost süd west nord obst post sport
tier tanz vor zeit zoo alt neu jung groß klein rot blau grün gut hör lern lese les mal näh näher schul
spiel sing sing wohn back bade bar fahr fest film halb haupt neben mit miss co vize ober unter über
ski set box kit spa oma opa rur
"""
# Foreign words that German dictionaries have; where they stand, somebody is told of in another language.
_FOREIGN_WORDS = "boy girl mother father he his needs lost lives jongen moeder vader garçon fille elle une"
_PERSON_STEM = re.compile(r"(.{2,40}?(?:er|ent|ant|ist|or|eur|at|log|ot|ar|ad|ling))(?:in|e?s|en)?")
# Whose feminine form no dictionary has.
_PERSONS = re.compile(
    r"(?:stürm|bleib|sieg|schwimm|turn|läuf|gewinn|anfäng|keep|zwill|schütz|prüf|drill|flücht)(?:er|ling)s?"
)
_JOINTS = ("", "s", "n", "en", "e", "es", "er", "ns")
_ENDINGS = ("s", "n", "en", "e", "es", "er", "in", "innen", "chen", "lein")


@cache
def _short_parts() -> frozenset[str]:
    return frozenset(_SHORT_PARTS.split())


@cache
def _foreign() -> frozenset[str]:
    return frozenset(_FOREIGN_WORDS.split())


def is_person(word: str) -> bool:
    """True if `word` calls one person by what he or she is: „Bewohner“ and „Bewohnerin“ both stand there."""
    stem = _PERSON_STEM.fullmatch(word.lower())
    return stem is not None and (_is_person_stem(stem[1]) or _PERSONS.search(stem[1]) is not None)


@lru_cache(maxsize=4096)
def _is_person_stem(stem: str) -> bool:
    return any(
        _is_listed(f"{stem[cut:]}in") and (not cut or _is_word(stem[:cut]) or _is_word(stem[: cut - 1]))
        for cut in range(len(stem) - _SHORTEST_PART + 1)
    )


def _is_word(small: str) -> bool:
    return _is_listed(small) or _is_put_together(small)


def is_name(word: str) -> bool:
    """True if `word` is known as a first name or as a family name that is nothing else."""
    return word.lower() in _names()


def is_abbreviation(word: str) -> bool:
    """True for what stands in the list exactly so („JHA“), whoever else is called alike."""
    return word in _plain("abbreviations")


@cache
def works() -> re.Pattern[str]:
    """Return the pattern of the books, tales and artists that everybody knows, whole („Max und Moritz“)."""
    titles = (_FOLDER / "works.txt").read_text(encoding="utf-8").splitlines()
    return re.compile(rf"\b(?:{'|'.join(re.escape(title) for title in titles)})s?\b")


def is_known(word: str, local: frozenset[str] = frozenset()) -> bool:
    """True if the word (letters only) may stand in a public text; `local` are the city's."""
    small = word.lower()
    if small in local:
        return True
    if small in _names() or small in _foreign():
        return False
    return (
        small in _plain("usual")
        or is_abbreviation(word)
        or _is_listed(small)
        or _is_inflected(small)
        or _is_put_together(small)
    )


@cache
def _names() -> frozenset[str]:
    return frozenset(_lines("names")) | {name.lower() for name in FIRST_NAMES}


@cache
def _by_beginning() -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in _lines("german"):
        found[word[:_BEGINNING]].append(word)
    return {beginning: "\n" + "\n".join(words) + "\n" for beginning, words in found.items()}


@cache
def _plain(name: str) -> frozenset[str]:
    return frozenset((_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split())


def _lines(name: str) -> list[str]:
    return lzma.decompress((_FOLDER / f"{name}.txt.xz").read_bytes()).decode().split()


def _is_listed(small: str) -> bool:
    return f"\n{small}\n" in _by_beginning().get(small[:_BEGINNING], "")


def _is_inflected(small: str) -> bool:
    """True if a usual word of ours stands there with an ending."""
    return any(small.endswith(end) and small[: -len(end)] in _plain("usual") for end in _ENDINGS)


def _is_put_together(small: str) -> bool:
    """True if it is made of known words with the usual joints between."""
    if not 6 <= len(small) <= 50:
        return False
    reached = {0}
    for start in range(len(small) - 2):
        if start in reached:
            for end in _part_ends(small, start):
                reached.add(end)
    return len(small) in reached


def _part_ends(small: str, start: int) -> list[int]:
    """Return where a part that begins at `start` may end, joints included."""
    ends = []
    for end in range(start + 2, min(start + 25, len(small)) + 1):
        part = small[start:end]
        if end == len(small) and len(part) < _SHORTEST_PART and part not in _short_parts():
            continue
        if _is_part(part):
            ends += [end + len(joint) for joint in _JOINTS if small.startswith(joint, end)]
    return ends


def _is_part(part: str) -> bool:
    if part in _names():
        return False
    if len(part) < _SHORTEST_PART:
        return part in _short_parts()
    return part in _plain("usual") or _is_listed(part)
