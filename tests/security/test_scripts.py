"""What people write stays text, in pages and in mails."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_url
from foundation.actors import staff
from outbox.models import Message
from programs.models import Opportunity
from tests.access.people import Who
from tests.access.scene import Scene
from tests.factories import make_opportunity
from tests.security.vectors import VECTORS
from tests.volunteers.pledging import send_pledge
from volunteers.models import TimePledge, Volunteer
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db

DANGEROUS = {
    "iframe",
    "object",
    "embed",
    "base",
    "video",
    "audio",
    "marquee",
    "math",
    "template",
    "isindex",
    "keygen",
}
LOADING = ("src", "href", "action", "formaction", "xlink:href", "data", "srcset")
OWN_SCRIPTS = "/static/"


class Reader(HTMLParser):
    """Collects what would run or load, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in DANGEROUS or (tag == "script" and not (values.get("src") or "").startswith(OWN_SCRIPTS)):
            self.found.append(tag)
        for name, value in attrs:
            target = "".join((value or "").split()).lower()
            runs = name in LOADING and target.startswith(("javascript:", "vbscript:", "data:text"))
            loads = name in LOADING and "evil.example" in target
            if name.startswith(("on", "hx-", "x-")) or runs or loads:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def page(client: Client, address: str) -> Reader:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return read(answer.content.decode())


def found_in_all(client: Client, name: str) -> list[str]:
    """What runs or loads on the pages of a list; on those of the staff that is what exchanges their rows."""
    pages = [page(client, f"{reverse(name)}?page={number}") for number in range(1, 10)]
    return sorted(each for seen in pages for each in seen.found)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_there_are_a_hundred() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 100


def test_the_reader_sees_what_would_run() -> None:
    harmless = ("&", "\\", "%", "{", "$", "#", "＜", "javascript", "JaVa", "java\t", "vbscript", "data:")
    naked = [vector for vector in VECTORS if "<" in vector and not vector.startswith(harmless)]
    seen = [vector for vector in naked if read(f"<p>{vector}").found]
    assert len(seen) >= 60


def test_texts_of_a_task_are_text_on_every_page(scene: Scene) -> None:
    visitor, coordinator = Client(), scene.client(Who.COORDINATOR)
    for vector in VECTORS:
        task = make_opportunity(
            vector[:120], provider=scene.provider, district=scene.district, task=vector * 2, site=vector[:200]
        )
        for client, name, argument in (
            (visitor, "opportunity", task.slug),
            (coordinator, "coordination_opportunity", task.pk),
        ):
            seen = page(client, reverse(name, args=[argument]))
            assert seen.found == [], vector
            assert plain(vector) in plain(seen.text), vector
    assert found_in_all(visitor, "opportunities") == []
    assert page(visitor, "/").found == []
    found = found_in_all(coordinator, "coordination_opportunities")
    Opportunity.objects.update(title="Vorlesen", task="Wir lesen vor.", site="Bücherei")
    assert found == found_in_all(coordinator, "coordination_opportunities") != []


def test_names_and_notes_are_text_on_pages_and_in_mails(scene: Scene) -> None:
    coordinator = scene.client(Who.COORDINATOR)
    for vector in VECTORS[::3]:
        Volunteer.objects.filter(pk=scene.pledge.volunteer_id).update(
            first_name=vector[:60], last_name=vector[:80]
        )
        TimePledge.objects.filter(pk=scene.pledge.pk).update(note=vector)
        addresses = [
            (coordinator, reverse("coordination_placement", args=[scene.to_confirm.pk])),
            (scene.client(Who.CITIZEN), my_page_url(scene.pledge.volunteer.mailbox, scene.now)),
        ]
        for client, address in addresses:
            seen = page(client, address)
            assert seen.found == [], vector
            assert plain(vector[:60]) in plain(seen.text), vector
    scene.to_confirm.refresh_from_db()
    Message.objects.all().delete()
    assert confirm_placement(scene.to_confirm, actor=staff(1, "coordinator"), now=scene.now)
    assert read(Message.objects.get().body_html).found == []


@pytest.mark.parametrize("vector", VECTORS[::7])
def test_what_comes_by_the_forms_is_text_or_refused(vector: str, scene: Scene) -> None:
    Message.objects.all().delete()
    client = Client(REMOTE_ADDR="10.0.0.1")
    answers: list[Any] = [
        client.post("/kontakt/", {"topic": "frage", "text": vector}),
        send_pledge(client, first_name=vector[:60], note=vector),
        client.post("/meins/", {"email": vector}),
        client.get("/zeit/", {"field": vector, "district": vector, "day": vector}),
        client.get("/hilfe/", {"q": vector, "topic": vector}),
        client.get("/spenden/", {"eigener_betrag": vector, "zweck": vector}),
    ]
    for answer in answers:
        assert answer.status_code in (200, 303, 422)
        assert read(answer.content.decode()).found == []
    for message in Message.objects.all():
        assert read(message.body_html).found == []
    told = Message.objects.get(template="contact_message")
    assert plain(vector) in plain(told.body_text)


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\u2028", "%0d%0a"])
def test_no_header_of_a_mail_is_smuggled_in(breaks: str, scene: Scene) -> None:
    Message.objects.all().delete()
    evil = f"Vera{breaks}Bcc: alle@evil.example{breaks}{breaks}<b>Text</b>"
    Client().post(
        "/kontakt/", {"topic": "frage", "text": evil, "reply_to": f"a@example.org{breaks}Bcc: b@evil.example"}
    )
    send_pledge(Client(), first_name=evil, email="vera@example.org")
    for message in Message.objects.all():
        assert not any(character in message.subject for character in "\r\n")
        assert "evil" not in message.to_email
        assert "evil" not in message.subject
