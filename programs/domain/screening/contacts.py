"""Dates, streets, telephones and mailboxes: which lead to a home or a birthday, which to an office."""

import re
from collections.abc import Iterator
from datetime import date

from programs.domain.screening import grammar
from programs.domain.screening.findings import Kind, Spot
from programs.domain.screening.names import INSTITUTION, staff_names

_MONTH = (
    r"(?:Januar|Jan\.?|Februar|Feb\.?|März|Maerz|Mrz\.?|April|Apr\.?|Mai|Juni|Jun\.?|Juli|Jul\.?|August"
    r"|Aug\.?|September"
    r"|Sept?\.?|Oktober|Okt\.?|November|Nov\.?|Dezember|Dez\.?)"
)
_DAY_WORD = r"(?:[a-zäöü]{3,14}(?:ste[nr]?|te[nr]?))"
_ANY_DATE = (
    rf"(?:\d{{1,2}}\s?[./-]\s?(?:\d{{1,2}}|[IVX]{{1,4}})(?:\s?[./-]\s?(?:\d{{4}}|'?\d{{2}}))?|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    rf"|\d{{1,2}}\.?\s{{0,2}}{_MONTH}(?:\s\d{{2,4}})?|{_DAY_WORD}\s{_MONTH}(?:\s\d{{2,4}})?)"
)
_BORN = re.compile(
    rf"(?:\b(?:geb\.?|geboren(?:e[rsnm]?)?|Geburtstag|Geburtsdatum|Geb\.-?Dat\.?|zur Welt|[Gg]eb\.)|\*"
    rf"|†)[^\n\d.!?]{{0,30}}{_ANY_DATE}"
    rf"|{_ANY_DATE}[^\n\d!?]{{0,25}}\b(?:geboren(?:e[rsnm]?)?|Geburtstag|zur Welt|geb\.)"
    rf"|\b(?:wird|wurde)\s(?:am\s|im\s)?{_ANY_DATE}[^\n\d!?]{{0,12}}\b(?:{grammar.NUMBER_WORDS}|\d{{1,2}})\b"
    r"|\b(?:[Jj]ahrgang|[Jj]g\.|Geburtsjahr|Baujahr|geboren(?:\sim\s(?:Jahr\s)?|\s)|geb\.)\s?:?\s?(?:19"
    r"|20)\d{2}\b(?!\s?(?:bis|und|oder|-|–|/))"
    r"|\b[Gg]eboren[^\n.!?]{0,30}\bzweitausend\w+|\b[Gg]eboren (?:im|am|an|zu)\b"
    rf"|\bgeb\.?\s(?:im|am|an|in)\s|\b(?:geb\.?|geboren)\s{_MONTH}(?!\w)"
)
_FULL_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?((?:19|20)\d{{2}}|\d{{2}})\b|((?:19"
    rf"|20)\d{{2}})-\d{{1,2}}-\d{{1,2}}\b"
    rf"|\d{{1,2}}\.?\s{{0,2}}{_MONTH}\s((?:19|20)\d{{2}})\b|{_DAY_WORD}\s{_MONTH}\s(zweitausend\w+|(?:19"
    rf"|20)\d{{2}}))"
)
_HISTORY = re.compile(
    r"(?:[Ss]eit|[Gg]egründet|[Ee]röffnet|Beschluss|Stand|Fassung|[Bb]estätigt|Konzept|Satzung"
    r"|Eröffnung|Vertrag"
    r"|[Gg]estartet|[Bb]egonnen|Bericht|Vereinbarung|[Gg]eprüft)[^.!?\n]{0,30}$"
)
STREET = re.compile(
    r"\b(?:[A-ZÄÖÜ][\w.-]{0,40}(?:[ -]?[Ss]tra(?:ß|ss)e|[ -]?[Ss]tr\.|[ -]?[Ww]eg|[ -]?[Pp]latz|[ -]?[Aa]llee"
    r"|[ -]?[Gg]asse"
    r"|[ -]?[Rr]ing|[ -]?[Uu]fer|[ -]?[Dd]amm|pfad|steig|winkel|hof|graben|markt|wall|berg|feld|park|kamp"
    r"|busch|benden|höfchen)"
    r"|[a-zäöüß]{3,30}(?:straße|strasse|str\.|gasse|allee))"
    r"\s{1,2}(?:Nr\.\s?|Nummer\s)?(?:\d{1,3}\s?[a-h]?\b|(?:fünf|sieben|acht|neun|zehn|elf|zwölf|zwanzig|zwei"
    r"|drei|vier|sechs)(?!\s(?:[a-zäöüß]{3,15}e[nr]?\s)?[A-ZÄÖÜ][a-zäöüß]{2,30}(?:e|en|er|n)\b))"
    r"(?!\s?(?:Uhr|Minuten|Jahre|Kinder|Personen|Plätze|bis|Kindern|Jugendliche|Euro|Mal|mal|\.\d))"
    r"|\b(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur)\s(?!\w*(?:tag|woch|abend|Jahr"
    r"|Monat|Not(?:fall|ruf)"
    r"|Januar|Februar|März|April|Mai|Juni|Juli|August|tember|tober|vember|zember|Raum|Halbjahr"
    r"|Alter|Herbst|Sommer|Winter|Saal|Schnitt|Zimmer|Klasse"
    r"|Gruppe)\b)[A-ZÄÖÜ][a-zäöüß]{2,30}\s\d{1,3}\s?[a-h]?\b"
    r"(?!\s?(?:Uhr|Minuten|Jahre|Kinder|Personen|Plätze|bis|Euro|Mal))(?!\.\d)(?!\.\s?[A-ZÄÖÜ])"
)
_PLACE_OF_STREET = re.compile(
    r"(?:Straße|Strasse|[a-zß]straße|[a-z]strasse|[Ss]tr\.|[a-zß]weg|[a-zß]gasse|[a-zß]allee)\b"
)
_HOME = re.compile(grammar.HOME)
_OFFICE = re.compile(
    rf"(?:(?<!\bim ){INSTITUTION}\b|\b(?:schule|grundschule|kita|kgs|ggs|ogs|haus der|treffpunkt|raum"
    rf"|turnhalle|halle|zentrum|büro|verein|e\.\s?v\."
    r"|stadt|gemeinde|anmeldung|sekretariat|bücherei|museum|kirche|st\.|sankt|adresse der einrichtung"
    r"|veranstaltungsort|ort:|eingang"
    r"|verwaltung|bahnhof|bushaltestelle|werkstatt|tsv|sv|tv|fc|awo|drk|caritas|beratung|beratungsstelle"
    r"|\w+bund|\w+verband|berät|hotline|sprechstunden?|sprechzeiten?|sie erreichen uns|erreichbar"
    r"|melden sie sich"
    r"|jugendtreff|jugendamt))",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w/.-])(?:\+49|0049|0)(?:[\s/()-]{0,2}\d){6,14}(?![\w])")
_MOBILE = re.compile(r"^(?:\+49|0049|0)[\s/()-]{0,3}1[567]")
_EMAIL = re.compile(r"\b[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\sat\s)\s?[\w-]{1,63}(?:\.[\w-]{2,24}){1,3}\b")
_FREE_MAIL = re.compile(
    r"(?:gmail|googlemail|gmx|web\.de|t-online|outlook|hotmail|yahoo|icloud|freenet|live\.|aol|mail\.ru"
    r"|proton)"
)
_OFFICE_BOX = re.compile(r"^[a-zäöü]{3,}(?:-[a-zäöü]+)*(?:\.(?:team|info))?\s?@")
_SIGNS = " \t\n,;:.()/–*-"
_AGES_OF_CHILDREN = range(3, 19)
_ANY_CHILD = re.compile(r"\b(?:um|für|dass|wenn) (?:ein|Ihr) Kind\b")
_CLOSE_ONE = re.compile(rf"\b(?:{grammar.ADULT}|{grammar.CHILD}|privat\w*|zu Hause|zuhause)\b")
# „die Familie mit den sechs Kindern in der Kölnstraße“: before a street
_WHOSE_STREET = re.compile(
    rf"\b(?:{grammar.DEFINITE}|{grammar.INDEFINITE}){grammar.ADJECTIVES}\s(?:{grammar.ADULT}|{grammar.CHILD})\b"
    r"[^.,;:!?\n]{0,40}\b(?:in|aus|von|auf|an)\s(?:de[rmn]\s)?$"
)


def found_contacts(
    text: str, sentences: list[tuple[int, int]], names: list[Spot], today: date
) -> Iterator[Spot]:
    """Yield dates, streets, telephones and mailboxes of `text` that need a look or must not stand there."""
    for match in _BORN.finditer(text):
        yield Spot(Kind.BIRTH_DATE, *match.span())
    edges = {edge for name in names if name.kind == Kind.PERSON for edge in (name.start, name.end)}
    for start, end in sentences:
        yield from _old_dates(text, start, end, edges, today)
        yield from _addresses(text, start, end)
    yield from _phones(text)
    staff = staff_names(text)
    for match in _EMAIL.finditer(text):
        if _FREE_MAIL.search(match[0]) or not (_OFFICE_BOX.match(match[0]) or _is_of(match[0], staff)):
            yield Spot(Kind.EMAIL, *match.span())


def _is_of(mailbox: str, staff: frozenset[str]) -> bool:
    """True for the mailbox of somebody whom the text names as staff („u.niessen@“)."""
    return bool(staff.intersection(re.split(r"[^a-z]+", re.split("@|\\(|\\[", mailbox.lower())[0])))


def _old_dates(text: str, start: int, end: int, edges: set[int], today: date) -> Iterator[Spot]:
    """Yield full dates so long ago that they can be a birthday; beside a person they are one.

    So is the date right beside a name ("Emma, 3.4.2018") that can be a child's birthday.
    """
    somebody = _CLOSE_ONE.search(text, start, end)
    for match in _FULL_DATE.finditer(text, start, end):
        written = next(group for group in match.groups() if group)
        year = int(written) if written.isdigit() else 2000
        year += 2000 if year < 100 else 0
        if year < today.year - 1 and not _HISTORY.search(text, max(0, match.start() - 60), match.start()):
            of_child = today.year - year in _AGES_OF_CHILDREN and _is_beside(edges, text, *match.span())
            yield Spot(Kind.BIRTH_DATE if somebody or of_child else Kind.DATE, *match.span())


def _is_beside(edges: set[int], text: str, start: int, end: int) -> bool:
    """Tell whether nothing but a few signs stands between the place and somebody's name."""
    before, after = text[max(0, start - 4) : start], text[end : end + 4]
    first = start - len(before) + len(before.rstrip(_SIGNS))
    last = end + len(after) - len(after.lstrip(_SIGNS))
    return (first < start and first in edges) or (last > end and last in edges)


def _addresses(text: str, start: int, end: int) -> Iterator[Spot]:
    sentence = text[start:end]
    home = _HOME.search(sentence)
    for match in STREET.finditer(sentence):
        at = (start + match.start(), start + match.end())
        if home and home[0] != "Adresse":
            yield Spot(Kind.HOME, *at)
        elif not _is_institution(text, sentence, *at):
            yield Spot(Kind.HOME if _WHOSE_STREET.search(sentence[: match.start()]) else Kind.ADDRESS, *at)
        elif _CLOSE_ONE.search(sentence):
            yield Spot(Kind.ADDRESS, *at)
    if home and not STREET.search(sentence) and (place := _PLACE_OF_STREET.search(sentence)):
        yield Spot(Kind.ADDRESS, start + place.start(), start + place.end())


def _is_institution(text: str, sentence: str, start: int, end: int) -> bool:
    """True if an institution is named beside the street, or the line is nothing but a place."""
    line = text[text.rfind("\n", 0, start) + 1 : (text + "\n").find("\n", end)]
    rest = STREET.sub("", line)
    return bool(_OFFICE.search(STREET.sub("", sentence)) or _OFFICE.search(rest)) or not any(
        letter.islower() for letter in rest
    )


def _phones(text: str) -> Iterator[Spot]:
    for match in _PHONE.finditer(text):
        around = text[max(0, match.start() - 90) : match.end() + 60]
        is_office = _OFFICE.search(around) or re.search(r"\b(?:Tel|Telefon|Anmeldung|Info)", around)
        if match[0].replace(" ", "").startswith("0800"):
            continue
        if _MOBILE.match(match[0]) or not is_office or _CLOSE_ONE.search(_ANY_CHILD.sub("", around)):
            yield Spot(Kind.PHONE, *match.span())
