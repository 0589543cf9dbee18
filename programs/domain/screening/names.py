"""Words that may be names: known first names, words nobody knows, initials; and who may be named: staff."""

import re
import unicodedata
from collections.abc import Iterator

from programs.domain.screening.codes import is_code
from programs.domain.screening.findings import Kind, Spot
from programs.domain.screening.lexicon import is_abbreviation, is_known, is_name, works

_CHAIN = re.compile(
    r"[^\W_]+(?:['][^\W\d_]+)*(?:[*:_]in(?:nen)?\b|/-?in(?:nen)?\b)?(?:-[^\W_]+(?:[*:_]in(?:nen)?\b)?)*"
)
_PART = re.compile(r"[^\W_]+")
_GENDERED = re.compile(r"(?:[*:_]|/-?)in(?:nen)?\b")
INSTITUTION = (
    r"(?:schule|gymnasium|kita|kindergarten|kindertagesstätte|haus|heim|zentrum|stiftung|halle|museum|kirche"
    r"|dom|kapelle"
    r"|park|verein|bad|saal|bücherei|bibliothek|theater|hort|ogs|treff|jugendtreff|café|cafe|klinik"
    r"|krankenhaus|club|klub"
    r"|hof|werk|dienst|büro|rathaus|amt|gemeinde|stadion|sportplatz|spielplatz|arena|akademie|kolleg"
    r"|universität|hochschule"
    r"|preis|fonds|lauf|cup|pokal|turnier|fest|markt|brücke|bahnhof|haltestelle|siedlung|viertel|quartier"
    r"|laden|werkstatt"
    r"|bühne|kino|hütte|platz|straße|strasse|str|weg|allee|gasse|ring|ufer|damm|pfad|orchester|chor|programm"
    r"|projekt)"
)
_NO_WORDS = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{2,24}){1,3}|(?:https?://|www\.)\S{1,200}"
    r"|\b[\w-]{2,63}\.(?:de|org|com|eu)\b"
)
_PLACE = re.compile(rf"(?:{INSTITUTION}|turm|tor|see)$", re.IGNORECASE)
_CALLED_AFTER = re.compile(
    rf"(?:{INSTITUTION}|zug|app|tag|day|kart|methode|pädagogik|instrumente|singen|geschichten?)$",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})")
_FUNCTION = (
    r"(?:[A-ZÄÖÜ]?[\wäöüß-]{0,25}?(?:[Ll]eitung|[Ll]eiter(?:in)?|[Tt]rainer(?:in)?|[Kk]oordinator(?:in)?"
    r"|[Kk]oordination"
    r"|[Ee]rzieher(?:in)?|[Ll]ehrer(?:in)?|[Pp]ädagog(?:e|in)|[Aa]rbeiter(?:in)?|[Pp]farrer(?:in)?"
    r"|[Mm]eister(?:in)?|[Aa]nsprechpartner(?:in)?|[Aa]nsprechperson|[Dd]irigent(?:in)?|[Dd]irektor(?:in)?"
    r"|[Rr]ektor(?:in)?"
    r"|[Vv]orsitzende[rn]?|[Bb]eauftragte[rn]?|[Ss]treetworker(?:in)?|[Rr]eferent(?:in)?|[Ff]achkraft"
    r"|[Aa]utor(?:in)?"
    r"|[Kk]ünstler(?:in)?|[Dd]ezernent(?:in)?|[Bb]ibliothekar(?:in)?|[Gg]eschäftsführer(?:in)?"
    r"|[Mm]usiker(?:in)?"
    r"|[Ss]ekretär(?:in)?|[Ss]ekretariat|[Vv]orstand|[Kk]antor(?:in)?|[Dd]iakon(?:in)?|[Bb]erater(?:in)?"
    r"|[Kk]och|[Kk]öchin|[Aa]rzt|[Ää]rztin|[Tt]herapeut(?:in)?|[Pp]sycholog(?:e|in)|[Hh]ebamme"
    r"|[Aa]nwalt|[Aa]nwältin|[Ff]örster(?:in)?"
    r"|[Ii]mker(?:in)?|[Gg]ärtner(?:in)?|[Ff]otograf(?:in)?|[Rr]egisseur(?:in)?|[Mm]oderator(?:in)?"
    r"|[Pp]fleger(?:in)?))"
)
_NAME = r"[^\W\d_a-zäöüß][^\W\d_]{1,30}(?:-[^\W\d_]{2,30})?"
_TITLE = r"(?:Frau|Herrn?|Hr\.|Fr\.|Dr\.|Prof\.)"
_STAFF = re.compile(
    rf"\b{_FUNCTION}(?:\s{{0,2}}[:,]|\sist|\ssind)?\s{{1,2}}(?:{_TITLE}\s){{0,3}}{_NAME}(?:\s{_NAME}){{0,2}}"
    rf"|\b(?:{_TITLE}\s){{1,3}}{_NAME}(?:\s{_NAME})?\s{{0,2}}(?:\(|,|–|-|vom?\b|aus dem)\s{{0,2}}"
    rf"(?:die\s|der\s|unsere\s|Team\s)?{_FUNCTION}"
)
_FIRM = re.compile(
    r"\b(?:Firma|Fa\.|Autohaus|[Bb]äckerei|[Mm]etzgerei|Fleischerei|Konditorei|Apotheke|Buchhandlung"
    r"|Brauerei|Gärtnerei|Möbelhaus"
    r"|Modehaus|Druckerei|Gaststätte|Restaurant|Hotel|Pizzeria|Reisebüro|Fahrschule|Tanzschule"
    r"|Reiterhof|Tischlerei|Schreinerei"
    rf"|Kanzlei|Praxis|Sanitätshaus|Elektro|Optik|Sport)\s(?:Dr\.\s)?{_NAME}(?:\s(?:&|und|\+)\s{_NAME})?"
)
_TITLED = re.compile(rf"\b(?:Frau|Herrn?|Hr\.|Fr\.)\s+(?:Dr\.\s+|Prof\.\s+)?{_NAME}")
# Names that are words too: what stands beside one tells that somebody is meant („Rosa ist“, „Mark kann“).
_ALSO_WORDS = (
    r"(?P<name>Rosa|Rose|Ernst|Mark|Wolf|Linde|Reiner|August|Engel|Can|Linus|Malte|Urban|Lila|Perle|Mina|Balz"
    r"|Milan|Merlin|Roman|Rune|Jade|Dino|Silvester|Nikolaus|Junior|Franz|Lutz|Tilde|Marine|Undine|Baptist"
    r"|Sierra|Nova|Alba|Ada|Flora|Aurora|Viola|Stern|Summer|Teddy|Victor|Mai|Merle|Lasse|Bo|Jule|Jordan|Paris"
    r"|Sydney|Georgia|Eden|Sky|Phoenix|River|Ruby|Pearl|Fee)s?"
)
_TWOFOLD = (
    rf"\b(?:(?:[Ff]ür|[Mm]it|[Vv]on|[Bb]ei|[Kk]leine[rn]?|Mädchen|Junge|Kind)\s)?{_ALSO_WORDS}"
    r"(?:\s(?:ist|hat|wird|kann|wohnt|lebt|braucht|war|kommt|geht|spricht|leidet|darf|muss|möchte|mag|will"
    r"|sitzt|heißt|liest|weint|macht|freut|wiegt|hatte|wurde|bekommt|sucht"
    r"|wartet|fehlt|hört|schläft|isst|traut|lernt|spielt|wünscht|träumt|stottert|malt|übt|aus der|und ihr"
    r"|und sein)\b|\s?\(\d{1,2}(?:\)|\sJ)|,\s(?:\d|[a-zäöü]{3,8}zehn|sechs|sieben|acht|neun|zehn|elf|zwölf))"
)
_WAS_THERE = (
    rf"\b(?:[Ww]ar|[Ii]st|[Hh]at|[Kk]am|[Kk]ommt|[Ww]ird|[Ff]ehlt|[Bb]leibt)\s{_ALSO_WORDS}"
    r"\s(?:zum ersten|wieder|nicht|heute|da|krank|dabei|allein)\b"
)
_TOLD_OF = [re.compile(pattern) for pattern in (_TWOFOLD, _WAS_THERE)]
_TOLD_OF_SMALL = [re.compile(pattern, re.IGNORECASE) for pattern in (_TWOFOLD, _WAS_THERE)]
_AT_NAME = re.compile(r"\b[Bb]ei\s(?P<name>can|max|ali)\s(?:zu ?[Hh]ause|daheim|war|gab|ist)\b")
_DIGITS_READ = str.maketrans("013457", "oieast")
_MILLIONS = re.compile(r"\d\s?Mio$")
_AS_IN_MAIL = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e"})
_SAINT = re.compile(r"(?:\bSt\.|\bSankt|\bHl\.|\bHeilige[nr]?)\s{0,2}$")
_INITIALS = re.compile(r"(?<![^\W_.])[A-ZÄÖÜŞÇİĞ]\.(?:[ -]{0,2}[A-ZÄÖÜŞÇİĞ]\.){0,2}(?:s\b|(?!\w))")
_NO_INITIALS = re.compile(
    r"(?:Raum|Gruppe|Halle|Gebäude|Eingang|Vitamin|Block|Haus|Plan|Teil|Aufgang|Typ|Hepatitis|Punkt|Saal"
    r"|Klasse|Führerschein|Zone|Linie|Buchstabe[n]?|Note|Größe|Nr\.|"
    r"\b[a-zäöü]\.|[Uu]nd|oder)\s{0,2}$"
)
_ORDINARY_INITIALS = frozenset({"Z.", "U.", "D.", "E.", "O.", "I.", "A.", "V.", "S.", "B.", "R.", "Ä.", "K."})


def found_names(text: str, local: frozenset[str]) -> Iterator[Spot]:
    """Yield every word of `text` that may be a name and is not a member of staff or an institution."""
    staff = [match.span() for match in _STAFF.finditer(text)]
    firms = [match.span() for match in _FIRM.finditer(text)]
    staff += [match.span() for match in works().finditer(text)]
    for spot in (*_titled(text), *_twofold(text), *_initials(text), *_words(text, local)):
        public = staff if spot.kind == Kind.UNKNOWN else staff + firms
        if not any(start <= spot.start and spot.end <= end for start, end in public):
            yield spot


def staff_names(text: str) -> frozenset[str]:
    """Return the words by which `text` names staff, as they stand in mailboxes („niessen“)."""
    return frozenset(
        word.lower().translate(_AS_IN_MAIL)
        for match in _STAFF.finditer(text)
        for word in re.findall(r"[^\W\d_]{3,}", match[0])[1:]
    )


def _titled(text: str) -> Iterator[Spot]:
    for match in _TITLED.finditer(text):
        yield Spot(Kind.PERSON, *match.span())


def _twofold(text: str) -> Iterator[Spot]:
    told = _TOLD_OF if any(letter.isupper() for letter in text) else _TOLD_OF_SMALL
    for pattern in (*told, _AT_NAME):
        for match in pattern.finditer(text):
            yield Spot(Kind.PERSON, *match.span("name"))


def _initials(text: str) -> Iterator[Spot]:
    for match in _INITIALS.finditer(text):
        before = text[max(0, match.start() - 14) : match.start()]
        after = text[match.end() : match.end() + 3]
        several = match[0].count(".") > 1
        abbreviated = (
            match[0] in _ORDINARY_INITIALS and after.lstrip()[:1].islower() and after[1:3].endswith(".")
        )
        if several or not (_NO_INITIALS.search(before) or abbreviated):
            yield Spot(Kind.INITIALS, *match.span())


def _words(text: str, local: frozenset[str]) -> Iterator[Spot]:
    addresses = [match.span() for match in _NO_WORDS.finditer(text)]
    for chain in _CHAIN.finditer(text):
        if chain[0].lower() in local:
            continue
        if any(start <= chain.start() < end for start, end in addresses):
            continue
        if _is_named_after(chain[0]):
            continue
        is_house = _is_house(chain[0])
        for part in _PART.finditer(chain[0]):
            kind = _kind_of(part[0], local)
            start = chain.start() + part.start()
            if kind == Kind.UNKNOWN and _GENDERED.match(chain[0], part.end()) and is_known(f"{part[0]}in"):
                continue
            if kind in (Kind.PERSON, Kind.UNKNOWN) and _is_no_name(text, start, start + len(part[0])):
                continue
            if kind == Kind.DISGUISED and is_code(text, start, start + len(part[0])):
                continue
            if kind:
                yield Spot(Kind.UNKNOWN if is_house else kind, start, start + len(part[0]))


def _is_no_name(text: str, start: int, end: int) -> bool:
    """True for the name of a saint and for „2 Mio. Euro“."""
    return bool(_SAINT.search(text, max(0, start - 12), start) or _MILLIONS.search(text, start - 2, end))


def is_place(word: str) -> bool:
    """True for „Annaplatz“: a word that ends like a place is nobody of an age („Annaplatz, 5 Minuten“)."""
    ends = _PLACE.search(word)
    return ends is not None and ends.start() > 2


def _is_named_after(chain: str) -> bool:
    """True for „Anne-Frank-Schule“: named after somebody with the whole name, as no family's house is."""
    first = chain.partition("-")[0]
    return chain.count("-") > 1 and _is_house(chain) and (is_name(first) or is_known(first))


def _is_house(chain: str) -> bool:
    """True for „Roncalli-Haus“: a name in it asks whose house it is, and is not yet somebody."""
    name, _hyphen, last = chain.rpartition("-")
    return bool(name) and bool(_CALLED_AFTER.search(last)) and not any(letter.isdigit() for letter in name)


def _kind_of(word: str, local: frozenset[str]) -> Kind | None:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) < len(word):
        return Kind.DISGUISED if _is_disguised(word) else None
    if len(word) < 2 or word in ("in", "innen", "In", "Innen"):
        return None
    if any("LATIN" not in unicodedata.name(letter, "") for letter in letters):
        return Kind.UNKNOWN
    if is_abbreviation(word):
        return None
    if is_name(word) and word.lower() not in local:
        return None if _is_small_word(word) else Kind.PERSON
    if is_known(word, local) or (word.isupper() and (len(word) <= 3 or _ROMAN.fullmatch(word))):
        return None
    return Kind.UNKNOWN


def _is_small_word(word: str) -> bool:
    """True for names that stand small in any text („la“, „del“, „mit allen“)."""
    return word.islower() and word in {
        "la",
        "de",
        "del",
        "di",
        "da",
        "le",
        "li",
        "lo",
        "can",
        "max",
        "ene",
        "du",
        "allen",
    }


def _is_disguised(word: str) -> bool:
    """True for „K3v1n“ and „0livi4“: digits among letters, or for those of a name; not for „3b“ or „354“."""
    core = word.strip("0123456789")
    is_mixed = len(core) > 1 and not core.isalpha()
    return is_mixed or (bool(core) and is_name(word.lower().translate(_DIGITS_READ)))
