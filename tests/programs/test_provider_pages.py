"""The freie Träger: a list, and a page for each with what it offers."""

import pytest
from django.test import Client

from foundation.clock import utc_now
from programs.models import Provider
from programs.services.providers import stop_provider
from tests.factories import make_fund, make_opportunity, make_program, make_provider, make_youth_office
from tests.words_of_pages import as_read

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return as_read(answer.content.decode())


def test_the_list_names_every_independent_provider_of_the_city(client: Client, city: None) -> None:
    cards = client.get("/hilfe/traeger/").context["cards"]
    assert [card.provider.name for card in cards][:4] == [
        "AWO Kreisverband Düren e.V.",
        "Bürgerstiftung Düren",
        "Caritasverband für die Region Düren-Jülich e.V.",
        "Deutscher Paritätischer Wohlfahrtsverband (Düren)",
    ]
    assert len(cards) == 14
    kinds = {card.provider.kind for card in cards}
    assert kinds == {"welfare", "church", "club", "foundation"}
    for card in cards:
        assert client.get(f"/hilfe/traeger/{card.provider.slug}/").status_code == 200


def test_the_list_counts_what_is_there_now(client: Client) -> None:
    one, other = make_provider("Aktion"), make_provider("Bund")
    make_program("Treff", provider=one)
    make_program("Alt", provider=one, has_ended=True)
    make_opportunity("Vorlesen", provider=one, places=2, slots=[(0, 900, 960), (1, 900, 960)])
    make_opportunity("Voll", provider=other, places=1, places_taken=1)
    cards = client.get("/hilfe/traeger/").context["cards"]
    counted = [(card.provider.name, card.program_count, card.task_count) for card in cards]
    assert counted == [("Aktion", 1, 1), ("Bund", 0, 0)]


def test_the_page_shows_contact_concept_offers_tasks_and_purposes(client: Client) -> None:
    provider = make_provider(
        "Haus am Rand",
        slug="haus-am-rand",
        address="Beispielweg 1",
        public_contact="Tel. 02421 123456, haus@example.org",
    )
    other = make_provider("Anderes Haus")
    make_program("Krabbelgruppe", provider=provider)
    make_opportunity("Vorlesen", provider=provider)
    make_fund("Ranzen", provider=provider)
    make_program("Fremdes", provider=other)
    make_opportunity("Fremde Aufgabe", provider=other)
    make_fund("Fremder Zweck", provider=other)
    shown = page(client, "/hilfe/traeger/haus-am-rand/")
    for text in (
        "Beispielweg 1",
        'href="tel:02421123456"',
        'href="mailto:haus@example.org"',
        "Schutzkonzept vom 15. Januar 2025, nächste Durchsicht am 15. Januar 2100",
        "Kinderschutz-Team, Tel. 02421 000000",
        "Krabbelgruppe",
        "Vorlesen",
        "Ranzen",
    ):
        assert text in shown
    assert "Fremd" not in shown


def test_a_provider_without_contact_names_the_youth_office(client: Client, city: None) -> None:
    shown = page(client, "/hilfe/traeger/lebenshilfe/")
    assert 'href="tel:02421252199"' in shown
    assert "Einen eigenen Kontakt kennen wir nicht." in shown
    assert "Vom Jugendamt geprüft" not in shown


def test_notes_for_staff_are_not_shown(client: Client) -> None:
    make_provider("Haus", slug="haus", note="prüfen: Sitz nicht belegt")
    assert "Sitz nicht belegt" not in page(client, "/hilfe/traeger/haus/")


def test_a_programme_leads_to_its_provider(client: Client) -> None:
    provider = make_provider("Haus am Rand", slug="haus-am-rand")
    program = make_program("Treff", provider=provider)
    assert 'href="/hilfe/traeger/haus-am-rand/"' in page(client, program.get_absolute_url())
    city_program = make_program("Amt", provider=make_youth_office())
    assert "/hilfe/traeger/" not in page(client, city_program.get_absolute_url())


@pytest.mark.parametrize("kind", [Provider.Kind.CITY, Provider.Kind.PUBLIC])
def test_city_and_public_bodies_have_no_such_page(client: Client, kind: str) -> None:
    make_provider("Amt", slug="amt", kind=kind)
    assert client.get("/hilfe/traeger/amt/").status_code == 404
    assert client.get("/hilfe/traeger/gibt-es-nicht/").status_code == 404


def test_a_stopped_provider_is_gone_with_all_it_offers(client: Client) -> None:
    """Stopped by the youth office: list, page, programmes, their pages and the map of the site."""
    provider = make_provider("Haus am Rand", slug="haus-am-rand")
    program = make_program("Treff im Rand", provider=provider, slug="treff")
    make_program("Freies Angebot", provider=None, slug="frei")
    assert "Treff im Rand" in page(client, "/hilfe/")

    assert stop_provider(provider, reasons="Kein Konzept.", now=utc_now())

    assert "Treff im Rand" not in page(client, "/hilfe/")
    assert "Freies Angebot" in page(client, "/hilfe/")
    assert "Haus am Rand" not in page(client, "/hilfe/traeger/")
    assert client.get("/hilfe/traeger/haus-am-rand/").status_code == 404
    assert client.get(program.get_absolute_url()).status_code == 404
    assert "treff" not in page(client, "/sitemap.xml")
    assert "haus-am-rand" not in page(client, "/sitemap.xml")
