"""Writing to the office, and the pages the law asks for."""

import re

import pytest
from django.test import Client

from foundation.limit_values import CONTACT_MESSAGES_PER_ADDRESS
from foundation.models import TokenBucket
from outbox.models import Message
from programs.models import City

pytestmark = pytest.mark.django_db
LEGAL = ("/impressum/", "/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/")


def write(client: Client, **answers: str) -> int:
    return client.post("/kontakt/", {"topic": "frage", "text": "Guten Tag", **answers}).status_code


def test_a_message_goes_to_the_office_with_topic_text_and_address(client: Client, city: None) -> None:
    City.objects.update(contact_email="buergerbuero@stadt.example")
    page = client.post(
        "/kontakt/",
        {"topic": "barriere", "text": "Der Kontrast ist zu schwach.", "reply_to": "ada@example.org"},
    )
    assert page.status_code == 200
    assert "Danke, Ihre Nachricht ist bei uns." in page.content.decode()
    mail = Message.objects.get()
    assert (mail.template, mail.to_email) == ("contact_message", "buergerbuero@stadt.example")
    for words in ("Barriere auf diesen Seiten", "Der Kontrast ist zu schwach.", "ada@example.org"):
        assert words in mail.body_text


def test_without_an_address_of_the_city_the_operators_office_gets_it(
    client: Client, city: None, settings: object
) -> None:
    City.objects.update(contact_email="")
    settings.OFFICE_EMAIL = "betrieb@example.org"  # type: ignore[attr-defined]
    assert write(client) == 200
    assert Message.objects.get().to_email == "betrieb@example.org"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"topic": "quatsch"}, "topic"),
        ({"topic": ""}, "topic"),
        ({"reply_to": "keine-adresse"}, "reply_to"),
        ({"reply_to": f"{'a' * 250}@example.org"}, "reply_to"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    client: Client, city: None, answers: dict[str, str], field: str
) -> None:
    typed = {"topic": "frage", "text": "Was ich sagen wollte", "reply_to": "", **answers}
    page = client.post("/kontakt/", typed)
    html = page.content.decode()
    assert page.status_code == 422
    assert f'href="#id_{field}"' in html
    if "text" not in answers:
        assert "Was ich sagen wollte" in html
    assert not Message.objects.exists()


def test_the_same_message_sent_twice_in_a_day_is_one_mail(client: Client, city: None) -> None:
    assert [write(client), write(client)] == [200, 200]
    assert Message.objects.count() == 1
    assert write(client, text="Etwas anderes") == 200
    assert Message.objects.count() == 2


def test_one_connection_writes_five_times_a_day(city: None) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")
    statuses = [
        write(client, text=f"Nachricht {number}")
        for number in range(CONTACT_MESSAGES_PER_ADDRESS.capacity + 1)
    ]
    assert statuses == [200] * 5 + [429]
    assert Message.objects.count() == 5
    assert write(Client(REMOTE_ADDR="203.0.113.10")) == 200


def test_strangers_who_write_in_my_name_do_not_keep_me_from_writing(city: None) -> None:
    for number in range(8):
        stranger = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert write(stranger, text=f"{number}", reply_to="ada@example.org") == 200
    assert write(Client(REMOTE_ADDR="198.51.100.1"), text="Von mir", reply_to="ada@example.org") == 200


def test_when_very_many_write_every_letter_is_kept_and_known_networks_wait(city: None) -> None:
    write(Client(REMOTE_ADDR="203.0.113.9"), text="davor")
    TokenBucket.objects.filter(key__startswith="contact.all:").update(tokens=0)
    assert write(Client(REMOTE_ADDR="203.0.113.10"), text="bekannt") == 200
    assert write(Client(REMOTE_ADDR="198.51.100.1"), text="neu") == 200
    known, new = (Message.objects.get(body_text__contains=text) for text in ("bekannt", "neu"))
    assert 400 < (known.due_at - known.queued_at).total_seconds() <= 432
    assert new.due_at == new.queued_at


@pytest.mark.parametrize(("topic", "is_chosen"), [("barriere", True), ("daten", True), ("quatsch", False)])
def test_a_link_may_choose_the_topic(client: Client, city: None, topic: str, is_chosen: bool) -> None:
    html = client.get(f"/kontakt/?thema={topic}").content.decode()
    assert bool(re.search(rf'value="{topic}"[^>]*(selected|checked)', html)) is is_chosen


def test_without_a_city_there_is_nobody_to_write_to(client: Client) -> None:
    assert client.get("/kontakt/").status_code == 404
    assert write(client) == 404


@pytest.mark.parametrize("address", LEGAL)
def test_every_page_leads_to_the_pages_of_the_law(client: Client, city: None, address: str) -> None:
    for start in ("/", "/spenden/", "/wo-wir-stehen/", *LEGAL):
        assert f'href="{address}"' in client.get(start).content.decode(), start


def test_the_imprint_names_the_city_and_what_is_not_confirmed(client: Client, city: None) -> None:
    City.objects.update(represented_by="Bürgermeisterin der Probe", contact_phone="02421 250")
    html = client.get("/impressum/").content.decode()
    row = City.objects.get()
    for words in (row.name, row.postal_address, "Bürgermeisterin der Probe", "02421 250", row.official_key):
        assert words in html
    assert row.points_to_confirm
    for point in row.points_to_confirm:
        assert point in html


@pytest.mark.parametrize("address", LEGAL)
def test_a_page_of_the_law_needs_no_city(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_the_imprint_names_the_contact_point_and_the_privacy_page_the_life_of_a_notice(
    client: Client, city: None
) -> None:
    assert "Kontaktstelle nach Art. 11 und 12 der Verordnung (EU) 2022/2065" in (
        client.get("/impressum/").content.decode()
    )
    words = " ".join(client.get("/datenschutz/").content.decode().split())
    assert "Sechs Monate nach der Entscheidung löschen wir die Meldung" in words


def test_the_privacy_page_says_who_sees_an_address(client: Client, city: None) -> None:
    words = " ".join(client.get("/datenschutz/").content.decode().split())
    assert "Ihre Anschrift nur, wenn Sie eine Zuwendungsbestätigung wünschen" in words
    assert "sie sieht, wer beim Empfänger die Spenden verwaltet" in words


def test_the_privacy_page_says_by_what_a_program_chooses_and_that_people_decide(
    client: Client, city: None
) -> None:
    words = " ".join(client.get("/datenschutz/").content.decode().split())
    for said in ("rechnet ein Programm aus", "wo Hilfe am meisten fehlt", "lernt nicht aus Daten"):
        assert said in words
    assert "jeden Platz bestätigt ein Mensch beim Träger" in words


def test_the_declaration_leads_to_the_form_for_barriers(client: Client, city: None) -> None:
    html = client.get("/barrierefreiheit/").content.decode()
    (address,) = set(re.findall(r'href="(/kontakt/\?thema=barriere)"', html))
    assert re.search(r'value="barriere"[^>]*(selected|checked)', client.get(address).content.decode())


def test_easy_language_tells_the_way_the_declaration_and_what_else_there_is(
    client: Client, city: None
) -> None:
    html = client.get("/leichte-sprache/").content.decode()
    for part in ("Wie finden Sie sich hier zurecht?", "Was gibt es noch in Leichter Sprache?"):
        assert f"<h2>{part}</h2>" in html
    assert "Wir antworten in höchstens 6 Wochen." in html
    assert "jedes 3. kind" not in html.lower(), "a figure of one city"


def test_a_video_in_sign_language_is_one_click_from_every_page_once_there_is_one(
    client: Client, city: None
) -> None:
    address = "https://www.dueren.example/gebaerdensprache"
    assert "Gebärdensprache gibt es noch nicht" in client.get("/barrierefreiheit/").content.decode()
    City.objects.update(sign_language_url=address)
    for page in ("/", "/zeit/", "/hilfe/", *LEGAL):
        html = client.get(page).content.decode()
        assert f'href="{address}"' in html, page
        assert "Gebärdensprache gibt es noch nicht" not in html


@pytest.mark.parametrize(
    ("land", "asks"), [("Nordrhein-Westfalen", False), ("Thüringen", True), ("Saarland", True)]
)
def test_where_the_land_asks_for_a_permit_to_collect_the_city_is_told(
    client: Client, city: None, land: str, asks: bool
) -> None:
    City.objects.update(state=land)
    told = "Erlaubnis für Haus- und Straßensammlungen" in client.get("/impressum/").content.decode()
    assert told is asks
