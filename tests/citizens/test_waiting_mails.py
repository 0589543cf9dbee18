"""What waits to leave when its mailbox moves or its links are made void leaves with links that open.

As after an outage of the mail server, or where a mail's turn comes later in the day.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.domain.links import MY_PAGE
from citizens.models import Mailbox
from citizens.services.address_changes import ask_for_change, make_links_void
from citizens.services.bounces import note_bounces
from citizens.services.letters import write
from citizens.services.link_requests import make_kind_void
from citizens.services.links import my_page_token
from citizens.services.mailboxes import mailbox_for
from foundation.clock import utc_now
from foundation.links import signed_text
from outbox.domain.catalogue import Mail
from outbox.models import Message
from outbox.services import claims
from outbox.services.sending import send_again, send_due
from tests.factories import make_opportunity, role_of
from tests.volunteers.pledging import link_in, mails, make_pledge, send_pledge
from volunteers.models import Offer, TimePledge
from volunteers.services.escalation import escalate_unanswered
from volunteers.services.questions import SendOutcome, send_offer
from volunteers.wording.mails import STILL_LOOKING

pytestmark = pytest.mark.django_db

OLD, NEW = "maria@example.org", "maria.neu@example.org"
PAGE, QUESTION = "/meins/", "/anfrage/"


@pytest.fixture
def mailbox() -> Mailbox:
    return make_pledge(utc_now(), email=OLD).volunteer.mailbox


@pytest.fixture
def question(mailbox: Mailbox) -> Message:
    """A question that waits to leave."""
    now, task = utc_now(), make_opportunity("Vorlesen", slots=[(1, 900, 990)], clearance_required=False)
    offer = Offer.objects.create(
        pledge=TimePledge.objects.get(),
        role=role_of(task),
        status="proposed",
        status_changed_at=now,
        created_at=now,
    )
    assert send_offer(offer.pk, now=now) == SendOutcome.SENT
    return mails("offer").get()


def move(client: Client, mailbox: Mailbox) -> str:
    """Let the mailbox move to the new address; return where the old one takes that back."""
    ask_for_change(mailbox, NEW, client="192.0.2.1", now=utc_now())
    stop = link_in(mails("address_told").get(), "/meins/adresse/halt/")
    client.post(link_in(mails("address_confirm").get(), "/meins/adresse/neu/"))
    assert client.post(stop, {"answer": "yes"}).status_code == 303
    return stop


def opens(client: Client, message: Message, start: str) -> bool:
    """Whether the link in both texts of the mail opens."""
    message.refresh_from_db()
    link = link_in(message, start)
    assert link in message.body_html
    return client.get(link).status_code == 200


def rewrite(message: Message, page_token: str) -> None:
    """Let a mail hold another link to "Meine Seite"."""
    Message.objects.filter(pk=message.pk).update(body_text=f"http://127.0.0.1:8000/meins/{page_token}/ ")


class TestWhenItMoves:
    def test_goes_to_the_new_address_with_links_that_open(
        self, client: Client, mailbox: Mailbox, question: Message
    ) -> None:
        before = link_in(question, QUESTION)
        move(client, mailbox)
        assert client.get(before).status_code == 404
        assert opens(client, question, QUESTION)
        assert client.post(link_in(question, QUESTION), {"answer": "accept"}).status_code == 303
        send_due(utc_now(), worker="test")
        question.refresh_from_db()
        assert (question.to_email, question.status) == (NEW, "sent")
        assert Offer.objects.get().status == "accepted"

    def test_comes_back_with_it(self, client: Client, mailbox: Mailbox, question: Message) -> None:
        stop = move(client, mailbox)
        assert client.post(stop).status_code == 303
        assert opens(client, question, QUESTION)
        assert question.to_email == OLD

    def test_its_links_work_no_longer_than_they_would_have(self, client: Client, mailbox: Mailbox) -> None:
        issued = utc_now().replace(microsecond=0) - timedelta(days=179)
        waiting = mails("pledge_confirmed").get()
        rewrite(waiting, my_page_token(mailbox, issued))
        move(client, mailbox)
        waiting.refresh_from_db()
        token = link_in(waiting, PAGE).split("/")[2]
        assert signed_text(MY_PAGE.purpose, token) == (f"{mailbox.pk}.2", issued + timedelta(days=180))

    def test_what_the_old_address_alone_may_know_stays_there(self, client: Client, mailbox: Mailbox) -> None:
        move(client, mailbox)
        told = mails("address_told").get()
        assert (told.to_email, told.status) == (OLD, "queued")

    def test_what_somebody_else_at_the_address_gets_stays_there(
        self, client: Client, mailbox: Mailbox, question: Message
    ) -> None:
        """Such as a coordinator of that address, who is written to as such."""
        Message.objects.filter(pk=question.pk).update(written_for=None)
        move(client, mailbox)
        question.refresh_from_db()
        assert (question.to_email, question.status) == (OLD, "queued")

    def test_nobody_elses_goes_along(self, client: Client, mailbox: Mailbox) -> None:
        make_pledge(utc_now(), email="erika@example.org")
        before = list(Message.objects.filter(to_email="erika@example.org").values())
        move(client, mailbox)
        assert list(Message.objects.filter(to_email="erika@example.org").values()) == before

    def test_what_is_asked_anew_is_withdrawn(self, client: Client, mailbox: Mailbox) -> None:
        send_pledge(Client(), first_name="Ben", email=OLD)
        first = mails("pledge_confirm").get()
        move(client, mailbox)
        again = mails("pledge_confirm").exclude(pk=first.pk).get()
        first.refresh_from_db()
        assert (first.to_email, first.status) == (OLD, "suppressed")
        assert (again.to_email, again.status) == (NEW, "queued")

    def test_what_was_sent_stays_as_it_was(self, client: Client, mailbox: Mailbox, question: Message) -> None:
        send_due(utc_now(), worker="test")
        before = Message.objects.filter(pk=question.pk).values().get()
        move(client, mailbox)
        assert Message.objects.filter(pk=question.pk).values().get() == before

    def test_what_a_worker_has_reserved_does_not_leave_as_it_was(
        self, client: Client, mailbox: Mailbox, question: Message
    ) -> None:
        now = utc_now()
        reserved = claims.reserve(now, worker="other", at=now)
        held = next(each for each in reserved if each.pk == question.pk)
        move(client, mailbox)
        assert not claims.begin(held, utc_now())
        send_due(utc_now(), worker="test")
        question.refresh_from_db()
        assert (question.to_email, question.status) == (NEW, "sent")

    @pytest.mark.parametrize("status", ["dead", "unknown", "failed"])
    def test_what_a_human_sends_once_more_goes_there_too(
        self, client: Client, mailbox: Mailbox, question: Message, status: str
    ) -> None:
        now = utc_now()
        refused = f"SMTPRecipientsRefused({{'{OLD}': (550, b'no')}})"
        Message.objects.filter(pk=question.pk).update(status=status, claimed_at=now, error=refused)
        move(client, mailbox)
        note_bounces(now)
        mailbox.refresh_from_db()
        assert mailbox.bounced_at is None
        question.refresh_from_db()
        assert question.status == status
        assert send_again(question, now)
        assert opens(client, question, QUESTION)
        assert (question.to_email, question.status) == (NEW, "queued")

    def test_what_was_typed_for_the_new_address_and_waits_opens_there(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        typed, now = mailbox_for(NEW, utc_now()), utc_now()
        mail = Mail("pledge_still_looking", "x:*", optional=STILL_LOOKING)
        write(typed, mail=mail, key="x:1", context={}, now=now)
        move(client, mailbox)
        waiting = Message.objects.get(key="x:1")
        assert opens(client, waiting, PAGE)
        assert (waiting.to_email, waiting.status, waiting.written_for) == (NEW, "queued", mailbox.pk)
        assert client.post(waiting.unsubscribe_url.partition("8000")[2] + "doch/").status_code == 303


class TestWhenLinksAreMadeVoid:
    def test_all_of_them_its_own_open_still(
        self, client: Client, mailbox: Mailbox, question: Message
    ) -> None:
        before = link_in(question, QUESTION)
        make_links_void(mailbox, utc_now())
        assert client.get(before).status_code == 404
        assert opens(client, question, QUESTION)
        assert (question.to_email, question.status) == (OLD, "queued")

    def test_those_of_one_kind(self, client: Client, mailbox: Mailbox, question: Message) -> None:
        before = link_in(question, QUESTION)
        make_kind_void(mailbox, "offer", now=utc_now())
        assert client.get(before).status_code == 404
        assert opens(client, question, QUESTION)

    def test_what_was_void_before_stays_void(self, client: Client, mailbox: Mailbox) -> None:
        void = my_page_token(mailbox, utc_now())
        make_links_void(mailbox, utc_now())
        waiting = mails("pledge_confirmed").get()
        rewrite(waiting, void)
        mailbox.refresh_from_db()
        make_links_void(mailbox, utc_now())
        assert client.get(reverse("my_page", args=[void])).status_code == 404
        waiting.refresh_from_db()
        assert void in waiting.body_text

    def test_one_mail_tells_the_new_link_to_the_page(self, client: Client, mailbox: Mailbox) -> None:
        for _turn in range(2):
            mailbox.refresh_from_db()
            make_links_void(mailbox, utc_now())
        first, last = mails("my_page_link").order_by("pk")
        assert (first.status, last.status) == ("suppressed", "queued")
        assert opens(client, last, PAGE)

    def test_letters_are_printed_with_links_that_open(self, client: Client, mailbox: Mailbox) -> None:
        Mailbox.objects.filter(pk=mailbox.pk).update(email="1@brief.invalid", postal_address="Maria, Weg 1")
        now, task = utc_now(), make_opportunity("Lesen", slots=[(1, 900, 990)], clearance_required=False)
        offer = Offer.objects.create(
            pledge=TimePledge.objects.get(),
            role=role_of(task),
            status="proposed",
            status_changed_at=now,
            created_at=now,
        )
        assert send_offer(offer.pk, now=now) == SendOutcome.SENT
        letter = mails("offer").get()
        mailbox.refresh_from_db()
        make_links_void(mailbox, now)
        letter.refresh_from_db()
        assert (letter.status, letter.to_email) == ("to_print", "1@brief.invalid")
        assert opens(client, letter, QUESTION)

    def test_an_optional_one_is_declined_and_wanted_again_by_its_own_link(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        TimePledge.objects.update(answer_due_at=utc_now() - timedelta(minutes=1))
        escalate_unanswered(utc_now())
        make_links_void(mailbox, utc_now())
        send_due(utc_now(), worker="test")
        way_out = link_in(mails("pledge_still_looking").get(), "/meins/abbestellen/")
        assert way_out in mails("pledge_still_looking").get().unsubscribe_url
        assert client.post(way_out).status_code == 200
        assert client.post(way_out + "doch/").status_code == 303
        assert Mailbox.objects.get().unwanted == []
