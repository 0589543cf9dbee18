"""Field 86 of an MT940: free text, or the subfields of the German banks (Anlage 3 of the DFÜ agreement)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from donations.domain import statements as said
from donations.domain.references import codes_in

_STRUCTURED = re.compile(r"(\d{3})(?P<mark>[?~])(?=\d{2})", re.ASCII)
_KEYWORD = re.compile(
    r"(?:^|(?<=\s))(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|MDAT|DDAT|SQTP|ORCR|ORMR)\+"
)
_REFERENCES = ("EREF", "KREF", "MREF", "CRED")
_OTHERS = ("DEBT", "ABWA", "ABWE", "ORCR", "ORMR", "PURP", "COAM", "OAMT")
_PURPOSE = frozenset([*range(20, 30), *range(60, 64)])
_FULL = 27  # a subfield this long goes on in the next one without a blank
_RETURNS = frozenset({"108", "109", "159", "181", "183", "184"})
_ISO_REASON = re.compile(
    r"\b(AC0[1-6]|AC13|AG0[1-3]|AM0[1-9]|AM10|BE0[1-8]|CNOR|DNOR|ED05|FF0[1-5]|FOCR|MD0[1-7]|MS0[23]|RC0[1-4]|RR0[1-4]"
    r"|SL0[1-4]|TM01)\b"
)
# The numbers of subfield 34 on whose meaning published tables agree; others are not guessed.
_REASONS = {
    "901": "AC01",
    "902": "AC04",
    "903": "AC06",
    "904": "AG01",
    "906": "AM04",
    "907": "AM05",
    "908": "BE04",
    "909": "MD01",
    "910": "MD02",
    "912": "MD06",
    "913": "MD07",
    "915": "RC01",
}


@dataclass(frozen=True, slots=True)
class Details:
    """What field 86 tells of a movement; empty where it tells nothing."""

    name: str = ""
    account: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    references: tuple[str, ...] = ()
    return_reason: str = ""


def read_details(text: str) -> Details:
    """Read field 86; any text is accepted, what has no structure is remittance."""
    found = _STRUCTURED.match(text)
    if not found:
        return Details(remittance=said.plain(text))
    subfields = list(_subfields(text[found.start("mark") :].replace("\n", ""), found["mark"]))
    words = _words(content for number, content in subfields if number in _PURPOSE)
    remittance = said.plain(_joined(words[""], words.get("SVWZ", ""), was_full=False))
    return Details(
        name=said.plain("".join(content for number, content in subfields if number in {32, 33})),
        account=_first(subfields, 31).replace(" ", "").upper() or words.get("IBAN", ""),
        remittance=remittance,
        end_to_end_id=said.plain(words.get("EREF", "")),
        references=tuple(_references(words)),
        return_reason=_reason(found[1], _first(subfields, 34), remittance),
    )


def _references(words: dict[str, str]) -> Iterator[str]:
    """What the movement is called; of all else only codes of ours that somebody put there."""
    yield from (said.plain(words.get(key, "")) for key in _REFERENCES)
    yield from codes_in(*(words.get(key, "") for key in _OTHERS))


def _subfields(text: str, mark: str) -> Iterator[tuple[int, str]]:
    """Yield (number, content) in order; a mark that no number follows belongs to the content."""
    for piece in re.split(rf"{re.escape(mark)}(?=\d{{2}})", text)[1:]:
        yield int(piece[:2]), piece[2:]


def _words(contents: Iterator[str]) -> dict[str, str]:
    """Return the text of each keyword; under "" what stands before the first one."""
    words, key, was_full = {"": ""}, "", True
    for content in contents:
        before, *rest = _KEYWORD.split(content)
        words[key] = _joined(words[key], before, was_full)
        for key, text in zip(rest[::2], rest[1::2], strict=True):
            words[key] = _joined(words.get(key, ""), text, was_full=False)
        was_full = len(content) >= _FULL
    return words


def _joined(before: str, after: str, was_full: bool) -> str:
    """Banks cut blanks at the end of a subfield; only a full one goes on in the middle of a word."""
    if not before or not after:
        return before + after
    return before + after if was_full else f"{before} {after}"


def _first(subfields: list[tuple[int, str]], wanted: int) -> str:
    return next((said.plain(content) for number, content in subfields if number == wanted), "")


def _reason(code: str, number: str, remittance: str) -> str:
    """Why money came back: by the bank's number, else by the ISO code that it wrote into the text."""
    if number[:3] in _REASONS:
        return _REASONS[number[:3]]
    written = _ISO_REASON.search(remittance)
    return written[1] if written and code in _RETURNS else ""
