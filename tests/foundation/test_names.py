"""Who gives one euro must not be able to write a link into a mail of the city."""

import pytest

from foundation.names import is_line, is_name, is_personal_name, is_postcode, with_blanks

PAGES = [
    "www.boese.example",
    "WWW.BÖSE.DE",
    "http://boese",
    "https:boese",
    "Ihr Konto: boese.de",
    "boese.de/anmelden",
    "a.co",
    "t.co",
    "1a.de",
    "xn--bse-sna.de",
    "böse.онлайн",
    "boese．de",
    "boese｡de",
    "boese。de",
    "boese․de",
    "ｗｗｗ Böse",
    "ⓗttp://boese",
    "mailto:a",
    "ftp://boese",
    "javascript://x",
    "192.168.1.5",
    "1.1.1.1",
    "post@boese.de",
    "Anna @ Böse",
]
HIDDEN = [
    "Anna\nIhr Konto ist gesperrt",
    "Anna\r\nBcc: a",
    "Anna\tB",
    "Anna\u2028B",
    "Anna\u2029B",
    "Anna\x85B",
    "\u202eannA",
    "Anna\u2066B\u2069",
    "Anna\u200fB",
    "An\u00adna",
    "An\u200bna",
    "An\ufeffna",
    "Anna\x00",
    "Anna\x1b[31m",
    "Anna\ue000",
]
MARKUP = [
    "<b>Anna</b>",
    "Anna{{x}}",
    "Anna=1",
    "[Anna](b)",
    "Anna|B",
    "Anna\\B",
    "Anna`b`$(c)",
    "Anna 💥",
    "",
    "-",
    "…",
]
PEOPLE = [
    "O",
    "Ö",
    "x" * 60,
    "Anna-Lena",
    "Anna‐Lena",
    "Anna‑Lena",
    "Anna–Lena",
    "O'Neill",
    "O’Neill",
    "Oʼneill",
    "O´Neill",
    "Gül Şahin",
    "Nguyễn Thị Minh",
    "Мария Петрова",
    "مريم",
    "आशा",
    "李",
    "Dr. Ö",
    "J. R. R. Tolkien",
    "Marie de l'Hôpital",
    "Ana·ïs",
]
ORGANISATIONS = [
    "St. Josef e.V.",
    "Müller-Lüdenscheidt GmbH & Co. KG",
    "1. FC Düren 1899",
    "Klasse 4b (Grundschule Nord)",
    "Freund*innen der Stadtbücherei",
    "Freund:innen & Nachbar_innen",
    "Bäckerei „Zum Korn“",
    "Kita Regenbogen, Gruppe Rot/Blau",
    "Rotary Club Düren – Jülich",
    "Ja! Wir helfen",
]
STREETS = [
    "Musterweg 1",
    "Hauptstr. 12",
    "Hauptstr.12a",
    "Straße des 17. Juni 135",
    "C 4, 12-14",
    "Am Alten Teich 3/5",
    "An der Gräfin-Gertrudis-Straße 1 ½",
]
TOWNS = ["Düren", "Frankfurt (Oder)", "Sankt Augustin", "Au i. d. Hallertau", "L’Aquila", "Горловка"]


@pytest.mark.parametrize("text", [*PAGES, *HIDDEN, *MARKUP])
def test_no_name_and_no_line_leads_anywhere_or_hides_anything(text: str) -> None:
    assert not is_personal_name(text)
    assert not is_name(text)
    assert not is_line(text)


@pytest.mark.parametrize("text", PEOPLE)
def test_people_are_called_as_they_are_called(text: str) -> None:
    assert is_personal_name(text)
    assert is_name(text)


@pytest.mark.parametrize("text", ORGANISATIONS)
def test_organisations_have_figures_and_signs(text: str) -> None:
    assert is_name(text)
    assert is_line(text)


@pytest.mark.parametrize("text", [*STREETS, *TOWNS])
def test_streets_and_towns_are_lines(text: str) -> None:
    assert is_line(text)


@pytest.mark.parametrize("text", ["Rufen Sie an 02421 123456", "Anna 01234567", "Anna ٠١٢٣٤٥٦٧"])
def test_a_telephone_number_is_no_part_of_a_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("text", ["52349", "D-52349", "SW1A 1AA", "1234 AB", "101"])
def test_postcodes_of_all_countries_are_known(text: str) -> None:
    assert is_postcode(text)


@pytest.mark.parametrize("text", ["t.co/x", "a.de", "5234\n9", "-1", "٥٢٣٤٩", "", "1", "12345678901"])
def test_what_is_no_postcode_is_refused(text: str) -> None:
    assert not is_postcode(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Dr.Müller", "Dr. Müller"),
        ("Hans-J.Schmitz", "Hans-J. Schmitz"),
        ("J.R.R.Tolkien", "J.R.R. Tolkien"),
        ("St.Vith", "St. Vith"),
        ("4.Klasse", "4. Klasse"),
        ("St. Josef e.V.", "St. Josef e.V."),
        ("Boese.De", "Boese.De"),
        ("boe.de", "boe.de"),
        ("www.Boese", "www. Boese"),
    ],
)
def test_blanks_that_people_leave_out_are_put_in(typed: str, meant: str) -> None:
    assert with_blanks(typed) == meant


@pytest.mark.parametrize("text", PAGES)
def test_no_blank_makes_a_name_of_a_page(text: str) -> None:
    assert not is_name(with_blanks(text))
