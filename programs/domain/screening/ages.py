"""Ages of one person: neither ranges nor spans of time."""

import re
from collections.abc import Iterator

from programs.domain.screening import grammar
from programs.domain.screening.singular import is_governed, is_singular

_AGE = re.compile(grammar.AGE)
_RANGE_BEFORE = re.compile(grammar.RANGE_BEFORE)
_RANGE_AFTER = re.compile(grammar.RANGE_AFTER)
_AGED_NOUN = re.compile(
    rf"\b(?P<article>{grammar.DEFINITE}|{grammar.INDEFINITE}|[Vv]om|[Zz]um|[Bb]eim|[Zz]ur)\s(?:[\wäöüß]{{2,20}}e[rsnm]?\s)?(?:\d{{1,2}}"
    rf"|{grammar.NUMBER_WORDS})[- ]?[Jj](?:ä|ae)hrige[rsnm]?\b"
)
# „unser zehnjähriges Bestehen“: what lasts for years is nobody of that age
_LASTING = re.compile(
    r"\s(?:[a-zäöüß]{3,20}e[nrs]?\s)?[\wäöüß-]{0,25}(?:bestehen|jubiläum|geschichte|tradition|erfahrung|projekt"
    r"|programm|vorhaben|modell|ausbildung|lehre|lehrgang|studium|weiterbildung|förderung|finanzierung|laufzeit"
    r"|amtszeit|bauzeit|wartezeit|vorbereitung|planung|zeitraum|phase|pause|dauer|arbeit|partnerschaft|freundschaft"
    r"|patenschaft|mitgliedschaft|zugehörigkeit|engagement|tätigkeit|einsatz|dienst|ehrenamt|vertrag|begleitung"
    r"|betreuung|kampagne|initiative|reihe)(?:e?s|en?)?\b",
    re.IGNORECASE,
)
# „für zehnjährigen Jungen“, „siebenjähriges Mädchen“: without an article the ending tells that it is one
_AGED_ONE = re.compile(
    rf"(?:^|[.:,;(–]\s?|\b(?:[Mm]it|[Vv]on|[Ss]uchen?|[Gg]esucht|[Bb]rauch(?:t|en)|[Uu]nd|[Bb]ei|[Aa]n|[Ff]ür"
    rf"|[Uu]m|[Oo]hne|[Gg]egen)\s)(?P<aged>(?:\d{{1,2}}|{grammar.NUMBER_WORDS})[- ]?[Jj](?:ä|ae)hrig"
    rf"(?:e[sm]\s{grammar.CHILD}|er\s(?:Junge|Sohn|Bruder|Neffe|Bub|Enkel)"
    r"|en\s(?:Jungen|Sohn|Bruder|Neffen|Enkel)))\b(?!-)"
)
_CHILD_BEFORE = re.compile(rf"\b{grammar.CHILD}\s{{0,2}}$")
_THING = (
    "(?:[Rr]aum|[Hh]aus|[Kk]urs|[Tt]eam|[Ss]aal|[Bb]us|[Zz]ug|[Pp]latz|[Tt]reff|[Vv]erein|[Cc]hor|[Tt]ermin"
    "|[Zz]immer|[Ff]est|[Aa]ngebot)"
)
_ONE_BEFORE = re.compile(
    rf"\b{grammar.ONE_ARTICLE}(?:\s[\wäöüß-]{{2,25}}e[rsnm]?)?\s(?!\w*{_THING}\s*$)[A-ZÄÖÜ][\wäöüß-]{{2,30}}\s{{0,2}}$"
    r"|(?:^|[.:]\s?|[Gg]esucht\s|[Ff]ür\s)[A-ZÄÖÜ][a-zäöüß-]{2,30}(?:er|in|ling|chen|lein|ant|ent"
    r"|ist)\s{0,2}$"
)
_THING_BEFORE = re.compile(
    rf"\b\w*{_THING[:-1]}|[Pp]rojekt|[Kk]ita|[Ss]chule|[Mm]obil|[Ss]tiftung|[Gg]ruppe|[Cc]afé"
    rf"|[Zz]entrum|[Bb]ücherei)\s$"
)
_VERB = re.compile(r"(?:ist|war|wird|werde|wurde|bin)\b", re.IGNORECASE)
_NO_CHILD_AGE = 18


def ages_in(sentence: str) -> Iterator[re.Match[str]]:
    """Yield ages that one person can have."""
    for match in _AGE.finditer(sentence):
        before = sentence[max(0, match.start() - 30) : match.start()]
        after = sentence[match.end() : match.end() + 20]
        if match[0][0] in "([{<":
            if _CHILD_BEFORE.search(before) or (_ONE_BEFORE.search(before) and not is_of_full_age(match[0])):
                yield match
        elif (
            not _THING_BEFORE.search(before)
            and not _lasts(sentence, match)
            and _is_of_a_life(match[0], after)
            and not _is_range(match[0], before, after)
        ):
            yield match


def aged_nouns_in(sentence: str) -> Iterator[re.Match[str]]:
    """Yield one person called by an age („unser Achtjähriger“)."""
    for match in _AGED_NOUN.finditer(sentence):
        before = sentence[: match.start()]
        is_one = is_singular(match["article"], match[0].split()[-1], aged=True) or is_governed(before, match)
        if is_one and not _lasts(sentence, match):
            yield match
    yield from _AGED_ONE.finditer(sentence)


def _lasts(sentence: str, age: re.Match[str]) -> bool:
    """True for the years of a thing: „die zweijährige Förderung“."""
    return "hrig" in age[0] and _LASTING.match(sentence, age.end()) is not None


def is_of_full_age(age: str) -> bool:
    """True if the number in `age` is no child's."""
    number = re.search(r"\d+", age)
    return number is not None and int(number[0]) >= _NO_CHILD_AGE


def _is_range(age: str, before: str, after: str) -> bool:
    """True for „von 6 bis 10 Jahren“ or „seit 8 Jahren“; what begins with a verb („ist acht“) is none."""
    return not _VERB.match(age) and bool(_RANGE_BEFORE.search(before) or _RANGE_AFTER.search(after))


def _is_of_a_life(age: str, after: str) -> bool:
    """True for „8 Jahre alt“ or „wird neun“; „8 Jahre“ alone counts before a comma or an end only."""
    if re.search(r"Monate?$|Wochen$|Monaten$", age):
        return False
    return not re.search(r"(?:Jahre?n?|J\.)$", age) or bool(re.match(r"\s?(?:[,;).\n]|$|alt)", after))
