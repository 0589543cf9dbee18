"""Rules of a few lines about dates, words and contacts, at their edges and without a database."""

from datetime import date
from time import process_time

import pytest

from programs.domain.closures import ClosedDays, closure_of
from programs.domain.collections import asks_for_permit
from programs.domain.contacts import contact_parts, is_reachable, telephone_address, without_notes
from programs.domain.german import free_slug, german_slug, sort_key
from programs.domain.imports import ReadRow, RowFate, faulty, origin_key, with_key
from programs.domain.rhythms import Repeat
from programs.domain.screening.singular import is_of_many
from programs.domain.search_words import asked_words, heads, may_be_mistyped, spellings, vocabulary
from programs.domain.texts import Block, blocks, latest_year, web_addresses
from programs.domain.typed_times import TypedTime, times_typed

MONDAY = date(2026, 3, 2)


def test_the_first_closure_that_covers_a_day_counts() -> None:
    closed = [
        ClosedDays(1, date(2026, 3, 2), date(2026, 3, 3)),
        ClosedDays(2, date(2026, 3, 3), date(2026, 3, 3)),
        ClosedDays(3, date(2026, 3, 9), None),
    ]
    days = {day: closure_of(date(2026, 3, day), closed) for day in (1, 2, 3, 4, 8, 9, 31)}
    assert days == {1: None, 2: 1, 3: 1, 4: None, 8: None, 9: 3, 31: 3}
    assert closure_of(MONDAY, []) is None


def test_three_lands_ask_for_a_permit_to_collect() -> None:
    lands = ["Nordrhein-Westfalen", "Bayern", "Hessen", "Rheinland-Pfalz", "Saarland", " Thüringen ", ""]
    assert [asks_for_permit(land) for land in lands] == [False, False, False, True, True, True, False]


@pytest.mark.parametrize(
    ("word", "looked_for"),
    [
        ("Kita", ["Kita", "kita", "kindertages", "familienzentr"]),
        ("strasse", ["strasse", "straße"]),
        ("straße", ["straße", "strasse"]),
        ("maerchen", ["maerchen", "märchen"]),
        ("Koeln", ["Koeln", "koeln", "köln"]),
        ("muessen", ["muessen", "mueßen", "müssen"]),
        ("schwimmkurs", ["schwimmkurs", "schwimm"]),
        ("chor", ["chor"]),
    ],
)
def test_a_word_is_looked_for_in_its_spellings_and_in_what_is_meant(word: str, looked_for: list[str]) -> None:
    assert spellings(word) == looked_for


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Wo gibt es Hilfe bei Streit?", ["Streit"]),
        ("kein Geld, keine Wohnung", ["Geld", "Wohnung"]),
        ("für mich", ["für", "mich"]),
        ("„Chor“ (Kinder)", ["Chor", "Kinder"]),
        (" ? ", []),
    ],
)
def test_what_is_asked_for_is_told_from_what_only_asks(typed: str, asked: list[str]) -> None:
    assert asked_words(typed) == asked


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("Drogenberatung", ["beratung", "ratung", "drogen"], ["beratung"]),
        ("beratung", ["beratung"], []),
        ("Anberatung", ["beratung"], []),
        ("Frauenhaus", ["haus"], []),
        ("Tauchen", [], []),
    ],
)
def test_a_long_word_is_what_it_ends_in(word: str, known: list[str], found: list[str]) -> None:
    assert heads(word, known) == found


def test_typing_errors_are_told_from_the_words_of_the_directory_and_of_families() -> None:
    assert [may_be_mistyped(word) for word in ("chor", "kurse")] == [False, True]
    known = vocabulary(["Chor und OGS", "Lesen, Chöre; 12 Uhr-Kurse", ""])
    assert {"chor", "lesen", "chöre", "kurse", "kita"} <= set(known)
    assert {"und", "uhr", "ogs", "12", "Chor"}.isdisjoint(known)
    assert known == sorted(set(known))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("nur Worte", [("nur Worte", "")]),
        (
            "Tel. 02421 25-0, buero@dueren.example",
            [
                ("Tel. ", ""),
                ("02421 25-0", "tel:02421250"),
                (", ", ""),
                ("buero@dueren.example", "mailto:buero@dueren.example"),
            ],
        ),
        ("+49 2421 250", [("+49 2421 250", "tel:+492421250")]),
        (
            "https://www.dueren.example/rat. Gern!",
            [("https://www.dueren.example/rat", "https://www.dueren.example/rat"), (". Gern!", "")],
        ),
        ("012345", [("012345", "tel:012345")]),
        ("01234", [("01234", "")]),
        ("012345678901234", [("012345678901234", "tel:012345678901234")]),
        ("0123456789012345", [("0123456789012345", "")]),
    ],
)
def test_a_contact_is_taken_apart_and_reads_as_before(text: str, parts: list[tuple[str, str]]) -> None:
    found = contact_parts(text)
    assert [(part.text, part.address) for part in found] == parts
    assert "".join(part.text for part in found) == text
    assert is_reachable(text) is any(address for _text, address in parts)


def test_numbers_are_dialled_as_people_write_them() -> None:
    assert telephone_address("0 24 21 / 25-0") == "tel:02421250"
    assert telephone_address(" +49 (2421) 250") == "tel:+492421250"
    assert telephone_address("2421+250") == "tel:2421250"
    assert telephone_address("Zentrale") == ""


def test_notes_of_the_keepers_are_not_shown() -> None:
    assert without_notes("Tel. 110 (laut Flyer 2019)") == "Tel. 110"
    assert without_notes("Tel. 110 (prüfen), Haus (Eingang links)") == "Tel. 110, Haus (Eingang links)"


def test_words_are_sorted_and_addressed_the_german_way() -> None:
    assert sorted(["Zülpich", "Ärger", "Arnold", "Öl", "Über", "Straße"], key=sort_key) == [
        "Ärger",
        "Arnold",
        "Öl",
        "Straße",
        "Über",
        "Zülpich",
    ]
    assert german_slug("Düren-Süd: Spaß für Ältere & Öfter!", 60) == "dueren-sued-spass-fuer-aeltere-oefter"
    assert german_slug("Café  Olé", 60) == "cafe-ole"
    assert german_slug("abc def", 4) == "abc"


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        (set(), "chor"),
        ({"chor-2", "chorprobe"}, "chor"),
        ({"chor"}, "chor-2"),
        ({"chor", "chor-3"}, "chor-2"),
        ({"chor", "chor-2", "chor-3"}, "chor-4"),
    ],
)
def test_an_address_that_is_taken_gets_the_first_free_number(taken: set[str], free: str) -> None:
    assert free_slug("chor", taken) == free


def test_a_text_has_paragraphs_and_lists() -> None:
    text = "Erste\r\nZeile\n \t\n• eins\n- zwei \n\n\n• drei\nkein Punkt\n"
    assert blocks(text) == [
        Block(("Erste Zeile",)),
        Block(("eins", "zwei"), is_list=True),
        Block(("• drei kein Punkt",)),
    ]
    assert blocks(" \n\n ") == []


def test_sources_name_addresses_and_years() -> None:
    assert web_addresses("https://a.example/x; Flyer; http://b.example ;https://c.example/…; ftp://d") == [
        "https://a.example/x",
        "http://b.example",
    ]
    assert latest_year("2013–2019, undatiert") == "2019"
    assert (latest_year("1998, dann 2003"), latest_year("02421 20185"), latest_year("")) == ("2003", "", "")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Di 15:00–16:30", TypedTime("15:00", "16:30", Repeat.WEEKLY, 1)),
        ("dienstags von 9 bis 11 Uhr", TypedTime("09:00", "11:00", Repeat.WEEKLY, 1)),
        ("jeden Mo., 8.15 Uhr - 9.45 Uhr", TypedTime("08:15", "09:45", Repeat.WEEKLY, 0)),
        ("alle zwei Wochen Do 17–18 Uhr", TypedTime("17:00", "18:00", Repeat.FORTNIGHTLY, 3)),
        ("14-tägig Sonntag 10-12", TypedTime("10:00", "12:00", Repeat.FORTNIGHTLY, 6)),
        ("Jeden ersten Montag im Monat 15–17 Uhr", TypedTime("15:00", "17:00", Repeat.FIRST, 0)),
        ("jeden letzten Fr im Monat, 15–17", TypedTime("15:00", "17:00", Repeat.LAST, 4)),
        ("am 24.12.2026 10–12 Uhr", TypedTime("10:00", "12:00", on=date(2026, 12, 24))),
        ("1. 2. 2027, von 0:15 - 23.45", TypedTime("00:15", "23:45", on=date(2027, 2, 1))),
        ("Di\u00a015\u00a0Uhr\u00a0bis\u202f16\u00a0Uhr", TypedTime("15:00", "16:00", Repeat.WEEKLY, 1)),
        ("Di,, 15:00  -  16:30,", TypedTime("15:00", "16:30", Repeat.WEEKLY, 1)),
    ],
)
def test_times_in_a_cell_are_read_as_people_write_them(typed: str, read: TypedTime) -> None:
    assert times_typed(typed) == [read]
    assert times_typed(f"{typed};\n {typed}") == [read, read]


@pytest.mark.parametrize(
    ("repeat", "ways"),
    [
        (Repeat.WEEKLY, ["", "jede Woche", "jeden", "wöchentlich"]),
        (Repeat.FORTNIGHTLY, ["alle zwei Wochen", "alle 2 Wochen", "jede zweite Woche", "14-tägig"]),
        (Repeat.FIRST, ["jeden ersten", "jeden 1."]),
        (Repeat.SECOND, ["jeden zweiten", "jeden 2."]),
        (Repeat.THIRD, ["jeden dritten", "jeden 3."]),
        (Repeat.FOURTH, ["jeden vierten", "jeden 4."]),
        (Repeat.LAST, ["jeden letzten"]),
    ],
)
def test_what_repeats_is_said_in_several_ways(repeat: Repeat, ways: list[str]) -> None:
    assert [times_typed(f"{way} Samstag 9–10")[0].repeat for way in ways] == [repeat] * len(ways)


def test_each_weekday_is_known_by_name_and_by_two_letters() -> None:
    days = ["Montag", "Dienstags", "Mittwoch", "donnerstags", "Freitag", "Samstags", "Sonntag"]
    assert [times_typed(f"{day} 9–10")[0].weekday for day in days] == list(range(7))
    assert [times_typed(f"{day[:2]}. 9–10")[0].weekday for day in days] == list(range(7))


def test_where_times_are_agreed_on_there_are_none_and_nonsense_is_named() -> None:
    assert [times_typed(text) for text in ("", " Auf Abruf ", "nach Absprache")] == [[], [], []]
    for nonsense in (
        *("Di", "Dax 15–17", "jeden fünften Mo 15–17", "31.2.2026 9–10", "Di 15 Uhr", "Di 15-16-17"),
        *("15–17", "heute 15–17", "Di 155–160", "Di 15:5–16", "d 15–17", "Mon 15–17", "1.2.26 9–10"),
    ):
        with pytest.raises(ValueError, match=nonsense if "31" not in nonsense else "day"):
            times_typed(f"Di 9–10; {nonsense}")


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (
            ("services", None, " Kreis ", "a"),
            "07eecedfc214e39d6985bc5e59945f5f0ef51d5787a54f3f88cb6fa35a30c8e7",
        ),
        (
            ("tasks", 7, "Liste der OGS", "A-1"),
            "3fff86305a211ae96d3b8d1e1fc563add723c5d0d69f4fda1fde278218baaec8",
        ),
        (("tasks", 7, "Liste der OGS", ""), None),
    ],
)
def test_by_its_fingerprint_a_row_is_known_years_later(
    told: tuple[str, int | None, str, str], key: str | None
) -> None:
    assert origin_key(*told) == key
    row = ReadRow(2, RowFate.NEW, label="Vorlesen", values={"a": 1})
    assert with_key(row, key) == ReadRow(2, RowFate.NEW, key=key, label="Vorlesen", values={"a": 1})
    assert with_key(faulty(2), key).key is None


@pytest.mark.parametrize(
    ("article", "noun", "many"),
    [
        *(("den", "Spielern", True), ("unseren", "Kindern", True), ("Den", "Verein", False)),
        *(("den", "Jungs", False), ("ihrer", "Besucher", True), ("ihrer", "Besucherin", False)),
        *(("der", "Besuchern", False), ("einen", "Spielern", False), ("seinen", "Termin", False)),
    ],
)
def test_an_article_and_an_ending_tell_many_from_one(article: str, noun: str, many: bool) -> None:
    assert is_of_many(article, noun) is many


@pytest.mark.parametrize("filling", [" ", ",", ", ", "\t\u00a0"])
def test_a_cell_of_blanks_twice_as_long_takes_no_more_than_thrice_the_steps(filling: str) -> None:
    short, long = (_duration(filling * (length // len(filling))) for length in (6000, 12000))
    assert long < 3 * short + 0.5


def _duration(blanks: str) -> float:
    started = process_time()
    for text in (f"Di{blanks}abends", f"Di 15{blanks}!", f"Di 15 Uhr{blanks}bis{blanks}Ende"):
        with pytest.raises(ValueError, match="Di"):
            times_typed(text)
    return process_time() - started
