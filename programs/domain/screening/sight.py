"""What a person sees: the text without the tricks that hide a name from a machine.

Every character seen remembers where it stood, so that a finding can be shown in the text as it was written.
"""

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that look like Latin ones (after Unicode TR 39, the ones a keyboard offers).
_LOOKS_LIKE = str.maketrans(
    "АВЕКМНОРСТУХЅІЈԚԜаеорсухѕіјԛԝһӏԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονρτυχικ",
    "ABEKMHOPCTYXSIJQWaeopcyxsijqwhldABEZHIKMNOPTYXaovptuxik",
)
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_DASHES = str.maketrans("‐‑‒–—―−⁃﹣－", "-" * 10)
_FOLDED = str.maketrans("’‘`´ʼ＇", "''''''")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ \t.·_*|/-]{1,2}){3,40}[^\W\d_](?![^\W_])")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Sight:
    """What is seen (`text`), where each character stood (`origin`), and which places were disguised."""

    text: str
    origin: list[tuple[int, int]]
    disguised: list[tuple[int, int]]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the written text of what is seen at [start, end)."""
        return self.origin[start][0], self.origin[end - 1][1]


def see(written: str) -> Sight:
    """Return `written` as a person sees it: composed, a word in one script, nothing invisible or spaced."""
    text, origin, hidden = _visible(written)
    disguised = [*hidden, *_mixed(text, origin)]
    text = _WORD.sub(_in_one_script, text)
    spaced = [match.span() for match in _SPACED.finditer(text) if _is_spaced_word(match[0])]
    disguised += [(origin[start][0], origin[end - 1][1]) for start, end in spaced]
    text, origin = _joined(text, origin, spaced)
    return Sight(text, origin, disguised)


def _visible(written: str) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the visible characters, their places, and where an invisible one stood inside a word."""
    seen: list[str] = []
    origin: list[tuple[int, int]] = []
    hidden: list[tuple[int, int]] = []
    for start, cluster in _clusters(written):
        if unicodedata.category(cluster[0]) in _INVISIBLE and cluster not in "\n\t\r":
            if cluster != "\xad" and seen and seen[-1].isalpha() and written[start + 1 : start + 2].isalpha():
                hidden.append((start - 1, start + 2))
            continue
        shown = _plain_letter(cluster[0]) + cluster[1:]
        shown = unicodedata.normalize("NFKC", shown).translate(_DASHES).translate(_FOLDED)
        seen.append(shown)
        origin.extend([(start, start + len(cluster))] * len(shown))
    return "".join(seen), origin, hidden


def _plain_letter(character: str) -> str:
    """Return the letter in a filled circle or square, which Unicode does not take for one."""
    for first in (0x1F150, 0x1F170):
        if first <= ord(character) < first + 26:
            return chr(ord("A") + ord(character) - first)
    return character


def _clusters(written: str) -> list[tuple[int, str]]:
    """Return each character with the marks that belong to it."""
    found: list[tuple[int, str]] = []
    for place, character in enumerate(written):
        if found and unicodedata.combining(character):
            found[-1] = (found[-1][0], found[-1][1] + character)
        else:
            found.append((place, character))
    return found


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(letter, "").split(" ")[0] for letter in word} & {"LATIN", "CYRILLIC", "GREEK"}


def _mixed(text: str, origin: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places of words written in more than one script; no honest text holds one."""
    return [
        (origin[match.start()][0], origin[match.end() - 1][1])
        for match in _WORD.finditer(text)
        if not match[0].isascii() and len(_scripts(match[0])) > 1
    ]


def _in_one_script(match: re.Match[str]) -> str:
    """Return a word with look-alikes as the Latin word it seems to be."""
    word = match[0]
    if word.isascii() or not _scripts(word) - {"LATIN"}:
        return word
    latin = word.translate(_LOOKS_LIKE)
    return latin if _scripts(latin) == {"LATIN"} and len(latin) == len(word) else word


def _is_spaced_word(spaced: str) -> bool:
    return len(set(re.sub(r"[^\W_]", "", spaced)) - {" ", "\t"}) <= 1


def _joined(
    text: str, origin: list[tuple[int, int]], spaced: list[tuple[int, int]]
) -> tuple[str, list[tuple[int, int]]]:
    """Return `text` with the words at `spaced` closed up."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    last = 0
    for start, end in spaced:
        pieces.append(text[last:start])
        places += origin[last:start]
        letters = [place for place in range(start, end) if text[place].isalpha()]
        pieces += [text[place] for place in letters]
        places += [origin[place] for place in letters]
        last = end
    return "".join([*pieces, text[last:]]), [*places, *origin[last:]]
