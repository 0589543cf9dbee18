"""Names together with what makes them a child's or a family's: an age, a kinship, a household."""

import re
from collections.abc import Iterator

from programs.domain.screening import grammar
from programs.domain.screening.findings import Kind, Spot
from programs.domain.screening.names import is_place

_MARKED = re.compile(
    r"\b(?:Kind|Junge|Mädchen|Schüler(?:in)?|Baby|Sohn|Tochter|Neffen?|Nichte|Enkel(?:in)?|Bruder|Schwester"
    r"|(?:Paten|Pflege|Enkel|Stief)kind)\b[ ,:;(/–-]{1,3}(?:männlich|weiblich|[mwd]\b"
    r"|\d{1,2}\b(?!\s?(?:bis|-|–|und|Uhr|Kinder)))"
    r"|\b(?:Kind|Junge|Mädchen|Schülerin|Baby|Sohn|Tochter)\s(?:aus|in|von|vom)\s(?:[\wäöüß-]{2,30}\s){0,3}[\wäöüß-]{2,30},"
    r"\s\d{1,2}(?=\s?(?:[,;.)]|$|Jahre\b))"
    r"|\b(?:männlich|weiblich)(?:es|er|e)?[ ,;(/]{1,3}\d{1,2}\b|\b\d{1,2}\s?[,;/]\s?(?:männlich|weiblich"
    r"|[mw])\b|\b[mw]\s?[,/]\s?\d{1,2}\b"
)
_KIN = re.compile(
    r"\b(?:[A-ZÄÖÜ][a-zäöü]{2,9})?(?:[Ss]ohn|[Tt]ochter|[Mm]ama|[Mm]ami|[Pp]apa|[Mm]utter|[Vv]ater|[Bb]ruder"
    r"|[Ss]chwester|[Ee]nkel(?:in|s)?|Neffe|Nichte|Cousine?"
    r"|Oma|Opa|Tante|Onkel|Kind|Junge|Mädchen|Zwillinge|Geschwister|Eltern|Ehefrau|Ehemann|Lebensgefährt(?:e"
    r"|in)|Freundin?|Söhne|Töchter|Kinder|Familie)"
    r"\s(?:von|des|der|vom|unserer|unseres|eines|einer|meiner"
    r"|meines)\s(?P<whose>(?:[a-zäöüß]{2,20}\s){0,2}[\wäöüß.-]{2,40})"
)
# „Ayse, die Tochter der Friseurin“
_WHO_IS_KIN = re.compile(
    r"\b(?P<name>[^\W\d_]{2,30}),\s(?:de[rmn]|die|das|unsere?[mn]?)\s(?:[a-zäöüß]{3,20}e[nr]?\s)?"
    r"(?:[A-ZÄÖÜ]?[a-zäöü]{0,9})(?:[Ss]ohn|[Tt]ochter|[Bb]ruder|[Ss]chwester|[Ee]nkel(?:in)?|Neffen?|Nichte|[Kk]ind)"
    r"\s(?:von|vom|des|der|unsere[rs]|eine[rs]|meine[rs])\b"
)
_FAMILY = re.compile(
    r"\b(?:Familie|Fam\.|Eheleute|Ehepaar|Geschwister|Haushalt|Gebrüder"
    r"|Großfamilie)\s+(?P<name>[^\W\d_a-zäöüß][^\W\d_]{1,30}(?:-[^\W\d_]{2,30})?)"
)
_FAMILY_HEAD = re.compile(r"^(?:Familie|Fam\.|Eheleute|Ehepaar|Haushalt|Gebrüder|Großfamilie|Geschwister)\s")
_CHILDREN_OF = re.compile(
    r"\b(?P<name>[^\W\d_]{2,30})-(?:Kind(?:er|ern)?|Jung(?:s|en)|Mädchen|Mädels|Brüder[n]?|Schwestern"
    r"|Geschwister[n]?|Familie|Zwillinge[n]?|Söhne[n]?|Töchter[n]?|Clan|Eltern|Mama|Papa|Oma)\b"
    rf"|\b[Dd]ie (?P<joined>{grammar.SURNAMES})(?:s|schen)?\s?(?:[Kk]inder|[Bb]uben|[Jj]ungs|[Mm]ädels)n?\b"
)
_SURNAME = re.compile(grammar.SURNAMES)
_AT_THEIRS = re.compile(
    rf"\b[Bb]ei (?:den )?{grammar.SURNAMES}(?:s|ens)\b(?!\s[A-ZÄÖÜ])"
    rf"|\b[Dd]ie {grammar.SURNAMES}s\b(?!\s[A-ZÄÖÜ])"
)
_CALLED = re.compile(
    r"\b(?:heißt|heisst|namens|genannt|mit Namen|Vorname(?:\sist)?:?|Name(?:\sist)?:?|nennt sich"
    r"|Rufname:?)\s+(?P<name>[^\W\d_][^\W\d_]{1,30})"
)
_CHILD_NAMED = re.compile(rf"\b{grammar.CHILD},?\s+(?P<name>[^\W\d_a-zäöüß][^\W\d_]{{1,30}})")
_SMALL_INITIAL = re.compile(r"\b[Kk]leine[nrms]?\s[^\W\d_]\.(?!\s?[^\W\d_]\.)")
_SMALL_NAMED = re.compile(r"\b[Kk]leine[nrms]?\s+(?P<name>[^\W\d_a-zäöüß][^\W\d_]{1,30})")
_NAME_IN_CLASS = re.compile(
    r"(?<!\bFrau )(?<!\bHerr )(?<!\bHerrn )\b(?!Frau\b|Herrn?\b)(?P<name>[^\W\d_a-zäöüß][^\W\d_]{1,30})"
    r"(?:\s[^\W\d_a-zäöüß][\w-]{1,30})?,?\s(?:aus|in|von)\s(?:der|unserer|seiner|ihrer)\s"
    r"(?:Klasse\s|Jahrgangsstufe\s)?\d{1,2}\.?\s?(?:[a-f]\b|Klasse\b|(?<=Klasse \d)\b)"
)
_NAME_BEFORE_CLASS = re.compile(
    r"(?<!\bFrau )(?<!\bHerr )(?<!\bHerrn )\b(?!Frau\b|Herrn?\b)(?P<name>[^\W\d_]{2,30})"
    r"(?:\s(?:[^\W\d_]\.|[^\W\d_a-zäöüß][\w-]{1,30}))?,?\s\(?(?:(?:Klasse|Kl\.)\s\d{1,2}\s?[a-f]?|\d{1,2}[a-f])\b"
)
# Who is alone with what they do („des Imams“, „der Zahnärztin“): their children are easily found.
_ONE_PERSON = re.compile(
    r"(?:^|\s)(?!(?:Medizin|Berlin|Benzin|Disziplin|Turbin|Ruin)\b)[A-ZÄÖÜ][\wäöüß-]{2,35}in$"
    r"|(?:[Mm]eister|[Ff]ahrer|[Bb]esitzer|[Ii]nhaber|[Bb]äcker|[Mm]etzger|[Ll]ehrer|[Tt]rainer"
    r"|[Ll]eiter|[Ff]ührer"
    r"|[Hh]ändler|[Ww]art|[Hh]üter|[Pp]fleger|[Rr]ichter|[Pp]farrer|[Ii]mam|[Pp]astor|[Rr]ektor"
    r"|[Dd]irektor|[Oo]ptiker"
    r"|[Ff]riseur|[Aa]potheker|[Ff]örster|[Kk]üster|[Dd]iakon|[Kk]antor|[Rr]abbiner|[Ww]irt|[Kk]och"
    r"|[Aa]rzt|[Aa]nwalt|[Bb]auer"
    r"|[Gg]ärtner|[Nn]achbar|[Bb]ürgermeister|[Mm]inister|[Kk]apitän|[Nn]otar)(?:e?s|n)?$"
    r"|(?:[Pp]olizist|[Aa]bgeordnet|[Vv]orsitzend|[Dd]irigent|[Pp]räsident|[Pp]ostbot|[Bb]eamt"
    r"|[Dd]ezernent)en$"
)
_SOMEBODY = re.compile(rf"\b(?:{grammar.CHILD}|{grammar.ADULT}|[Ee]r|[Ss]ie)\b")
_AGED_NAME = re.compile(
    r"\b(?P<name>(?:[^\W\d_]{2,30}|[A-ZÄÖÜ]\.)(?:\s[^\W\d_a-zäöüß][\w-]{1,30}){0,2})"
    r"\s{0,2}(?:\(|,|ist|wird|;|/|-|–|:|\[|\{|<|aged)\s{0,2}(?:erst |schon "
    r"|bald |fast |gerade |jetzt |damals |inzwischen |mittlerweile |heute |knapp |nun |noch )?"
    rf"(?:\d{{1,2}}|{grammar.NUMBER_WORDS})\b(?!\s?(?:[.:]\d|Uhr|bis|-\s?\d|–|€|Euro|Kinder|Plätze|Personen"
    rf"|Minuten|Stunden|Mal|%))\)?"
)


def found_named(text: str, names: list[Spot]) -> Iterator[Spot]:
    """Yield names with an age, a kinship or a household, and children marked as on a form."""
    for pattern in (_MARKED, _SMALL_INITIAL):
        for match in pattern.finditer(text):
            yield Spot(Kind.CHILD, *match.span())
    known = {spot.start: spot for spot in names if spot.kind in (Kind.PERSON, Kind.INITIALS)}
    maybe = {spot.start: spot for spot in names}
    for match in _AGED_NAME.finditer(text):
        words = [match.start("name") + word.start() for word in re.finditer(r"\S+", match["name"])]
        named = [word for word in words if word in known] or [
            word for word in words[-1:] if word in maybe and not is_place(text[word : maybe[word].end])
        ]
        if named:
            yield Spot(Kind.CHILD, named[0], match.end())
    for match in _CALLED.finditer(text):
        if match.start("name") in known or (match.start("name") in maybe and _is_of_a_child(text, match)):
            yield Spot(Kind.CHILD, *match.span())
    for pattern in (_CHILD_NAMED, _SMALL_NAMED, _NAME_IN_CLASS, _NAME_BEFORE_CLASS):
        for match in pattern.finditer(text):
            if match.start("name") in known:
                yield Spot(Kind.CHILD, *match.span())
    for match in _FAMILY.finditer(text):
        if _FAMILY_HEAD.search(match[0]):
            is_named = match.start("name") in maybe or not match[0].startswith("Familie")
            is_named = is_named or _SURNAME.fullmatch(match["name"]) is not None
            yield Spot(Kind.FAMILY if is_named else Kind.SINGLE, *match.span())
    for match in _CHILDREN_OF.finditer(text):
        if match["joined"] or match.start("name") in known or _SURNAME.fullmatch(match["name"]):
            yield Spot(Kind.FAMILY, *match.span())
    for match in _AT_THEIRS.finditer(text):
        yield Spot(Kind.FAMILY, *match.span())
    for match in _WHO_IS_KIN.finditer(text):
        if match.start("name") in known:
            yield Spot(Kind.RELATION, *match.span())
    for match in _KIN.finditer(text):
        if any(match.start("whose") <= place < match.end() for place in known):
            yield Spot(Kind.RELATION, *match.span())
        elif _is_one_persons(match["whose"]):
            yield Spot(Kind.SINGLE, *match.span())


def _is_of_a_child(text: str, match: re.Match[str]) -> bool:
    """True if a child or a person stands shortly before a calling („Ein Junge namens“), not a house."""
    before = text[max(0, match.start() - 40) : match.start()]
    return _SOMEBODY.search(before) is not None


def _is_one_persons(whose: str) -> bool:
    """True if a kinship leads to one person („der Bäckerin“), not to many or to a thing („der Stadt“)."""
    return _ONE_PERSON.search(whose) is not None
