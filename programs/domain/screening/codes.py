"""Codes of rooms, lines, roads, houses and sizes: they name nobody, where the word before says what they are.

„L34“ may be read as a name; „Raum L34“ is a door. Without such a word a code stays a question.
"""

import re

_CODE = re.compile(r"[A-ZÄÖÜ]{1,2}\d{1,3}[a-z]?|\d{1,3}[a-z]")
_MEASURE = re.compile(r"[MØ]?\d{1,4}x\d{1,4}[a-z]{1,2}|M\d{1,2}x\d{1,3}")
_ROAD = re.compile(r"[ABKLS]\d{1,3}")
_PLACE = (
    r"[Rr]aums?|[Rr]äumen?|[Rr]aumnummer|[Zz]immern?|[Ss]aals?|[Ss]älen?|[Hh]allen?|[Gg]ebäuden?|[Hh]aus(?:es)?|[Hh]äusern?"
    r"|[Bb]locks?|[Tt]rakte?s?|[Ff]lügels?|[Ee]ingangs?|[Aa]ufgangs?|[Tt]reppenhaus|[Ee]tagen?|[Ee]benen?|[Ff]lurs?"
    r"|[Tt]üre?n?|[Tt]or|[Pp]arkplatz|[Ss]tellplatz|[Ss]tellplätzen?|[Pp]arkdecks?|[Gg]leise?n?s?|[Bb]ahnsteigs?|[Ss]teigs?"
    r"|[Hh]altestellen?|[Hh]altepunkts?|[Aa]usfahrt(?:en)?|[Ss]chränken?|[Ss]chranks?|[Rr]egale?n?s?|[Ss]pinde?n?s?|[Ff]achs?"
    r"|[Cc]ontainers?|[Bb]ühne|[Ss]tands?|[Ss]tänden?|[Ff]eld|[Zz]elte?n?s?|[Hh]ütten?|[Kk]abinen?|[Pp]avillons?"
    r"|[Ss]traßen?|[Ss]tr\.|[Ww]egs?|[Pp]latz(?:es)?|[Aa]llee|[Gg]assen?|[Rr]ings?|[Dd]amms?|[Mm]arkts?"
)
_LINE = (
    r"[Ll]inien?|[Bb]ussen?|[Bb]us(?:ses)?|[Bb]ahnen?|[Zz]uge?s?|[Zz]ügen?|[Tt]ram|[Ww]agens?|[Aa]utobahn"
    r"|[Nn]ummern?|Nr\.|[Hh]nr\.|[Ss]chlüssels?|[Cc]odes?|[Ss]eiten?|S\.|[Aa]bsatz|Abs\.|§|[Kk]urse?s?"
    r"|[Gg]rößen?|[Ff]ormulare?s?|[Bb]latts?|[Vv]ordruck"
)
_BEFORE = re.compile(
    rf"(?<![^\W\d_])(?:[A-ZÄÖÜ][^\W\d_-]{{1,20}}-?)?(?:{_PLACE}|{_LINE})(?:\s?(?:Nr\.|Nummer|:))?\s{{0,2}}"
    r"(?:[A-ZÄÖÜ]{0,2}\d{1,3}[a-z]?\s?(?:,|/|-|und|oder|bis)\s?){0,3}$"
)
_ON_THE_WAY = re.compile(r"\b(?:[Aa]uf|[Üü]ber|[Aa]n|[Ee]ntlang|[Nn]ahe|[Rr]ichtung)\s(?:de[rn]\s|die\s)?$")
_AGED = re.compile(
    r"\s{0,2}[(,]\s?(?:\d{1,2}|\w{0,5}zehn|ein|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|elf|zwölf)"
    r"(?:\)|\s?[Jj]\b|\s?[Jj]ahre?)"
)
_FAR = 60


def is_code(text: str, start: int, end: int) -> bool:
    """Tell whether the word at [start, end) is the code of a place, a line, a road or a size, of no age."""
    word, before = text[start:end], text[max(0, start - _FAR) : start]
    if _MEASURE.fullmatch(word):
        return True
    if _AGED.match(text, end):
        return False
    if _ROAD.fullmatch(word) and _ON_THE_WAY.search(before):
        return True
    return bool(_CODE.fullmatch(word) and _BEFORE.search(before))
