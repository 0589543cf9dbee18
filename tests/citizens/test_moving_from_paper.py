"""Whoever gets letters and gives an address hears of it by a letter, and has the last word on paper too."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from citizens.models import AddressChange, Mailbox
from citizens.services.address_changes import ask_for_change, move_unopposed, say_yes
from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from citizens.services.paper import letters_waiting
from foundation.clock import utc_now
from foundation.sweeps import run
from outbox.models import Message
from outbox.services.paper import note_as_posted, wait_again
from tests.volunteers.pledging import link_in, mails, make_pledge

pytestmark = pytest.mark.django_db

PAPER, NEW = "1@brief.invalid", "hedwig@example.org"
ENVELOPE = "Hedwig Kremer\nWeierstraße 1\n52349 Düren"
STOP, CONFIRM = "/meins/adresse/halt/", "/meins/adresse/neu/"
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def mailbox(today: datetime) -> Mailbox:
    row = make_pledge(today - timedelta(days=90)).volunteer.mailbox
    Mailbox.objects.filter(pk=row.pk).update(email=PAPER, postal_address=ENVELOPE)
    Message.objects.all().delete()
    row.refresh_from_db()
    return row


def asked(mailbox: Mailbox, now: datetime, *, confirmed: bool = True) -> Message:
    """Ask for the new address, which says yes; return the letter to the old one."""
    ask_for_change(mailbox, NEW, client="192.0.2.1", now=now)
    if confirmed:
        assert say_yes(AddressChange.objects.latest("pk"), now, new=True) == "asked"
    return mails("address_told").latest("pk")


def written_to(mailbox: Mailbox) -> tuple[str, str]:
    mailbox.refresh_from_db()
    return mailbox.email, mailbox.postal_address


def statuses() -> list[str]:
    return list(AddressChange.objects.order_by("pk").values_list("status", flat=True))


class TestTheLetter:
    def test_waits_to_be_printed_with_its_envelope_and_says_what_is_true_on_paper(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        page = client.get(reverse("my_address", args=[my_page_token(mailbox, today)])).content.decode()
        assert "zwei Wochen nachdem wir ihn verschickt haben" in page
        letter = asked(mailbox, today)
        (waiting,) = letters_waiting()
        assert (waiting.pk, vars(waiting)["postal_address"]) == (letter.pk, ENVELOPE)
        assert letter.subject == "Sollen wir Ihnen E-Mails statt Briefe schreiben?"
        assert "frühestens zwei Wochen nach dem Datum dieses Briefs" in letter.body_text
        assert "vier Wochen nach dem Datum dieses Briefs" in letter.body_text
        assert NEW not in letter.body_text
        confirm = mails("address_confirm").get()
        assert "zwei Wochen nachdem wir ihn verschickt haben" in confirm.body_text
        assert "sieben Tage" not in confirm.body_text + client.get(link_in(confirm, CONFIRM)).content.decode()

    def test_silence_counts_from_the_day_it_was_posted(self, mailbox: Mailbox, today: datetime) -> None:
        letter = asked(mailbox, today)
        assert move_unopposed(today + timedelta(days=25)) == 0
        posted = today + timedelta(days=3)
        assert note_as_posted([letter.pk], posted) == 1
        assert move_unopposed(posted + FORTNIGHT - timedelta(seconds=1)) == 0
        assert written_to(mailbox) == (PAPER, ENVELOPE)
        assert move_unopposed(posted + FORTNIGHT) == 1
        assert written_to(mailbox) == (NEW, "")
        assert statuses() == ["moved"]

    def test_that_was_not_posted_after_all_lets_no_time_pass(self, mailbox: Mailbox, today: datetime) -> None:
        letter = asked(mailbox, today)
        note_as_posted([letter.pk], today)
        wait_again([letter.pk], since=today - timedelta(seconds=1))
        assert move_unopposed(today + timedelta(days=25)) == 0
        assert statuses() == ["asked"]

    @pytest.mark.parametrize("posted_after", [None, 20])
    def test_printed_late_is_waited_for(
        self, mailbox: Mailbox, today: datetime, posted_after: int | None
    ) -> None:
        letter = asked(mailbox, today)
        if posted_after is not None:
            note_as_posted([letter.pk], today + timedelta(days=posted_after))
        assert run("citizens.settle_address_changes", today + timedelta(days=31)) == 0
        assert statuses() == ["asked"]

    def test_is_not_printed_any_more_when_the_new_address_never_said_yes(
        self, mailbox: Mailbox, today: datetime
    ) -> None:
        letter = asked(mailbox, today, confirmed=False)
        assert run("citizens.settle_address_changes", today + timedelta(days=30)) == 1
        letter.refresh_from_db()
        assert (statuses(), letter.status) == (["lapsed"], "suppressed")

    def test_is_not_printed_any_more_when_another_address_is_asked_for(
        self, mailbox: Mailbox, today: datetime
    ) -> None:
        first = asked(mailbox, today)
        second = asked(mailbox, today)
        first.refresh_from_db()
        assert (first.status, second.status) == ("suppressed", "to_print")

    def test_never_goes_to_the_new_address(self, client: Client, mailbox: Mailbox, today: datetime) -> None:
        """Its link is the old one's word."""
        letter = asked(mailbox, today)
        assert client.post(link_in(letter, STOP), {"answer": "yes"}).status_code == 303
        assert written_to(mailbox) == (NEW, "")
        letter.refresh_from_db()
        assert (letter.status, letter.to_email) == ("suppressed", PAPER)


class TestTheNo:
    def stopped(self, client: Client, letter: Message) -> Any:
        link = link_in(letter, STOP)
        assert "schicken wir Ihnen mit der Post" in client.get(link).content.decode()
        return client.post(link)

    def test_before_the_move_keeps_the_letters(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        answer = self.stopped(client, asked(mailbox, today))
        assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/geblieben/")
        assert written_to(mailbox) == (PAPER, ENVELOPE)
        assert statuses() == ["stopped"]

    def test_after_the_move_brings_the_envelope_back(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        letter = asked(mailbox, today - timedelta(days=40))
        note_as_posted([letter.pk], today - timedelta(days=38))
        assert move_unopposed(today - timedelta(days=20)) == 1
        (change,) = AddressChange.objects.all()
        assert change.from_postal_address == ENVELOPE
        assert self.stopped(client, letter).status_code == 303
        assert written_to(mailbox) == (PAPER, ENVELOPE)
        change.refresh_from_db()
        assert (change.status, change.from_postal_address) == ("taken_back", "")
        assert "wieder Briefe" in mails("address_back").get().body_text

    def test_brings_the_envelope_back_from_a_chain_of_moves(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        letter = asked(mailbox, today - timedelta(days=20))
        note_as_posted([letter.pk], today - timedelta(days=20))
        assert move_unopposed(today - timedelta(days=6)) == 1
        mailbox.refresh_from_db()
        ask_for_change(mailbox, "dieb@example.org", client="192.0.2.1", now=today)
        second = AddressChange.objects.latest("pk")
        for new in (True, False):
            say_yes(second, today, new=new)
        assert written_to(mailbox) == ("dieb@example.org", "")
        assert self.stopped(client, letter).status_code == 303
        assert written_to(mailbox) == (PAPER, ENVELOPE)
        assert statuses() == ["taken_back", "taken_back"]

    def test_comes_with_a_new_page_on_paper(self, client: Client, mailbox: Mailbox, today: datetime) -> None:
        before = reverse("my_page", args=[my_page_token(mailbox, today)])
        self.stopped(client, asked(mailbox, today))
        assert client.get(before).status_code == 404
        letter = mails("my_page_link").get()
        assert (letter.status, letter.to_email) == ("to_print", PAPER)
        assert "dieser Code führt zu „Meine Seite“" in letter.body_text
        assert client.get(link_in(letter, "/meins/")).status_code == 200

    def test_what_waited_as_a_mail_is_printed(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        letter = asked(mailbox, today)
        client.post(link_in(letter, STOP), {"answer": "yes"})
        mailbox.refresh_from_db()
        waiting = Message.objects.create(
            key="test:1",
            template="pledge_confirmed",
            to_email=NEW,
            subject="Danke",
            body_text="Danke",
            body_html="Danke",
            status="queued",
            queued_at=today,
            due_at=today,
            written_for=mailbox.pk,
        )
        assert client.post(link_in(letter, STOP)).status_code == 303
        waiting.refresh_from_db()
        assert (waiting.to_email, waiting.status) == (PAPER, "to_print")

    def test_comes_too_late_once_the_move_is_for_good(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        letter = asked(mailbox, today - timedelta(days=60))
        note_as_posted([letter.pk], today - timedelta(days=60))
        assert move_unopposed(today - timedelta(days=46)) == 1
        assert run("citizens.settle_address_changes", today) == 1
        answer = client.post(link_in(letter, STOP))
        assert answer.status_code == 410
        assert "nicht mehr anhalten" in answer.content.decode()
        assert written_to(mailbox) == (NEW, "")
        assert AddressChange.objects.get().from_postal_address == ""


class TestWhatIsKept:
    def test_links_made_void_bring_a_new_one_by_letter(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        page = reverse("my_links", args=[my_page_token(mailbox, today)])
        assert client.post(page, {"which": "all"}).status_code == 303
        letter = mails("my_page_link").get()
        assert (letter.status, letter.subject) == ("to_print", "Ihr Code zu „Meine Seite“")

    def test_the_owner_reads_the_envelope_among_their_data(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        letter = asked(mailbox, today)
        client.post(link_in(letter, STOP), {"answer": "yes"})
        mailbox.refresh_from_db()
        file = client.get(reverse("my_data_file", args=[my_page_token(mailbox, utc_now())]))
        (change,) = json.loads(file.content)["adressaenderungen"]
        assert (change["von"], change["von_anschrift"], change["nach"]) == ("", ENVELOPE, NEW)

    def test_erasing_forgets_the_envelope(self, client: Client, mailbox: Mailbox, today: datetime) -> None:
        client.post(link_in(asked(mailbox, today), STOP), {"answer": "yes"})
        mailbox.refresh_from_db()
        erase(mailbox, utc_now())
        assert not AddressChange.objects.exists()
        assert not Message.objects.filter(to_email=PAPER).exists()

    def test_the_database_keeps_no_envelope_of_a_change_that_is_over(
        self, client: Client, mailbox: Mailbox, today: datetime
    ) -> None:
        client.post(link_in(asked(mailbox, today), STOP))
        with pytest.raises(IntegrityError, match="address_change_over_is_empty"), transaction.atomic():
            AddressChange.objects.update(from_postal_address=ENVELOPE)
