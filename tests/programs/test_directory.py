"""Hilfe finden: /hilfe/ and its pages."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from programs.models import City, Program
from programs.selectors.directory import independent_providers, listed_programs
from tests.factories import make_district, make_fund, make_opportunity, make_program
from tests.words_of_pages import as_read

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/hilfe/{query}")
    assert response.status_code == 200
    context: Any = response.context
    return [program.name for program in [*context["core"], *context["page"]]]


def test_the_six_systems_come_first(client: Client, city: None) -> None:
    response = client.get("/hilfe/")
    assert [program.name for program in response.context["core"]] == [
        "Familienzentren (sechs Verbünde mit städtischen Kitas)",
        "Gegen Kinderarmut in Düren – Wir engagieren uns!",
        "JUGEND STÄRKEN: Brücken in die Eigenständigkeit",
        "Jugendhilfe im Strafverfahren",
        "Soziale Dienste",
        "Streetwork",
    ]
    assert response.context["total"] == 37


def test_each_of_the_six_systems_has_its_page(client: Client, city: None) -> None:
    for program in Program.objects.filter(is_core_system=True):
        response = client.get(f"/hilfe/{program.slug}/")
        assert response.status_code == 200
        assert "Im Wortlaut der eigenen Seite" in response.content.decode()


def test_the_familienzentren_that_are_known_are_linked_and_the_page_says_what_is_not(
    client: Client, city: None
) -> None:
    def section() -> str:
        page = client.get("/hilfe/familienzentren/").content.decode()
        return page[page.index('id="teile"') :].partition("</section>")[0]

    assert re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', section()) == [
        ("/hilfe/fz-mitte-sued/", "Familienzentrum Düren Mitte-Süd"),
        ("/hilfe/fz-mitte/", "Familienzentrum Düren-Mitte"),
    ]
    assert "Von 6 fehlen hier noch 4: Die Stadt hat ihre Namen noch nicht genannt." in section()
    assert "tel:" in section()
    Program.objects.filter(slug="fz-mitte").update(is_listed=False)
    assert "Von 6 fehlen hier noch 5" in section()
    Program.objects.filter(slug="familienzentren").update(part_count=2)
    assert "Von 2 fehlt hier noch 1: Die Stadt hat den Namen noch nicht genannt." in section()
    assert 'id="teile"' not in client.get("/hilfe/streetwork/").content.decode()


def test_topic_age_and_district_narrow_the_list(client: Client) -> None:
    north, south = make_district("Nord"), make_district("Süd")
    make_program("Krabbelgruppe", topics=["early"], age_from=0, age_to=2, districts=[north])
    make_program("Jugendtreff", topics=["leisure"], age_from=14, age_to=27, districts=[north])
    make_program("Nachhilfe", topics=["learning"], districts=[south])
    make_program("Stadtfest", topics=["leisure"], is_city_wide=True)
    assert names(client, "?topic=leisure") == ["Jugendtreff", "Stadtfest"]
    assert names(client, "?age=0-2") == ["Krabbelgruppe", "Nachhilfe", "Stadtfest"]
    assert names(client, "?age=10-13") == ["Nachhilfe", "Stadtfest"]
    assert names(client, f"?district={south.slug}") == ["Nachhilfe", "Stadtfest"]
    assert names(client, f"?topic=leisure&age=18-27&district={north.slug}") == ["Jugendtreff", "Stadtfest"]


def test_words_are_looked_for_in_name_text_and_place(client: Client) -> None:
    make_program("Lesepaten", description="Wir lesen vor.", site="Haus der Stadt")
    make_program("Schwimmkurs", description="Im Rurbad.")
    assert names(client, "?q=LESEN") == ["Lesepaten"]
    assert names(client, "?q=stadt+vor") == ["Lesepaten"]
    assert names(client, "?q=%25") == []


@pytest.mark.parametrize(
    ("word", "offer"),
    [
        ("Deutschkurs", "Familienzentrum Düren-Mitte"),
        ("Nachhilfe", "Jugendcafé Liebertée"),
        ("Schwimmen", "Fit wie ein Fisch – kostenlose Ferien-Schwimmkurse"),
        ("Straßensozialarbeit", "Streetwork"),
        ("Strassensozialarbeit", "Streetwork"),
        ("Jugendzentrum", "Thomas-Morus-Haus"),
        ("Essen", "Kinderfonds der Dürener Tafel – gesundes Frühstück"),
        ("Obdachlos", "Haus für Alle"),
        ("famlienzentrum", "Familienzentren (sechs Verbünde mit städtischen Kitas)"),
        ("fruehstueck", "Schulfrühstück Nikolausschule"),
        ("Baby", "Frühe Elternhilfe Düren (FRED) und Besuchsdienst für Neugeborene"),
        ("Hebamme", "Frühe Elternhilfe Düren (FRED) und Besuchsdienst für Neugeborene"),
        ("Schulranzen", "Dürener Ranzen"),
        ("kein Geld für Schulsachen", "Dürener Ranzen"),
        ("Scheidung", "Soziale Dienste"),
        ("Streit zu Hause", "Soziale Dienste"),
        ("Mobbing", "Soziale Dienste"),
        ("Drogen", "Streetwork"),
        ("Drogenberatung", "Soziale Dienste"),
        ("Frauenhaus", "Soziale Dienste"),
        ("mama kind gruppe", "Familienzentrum Düren Mitte-Süd"),
        ("Krabbelgruppe", "Familienzentrum Düren Mitte-Süd"),
        ("Babysitter", "Familienpatenschaften"),
        ("Fussball", "Sport-Kleiderbörse FC Niederau"),
        ("Winterjacke", "Kinder-Second-Hand-Laden Bärenstark"),
        ("Ich suche einen Kita-Platz", "Familienzentrum Kreismäuse in der Marienstraße"),
    ],
)
def test_families_words_find_what_the_city_offers(client: Client, city: None, word: str, offer: str) -> None:
    found = names(client, f"?q={word}")
    assert offer in found
    assert len(found) <= 10


def test_other_spellings_and_typing_errors_find_the_same(client: Client) -> None:
    make_program("Streetwork", description="Wir sind auf der Straße.")
    make_program("Familienzentrum Mitte", description="Für Eltern.")
    assert names(client, "?q=Strassensozialarbeit") == ["Streetwork"]
    assert names(client, "?q=famlienzentrum") == ["Familienzentrum Mitte"]
    assert names(client, "?q=famlienzentrum+Eltern") == ["Familienzentrum Mitte"]
    assert names(client, "?q=famlienzentrum+Xyzzyqwert") == []
    assert names(client, "?q=Xyzzyqwert") == []


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Nachhilffe", ["Lerntreff"]),
        ("Streetwrok", ["Streetwork"]),
        ("Hebame", ["Wochenbett"]),
        ("Stretwork+Straße", ["Streetwork"]),
        ("kiat", []),
        ("xylophon", []),
        ("Tauchen", []),
    ],
)
def test_a_typing_error_finds_the_words_there_are(client: Client, word: str, found: list[str]) -> None:
    make_program("Streetwork", description="Wir sind auf der Straße, wo sie uns brauchen.")
    make_program("Lerntreff", description="Hausaufgaben am Eck.")
    make_program("Wochenbett", description="Hebammen kommen zu Ihnen.")
    assert names(client, f"?q={word}") == found


def test_words_that_say_nothing_are_left_out_unless_nothing_else_was_typed(client: Client) -> None:
    make_program("Lerntreff", description="Hausaufgaben am Eck.")
    make_program("Für dich", description="Ein Chor.")
    assert names(client, "?q=ich+brauche+Hilfe+für+Hausaufgaben") == ["Lerntreff"]
    assert names(client, "?q=für") == ["Für dich"]
    assert names(client, "?q=Hausaufgaben+Chor") == []


@pytest.mark.parametrize("word", ["Ausflug", "ausflüge", "AUSFLÜGEN", "Ausfluges"])
def test_a_word_is_found_in_each_of_its_forms(client: Client, word: str) -> None:
    make_program("Ferien", description="Zwei Ausflüge im Sommer.")
    make_program("Flugplatz", description="Segeln.")
    assert names(client, f"?q={word}") == ["Ferien"]


def test_when_nothing_is_found_the_page_says_whom_to_call(client: Client, city: None) -> None:
    City.objects.update(youth_office_phone="02421 25-1")
    shown = client.get("/hilfe/?q=Xyzzyqwert").content.decode()
    found = shown.index("Dazu haben wir kein Angebot gefunden")
    assert 'href="tel:02421251"' in shown[found : shown.index("Wenn Sie nach einem Stadtteil suchen")]


def test_values_that_make_no_sense_are_left_out(client: Client) -> None:
    make_program("Lesepaten", topics=["learning"])
    assert names(client, "?topic=gold&age=999&district=%27+OR+1&page=xyz") == ["Lesepaten"]
    assert names(client, "?topic=learning&age=999") == ["Lesepaten"]
    assert names(client, "?page=99999999999999999999") == ["Lesepaten"]


def test_what_has_ended_or_is_not_listed_is_not_found(client: Client) -> None:
    ended = make_program("Vorbei", has_ended=True)
    hidden = make_program("Verborgen", is_listed=False)
    assert names(client) == []
    assert client.get(f"/hilfe/{ended.slug}/").status_code == 404
    assert client.get(f"/hilfe/{hidden.slug}/").status_code == 404
    assert client.get("/hilfe/gibt-es-nicht/").status_code == 404


def test_an_empty_result_offers_a_way_on(client: Client) -> None:
    make_program("Lesepaten")
    page = client.get("/hilfe/?q=Tauchen").content.decode()
    assert "Dazu haben wir kein Angebot gefunden" in page
    assert "Alle Angebote zeigen" in page


def test_names_are_sorted_as_in_a_phone_book(client: Client) -> None:
    for name in ("Zirkus", "Ästhetik", "Bücherei"):
        make_program(name)
    assert names(client) == ["Ästhetik", "Bücherei", "Zirkus"]


def test_an_unchecked_contact_says_how_old_it_is(client: Client) -> None:
    program = make_program("Ranzen", public_contact="Tel. 02421 000", as_of="2018")
    page = client.get(f"/hilfe/{program.slug}/").content.decode()
    assert "Angaben von 2018, von der Stadt noch nicht geprüft" in page
    Program.objects.update(contact_checked_on="2026-11-02")
    page = as_read(client.get(f"/hilfe/{program.slug}/").content.decode())
    assert "Kontakt geprüft am 2. November 2026" in page
    assert "noch nicht geprüft" not in page


def test_the_page_names_sources_and_ways_to_join_in(client: Client) -> None:
    program = make_program("Ranzen", source="https://example.org/seite; Zeitung 1.2…", as_of="2018")
    task = make_opportunity("Ranzen packen", program=program, provider=None)
    make_opportunity("Entwurf", program=program, status="draft")
    fund = make_fund("Ranzenfonds", program=program)
    make_fund("Geschlossen", program=program, is_open=False)
    page = client.get(f"/hilfe/{program.slug}/").content.decode()
    assert '<a href="https://example.org/seite" rel="noreferrer">' in page
    assert f"/zeit/{task.slug}/" in page
    assert f"/spendenzweck/{fund.slug}/" in page
    assert "Entwurf" not in page
    assert "Geschlossen" not in page


def test_working_notes_are_for_staff(client: Client, city: None) -> None:
    """Certainty, numbers of newspaper articles and "prüfen" help whoever keeps the data, not a family."""
    addresses = ["/hilfe/", "/hilfe/?page=2", "/hilfe/?page=3", "/hilfe/traeger/"]
    addresses += [program.get_absolute_url() for program in listed_programs()]
    addresses += [f"/hilfe/traeger/{provider.slug}/" for provider in independent_providers()]
    for address in addresses:
        page = client.get(address).content.decode()
        for note in ("Wie sicher", "belegt", "aid-", "prüfen)", "undatiert"):
            assert note not in re.sub(r'href="[^"]*"|>https?://[^<]*<', "", page), (address, note)


def test_a_contact_is_shown_without_the_notes_in_brackets(client: Client) -> None:
    contact = "Haus (Hof), Tel. 02421 481 (2016), a@example.org (Stand ca. 2016, prüfen)"
    program = make_program("Treff", public_contact=contact)
    page = client.get(program.get_absolute_url()).content.decode()
    text = re.sub(r"<[^>]+>", "", page[page.index('id="kontakt"') :])
    assert "Haus (Hof), Tel. 02421 481, a@example.org\n" in text


def test_what_nobody_checked_can_be_hidden(client: Client, settings: Settings) -> None:
    make_program("Ungeprüft", slug="ungeprueft")
    make_program("Geprüft", slug="geprueft", contact_checked_on="2026-11-02")
    assert names(client) == ["Geprüft", "Ungeprüft"]
    settings.LIST_UNCHECKED_PROGRAMS = False
    assert names(client) == ["Geprüft"]
    assert client.get("/hilfe/ungeprueft/").status_code == 404
    assert client.get("/hilfe/geprueft/").status_code == 200


def test_the_emergency_hint_stands_where_it_belongs(client: Client, city: None) -> None:
    assert "tel:110" in client.get("/hilfe/soziale-dienste/").content.decode()
    assert "tel:110" not in client.get("/hilfe/musikschule/").content.decode()


def test_foreign_text_is_escaped(client: Client) -> None:
    program = make_program("<script>alert(1)</script>", source="javascript:alert(1)", page_text="• <b>x</b>")
    for address in ("/hilfe/", f"/hilfe/{program.slug}/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert "<b>x</b>" not in page


@pytest.mark.parametrize("size", [3, 60])
def test_the_list_needs_few_queries_at_any_size(
    client: Client, size: int, django_assert_max_num_queries: Any
) -> None:
    district = make_district()
    for _number in range(size):
        make_program(districts=[district])
    with django_assert_max_num_queries(6):
        assert client.get("/hilfe/").status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get(f"/hilfe/?district={district.slug}&q=angebot").status_code == 200


def test_a_page_needs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    program = make_program(districts=[make_district(), make_district()])
    for _number in range(8):
        make_opportunity(program=program)
        make_fund(program=program)
    with django_assert_max_num_queries(8):
        assert client.get(f"/hilfe/{program.slug}/").status_code == 200


def test_pages_turn_and_keep_the_filter(client: Client) -> None:
    for number in range(14):
        make_program(f"Treff {number:02}", topics=["leisure"])
    response = client.get("/hilfe/?topic=leisure&page=2")
    assert [program.name for program in response.context["page"]] == ["Treff 12", "Treff 13"]
    assert "?topic=leisure&amp;page=1" in response.content.decode()
