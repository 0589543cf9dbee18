"""What must not stand in a published text: anything by which a child or a family could be known.

No child and no family is stored anywhere; needs describe things and places (§§ 62, 64 SGB VIII). Hard
findings refuse the text, soft ones are for the person who releases it. All patterns are linear, and the form
limits the length of the texts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from foundation.choices import TextChoices
from foundation.choices import noop as _
from programs.domain.first_names import FIRST_NAMES


class Kind(TextChoices):
    """What was found."""

    FAMILY = "family", _("Name einer Familie")
    CHILD = "child", _("Name oder Alter eines einzelnen Kindes")
    BIRTH_DATE = "birth_date", _("Geburtsdatum")
    HOME = "home", _("Anschrift einer Wohnung")
    HEALTH = "health", _("Gesundheit eines einzelnen Kindes")
    PERSON = "person", _("Name einer Person")
    ADDRESS = "address", _("Straße und Hausnummer")
    PHONE = "phone", _("Telefonnummer")
    EMAIL = "email", _("E-Mail-Adresse")


HARD = frozenset({Kind.FAMILY, Kind.CHILD, Kind.BIRTH_DATE, Kind.HOME, Kind.HEALTH})


@dataclass(frozen=True)
class Finding:
    """A place in a text; `part` is the key of the text, `excerpt` the words found."""

    part: str
    kind: Kind
    excerpt: str

    @property
    def label(self) -> str:
        """What was found, in words."""
        return str(self.kind.label)

    @property
    def is_hard(self) -> bool:
        """True if the text must not be published with it."""
        return self.kind in HARD


_NAME = r"[A-ZÄÖÜŞÇİĞ][a-zäöüßşçığéèáà]{1,30}"
_CHILD_WORD = (
    r"(?:Kind(?:es)?|Jungen?|Mädchen|Sohn|Söhne|Tochter|Töchter|Schüler(?:in)?|Geschwister|Baby"
    r"|Enkel(?:in)?|Zwillinge|Pflegekind|Patenkind)"
)
_FAMILY = re.compile(rf"\b(?:Familie|Fam\.|Eheleute|Ehepaar)\s+(?!Und\b)({_NAME}(?:-{_NAME})?)")
_NAMED = re.compile(rf"\b(?:heißt|namens|genannt|mit Namen)\s+({_NAME})")
_CHILD_NAMED = re.compile(rf"\b{_CHILD_WORD},?\s+({_NAME})\b")
_WITH_AGE = re.compile(
    rf"\b({_NAME})\s{{0,2}}(?:\(|,|ist)\s{{0,2}}\d{{1,2}}\b\s{{0,2}}(?:Jahre|J\.|jährig|\)|,)"
)
_SINGLE_CHILD = re.compile(
    r"\b[Uu]nser(?:e|en|em|er)?\s+\d{1,2}[- ]?[Jj]ährige[rsnm]?\b"
    rf"|\b(?:[Ee]ine?n?|[Dd]er|[Dd]ie|[Dd]as)\s+\d{{1,2}}[- ]?[Jj]ährige[rs]?\s+{_CHILD_WORD}\b"
)
_BORN = re.compile(
    r"\b(?:geb\.|geboren(?:e[rsn]?)?|Geburtstag|Geburtsdatum)\D{0,15}\d{1,2}\.\s?(?:\d{1,2}\.|[A-Z][a-zä]{2,9})"
)
_DATE = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?((?:19|20)\d{2})\b")
_STREET = re.compile(
    r"\b[A-ZÄÖÜ][\w.-]{0,40}(?:[ -]?[Ss]tra(?:ß|ss)e|[ -]?[Ss]tr\.|weg|platz|allee|gasse|ring|ufer|damm)"
    r"\s{1,2}\d{1,3}\s?[a-h]?\b"
    r"|\b(?:Am|An der|Auf der|Im|In der|Zum|Zur)\s[A-ZÄÖÜ][a-zäöüß]{2,30}\s\d{1,3}\s?[a-h]?\b"
    r"(?!\s?(?:Uhr|Minuten|Jahre|Kinder|Personen|Plätze))"
)
_HOME_WORD = re.compile(
    r"\b(?:wohnt|wohnen|wohnhaft|[Ww]ohnung|zu Hause bei|bei den Eltern|Elternhaus|bei der Mutter"
    r"|beim Vater|privat)\b"
)
_CLASS = re.compile(r"\b(?:Klasse\s?\d{1,2}\s?[a-f]?|(?:[1-9]|1[0-3])[a-f])\b")
_DIAGNOSIS = re.compile(
    r"\b(?:ADHS|ADS\b|Autis|Asperger|Trauma|traumati|Epilep|Diagnose|Depress|FASD?\b|LRS\b|Legasthen"
    r"|Dyskalkul|Down-Syndrom|behindert|Behinderung|Diabetes|psychisch)"
)
_PHONE = re.compile(r"(?<![\w/.-])(?:\+49|0)[\d /()-]{6,20}\d(?!\w)")
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,3}\b")
_TITLED = re.compile(rf"\b(?:Frau|Herrn?|Hr\.|Fr\.)\s+(?:Dr\.\s+|Prof\.\s+)?({_NAME})")
_WORD = re.compile(rf"(?<![\w-]){_NAME}(?![\w-])")
_SENTENCE = re.compile(r"[^.!?\n]{1,400}")


def screen(
    texts: Mapping[str, str], *, today: date, institution_parts: frozenset[str] = frozenset()
) -> list[Finding]:
    """Return what may identify somebody in `texts` (part → text), hard findings first.

    In `institution_parts` a street with number is expected and no finding. `today` decides which full dates
    lie so far back that they can only be a birthday.
    """
    findings: list[Finding] = []
    for part, text in texts.items():
        seen = {
            Finding(part, kind, " ".join(excerpt.split())[:80])
            for kind, excerpt in _found(text, today)
            if not (kind == Kind.ADDRESS and part in institution_parts)
        }
        findings.extend(each for each in seen if not _is_part_of_hard(each, seen))
    return sorted(findings, key=lambda each: (not each.is_hard, each.part, each.kind, each.excerpt))


def _is_part_of_hard(finding: Finding, others: Iterable[Finding]) -> bool:
    """True if a soft finding is but a word of a hard one."""
    return not finding.is_hard and any(other.is_hard and finding.excerpt in other.excerpt for other in others)


def _found(text: str, today: date) -> Iterator[tuple[Kind, str]]:
    for pattern, kind in (
        (_FAMILY, Kind.FAMILY),
        (_NAMED, Kind.CHILD),
        (_SINGLE_CHILD, Kind.CHILD),
        (_BORN, Kind.BIRTH_DATE),
        (_TITLED, Kind.PERSON),
        (_STREET, Kind.ADDRESS),
        (_PHONE, Kind.PHONE),
        (_EMAIL, Kind.EMAIL),
    ):
        for match in pattern.finditer(text):
            yield kind, match[0]
    yield from _named_children(text)
    yield from _old_dates(text, today)
    yield from _homes(text)
    if _CLASS.search(text) and (diagnosis := _DIAGNOSIS.search(text)):
        yield Kind.HEALTH, diagnosis[0]
    yield from _first_names(text)


def _named_children(text: str) -> Iterator[tuple[Kind, str]]:
    for pattern in (_CHILD_NAMED, _WITH_AGE):
        for match in pattern.finditer(text):
            if match[1] in FIRST_NAMES:
                yield Kind.CHILD, match[0]


def _old_dates(text: str, today: date) -> Iterator[tuple[Kind, str]]:
    for match in _DATE.finditer(text):
        if int(match[1]) < today.year - 1:
            yield Kind.BIRTH_DATE, match[0]


def _homes(text: str) -> Iterator[tuple[Kind, str]]:
    for sentence in _SENTENCE.finditer(re.sub(r"[Ss]tr\.", "straße", text)):
        street = _STREET.search(sentence[0])
        if street and _HOME_WORD.search(sentence[0]):
            yield Kind.HOME, street[0]


def _first_names(text: str) -> Iterator[tuple[Kind, str]]:
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - 6) : match.start()].rstrip()
        if match[0] in FIRST_NAMES and not before.endswith(("St.", "Sankt", "Haus")):
            yield Kind.PERSON, match[0]
