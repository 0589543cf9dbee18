"""The same movement as two forms of a statement tell it: MT940 shortens, folds and drops what camt.053 has.

Both list every movement of a day once. So of movements of one account, day and amount each may be one of the
other form, and no two are the same one: who is surest takes first, what is left over is new.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Self

from donations.domain.bank_lines import LineFacts
from donations.domain.periods import Said

_LOOKS = 300  # how many others a movement is held against
_SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a movement may be known by again, whichever bank wrote it."""

    codes: frozenset[str]
    name: str
    words: frozenset[str]
    text: str
    bare_name: str  # without the letters that some banks drop
    bare_text: str

    @classmethod
    def of(cls, facts: LineFacts) -> Self:
        words = re.findall(r"\w+", facts.counterparty_name)
        return cls(
            frozenset(facts.codes),
            _folded(facts.counterparty_name),
            frozenset(_folded(word) for word in words),
            _folded(facts.remittance),
            _folded(_bare(facts.counterparty_name)),
            _folded(_bare(facts.remittance)),
        )

    def left_out(self) -> int:
        """How little it tells: who tells most chooses first among those that only do not contradict."""
        return (not self.name) + (not self.text)

    def ways(self) -> list[Hashable]:
        """The ways to look for it, the surest first; what is empty tells nothing."""
        return [self.codes, (self.name, self.text), self.name, self.text, "anything"]


def pairs(
    new: Mapping[str, LineFacts], known: Mapping[int, LineFacts], told: Callable[[str, int], Said]
) -> dict[str, int]:
    """Return which of the known movements each of the new ones is; all are of one account, day and amount.

    `told` says what the statements themselves tell of two: that they have none in common, or all.
    """
    signs_of = {key: _Signs.of(facts) for key, facts in new.items()}
    coming = dict(sorted(signs_of.items(), key=lambda each: each[1].left_out()))
    left = {pk: _Signs.of(facts) for pk, facts in known.items()}
    found: dict[str, int] = {}
    for way in range(5):
        by_sign: dict[Hashable, list[int]] = defaultdict(list)
        for pk, signs in left.items():
            by_sign[signs.ways()[way]].append(pk)
        for key, signs in coming.items():
            if key in found or not (sign := signs.ways()[way]):
                continue
            near = by_sign[sign][:_LOOKS]
            fit = next((pk for pk in near if _is_one(signs, left[pk], told(key, pk))), None)
            if fit is not None:
                by_sign[sign].remove(fit)
                found[key] = fit
                del left[fit]
    return found


def _is_one(one: _Signs, other: _Signs, told: Said) -> bool:
    if told == "apart":
        return False
    if one.codes and other.codes:
        return bool(one.codes & other.codes)
    return told == "same" or (_names_agree(one, other) and _texts_agree(one, other))


def _names_agree(one: _Signs, other: _Signs) -> bool:
    if one.words <= other.words or other.words <= one.words:
        return True
    if _contain(one.name, other.name) or _drops(one.name, one.bare_name, other.name):
        return True
    return _drops(other.name, other.bare_name, one.name)


def _texts_agree(one: _Signs, other: _Signs) -> bool:
    if _contain(one.text, other.text) or _drops(one.text, one.bare_text, other.text):
        return True
    return _drops(other.text, other.bare_text, one.text)


def _drops(full: str, bare: str, other: str) -> bool:
    """Whether the other is told by a bank that drops what is no ASCII."""
    return bare not in {"", full} and _contain(bare, other)


def _contain(one: str, other: str) -> bool:
    return one in other or other in one


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii())


def _folded(text: str) -> str:
    """Letters and digits alone; ä, ae and a are one, as some banks write only what SWIFT allowed."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if sign.isalnum())
    for long, short in _SPELLINGS:
        letters = letters.replace(long, short)
    return letters
