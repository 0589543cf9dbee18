"""Mails that can be declined: from the mail, by one click of the mail program, and on the page."""

import re
from datetime import timedelta

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse

from citizens.domain.links import unsubscribe_kind
from citizens.domain.mails import MY_PAGE_LINK
from citizens.models import Mailbox
from citizens.services.address_changes import ask_for_change, make_links_void
from citizens.services.bounces import note_bounces
from citizens.services.erasure import erase
from citizens.services.letters import write
from citizens.services.links import issue, my_page_token
from citizens.services.mailboxes import mailbox_for
from foundation.clock import local_day, utc_now
from outbox.domain.catalogue import Mail
from outbox.models import Message
from outbox.services.sending import send_due
from tests.factories import make_opportunity
from tests.volunteers.pledging import link_in, mails, make_pledge, make_sent_offer
from volunteers.models import TimePledge
from volunteers.services.escalation import escalate_unanswered
from volunteers.services.links import offer_token
from volunteers.wording.mails import DATE_REMINDERS, STILL_LOOKING

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> TimePledge:
    """An open pledge whose answer is overdue."""
    pledge = make_pledge(utc_now())
    TimePledge.objects.filter(pk=pledge.pk).update(answer_due_at=utc_now() - timedelta(minutes=1))
    return pledge


@pytest.fixture
def letter(pledge: TimePledge) -> Message:
    """An optional mail to the pledge's person."""
    escalate_unanswered(utc_now())
    return mails("pledge_still_looking").get()


def way_out(message: Message) -> str:
    return link_in(message, "/meins/abbestellen/")


def unwanted() -> list[str]:
    return Mailbox.objects.get(email="maria@example.org").unwanted


class TestFromTheMail:
    def test_the_mail_says_how_to_people_and_programs(self, letter: Message) -> None:
        assert way_out(letter) in letter.body_text
        assert "abbestellen" in letter.body_html
        send_due(utc_now(), worker="test")
        sent = next(
            mail
            for mail in post.outbox
            if mail.to == ["maria@example.org"] and mail.extra_headers.get("List-Unsubscribe")
        )
        assert sent.extra_headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{way_out(letter)}>"
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_a_necessary_mail_has_no_such_header(self, pledge: TimePledge) -> None:
        assert mails("pledge_confirmed").get().unsubscribe_url == ""
        assert "abbestellen" not in mails("pledge_confirmed").get().body_text

    def test_opening_asks_and_changes_nothing(self, client: Client, letter: Message) -> None:
        for method in (client.get, client.head):
            assert method(way_out(letter)).status_code == 200
        assert unwanted() == []

    def test_one_click_declines_without_cookie_or_redirect(self, letter: Message) -> None:
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(way_out(letter), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert unwanted() == ["zwischenstand"]
        assert strict.post(way_out(letter), {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert unwanted() == ["zwischenstand"]

    def test_it_can_be_taken_back(self, client: Client, letter: Message) -> None:
        client.post(way_out(letter))
        assert "Doch wieder bekommen" in client.get(way_out(letter)).content.decode()
        answer = client.post(way_out(letter) + "doch/")
        assert (answer.status_code, answer["Location"]) == (303, way_out(letter))
        assert unwanted() == []

    def test_the_link_declines_its_own_kind_only(self, client: Client, letter: Message) -> None:
        token = way_out(letter).rstrip("/").rpartition("/")[2]
        for kind in ("termine", "ueberweisung", "nonsense"):
            assert client.post(reverse("unsubscribe", args=[kind, token])).status_code == 404
        assert unwanted() == []

    def test_it_opens_nothing_else(self, client: Client, letter: Message) -> None:
        token = way_out(letter).rstrip("/").rpartition("/")[2]
        assert client.get(reverse("my_page", args=[token])).status_code == 404


class TestFromAnOldMail:
    """From before the links were made void, or from before the mailbox moved: it must decline still."""

    @pytest.fixture
    def old(self, letter: Message) -> str:
        Message.objects.filter(pk=letter.pk).update(status="sent", sent_at=utc_now())
        make_links_void(Mailbox.objects.get(), utc_now())
        return way_out(letter)

    def test_one_click_declines(self, old: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(old, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert unwanted() == ["zwischenstand"]

    def test_opening_asks_whatever_is_declined_already(self, client: Client, old: str) -> None:
        pages = []
        for declined in ([], ["zwischenstand"]):
            Mailbox.objects.update(unwanted=declined)
            pages.append(re.sub(r'value="[^"]{64}"', "", client.get(old).content.decode()))
        assert pages[0] == pages[1]
        assert "Ja, abbestellen" in pages[0]

    def test_takes_nothing_back_and_says_where_that_goes(self, client: Client, old: str) -> None:
        page = client.post(old).content.decode()
        assert "Diese E-Mails kommen nicht mehr." in page
        assert "doch/" not in page
        assert "Das geht auf „Meine Seite“ bei den Einstellungen." in page
        assert client.post(old + "doch/").status_code == 404
        assert unwanted() == ["zwischenstand"]

    def test_declines_where_the_mailbox_has_moved_to(self, client: Client, letter: Message) -> None:
        Message.objects.filter(pk=letter.pk).update(status="sent", sent_at=utc_now())
        move_to(client, Mailbox.objects.get(), "neu@example.org")
        assert client.post(way_out(letter)).status_code == 200
        assert Mailbox.objects.get(email="neu@example.org").unwanted == ["zwischenstand"]

    def test_declines_where_the_mailbox_went_up_in_another(self, client: Client, pledge: TimePledge) -> None:
        now = utc_now()
        typed = mailbox_for("neu@example.org", now)
        mail = Mail("my_page_link", "x:*", optional=STILL_LOOKING)
        assert write(typed, mail=mail, key="x:1", context={}, now=now)
        old = reverse(
            "unsubscribe",
            args=["zwischenstand", issue(unsubscribe_kind("zwischenstand"), typed, typed.pk, now)],
        )
        move_to(client, pledge.volunteer.mailbox, "neu@example.org")
        assert client.post(old).status_code == 200
        assert Mailbox.objects.get().unwanted == ["zwischenstand"]
        assert client.post(old + "doch/").status_code == 404

    @pytest.mark.parametrize("gone", ["erased", "deleted"])
    def test_is_answered_where_nobody_is_written_to_any_more(self, client: Client, gone: str) -> None:
        now = utc_now()
        mailbox = mailbox_for("weg@example.org", now)
        token = issue(unsubscribe_kind("termine"), mailbox, mailbox.pk, now)
        old = reverse("unsubscribe", args=["termine", token])
        erase(mailbox, now) if gone == "erased" else mailbox.delete()
        assert "Ja, abbestellen" in client.get(old).content.decode()
        answer = client.post(old)
        assert (answer.status_code, "Diese E-Mails kommen nicht mehr." in answer.content.decode()) == (
            200,
            True,
        )
        assert client.post(old + "doch/").status_code == 404
        assert not Mailbox.objects.exclude(unwanted=[]).exists()


def move_to(client: Client, mailbox: Mailbox, email: str) -> None:
    """Let the mailbox move to another address: both say yes."""
    ask_for_change(mailbox, email, client="192.0.2.1", now=utc_now())
    client.post(link_in(mails("address_confirm").latest("pk"), "/meins/adresse/neu/"))
    client.post(link_in(mails("address_told").latest("pk"), "/meins/adresse/halt/"), {"answer": "yes"})
    mailbox.refresh_from_db()
    assert mailbox.email == email


class TestWhatComes:
    def test_a_declined_kind_is_not_written_and_the_others_are(self, pledge: TimePledge) -> None:
        Mailbox.objects.update(unwanted=["zwischenstand"])
        escalate_unanswered(utc_now())
        assert mails("pledge_still_looking").count() == 0
        assert mails("pledge_escalated").count() == 1
        mailbox = Mailbox.objects.get(email="maria@example.org")
        for kind, is_written in ((STILL_LOOKING, False), (DATE_REMINDERS, True), (None, True)):
            name = kind.name if kind else "nötig"
            mail = Mail("my_page_link", "x:*", optional=kind)
            written = write(mailbox, mail=mail, key=f"x:{name}", context={}, now=utc_now())
            assert written is is_written, name

    def test_nothing_is_written_to_an_erased_mailbox(self, pledge: TimePledge) -> None:
        mailbox = pledge.volunteer.mailbox
        Mailbox.objects.filter(pk=mailbox.pk).update(email="postfach-1@erased.invalid", erased_at=utc_now())
        mailbox.refresh_from_db()
        assert not write(mailbox, mail=MY_PAGE_LINK, key="my_page.link:1", context={}, now=utc_now())
        assert not Message.objects.filter(key="my_page.link:1").exists()


class TestWhatWaitsToLeave:
    """As after an outage of the mail server, or a reminder whose turn comes later in the day."""

    def sent(self) -> list[tuple[str, str]]:
        send_due(utc_now(), worker="test")
        told = Message.objects.filter(status="sent").order_by("pk")
        return list(told.values_list("template", "to_email"))

    def test_goes_as_long_as_nobody_declines_it(self, letter: Message) -> None:
        assert ("pledge_still_looking", "maria@example.org") in self.sent()

    def test_stays_when_it_is_declined_before_and_what_is_necessary_goes(
        self, client: Client, letter: Message
    ) -> None:
        make_pledge(utc_now(), email="erika@example.org")
        TimePledge.objects.update(answer_due_at=utc_now() - timedelta(minutes=1), escalated_at=None)
        escalate_unanswered(utc_now())
        client.post(way_out(letter))
        sent = self.sent()
        assert ("pledge_confirmed", "maria@example.org") in sent
        assert ("pledge_still_looking", "maria@example.org") not in sent
        assert ("pledge_still_looking", "erika@example.org") in sent
        letter.refresh_from_db()
        assert letter.status == "suppressed"

    def test_stays_when_it_is_declined_on_the_page(self, client: Client, letter: Message) -> None:
        page = reverse("my_settings", args=[my_page_token(Mailbox.objects.get(), utc_now())])
        assert client.post(page, {"wanted": ["termine"]}).status_code == 303
        assert ("pledge_still_looking", "maria@example.org") not in self.sent()

    @pytest.mark.parametrize("status", ["failed", "to_print"])
    def test_stays_when_it_is_to_be_sent_again_or_printed(
        self, client: Client, letter: Message, status: str
    ) -> None:
        Message.objects.filter(pk=letter.pk).update(status=status)
        client.post(way_out(letter))
        letter.refresh_from_db()
        assert letter.status == "suppressed"

    @pytest.mark.parametrize("status", ["sent", "dead", "unknown", "sending"])
    def test_what_has_left_or_is_given_up_is_as_it_was(
        self, client: Client, letter: Message, status: str
    ) -> None:
        now = utc_now()
        Message.objects.filter(pk=letter.pk).update(status=status, claimed_at=now, sent_at=now)
        client.post(way_out(letter))
        letter.refresh_from_db()
        assert letter.status == status

    def test_another_kind_goes_on(self, client: Client, letter: Message) -> None:
        mailbox = Mailbox.objects.get()
        mail = Mail("my_page_link", "x:*", optional=DATE_REMINDERS)
        assert write(mailbox, mail=mail, key="x:1", context={}, now=utc_now())
        client.post(way_out(letter))
        assert ("my_page_link", "maria@example.org") in self.sent()


class TestOnThePage:
    def settings_of(self, pledge: TimePledge) -> str:
        return reverse("my_settings", args=[my_page_token(pledge.volunteer.mailbox, utc_now())])

    def test_what_is_not_ticked_is_declined(self, client: Client, pledge: TimePledge) -> None:
        page = client.get(self.settings_of(pledge)).content.decode()
        assert page.count("checked") == 5  # four kinds, and the wish for reminders
        answer = client.post(self.settings_of(pledge), {"wanted": ["termine"]})
        assert answer.status_code == 303
        assert unwanted() == ["nachrichten", "ueberweisung", "zwischenstand"]
        assert client.get(self.settings_of(pledge)).content.decode().count("checked") == 2

    def test_an_invented_kind_is_refused(self, client: Client, pledge: TimePledge) -> None:
        answer = client.post(self.settings_of(pledge), {"wanted": ["termine", "werbung"]})
        assert answer.status_code == 422
        assert unwanted() == []

    def test_nobody_elses_change(self, client: Client, pledge: TimePledge) -> None:
        make_pledge(utc_now(), email="erika@example.org")
        client.post(self.settings_of(pledge), {"wanted": []})
        assert Mailbox.objects.get(email="erika@example.org").unwanted == []


class TestBounces:
    def refuse(self, now) -> None:
        Message.objects.filter(to_email="maria@example.org").update(
            status="dead", claimed_at=now, error="SMTPRecipientsRefused({'maria@example.org': (550, b'no')})"
        )

    def test_a_mailbox_that_refuses_gets_no_optional_mail(self, pledge: TimePledge) -> None:
        now = utc_now()
        self.refuse(now)
        assert note_bounces(now) == 1
        assert note_bounces(now) == 0
        escalate_unanswered(now)
        assert mails("pledge_still_looking").count() == 0

    def test_the_page_says_so_and_acting_there_ends_it(self, client: Client, pledge: TimePledge) -> None:
        now = utc_now()
        self.refuse(now)
        note_bounces(now)
        token = my_page_token(pledge.volunteer.mailbox, now)
        assert "kamen zurück" in client.get(reverse("my_page", args=[token])).content.decode()
        client.post(reverse("my_settings", args=[token]), {"wanted": ["termine"]})
        assert "kamen zurück" not in client.get(reverse("my_page", args=[token])).content.decode()

    def test_what_was_refused_before_the_owner_acted_is_not_noted_again(
        self, client: Client, pledge: TimePledge
    ) -> None:
        now = utc_now()
        self.refuse(now)
        assert note_bounces(now) == 1
        client.post(
            reverse("my_settings", args=[my_page_token(pledge.volunteer.mailbox, now)]), {"wanted": []}
        )
        assert note_bounces(now + timedelta(minutes=15)) == 0
        assert Mailbox.objects.get().bounced_at is None
        self.refuse(now + timedelta(hours=1))
        assert note_bounces(now + timedelta(hours=2)) == 1

    @pytest.mark.parametrize(
        ("page", "answers"),
        [("pledge_pause", ["until"]), ("pledge_resume", []), ("pledge_absence", ["from_on", "until_on"])],
    )
    def test_whatever_the_owner_does_on_the_page_ends_it_and_looking_does_not(
        self, client: Client, pledge: TimePledge, page: str, answers: list[str]
    ) -> None:
        now = utc_now()
        said = dict.fromkeys(answers, str(local_day(now) + timedelta(days=9)))
        address = reverse(page, args=[my_page_token(pledge.volunteer.mailbox, now), pledge.pk])
        self.refuse(now)
        assert note_bounces(now) == 1
        client.get(address)
        client.get(reverse("my_page", args=[my_page_token(pledge.volunteer.mailbox, now)]))
        assert Mailbox.objects.get().bounced_at == now
        assert client.post(address, said).status_code == 303
        assert Mailbox.objects.get().bounced_at is None
        assert note_bounces(now + timedelta(minutes=15)) == 0

    def test_so_does_an_answer_by_the_link_of_a_question(self, client: Client, pledge: TimePledge) -> None:
        now = utc_now()
        offer = make_sent_offer(pledge, make_opportunity(), now)
        self.refuse(now)
        note_bounces(now)
        address = reverse("offer_answer", args=[offer_token(offer, now)])
        assert client.post(address, {"answer": "nonsense"}).status_code == 422
        assert Mailbox.objects.get().bounced_at == now
        assert client.post(address, {"answer": "decline"}).status_code == 303
        assert Mailbox.objects.get().bounced_at is None

    def test_the_yes_of_a_new_address_says_nothing_of_the_old_one(
        self, client: Client, pledge: TimePledge
    ) -> None:
        now = utc_now()
        mailbox = pledge.volunteer.mailbox
        ask_for_change(mailbox, "neu@example.org", client="192.0.2.1", now=now)
        self.refuse(now)
        note_bounces(now)
        answer = client.post(link_in(mails("address_confirm").get(), "/meins/adresse/neu/"))
        assert answer.status_code == 303
        assert Mailbox.objects.get().bounced_at == now

    def test_a_temporary_failure_is_no_bounce(self, pledge: TimePledge) -> None:
        now = utc_now()
        Message.objects.update(status="dead", claimed_at=now, error="SMTPServerDisconnected('')")
        assert note_bounces(now) == 0
