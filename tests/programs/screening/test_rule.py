"""Free text is screened for what could identify a child or a family."""

from datetime import date
from time import process_time

import pytest

from programs.domain.screening import Finding, Kind, Policy, screen, verdict
from programs.domain.screening.local import words_of

TODAY = date(2026, 3, 2)
DUEREN = words_of(["Stadt Düren", "Gürzenich", "Josef-Schregel-Straße 17", "Emma-Treff"])


def found(text: str) -> list[Finding]:
    return screen({"task": text}, today=TODAY, local=DUEREN)


def kinds(text: str) -> set[Kind]:
    return {finding.kind for finding in found(text)}


def hard(text: str) -> set[Kind]:
    return {finding.kind for finding in found(text) if finding.is_hard}


def excerpts(text: str) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.excerpt) for finding in found(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Familie Yilmaz braucht jemanden zum Vorlesen.", Kind.FAMILY),
        ("Bitte bei Fam. Schmitz-Meier klingeln.", Kind.FAMILY),
        ("Sie helfen den Eheleuten Kaya? Eheleute Kaya freuen sich.", Kind.FAMILY),
        ("Das Mädchen heißt Aylin.", Kind.CHILD),
        ("Ein Junge namens Jonte liest nicht gern.", Kind.CHILD),
        ("Der Schüler Emre braucht Hilfe in Mathe.", Kind.CHILD),
        ("Ihr Patenkind Mia freut sich.", Kind.CHILD),
        ("Lena (7) möchte schwimmen lernen.", Kind.CHILD),
        ("Vorlesen für Kevin Müller, 7 Jahre, dienstags.", Kind.CHILD),
        ("Vorlesen für Anna Lena Becker (7).", Kind.CHILD),
        ("Gesucht für Kevin Schneider, sieben Jahre: ein Fahrrad.", Kind.CHILD),
        ("Vorlesen für Zylmak (7).", Kind.CHILD),
        ("Die kleine Lena braucht einen Ranzen.", Kind.CHILD),
        ("Lena Yilmaz aus der 3b kommt nicht mit.", Kind.CHILD),
        ("Emre, aus der 3. Klasse, hat keine Brotdose.", Kind.CHILD),
        ("Anna aus unserer Klasse 4a singt gern.", Kind.CHILD),
        ("Ali, 9 Jahre, spielt gern Fußball.", Kind.CHILD),
        ("Noah ist 6 Jahre alt.", Kind.CHILD),
        ("Unser 8-jähriger braucht einen Paten.", Kind.CHILD),
        ("Gesucht: Hilfe für ein 7-jähriges Mädchen.", Kind.CHILD),
        ("Das Kind, geb. 3.4.2018, kommt mittwochs.", Kind.BIRTH_DATE),
        ("geboren am 3. April", Kind.BIRTH_DATE),
        ("Geburtsdatum: 03.04.", Kind.BIRTH_DATE),
        ("Kind vom 12.05.2017 in der Gruppe.", Kind.BIRTH_DATE),
        ("Emma, 3.4.2018", Kind.BIRTH_DATE),
        ("emma 03.04.18", Kind.BIRTH_DATE),
        ("2018-04-03: Levin", Kind.BIRTH_DATE),
        ("Yusuf / 3. April 2018 / Mathe", Kind.BIRTH_DATE),
        ("Der Junge wohnt in der Kölner Landstraße 12.", Kind.HOME),
        ("Treffen in der Wohnung, Veldener Str. 4a.", Kind.HOME),
        ("Ein Kind aus Klasse 3b mit ADHS braucht Begleitung.", Kind.HEALTH),
        ("Autistischer Schüler der 4a sucht Begleitung.", Kind.HEALTH),
    ],
)
def test_what_identifies_a_child_or_a_family_is_refused(text: str, kind: Kind) -> None:
    assert kind in hard(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Fragen beantwortet Frau Dr. Weber.", Kind.PERSON),
        ("Sie arbeiten mit Sabine zusammen.", Kind.PERSON),
        ("Wir treffen uns in der Tivolistraße 90.", Kind.ADDRESS),
        ("Im Haus An der Eiswiese 5.", Kind.ADDRESS),
        ("Rufen Sie an: 02421 25-2199.", Kind.PHONE),
        ("Mobil 0151 23456789", Kind.PHONE),
        ("Schreiben Sie an anna.weber@example.org.", Kind.EMAIL),
        ("Schreiben Sie an leseclub@gmx.de.", Kind.EMAIL),
    ],
)
def test_what_a_human_must_judge_is_shown_but_not_refused(text: str, kind: Kind) -> None:
    assert kind in kinds(text)
    assert hard(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Sie lesen einer Gruppe von sechs Kindern vor, dienstags von 15 bis 16:30 Uhr.",
        "Wir suchen Menschen für das Familienzentrum Düren-Mitte. Familie und Beruf gehen hier zusammen.",
        "Für Kinder von 6 bis 9 Jahren. Start am 12.01.2026, Ende am 3.7.2026.",
        "Frühstück in der Nikolaus-Grundschule vor Schulbeginn, Klasse 1 bis 4.",
        "Das Haus St. Martin und das Thomas-Morus-Haus laden ein.",
        "Sommerleseclub: Die 8-jährigen und die Größeren lesen um die Wette.",
        "Kinder mit und ohne Behinderung spielen zusammen.",
        "Begleiten Sie 12 Kinder am Platz vor dem Rathaus. Im Juli 12 Kinder, am Samstag 10 Uhr.",
        "Treffpunkt im Erdgeschoss, Raum 12 (Seiteneingang).",
        "Treffpunkt Eingang Rurpark, 10 Kinder sind dabei.",
        "Kleine Gruppen lesen, und der kleine Prinz kommt auch vor.",
        "Kinder aus der Klasse 3b lesen mit Lesepaten.",
        "",
    ],
)
def test_ordinary_texts_pass(text: str) -> None:
    assert kinds(text) == set()


def test_an_institution_may_have_an_address_but_a_home_may_not() -> None:
    place = {"site": "Bücherei, Stefan-Schwer-Straße 4"}
    assert screen(place, today=TODAY, institution_parts=frozenset({"site"})) == []
    home = {"site": "Wohnung, Stefan-Schwer-Straße 4"}
    found = screen(home, today=TODAY, institution_parts=frozenset({"site"}))
    assert [finding.kind for finding in found] == [Kind.HOME]


def test_hard_findings_come_first_and_name_the_part() -> None:
    found = screen({"title": "Hilfe von Frau Weber", "task": "Familie Yilmaz"}, today=TODAY)
    assert [(finding.part, finding.kind, finding.excerpt) for finding in found] == [
        ("task", Kind.FAMILY, "Familie Yilmaz"),
        ("title", Kind.PERSON, "Frau Weber"),
    ]


def test_a_name_is_not_reported_twice() -> None:
    assert excerpts("Lena (7) liest nicht gern.") == [(Kind.CHILD, "Lena (7)")]


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("Wer übt mit O k s a n a lesen?", "O k s a n a"),
        ("Wer übt mit M.e.h.m.e.t lesen?", "M.e.h.m.e.t"),
        ("Wer übt mit Ke\u200bvin lesen?", "Ke\u200bvin"),
        ("Wer übt mit \u0410nna lesen?", "\u0410nna"),
        ("Wer übt mit Ｍｏｈａｍｅｄ lesen?", "Ｍｏｈａｍｅｄ"),
        ("Wer übt mit Zoe\u0308 lesen?", "Zoe\u0308"),
        ("Wer übt mit K3v1n lesen?", "K3v1n"),
        ("Wer übt mit Тарас lesen?", "Тарас"),
        ("Wer übt mit محمد lesen?", "محمد"),
        ("wer übt mit svetlana lesen?", "svetlana"),
        ("WER ÜBT MIT CHANTAL LESEN?", "CHANTAL"),
        ("Wer übt mit Xhevahire lesen?", "Xhevahire"),
    ],
)
def test_a_name_is_seen_however_it_is_written_and_shown_as_it_was(text: str, excerpt: str) -> None:
    seen = [finding for finding in found(text) if excerpt in text[finding.start : finding.end]]
    assert seen, found(text)
    assert verdict(found(text), Policy.PUBLISHED) == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "Wir treffen uns in Raum L34 im ersten Stock.",
        "Wir treffen uns in den Räumen L34 und L14.",
        "Raum: L34, Zeit: 15 Uhr.",
        "Bitte Etage 3, Zimmer L10–L15.",
        "Treffpunkt: Grundschule, Kölnstraße 15a, zweiter Stock.",
        "Das Büro ist in der Hausnummer 35a.",
        "Der Bus L1 fährt alle zehn Minuten, die Linie S41 alle zwanzig.",
        "Die Haltestelle der Linie 216 liegt an der L14.",
        "Bitte über die B45 fahren, nicht durch den Ort.",
        "Das Fahrrad steht in Schrank K41, Parkhaus P41, Ebene U73.",
        "Wir brauchen vier Bretter 2x4m und Schrauben M6x40.",
    ],
)
def test_the_code_of_a_place_is_no_disguised_name(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("L34 wohnt bei uns um die Ecke.", "L34"),
        ("Mit der L34 üben wir Lesen.", "L34"),
        ("Raum für L34 gesucht.", "L34"),
        ("Im Raum ist L34 allein.", "L34"),
        ("Ganz einfach L34 fragen.", "L34"),
        ("Zimmer von L34 und T30.", "T30"),
        ("Haus M4r1a ist bekannt.", "M4r1a"),
        ("Der Typ L34 stört.", "L34"),
        ("Raum L34 (8) übt Lesen.", "L34 (8)"),
        ("In Zimmer L34, acht Jahre, brennt Licht.", "L34, acht"),
        ("15a kommt um drei.", "15a"),
    ],
)
def test_a_code_where_a_name_stands_is_still_asked_about(text: str, excerpt: str) -> None:
    assert excerpt in [finding.excerpt for finding in found(text)]


@pytest.mark.parametrize("number", [153, 154, 354, 374, 471, 730, 734, 1354, 1515, 1554])
def test_a_number_is_no_name_though_it_can_be_read_as_one(number: int) -> None:
    assert found(f"Für {number} Euro gibt es neue Bücher.") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Die Yıldız-Kinder haben kein Bett.", Kind.FAMILY),
        ("Der Sohn von Emine sucht Freunde.", Kind.RELATION),
        ("Das Mädchen aus der Klasse hat Diabetes.", Kind.HEALTH),
        ("Der Junge wiegt mit elf 78 Kilo.", Kind.LIFE),
        ("Unser Pflegesohn ist Muslim.", Kind.LIFE),
        ("Das Kind wird von seinem Stiefvater geschlagen.", Kind.LIFE),
        ("Meine Tochter hat Asthma.", Kind.HEALTH),
        ("Kind, weiblich, 6, Kita", Kind.CHILD),
        ("Der Schüler wird am 3. Mai acht.", Kind.BIRTH_DATE),
        ("Jahrgang 2014, männlich", Kind.BIRTH_DATE),
        ("am siebten Mai 2016 zur Welt gekommen", Kind.BIRTH_DATE),
        ("Kind vom 2017-05-12", Kind.BIRTH_DATE),
    ],
)
def test_what_nobody_may_read_about_one_person_is_refused(text: str, kind: Kind) -> None:
    assert kind in hard(text)
    assert verdict(found(text), Policy.KEPT) == "refuse"


@pytest.mark.parametrize(
    "text",
    [
        "Kinder mit Diabetes und Asthma sind willkommen.",
        "Seit dem 1.9.2019 gibt es die Lernwerkstatt.",
        "Die Anne-Frank-Schule und das Haus St. Anna laden ein.",
        "Trainer Stefan zeigt Ihnen alles, Frau Weber, Leiterin der Kita, auch.",
        "Treffpunkt: Turnhalle, Josef-Schregel-Straße 17",
        "Fragen an info@kita.example, Telefon 0800 111 0550",
        "Jedes Kind und jedes Mädchen bekommt eine Medaille.",
        "Wenn ein Kind in Gefahr ist, rufen Sie 110 an.",
        "Bewegungsspiele im Gürzenicher Jugendtreff, Vorlesenachmittag, Streetworkerinnen",
        "Schüler:innen, Teilnehmer*innen und Lehrer/-innen",
        "Wir gehen z. B. ins Museum, d. h. zu Fuß, mit dem TSV und der AWO.",
    ],
)
def test_what_names_nobody_passes(text: str) -> None:
    assert excerpts(text) == []


def test_a_word_of_the_city_is_known_but_a_name_in_it_is_not() -> None:
    assert excerpts("Treff in Gürzenich") == []
    assert excerpts("Emma-Treff") == []
    assert excerpts("Emma malt.") == [(Kind.PERSON, "Emma")]
    assert [kind for kind, _excerpt in excerpts("Treff in Steinen an der Xyltz")] == [Kind.UNKNOWN]


def test_who_comes_from_a_place_of_the_city_is_no_name() -> None:
    assert words_of(["Stadt Merode", "Emma-Treff", "Emma"]) == {
        *("stadt", "stadter", "stadts"),
        *("merode", "merodeer", "merodes", "meroder"),
        "emma-treff",
    }


def test_the_place_of_a_finding_is_its_place_in_the_written_text() -> None:
    text = "Für \u200bK e m a l, bitte."
    places = {text[finding.start : finding.end] for finding in found(text)}
    assert "K e m a l" in places


@pytest.mark.parametrize(
    "text",
    [
        "Der Verein wurde am 3.4.2018 gegründet.",
        "Stand: 03.04.2018",
        "Emma, 3.4.2024",
        "Am 3.4.2018 kam Emma.",
    ],
)
def test_a_date_of_today_or_away_from_a_name_is_not_a_birthday(text: str) -> None:
    assert hard(text) == set()


def test_what_is_kept_may_name_people_but_no_child() -> None:
    assert verdict(found("Frau Weber ruft zurück."), Policy.KEPT) == "pass"
    assert verdict(found("Frau Weber ruft zurück."), Policy.PUBLISHED) == "ask"
    assert verdict(found("Emre (8) ruft zurück."), Policy.KEPT) == "refuse"


@pytest.mark.parametrize(
    "piece",
    [
        "Familie ",
        "A",
        "1.",
        "Am A",
        "0 ",
        "a@",
        "Straße 1 ",
        "(1",
        "Aa-",
        "K ",
        "\u200b",
        "Ein Kind ",
        "der ein ",
    ],
)
def test_a_hostile_text_twice_as_long_takes_no_more_than_thrice_the_steps(piece: str) -> None:
    found("warm")
    short, long = (_duration(piece * (length // len(piece))) for length in (6000, 12000))
    assert long < 3 * short + 0.5


def _duration(text: str) -> float:
    started = process_time()
    found(text)
    return process_time() - started


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Das Kind mit der Brandnarbe im Gesicht sucht einen Freund.", "Das Kind mit der"),
        ("Dem Schulkind mit den Segelohren fehlt ein Ranzen.", "Dem Schulkind mit den"),
        ("Ein Baby mit nur einem Arm braucht Strampler.", "Ein Baby mit nur"),
        ("Hilfe für Nachbarskind: wird angeschrien, trägt nie eine Jacke.", "für Nachbarskind:"),
    ],
)
def test_a_child_told_by_what_there_is_to_see_is_a_question(text: str, told: str) -> None:
    assert (Kind.SINGLE, told) in [(kind, excerpt.strip()) for kind, excerpt in excerpts(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Kinder mit und ohne Behinderung spielen zusammen.",
        "Die Kinder mit den Laternen gehen voran.",
        "Sie bringen ein Spiel mit den Kindern in Gang.",
        "Familie: Angebote für Eltern mit kleinen Kindern.",
        "Ramadan-Laternen und Adventssterne basteln.",
        "Moscheegemeinde und Kirchengemeinde laden ein.",
    ],
)
def test_many_and_what_belongs_to_nobody_are_none(text: str) -> None:
    assert found(text) == []
