"""What is done to several ticked rows: shown with every mail before, then done one by one, honestly told."""

from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from citizens.models import Mailbox
from foundation.actors import system
from foundation.clock import utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Opportunity, Provider
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.lists.rows import client_of
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Contact, Placement, TimePledge
from volunteers.services.contacts import Call, record_call
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db
PLACEMENTS, PEOPLE = "/koordination/einsaetze/", "/koordination/menschen/"
TEXT = "Bitte warm anziehen."
Helper = Callable[..., Placement]


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus")


@pytest.fixture
def task(house: Provider) -> Opportunity:
    return make_opportunity("Vorlesen", provider=house, places=9, clearance_required=False)


@pytest.fixture
def client(house: Provider) -> Client:
    return client_of(make_coordinator(house))


@pytest.fixture
def helper(task: Opportunity, today: datetime) -> Helper:
    def make(first: str, status: str = "active", at: Opportunity = task) -> Placement:
        pledge = make_pledge(today, first_name=first, email=f"{first.lower()}@example.org")
        begun: Any = {"from_on": today.date()} if status == "active" else {}
        return make_placement(pledge, at, today, status, **begun)

    return make


def shown(client: Client, address: str, keys: list[Any], **typed: str) -> str:
    answer = client.post(address, {"chosen": keys, **typed}, follow=True)
    return " ".join(unescape(answer.content.decode()).split())


def statuses() -> dict[str, str]:
    return dict(Placement.objects.values_list("volunteer__first_name", "status"))


class TestConfirming:
    HERE = f"{PLACEMENTS}bestaetigen/"

    def test_a_look_tells_who_gets_which_mail_and_leaves_nothing(
        self, client: Client, helper: Helper, today: datetime
    ) -> None:
        checked = make_opportunity("Schwimmen", provider=make_provider("Fremd"), places=9)
        rows = [helper("Adile", "awaiting_confirmation"), helper("Bogdan", "awaiting_confirmation")]
        rows += [helper("Clara"), helper("Dora", "awaiting_confirmation", checked)]
        Mailbox.objects.filter(volunteers__first_name="Bogdan").update(
            email="4711@brief.invalid", postal_address="Weierstraße 7"
        )
        before, lines = Message.objects.count(), lines_of(rows[0]).count()
        listed = client.get(PLACEMENTS).content.decode()
        assert listed.count('name="chosen"') == listed.count('name="listed"') == 3

        page = shown(client, self.HERE, [each.pk for each in rows])
        goes, left = page.split("Nicht dabei")
        assert (
            "2 von 4 sind dabei.</strong> 1 E-Mail geht hinaus. 1 Brief wartet danach auf den Druck." in goes
        )
        assert "Adile, Vorlesen</strong><br>E-Mail an adile@example.org: „Sie sind dabei: Vorlesen“" in goes
        assert "Bogdan, Vorlesen</strong><br>Brief: „Sie sind dabei: Vorlesen“" in goes
        assert "<li>Clara, Vorlesen: Darüber ist schon entschieden</li>" in left
        assert "Dora" not in page
        assert statuses()["Adile"] == "awaiting_confirmation"
        assert (Message.objects.count(), lines_of(rows[0]).count()) == (before, lines)

        ticked = [each.pk for each in rows]
        told = shown(client, self.HERE, ticked, sure="1")
        assert "2 Menschen sind bestätigt. 2 von 4 blieben, wie sie waren. Clara, Vorlesen: Darüber" in told
        found = statuses()
        assert (found["Adile"], found["Bogdan"], found["Dora"]) == (
            "active",
            "active",
            "awaiting_confirmation",
        )
        assert {mail.to_email for mail in mails("placement_confirmed")} == {
            "adile@example.org",
            "4711@brief.invalid",
        }
        moved = lines_of(rows[0]).get(to_status="active")
        assert (moved.actor_kind, moved.actor_role) == ("user", "coordinator")
        assert "Keiner der ausgewählten Einsätze wartet auf Ihr Ja." in shown(client, self.HERE, ticked)

    def test_one_that_was_taken_meanwhile_stops_no_other(self, client: Client, helper: Helper) -> None:
        keys = [helper(name, "awaiting_confirmation").pk for name in ("Adile", "Bogdan", "Clara")]
        assert "3 von 3 sind dabei." in shown(client, self.HERE, keys)
        gone = Placement.objects.get(volunteer__first_name="Bogdan")
        stop_placement(gone, reason="not_needed", actor=system("tests"), now=utc_now())
        told = shown(client, self.HERE, keys, sure="1")
        assert "2 Menschen sind bestätigt. 1 von 3 blieb, wie sie war. Bogdan, Vorlesen: Darüber ist" in told
        assert statuses() == {"Adile": "active", "Bogdan": "cancelled", "Clara": "active"}

    def test_all_of_the_page_are_chosen_without_ticking_each(self, client: Client, helper: Helper) -> None:
        keys = [helper(name, "awaiting_confirmation").pk for name in ("Adile", "Bogdan")]
        answer = client.post(self.HERE, {"listed": keys, "all": "1"})
        assert "2 von 2 sind dabei." in unescape(answer.content.decode())
        assert "Keiner der ausgewählten" in shown(client, self.HERE, [])

    def test_of_a_house_without_verification_nobody_is_confirmed(
        self, client: Client, helper: Helper, house: Provider
    ) -> None:
        keys = [helper("Adile", "awaiting_confirmation").pk]
        Provider.objects.filter(pk=house.pk).update(is_verified=False)
        assert "die Prüfung dieses Trägers zurückgenommen" in shown(client, self.HERE, keys, sure="1")
        assert statuses() == {"Adile": "awaiting_confirmation"}


class TestEnding:
    HERE = f"{PLACEMENTS}beenden/"

    def test_asks_why_and_tells_each_person_in_the_words_of_their_case(
        self, client: Client, helper: Helper
    ) -> None:
        keys = [helper("Adile").pk, helper("Bogdan", "awaiting_confirmation").pk]
        assert "Ansehen, was geschieht" in shown(client, self.HERE, keys)
        assert client.post(self.HERE, {"chosen": keys, "look": "1"}).status_code == 422
        assert client.post(self.HERE, {"chosen": keys, "sure": "1", "reason": "x"}).status_code == 422
        page = shown(client, self.HERE, keys, look="1", reason="not_needed")
        assert "<blockquote><p>Die Hilfe wird nicht mehr gebraucht</p></blockquote>" in page
        assert "E-Mail an adile@example.org: „Danke für Ihre Zeit: Vorlesen“" in page
        assert "E-Mail an bogdan@example.org: „Leider nicht: Vorlesen“" in page
        assert '<input type="hidden" name="reason" value="not_needed"' in page
        assert set(statuses().values()) == {"active", "awaiting_confirmation"}

        told = shown(client, self.HERE, keys, sure="1", reason="not_needed")
        assert "2 Einsätze sind beendet." in told
        assert statuses() == {"Adile": "ended", "Bogdan": "cancelled"}
        assert mails("placement_ended").get().to_email == "adile@example.org"


class TestWriting:
    HERE = f"{PLACEMENTS}nachricht/"

    def test_reaches_each_mailbox_once_and_nobody_who_declined(
        self, client: Client, helper: Helper, house: Provider
    ) -> None:
        other = make_opportunity("Kochen", provider=house, places=9, clearance_required=False)
        rows = [helper("Adile"), helper("Bogdan"), helper("Clara", "awaiting_confirmation"), helper("Dora")]
        again = make_placement(rows[0].pledge, other, utc_now(), "active", from_on=utc_now().date())
        rows += [again, helper("Emil", at=other)]
        Mailbox.objects.filter(volunteers__first_name="Dora").update(unwanted=["nachrichten"])
        keys, typed = [each.pk for each in rows], {"text": TEXT, "submission": str(uuid4())}
        page = shown(client, self.HERE, keys, look="1", **typed)
        goes, left = page.split("Nicht dabei")
        assert "3 von 6 sind dabei.</strong> 3 E-Mails gehen hinaus." in goes
        assert f"<blockquote><p>{TEXT}</p></blockquote>" in goes
        assert "E-Mail an emil@example.org: „Haus schreibt Ihnen: Kochen“" in goes
        assert "Clara, Vorlesen: macht gerade nicht mit" in left
        assert "Dora, Vorlesen: hat solche Nachrichten abbestellt" in left
        assert left.count("Adile, ") == 1
        assert "bekommt diese Nachricht schon" in left
        assert not Message.objects.filter(template="task_message").exists()

        assert "Gesendet an 3 Menschen." in shown(client, self.HERE, keys, sure="1", **typed)
        written = {mail.to_email: mail.body_text for mail in mails("task_message")}
        assert set(written) == {"adile@example.org", "bogdan@example.org", "emil@example.org"}
        assert TEXT in written["bogdan@example.org"]
        noted = lines_of(other).filter(changes__has_key="message").get()
        assert noted.changes == {"message": [None, "task: 2"]}
        assert "Gesendet an 3" not in shown(client, self.HERE, keys, sure="1", **typed)
        assert mails("task_message").count() == 3

    def test_of_people_goes_to_where_they_are(self, client: Client, helper: Helper, today: datetime) -> None:
        there, stranger = helper("Adile"), make_pledge(today, first_name="Zoe", email="zoe@example.org")
        keys = [there.volunteer_id, stranger.volunteer_id]
        typed = {"text": TEXT, "submission": str(uuid4())}
        assert "Zoe" not in shown(client, f"{PEOPLE}nachricht/", keys, look="1", **typed)
        office = client_of(make_coordinator(make_youth_office()))
        page = shown(office, f"{PEOPLE}nachricht/", keys, look="1", **typed)
        assert "Vorlesen: Adile</strong><br>E-Mail an adile@example.org" in page
        assert "<li>Zoe: macht gerade nicht mit</li>" in page
        assert "Gesendet an 1 Menschen" in shown(office, f"{PEOPLE}nachricht/", keys, sure="1", **typed)

    def test_a_text_that_gives_a_child_away_goes_nowhere(self, client: Client, helper: Helper) -> None:
        typed = {
            "text": "Der kleine Kevin Müller, geboren am 3. Mai 2017, kommt auch.",
            "submission": str(uuid4()),
        }
        answer = client.post(self.HERE, {"chosen": [helper("Adile").pk], "sure": "1", **typed})
        assert (answer.status_code, mails("task_message").count()) == (422, 0)


class TestNotes:
    def test_stand_with_each_person_for_those_of_the_house(
        self, client: Client, helper: Helper, house: Provider
    ) -> None:
        people = [helper("Adile").volunteer_id, helper("Bogdan").volunteer_id]
        page = shown(client, f"{PEOPLE}notiz/", people, look="1", text="Kommt zum Fest.")
        assert "2 von 2 sind dabei.</strong> Es geht keine E-Mail hinaus." in page
        assert not Contact.objects.exists()
        assert "2 Notizen sind gespeichert." in shown(
            client, f"{PEOPLE}notiz/", people, sure="1", text="Kommt zum Fest."
        )
        kept = set(Contact.objects.values_list("volunteer", "provider", "text"))
        assert kept == {(each, house.pk, "Kommt zum Fest.") for each in people}


class TestCalls:
    HERE = "/koordination/zusagen/anrufe/"

    def test_are_noted_together_unless_somebody_called_meanwhile(self, today: datetime) -> None:
        user = make_coordinator(make_youth_office())
        office, names = client_of(user), ("Adile", "Bogdan", "Clara")
        pledges = [make_pledge(today, first_name=each, email=f"{each.lower()}@example.org") for each in names]
        TimePledge.objects.filter(pk=pledges[2].pk).update(status="paused", paused_until=today.date())
        keys = [each.pk for each in pledges]
        form = shown(office, self.HERE, keys)
        assert "möchte nicht mehr" not in form
        typed = {"outcome": "not_reached", "after": "0"}
        page = shown(office, self.HERE, keys, look="1", **typed)
        assert "2 von 3 sind dabei.</strong> Es geht keine E-Mail hinaus." in page
        assert not Contact.objects.exists()
        record_call(pledges[1], Call("reached"), by=user, actor=system("tests"), now=today)
        told = shown(office, self.HERE, keys[:2], sure="1", **typed)
        assert "1 Anruf ist notiert. 1 von 2 blieb, wie sie war. Bogdan: hier hat sich inzwischen" in told
        assert set(Contact.objects.values_list("volunteer__first_name", "outcome")) == {
            ("Adile", "not_reached"),
            ("Bogdan", "reached"),
        }

    def test_a_provider_notes_none(self, client: Client, helper: Helper) -> None:
        pledge = helper("Adile").pledge
        answer = client.post(self.HERE, {"chosen": [pledge.pk], "sure": "1", "outcome": "reached"})
        assert (answer.status_code, Contact.objects.count()) == (403, 0)
