"""Whether a text speaks of one person or of many, of this one or of any."""

import re

from programs.domain.screening import grammar

_FEMININE = re.compile(
    r"(?:in|ochter|wester|ichte|utter|rau|ma|ami|Omi|ante|aise|amilie|Kleine|Jüngste|Älteste|Kleinste"
    r"|Mittlere|Jugendliche|ende|ete|Witwe|Azubi"
    r"|Schwangere|Geschwister\w*|linge|Brüder|Schwestern)$"
)


# What settles the case: „mit der Kleinen“ is one, „die Gruppe der Kleinen“ are many.
_BEFORE_ONE_WOMAN = re.compile(r"\b(?:mit|bei|von|zu|aus|nach|gegenüber)\s$", re.IGNORECASE)
_BEFORE_ONE_MAN = re.compile(r"\b(?:für|um|ohne|durch|gegen)\s$", re.IGNORECASE)


def is_definite(match: re.Match[str]) -> bool:
    """True if the text means this one, not any one."""
    article = match.groupdict().get("article")
    return article is None or not re.fullmatch(grammar.INDEFINITE, article)


def one(pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    """Return the first place that speaks of one person."""
    return next(
        (
            match
            for match in pattern.finditer(sentence)
            if is_singular(match["article"], match["noun"]) or is_governed(sentence[: match.start()], match)
        ),
        None,
    )


def is_governed(before: str, match: re.Match[str]) -> bool:
    """True if the preposition at the end of `before` makes article and noun one („für den Jungen“)."""
    article = match["article"].lower()
    if article.endswith("er"):
        return _BEFORE_ONE_WOMAN.search(before[-12:]) is not None
    return article.endswith("en") and _BEFORE_ONE_MAN.search(before[-12:]) is not None


def is_of_many(article: str, noun: str) -> bool:
    """True if a noun without an ending of its own stands in a plural („der Besucher“, „den Spielern“)."""
    small = article.lower()
    return (small in ("unserer", "meiner", "ihrer", "seiner") and not noun.endswith("in")) or (
        small in ("den", "unseren", "ihren", "seinen") and noun.endswith("n") and not noun.endswith("in")
    )


def is_singular(article: str, noun: str, *, aged: bool = False) -> bool:
    """True if article and noun speak of one person („die Schülerin“), not of many („die Schüler“)."""
    small = article.lower()
    if aged:
        return not (
            noun.endswith("n")
            and small in ("die", "den", "der", "unsere", "unseren", "meine", "ihre", "diese", "diesen")
        )
    if small.endswith("e"):
        return bool(_FEMININE.search(noun))
    if small in ("der", "den", "unserer", "unseren", "meiner", "dieser", "ihren", "ihrer"):
        return not noun.endswith(("ungen", "ädchen", "lichen", "leinen", "Kinder", "linge", "Geschwister"))
    return True
