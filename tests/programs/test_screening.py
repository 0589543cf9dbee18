"""Free text is screened for what could identify a child or a family."""

from datetime import date
from time import perf_counter

import pytest

from programs.domain.screening import Kind, screen

TODAY = date(2026, 3, 2)


def kinds(text: str) -> set[Kind]:
    return {finding.kind for finding in screen({"task": text}, today=TODAY)}


def hard(text: str) -> set[Kind]:
    return {finding.kind for finding in screen({"task": text}, today=TODAY) if finding.is_hard}


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
        ("Ali, 9 Jahre, spielt gern Fußball.", Kind.CHILD),
        ("Noah ist 6 Jahre alt.", Kind.CHILD),
        ("Unser 8-jähriger braucht einen Paten.", Kind.CHILD),
        ("Gesucht: Hilfe für ein 7-jähriges Mädchen.", Kind.CHILD),
        ("Das Kind, geb. 3.4.2018, kommt mittwochs.", Kind.BIRTH_DATE),
        ("geboren am 3. April", Kind.BIRTH_DATE),
        ("Geburtsdatum: 03.04.", Kind.BIRTH_DATE),
        ("Kind vom 12.05.2017 in der Gruppe.", Kind.BIRTH_DATE),
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
        ("Schreiben Sie an post@example.org.", Kind.EMAIL),
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
    found = screen({"task": "Lena (7) liest nicht gern."}, today=TODAY)
    assert [(finding.kind, finding.excerpt) for finding in found] == [(Kind.CHILD, "Lena (7)")]


@pytest.mark.parametrize("piece", ["Familie ", "A", "1.", "Am A", "0 ", "a@", "Straße 1 ", "(1", "Aa-"])
def test_hostile_texts_do_not_slow_it_down(piece: str) -> None:
    started = perf_counter()
    screen({"task": piece * (6000 // len(piece))}, today=TODAY)
    assert perf_counter() - started < 0.5
