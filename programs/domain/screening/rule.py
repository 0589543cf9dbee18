"""The screening of a text: from what a person sees to what may identify somebody."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from programs.domain.screening.contacts import found_contacts
from programs.domain.screening.findings import HARD, Finding, Kind, Spot
from programs.domain.screening.lexicon import works
from programs.domain.screening.names import found_names
from programs.domain.screening.persons import found_persons
from programs.domain.screening.sight import see

_SENTENCE_END = re.compile(r"(?<=[\wäöüß)\"“»]{2})[.!?…]+[\"“»)]?\s+(?=[A-ZÄÖÜ„\"(])|\n+|[!?]+\s")
_PERSON_WORD = re.compile(
    r"\b(?:kind(?:er|es)?|junge[nr]?|mädchen|sohn|tochter|töchter|söhne|mutter|vater|oma|opa|bruder"
    r"|schwester|neffe|nichte|enkel|enkelin"
    r"|schüler|schülerin|baby|familie|nachbarin|nachbar|mama|papa|mann|frau|(?:stief|groß"
    r"|pflege)(?:vater|mutter|eltern)|(?<=im )heim|eltern|schwestern|brüdern?"
    r"|geschwistern?|zwillinge|kinderheim|pflegefamilie|teenager)\b"
    r"|(?<=\bmeine )(?:kleine|große|grosse|jüngste|älteste)\b|(?<=\bmein )(?:kleiner|großer|grosser"
    r"|jüngster|ältester)\b"
    r"|(?<=\b(?:mein|dein)en )(?:kleinen|großen|grossen|jüngsten|ältesten)\b|(?<=\bmeiner )(?:kleinen"
    r"|großen|grossen)\b"
)
_ADDRESS_OF_A_PAGE = re.compile(
    r"(?:https?://|www\.)\S{1,300}|(?<![@.\w-])[\w-]{2,63}\.(?:de|org|com|net|eu)\b"
)
# What an office is for („Ministerium für Kinder, Familie und Flucht“) tells of nobody.
_MATTER = r"(?:[a-zäöüß]{4,20}e[nrs]?\s)?[A-ZÄÖÜ][\wäöüß-]{2,40}"
_OFFICE = re.compile(
    r"\b[\wäöüß-]{0,30}(?:[Mm]inisteriums?|[Mm]inister(?:in)?|[Aa]mte?s?|[Dd]ezernats?|[Aa]usschuss(?:es)?"
    r"|[Ff]achbereichs?|[Aa]bteilung|[Bb]eirats?)"
    rf"\sfür\s{_MATTER}(?:,\s{_MATTER}){{0,9}}(?:,?\s(?:und|sowie)\s{_MATTER})?"
)
_LONGEST_EXCERPT = 80


def screen(
    texts: Mapping[str, str],
    *,
    today: date,
    institution_parts: frozenset[str] = frozenset(),
    local: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Return what may identify somebody in `texts` (part → text), hard findings first.

    In `institution_parts` a street with number is expected and no finding. `today` decides which full dates
    lie so far back that they can only be a birthday; `local` are words of the city's own, in small letters.
    """
    findings: list[Finding] = []
    for part, text in texts.items():
        for spot in _without_repeats(_spots(text, today, local)):
            if spot.kind == Kind.ADDRESS and part in institution_parts:
                continue
            excerpt = " ".join(text[spot.start : spot.end].split())[:_LONGEST_EXCERPT]
            findings.append(Finding(part, spot.kind, excerpt, spot.start, spot.end))
    return sorted(findings, key=lambda each: (not each.is_hard, each.part, each.start, each.kind))


def _spots(written: str, today: date, local: frozenset[str]) -> list[Spot]:
    """Return the findings in one text, by their place in it as it was written."""
    sight = see(written)
    names = list(found_names(sight.text, local))
    sentences = _sentences(sight.text)
    told = _OFFICE.sub(_blank, _ADDRESS_OF_A_PAGE.sub(_blank, works().sub(_blank, sight.text)))
    seen = [
        *names,
        *found_persons(_with_capitals(told), sentences, names),
        *found_contacts(told, sentences, names, today),
    ]
    spots = [Spot(spot.kind, *sight.place(spot.start, spot.end)) for spot in seen if spot.end > spot.start]
    return spots + [Spot(Kind.DISGUISED, *place) for place in sight.disguised]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _with_capitals(text: str) -> str:
    """Return a text written in small letters with its persons written as nouns."""
    return (
        text
        if any(letter.isupper() for letter in text)
        else _PERSON_WORD.sub(lambda match: match[0].title(), text)
    )


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    starts = [0, *ends]
    return [
        (start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end].strip()
    ]


def _without_repeats(spots: Iterable[Spot]) -> list[Spot]:
    """Return each place once: a soft finding that lies inside another says nothing new."""
    kept: list[Spot] = []
    reach: dict[Kind | None, int] = {}
    for spot in sorted(
        set(spots), key=lambda each: (each.start, -each.end, each.kind not in HARD, each.kind)
    ):
        within = spot.kind if spot.kind in HARD else None
        if reach.get(within, -1) < spot.end:
            kept.append(spot)
        for key in (spot.kind, None):
            reach[key] = max(reach.get(key, -1), spot.end)
    return kept
