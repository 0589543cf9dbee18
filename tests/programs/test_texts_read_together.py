"""Several texts are read whole on one page; each is released by its own tick, by nobody who wrote it."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.history import lines_of
from foundation.lists.choosing import MOST_AT_ONCE
from outbox.models import Message
from programs.models import Fund, Provider, TextDraft
from programs.services.text_drafts import write_words
from tests.factories import make_coordinator, make_fund, make_provider, make_user
from tests.lists.rows import client_of

pytestmark = pytest.mark.django_db
LIST, READ = "/koordination/texte/", "/koordination/texte/lesen/"


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus")


@pytest.fixture
def writer(house: Provider) -> User:
    return make_coordinator(house)


@pytest.fixture
def reader(house: Provider) -> User:
    return make_coordinator(house)


@pytest.fixture
def client(reader: User) -> Client:
    return client_of(reader)


def written(house: Provider, name: str, by: User, now: datetime, *, text: str = "") -> TextDraft:
    fund = make_fund(name, slug=name.lower(), provider=house, purpose=f"{name} für alle.")
    draft = write_words(fund, {"purpose": text or f"{name} für die Schule."}, by=by, now=now)
    assert draft is not None
    return draft


def page(client: Client, drafts: list[TextDraft], **typed: Any) -> tuple[int, str]:
    sent = {"chosen": [draft.pk for draft in drafts], "back": LIST, **typed}
    answer = client.post(READ, sent, follow=True)
    return answer.status_code, " ".join(unescape(answer.content.decode()).split())


def ticks(html: str, *drafts: TextDraft) -> dict[str, Any]:
    """Return what is sent when these are ticked as they stand on the page, each of their words answered."""
    sent: dict[str, Any] = {"sure": "1"}
    for draft in drafts:
        mark = re.search(rf'name="text-{draft.pk}-text_read" value="(\w+)"', html)
        assert mark is not None
        sent[f"text-{draft.pk}-text_read"] = mark[1]
        sent[f"text-{draft.pk}-is_read"] = "on"
        sent[f"text-{draft.pk}-hints_read"] = re.findall(
            rf'name="text-{draft.pk}-hints_read" value="([^"]+)"', html
        )
    return sent


def purposes() -> dict[str, str]:
    return dict(Fund.objects.values_list("name", "purpose"))


def test_each_stands_there_whole_and_only_the_ticked_one_is_public(
    client: Client, house: Provider, writer: User, reader: User, now: datetime
) -> None:
    ranzen, hefte = written(house, "Ranzen", writer, now), written(house, "Hefte", writer, now)
    own = written(house, "Stifte", reader, now)
    foreign = written(make_provider("Fremd"), "Anderswo", writer, now)
    rows = [ranzen, hefte, own, foreign]
    listed = client.get(LIST).content.decode()
    assert listed.count('name="chosen"') == 3
    assert READ in listed

    status, shown = page(client, rows)
    reading, left = shown.split("Nicht dabei")
    assert (status, reading.count("<del>"), reading.count("-is_read")) == (200, 2, 6)
    assert "2 von 4 sind zu lesen.</strong> Dazu geht keine E-Mail hinaus." in reading
    for words in ("Ranzen für alle.", "Ranzen für die Schule.", "Hefte für alle.", "Hefte für die Schule."):
        assert words in reading
    assert " checked" not in reading
    assert all(f"„{name}“ habe ich gelesen: freigeben" in reading for name in ("Ranzen", "Hefte"))
    assert "Stifte: Sie haben daran geschrieben; ein anderer Mensch gibt es frei" in left
    assert "Anderswo" not in shown
    assert purposes()["Ranzen"] == "Ranzen für alle."

    sent = ticks(shown, ranzen)
    status, told = page(client, [ranzen, hefte], **sent)
    assert (status, "1 Text ist freigegeben und öffentlich." in told) == (200, True)
    assert purposes() == {
        "Ranzen": "Ranzen für die Schule.",
        "Hefte": "Hefte für alle.",
        "Stifte": "Stifte für alle.",
        "Anderswo": "Anderswo für alle.",
    }
    ranzen.refresh_from_db()
    assert (ranzen.status, ranzen.released_by, ranzen.texts) == ("in_force", reader, {})
    line = lines_of(ranzen).get(to_status="in_force")
    assert (line.actor_kind, line.actor_role, line.actor_user) == (
        "user",
        "coordinator",
        reader.pk,
    )
    assert not Message.objects.exists()


def test_all_ticked_are_released_and_without_a_tick_none(
    client: Client, house: Provider, writer: User, now: datetime
) -> None:
    rows = [written(house, name, writer, now) for name in ("Ranzen", "Hefte", "Stifte")]
    _status, shown = page(client, rows)
    unticked = {name: value for name, value in ticks(shown, *rows).items() if not name.endswith("is_read")}
    status, told = page(client, rows, **unticked)
    assert (status, "Kein Text ist als gelesen angekreuzt." in told) == (422, True)
    assert TextDraft.objects.filter(status="draft").count() == 3
    status, told = page(client, rows, **ticks(shown, *rows))
    assert (status, "3 Texte sind freigegeben und öffentlich." in told) == (200, True)
    assert set(purposes().values()) == {f"{name} für die Schule." for name in ("Ranzen", "Hefte", "Stifte")}


def test_whoever_wrote_it_releases_it_neither_so(
    house: Provider, writer: User, reader: User, now: datetime
) -> None:
    ranzen, hefte = written(house, "Ranzen", writer, now), written(house, "Hefte", reader, now)
    _status, shown = page(client_of(reader), [ranzen])
    sent = ticks(shown, ranzen)
    _status, others = page(client_of(writer), [hefte])
    status, told = page(client_of(writer), [ranzen], **sent)
    assert (status, "Sie haben daran geschrieben" in told) == (200, True)
    status, told = page(client_of(writer), [ranzen, hefte], **{**ticks(others, hefte), **sent})
    assert "1 Text ist freigegeben und öffentlich. Ranzen: Sie haben daran geschrieben" in told
    assert purposes() == {"Ranzen": "Ranzen für alle.", "Hefte": "Hefte für die Schule."}


def test_what_was_written_meanwhile_is_read_again(
    client: Client, house: Provider, writer: User, now: datetime
) -> None:
    ranzen, hefte = written(house, "Ranzen", writer, now), written(house, "Hefte", writer, now)
    _status, shown = page(client, [ranzen, hefte])
    sent = ticks(shown, ranzen, hefte)
    fund = Fund.objects.get(name="Hefte")
    write_words(fund, {"purpose": "Etwas ganz anderes."}, by=writer, now=now)
    status, told = page(client, [ranzen, hefte], **sent)
    assert status == 422
    assert "1 Text ist freigegeben und öffentlich." in told
    assert "Der Text wurde gerade geändert." in told
    assert "Etwas ganz anderes." in told
    assert " checked" not in told
    assert purposes() == {"Ranzen": "Ranzen für die Schule.", "Hefte": "Hefte für alle."}
    status, told = page(client, [hefte], **ticks(told, hefte))
    assert (status, purposes()["Hefte"]) == (200, "Etwas ganz anderes.")


def test_a_mark_of_another_text_releases_none(
    client: Client, house: Provider, writer: User, now: datetime
) -> None:
    ranzen, hefte = written(house, "Ranzen", writer, now), written(house, "Hefte", writer, now)
    _status, shown = page(client, [ranzen, hefte])
    sent = ticks(shown, ranzen, hefte)
    sent[f"text-{hefte.pk}-text_read"] = sent.pop(f"text-{ranzen.pk}-text_read")
    status, told = page(client, [ranzen, hefte], **sent)
    assert (status, told.count("Der Text wurde gerade geändert.")) == (422, 2)
    assert TextDraft.objects.filter(status="draft").count() == 2


def test_each_word_that_is_asked_about_is_answered_in_its_own_text(
    client: Client, house: Provider, writer: User, now: datetime
) -> None:
    text = "Ranzen für Xaverinchen."
    ranzen, hefte = [written(house, name, writer, now, text=text) for name in ("Ranzen", "Hefte")]
    hard = written(house, "Stifte", writer, now)
    TextDraft.objects.filter(pk=hard.pk).update(texts={"purpose": "Für Mia Krause, 8 Jahre."})
    _status, shown = page(client, [ranzen, hefte, hard])
    assert "Stifte: Der Text enthält Angaben, an denen ein Kind" in shown.split("Nicht dabei")[1]
    assert shown.count("<mark>Xaverinchen</mark>") == 2
    sent = ticks(shown, ranzen, hefte)
    assert sent[f"text-{hefte.pk}-hints_read"] == ["Xaverinchen"]
    del sent[f"text-{hefte.pk}-hints_read"]
    status, told = page(client, [ranzen, hefte], **sent)
    assert (status, told.count("Bitte bestätigen Sie, dass Sie die Hinweise")) == (422, 1)
    assert purposes()["Ranzen"] == text
    assert purposes()["Hefte"] == "Hefte für alle."
    assert f'name="text-{hefte.pk}-is_read"' in told
    assert told.count(" checked") == 1
    assert page(client, [hefte], **ticks(told, hefte))[0] == 200
    assert purposes()["Hefte"] == text


def test_what_somebody_else_released_or_took_back_meanwhile_is_said(
    client: Client, house: Provider, writer: User, now: datetime
) -> None:
    ranzen, hefte = written(house, "Ranzen", writer, now), written(house, "Hefte", writer, now)
    _status, shown = page(client, [ranzen, hefte])
    sent = ticks(shown, ranzen, hefte)
    other = client_of(make_coordinator(house))
    page(other, [ranzen], **ticks(shown, ranzen))
    status, told = page(client, [ranzen, hefte], **sent)
    assert "1 Text ist freigegeben und öffentlich. Ranzen: wartet nicht mehr." in told
    status, told = page(client, [ranzen, hefte], **sent)
    assert (status, "Von den ausgewählten Texten können Sie gerade keinen freigeben." in told) == (200, True)
    assert len(lines_of(ranzen).filter(to_status="in_force")) == 1


def test_are_a_matter_of_the_house(house: Provider, writer: User, now: datetime) -> None:
    ranzen = written(house, "Ranzen", writer, now)
    foreign = client_of(make_coordinator(make_provider("Fremd")))
    status, told = page(foreign, [ranzen])
    assert (status, "Ranzen" in told) == (200, False)
    assert client_of(make_user("treasurer", house)).post(READ, {"chosen": [ranzen.pk]}).status_code == 403
    assert Client().post(READ, {"chosen": [ranzen.pk]}).status_code == 302


def test_many_are_read_by_as_many_queries_as_few(
    client: Client, house: Provider, writer: User, now: datetime
) -> None:
    rows = [written(house, f"Zweck{number}", writer, now) for number in range(30)]

    def reads(count: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert page(client, rows[:count])[0] == 200
        return len(caught)

    assert reads(30) == reads(2)
    assert MOST_AT_ONCE == 100
