"""One person among all: what a text tells of a single child or family, by age, lot or lodging."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from programs.domain.screening import grammar, patterns
from programs.domain.screening.ages import aged_nouns_in, ages_in, is_of_full_age
from programs.domain.screening.findings import Kind, Spot
from programs.domain.screening.lexicon import is_person
from programs.domain.screening.named import found_named
from programs.domain.screening.singular import is_definite, is_of_many, is_singular, one

_PLAIN_CHILD = re.compile(r"\b[Kk]ind(?:es)?$")
_ALSO_CALLED_SO = re.compile(r"(?:Prinz(?:en|essin)?|Wirbelwind|Neuzugang|Paar)$")
_ALONE = (
    patterns.POSSESSED,
    patterns.PARENT_MEANT,
    patterns.ELDEST,
    patterns.LODGING,
    patterns.AGES_OF_A_FEW,
    patterns.MEANT_WORD,
    patterns.TELLING,
    patterns.SIBLINGS,
    patterns.BEARER,
    patterns.AGE_BETWEEN_COMMAS,
    patterns.PET,
    patterns.OWN_SMALL,
    patterns.A_FEW_OF,
    patterns.WANT,
    patterns.SMALL_ONE,
    patterns.OF_A_GROUP,
    patterns.CHILD_OF_ONE,
    patterns.WE_FAMILY,
    patterns.CHILDREN_AT,
    patterns.MY_CLASS,
    patterns.FORM,
    patterns.CHILD_WITH,
    patterns.CHILD_TOLD_BY,
    patterns.CHILD_SO,
    patterns.GRADER,
    patterns.HINTED,
)
_ALWAYS = (patterns.GENDERED, patterns.OWN, patterns.PARENT, patterns.ONLY)


def found_persons(text: str, sentences: list[tuple[int, int]], names: list[Spot]) -> Iterator[Spot]:
    """Yield what `text` tells of a single person; `names` are the words in it that may be names."""
    yield from found_named(text, names)
    ordered = sorted(names, key=lambda spot: spot.start)
    starts = [spot.start for spot in ordered]
    before = ""
    for start, end in sentences:
        here = ordered[bisect_left(starts, start) : bisect_left(starts, end)]
        is_named = any(each.kind in (Kind.PERSON, Kind.INITIALS) for each in here)
        told = _Sentence(text[start:end], before, is_named=is_named)
        yield from (Spot(kind, start + match.start(), start + match.end()) for kind, match in told.found())
        before = text[start:end]


class _Sentence:
    """One sentence, which may speak of whom the one before it named."""

    def __init__(self, text: str, before: str, *, is_named: bool) -> None:
        self.text, self.before, self.is_named = text, before, is_named
        self.child = one(patterns.CHILD, text) or patterns.TELEGRAM.search(text)
        self.adult = one(patterns.ADULT, text)
        self.person = patterns.PRONOUN.search(text) or patterns.SOMEBODY_OF.search(text) or self._one_of()
        self.headless = patterns.HEADLESS.search(text)
        self.traces = [match for pattern in patterns.TRACES if (match := pattern.search(text))]

    @cached_property
    def lots(self) -> list[tuple[Kind, re.Match[str]]]:
        """What nobody may read about one person, each kind once."""
        return [(kind, match) for kind, pattern in patterns.LOTS if (match := pattern.search(self.text))]

    @cached_property
    def has_fate(self) -> bool:
        """True if it tells what somebody cannot, does not, has not."""
        return patterns.FATE.search(self.text) is not None

    def found(self) -> Iterator[tuple[Kind, re.Match[str]]]:
        """Yield what it tells of one person."""
        for pattern in _ALWAYS:
            yield from ((Kind.SINGLE, match) for match in pattern.finditer(self.text))
        yield from self._of_an_age()
        yield from self._of_a_lot()
        if not patterns.GENERAL.search(self.text):
            yield from self._of_somebody()

    def _of_an_age(self) -> Iterator[tuple[Kind, re.Match[str]]]:
        told_of = self.child or self.person or self.headless
        somebody = told_of or self.is_named or one(patterns.CHILD, self.before)
        for match in ages_in(self.text):
            if not is_of_full_age(match[0]):
                yield Kind.CHILD if somebody else Kind.SINGLE, match
            elif self.child or self.is_named:
                yield Kind.SINGLE, match
        yield from ((Kind.CHILD, match) for match in aged_nouns_in(self.text))

    def _of_a_lot(self) -> Iterator[tuple[Kind, re.Match[str]]]:
        if (self.lots or self.traces) and (advert := patterns.ADVERT.search(self.text)):
            yield Kind.SINGLE, advert
        if not self.lots:
            return
        kind, lot = self.lots[0]
        if self.is_named or (kind == Kind.HEALTH and patterns.ONE_CLASS.search(self.text)):
            yield kind, lot
        elif own := self._lot_of_nobody_else():
            yield Kind.SINGLE, own

    def _lot_of_nobody_else(self) -> re.Match[str] | None:
        """Return a lot in a sentence that speaks of nobody else: „HIV-positiv seit Geburt“."""
        if patterns.MANY.search(self.text) or patterns.GENERAL.search(self.text):
            return None
        lots = (lot for _kind, pattern in patterns.LOTS for lot in pattern.finditer(self.text))
        return next((lot for lot in lots if not self._is_impersonal(lot)), None)

    def _is_impersonal(self, lot: re.Match[str]) -> bool:
        start = max(self.text.rfind(sign, 0, lot.start()) for sign in " \n") + 1
        words = re.match(r"[\wäöüß-]+(?:\s[A-ZÄÖÜ][\wäöüß-]+)?", self.text[start:])
        return (
            words is not None
            and (patterns.IMPERSONAL.match(words[0]) or patterns.IMPERSONAL.match(words[0].split()[0]))
            is not None
        )

    def _of_somebody(self) -> Iterator[tuple[Kind, re.Match[str]]]:
        for pattern in _ALONE:
            yield from ((Kind.SINGLE, match) for match in pattern.finditer(self.text))
        told = self.lots or self.traces
        few = patterns.PARTED.search(self.text) or patterns.A_FEW.search(self.text)
        if few and told:
            yield Kind.SINGLE, few
        if told and (facts := patterns.FACTS.search(self.text)):
            yield Kind.SINGLE, facts
        if told and (own := patterns.SELF.search(self.text)):
            yield Kind.SINGLE, own
        if told and (heard := patterns.OVERHEARD.search(self.text)):
            yield Kind.SINGLE, heard
        if self.lots and (home := patterns.AT_HOME.search(self.text)):
            yield Kind.SINGLE, home
        if not self.child and (role := self._role(is_told=bool(told) or self.has_fate)):
            yield Kind.SINGLE, role
        if self.child:
            yield from self._of_a_child(self.child)
        if self.adult and (told or self.has_fate or not _ALSO_CALLED_SO.search(self.adult[0])):
            yield Kind.LIFE if self._is_plain(self.adult) else Kind.SINGLE, self.adult
        if self.person and (told or self.has_fate or self._is_somebody(self.person)):
            yield Kind.SINGLE, self.person
        elif self.headless and (told or self.has_fate):
            yield Kind.SINGLE, self.headless

    def _is_somebody(self, person: re.Match[str]) -> bool:
        """True for a relative, and for „er“ or „sie“ where no thing was named before („Der Garten …“)."""
        if person.re is not patterns.PRONOUN:
            return False
        return person["kin"] is not None or not patterns.SOMETHING.search(
            self.before + self.text[: person.start()]
        )

    def _one_of(self) -> re.Match[str] | None:
        """Return the place that picks one person out of several, none of them a helper."""
        return next(
            (
                match
                for match in patterns.ONE_OF.finditer(self.text)
                if match["yours"] or not patterns.HELPER.search(match["noun"].removesuffix("nen"))
            ),
            None,
        )

    def _role(self, *, is_told: bool) -> re.Match[str] | None:
        """Return the place that calls one person by what he or she is, and is no helper's.

        The youngest of all is one person even if nothing else is told.
        """
        for match in patterns.ROLE.finditer(self.text):
            noun = match["noun"]
            if (
                (patterns.SUPERLATIVE.search(match[0]) or (is_told and not patterns.HELPER.search(noun)))
                and is_person(noun)
                and is_singular(match["article"], noun)
                and not is_of_many(match["article"], noun)
            ):
                return match
        return None

    def _of_a_child(self, child: re.Match[str]) -> Iterator[tuple[Kind, re.Match[str]]]:
        """Yield its lot or trace: refused if this child is meant or two of them meet, else a question."""
        told = len(self.lots) + len(self.traces)
        if self.lots and (is_definite(child) or told > 1):
            yield self.lots[0]
        elif told > 1:
            yield Kind.CHILD, child
        elif told or self._is_meant(child):
            yield Kind.SINGLE, child

    def _is_meant(self, child: re.Match[str]) -> bool:
        """True if the text means one child: this one, or any one of whom it tells what is wrong."""
        return self.has_fate or (is_definite(child) and not _PLAIN_CHILD.search(child["noun"]))

    def _is_plain(self, adult: re.Match[str]) -> bool:
        """True if a family is plain to see: two lots, a lot and a trace, or one of the writer's own."""
        own = re.match(rf"{grammar.POSSESSIVE}\b", adult[0])
        return bool(self.lots) and (len(self.lots) > 1 or bool(self.traces) or own is not None)
