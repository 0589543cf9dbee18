"""A mailbox moves by the clicks of its new and its old address; the old one has the last word."""

import io
import json
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.domain.links import CONFIRM_ADDRESS, STOP_ADDRESS, LinkKind
from citizens.models import AddressChange, Mailbox
from citizens.services.address_changes import ask_for_change, keep_old, move_unopposed, say_yes
from citizens.services.erasure import erase
from citizens.services.links import issue, my_page_token
from citizens.services.mailboxes import mailbox_for
from citizens.services.unsubscribing import decline
from donations.models import Donor
from donations.wording.mails import TRANSFER_REMINDERS
from foundation.clock import utc_now
from foundation.models import Event
from foundation.sweeps import run
from outbox.models import Message
from tests.concurrency.test_last_place import all_at_once
from tests.donations.gifts import make_donor
from tests.factories import make_declaration, make_opportunity, role_of
from tests.volunteers.pledging import link_in, mails, make_placement, make_pledge, send_pledge
from volunteers.models import GuardianConsent, Offer, TimePledge, Volunteer
from volunteers.services.guardians import ask_guardian
from volunteers.services.questions import SendOutcome, send_offer
from volunteers.wording.mails import DATE_REMINDERS

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = "maria@example.org", "maria.neu@example.org", "erika@example.org"
CONFIRM, STOP = "/meins/adresse/neu/", "/meins/adresse/halt/"


@pytest.fixture
def mailbox() -> Mailbox:
    return make_pledge(utc_now(), email=OLD).volunteer.mailbox


def page_of(mailbox: Mailbox, name: str = "my_page") -> str:
    return reverse(name, args=[my_page_token(mailbox, utc_now())])


def ask(client: Client, mailbox: Mailbox, email: str = NEW) -> Any:
    mailbox.refresh_from_db()
    return client.post(page_of(mailbox, "my_address"), {"email": email})


def asked(mailbox: Mailbox, email: str = NEW) -> tuple[str, str]:
    """Ask for `email`; return where the new address confirms and where the old one stops."""
    assert ask(Client(), mailbox, email).status_code == 303
    return (
        link_in(mails("address_confirm").latest("pk"), CONFIRM),
        link_in(mails("address_told").latest("pk"), STOP),
    )


def agree(client: Client, confirm: str, stop: str) -> Any:
    """Let both addresses say yes; return what the old one, who comes last, is answered."""
    answer = client.post(confirm)
    assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/wartet/")
    return client.post(stop, {"answer": "yes"})


def main_of(page: Any) -> str:
    """What a page says, without what stands around it."""
    text: str = page.content.decode()
    return text.partition("<main")[2].partition("</main>")[0]


def address_of(mailbox: Mailbox) -> str:
    mailbox.refresh_from_db()
    return mailbox.email


def statuses() -> list[str]:
    return list(AddressChange.objects.order_by("pk").values_list("status", flat=True))


def moves() -> list[tuple[str, str, str, str]]:
    lines = Event.objects.filter(app_label="citizens", model="addresschange").order_by("pk")
    return list(lines.values_list("from_status", "to_status", "actor_kind", "actor_role"))


class TestAsking:
    def test_mails_the_new_address_and_tells_the_old_one_and_moves_nothing(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        answer = ask(client, mailbox, " Maria.Neu@EXAMPLE.org")
        assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/gesendet/")
        assert "in beide Postfächer" in client.get(answer["Location"]).content.decode()
        assert mails("address_confirm").get().to_email == NEW
        told = mails("address_told").get()
        assert (told.to_email, told.due_at) == (OLD, told.queued_at)
        assert address_of(mailbox) == OLD
        assert client.get(page_of(mailbox)).status_code == 200

    def test_neither_mail_says_to_the_one_what_the_other_is(self, mailbox: Mailbox) -> None:
        confirm, stop = asked(mailbox)
        new, old = mails("address_confirm").get(), mails("address_told").get()
        assert OLD not in new.body_text + new.body_html + new.subject
        assert NEW not in old.body_text + old.body_html + old.subject
        assert stop not in new.body_text
        assert confirm not in old.body_text

    def test_opening_either_link_decides_nothing(self, client: Client, mailbox: Mailbox) -> None:
        for link in asked(mailbox):
            assert client.get(link).status_code == 200
        assert address_of(mailbox) == OLD
        assert statuses() == ["asked"]

    @pytest.mark.parametrize(
        "email", ["", "maria", "a b@example.org", f" {OLD.upper()} ", "Ma\u00adria@example.org"]
    )
    def test_what_is_no_new_address_is_asked_again(
        self, client: Client, mailbox: Mailbox, email: str
    ) -> None:
        before = Message.objects.count()
        assert ask(client, mailbox, email).status_code == 422
        assert (AddressChange.objects.count(), Message.objects.count()) == (0, before)

    def test_a_second_wish_takes_the_place_of_the_first(self, client: Client, mailbox: Mailbox) -> None:
        first, _stop = asked(mailbox)
        second, stop = asked(mailbox, "maria.besser@example.org")
        assert statuses() == ["stopped", "asked"]
        assert client.post(first).status_code == 404
        assert agree(client, second, stop).status_code == 303
        assert address_of(mailbox) == "maria.besser@example.org"

    def test_the_fourth_time_a_day_is_refused_and_nobody_is_written_to(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        answers = [ask(client, mailbox, f"maria.{number}@example.org").status_code for number in range(4)]
        assert answers == [303] * 3 + [429]
        assert mails("address_told").count() == 3
        assert not Message.objects.filter(to_email="maria.3@example.org").exists()

    def test_the_new_mailbox_is_counted_with_every_other_form(self, client: Client, mailbox: Mailbox) -> None:
        answers = [send_pledge(client, email=NEW).status_code for _turn in range(4)]
        assert answers == [303] * 4
        assert ask(client, mailbox).status_code == 429
        assert AddressChange.objects.count() == 0


class TestMoving:
    def test_takes_time_money_and_settings_along(self, client: Client, mailbox: Mailbox) -> None:
        giver = Donor.objects.create(mailbox=mailbox, created_at=utc_now())
        Mailbox.objects.filter(pk=mailbox.pk).update(unwanted=["termine"], bounced_at=utc_now())
        confirm, stop = asked(mailbox)
        page = client.get(confirm).content.decode()
        assert NEW in page
        answer = agree(client, confirm, stop)
        assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/umgezogen/")
        assert address_of(mailbox) == NEW
        assert (mailbox.unwanted, mailbox.bounced_at) == (["termine"], None)
        assert TimePledge.objects.get().volunteer.mailbox == mailbox
        assert Donor.objects.get() == giver
        assert giver.mailbox_id == mailbox.pk

    def test_ends_every_link_of_the_old_address_and_mails_one_to_the_new(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        before = page_of(mailbox)
        confirm, stop = asked(mailbox)
        assert agree(client, confirm, stop).status_code == 303
        assert client.get(before).status_code == 404
        mail = mails("my_page_link").get()
        assert mail.to_email == NEW
        assert client.get(link_in(mail, "/meins/")).status_code == 200

    def test_takes_along_what_is_not_confirmed_and_asks_the_new_address_for_it(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        send_pledge(Client(), first_name="Ben", email=OLD)
        old_link = link_in(mails("pledge_confirm").latest("pk"), "/zusage/bestaetigen/")
        later = utc_now() - timedelta(days=6)
        TimePledge.objects.filter(status="unconfirmed").update(created_at=later)
        agree(client, *asked(mailbox))

        asked_again = mails("pledge_confirm").latest("pk")
        assert (asked_again.to_email, mails("pledge_confirm").count()) == (NEW, 2)
        assert client.post(old_link).status_code in (404, 410)
        run("volunteers.delete_unconfirmed", later + timedelta(days=8))
        assert (
            client.post(link_in(asked_again, "/zusage/bestaetigen/"), {"person": "other"}).status_code == 303
        )
        people = mailbox.volunteers.order_by("first_name").values_list("first_name", "pledges__status")
        assert list(people) == [("Ben", "open"), ("Maria", "open")]

    def test_takes_over_what_was_only_typed_for_the_new_address(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        """Nobody keeps somebody from moving by typing their new address first."""
        send_pledge(Client(), first_name="Ben", email=NEW)
        typed_link = link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/")
        agree(client, *asked(mailbox))

        assert (address_of(mailbox), statuses()) == (NEW, ["moved"])
        assert Mailbox.objects.filter(email=NEW).get() == mailbox
        assert client.post(typed_link).status_code in (404, 410)
        again = mails("pledge_confirm").latest("pk")
        assert (again.to_email, mails("pledge_confirm").count()) == (NEW, 2)
        assert client.post(link_in(again, "/zusage/bestaetigen/"), {"person": "other"}).status_code == 303
        people = mailbox.volunteers.order_by("first_name").values_list("first_name", "pledges__status")
        assert list(people) == [("Ben", "open"), ("Maria", "open")]

    def test_takes_over_a_promise_that_was_typed_for_the_new_address(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        donor = make_donor(NEW)
        agree(client, *asked(mailbox))
        donor.refresh_from_db()
        assert (donor.mailbox, address_of(mailbox)) == (mailbox, NEW)

    def test_takes_over_what_a_minor_asks_a_guardian_at_the_new_address(
        self, client: Client, mailbox: Mailbox, now: datetime
    ) -> None:
        child = make_pledge(now, email="kind@example.org", first_name="Kim")
        Volunteer.objects.filter(pk=child.volunteer_id).update(is_adult=False)
        placement = make_placement(child, make_opportunity(), now, "awaiting_clearance")
        assert ask_guardian(placement, email=NEW, born_in=date(2010, 1, 1), now=now) is None
        agree(client, *asked(mailbox))
        assert (address_of(mailbox), statuses()) == (NEW, ["moved"])
        assert GuardianConsent.objects.get().mailbox == mailbox

    def test_keeps_declined_what_was_declined_at_either_address(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        now = utc_now()
        decline(mailbox_for(NEW, now), TRANSFER_REMINDERS)
        decline(mailbox, DATE_REMINDERS)
        agree(client, *asked(mailbox))
        assert address_of(mailbox) == NEW
        assert mailbox.unwanted == ["termine", "ueberweisung"]

    def test_joins_no_two_givers(self, client: Client, mailbox: Mailbox) -> None:
        Donor.objects.create(mailbox=mailbox, created_at=utc_now())
        typed = make_donor(NEW)
        send_pledge(Client(), first_name="Ben", email=NEW)
        confirm, stop = asked(mailbox)
        client.post(confirm)
        assert client.post(stop, {"answer": "yes"}).status_code == 409
        typed.refresh_from_db()
        assert (typed.email, address_of(mailbox), statuses()) == (NEW, OLD, ["refused"])
        assert typed.mailbox.volunteers.get().first_name == "Ben"

    def test_asks_a_guardian_anew_who_has_not_answered(
        self, client: Client, mailbox: Mailbox, now: datetime
    ) -> None:
        child = make_pledge(now, email="kind@example.org", first_name="Kim")
        Volunteer.objects.filter(pk=child.volunteer_id).update(is_adult=False)
        placement = make_placement(child, make_opportunity(), now, "awaiting_clearance")
        assert ask_guardian(placement, email=OLD, born_in=date(2010, 1, 1), now=now) is None
        agree(client, *asked(mailbox))

        first, again = mails("guardian_asked").order_by("pk")
        assert (first.to_email, again.to_email) == (OLD, NEW)
        assert client.get(link_in(first, "/zustimmung/")).status_code == 404
        assert client.get(link_in(again, "/zustimmung/")).status_code == 200

    def test_asks_no_guardian_anew_who_has_agreed(
        self, client: Client, mailbox: Mailbox, now: datetime
    ) -> None:
        child = make_pledge(now, email="kind@example.org", first_name="Kim")
        Volunteer.objects.filter(pk=child.volunteer_id).update(is_adult=False)
        placement = make_placement(child, make_opportunity(), now, "awaiting_clearance")
        assert ask_guardian(placement, email=OLD, born_in=date(2010, 1, 1), now=now) is None
        said = {"version": make_declaration("einverstaendnis").pk, "name": "Maria Beispiel", "agreed": "on"}
        assert client.post(link_in(mails("guardian_asked").get(), "/zustimmung/"), said).status_code == 303
        agree(client, *asked(mailbox))
        assert address_of(mailbox) == NEW
        assert mails("guardian_asked").get().to_email == OLD

    def test_happens_once(self, client: Client, mailbox: Mailbox) -> None:
        confirm, stop = asked(mailbox)
        assert [client.post(confirm).status_code for _turn in range(3)] == [303, 303, 303]
        assert statuses() == ["asked"]
        assert client.post(stop, {"answer": "yes"}).status_code == 303
        assert client.post(confirm).status_code == 410
        assert statuses() == ["moved"]
        assert mails("my_page_link").count() == 1

    def test_says_to_who_confirms_once_more_that_it_is_done_and_where_to_go_on(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        confirm, stop = asked(mailbox)
        client.post(confirm)
        waiting = main_of(client.get(confirm))
        assert "Diese Adresse haben Sie schon bestätigt" in waiting
        assert "<form" not in waiting
        client.post(stop, {"answer": "yes"})
        for answer in (client.get(confirm), client.post(confirm)):
            assert answer.status_code == 410
            assert "Diese Adresse ist schon bestätigt" in main_of(answer)
            assert 'href="/meins/"' in main_of(answer)

    def test_says_so_no_more_where_somebody_else_is_written_to(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        confirm, stop = asked(mailbox)
        agree(client, confirm, stop)
        agree(client, *asked(mailbox, "maria.drei@example.org"))
        assert client.get(confirm).status_code == 404
        assert client.post(stop).status_code == 303
        assert (address_of(mailbox), client.get(confirm).status_code) == (OLD, 404)

    @pytest.mark.parametrize("first", ["new", "old"])
    def test_needs_both_in_any_order(self, client: Client, mailbox: Mailbox, first: str) -> None:
        confirm, stop = asked(mailbox)
        yes = [(confirm, {}), (stop, {"answer": "yes"})]
        one, other = yes if first == "new" else reversed(yes)
        answer = client.post(*one)
        assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/wartet/")
        assert (address_of(mailbox), statuses()) == (OLD, ["asked"])
        assert "fehlt noch das Ja der anderen" in client.get(answer["Location"]).content.decode()
        answer = client.post(*other)
        assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/umgezogen/")
        assert (address_of(mailbox), statuses()) == (NEW, ["moved"])

    def test_the_old_address_is_asked_once_and_may_still_say_no(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        _confirm, stop = asked(mailbox)
        assert 'name="answer" value="yes"' in client.get(stop).content.decode()
        client.post(stop, {"answer": "yes"})
        assert 'name="answer"' not in client.get(stop).content.decode()
        assert client.post(stop).status_code == 303
        assert (address_of(mailbox), statuses()) == (OLD, ["stopped"])

    def test_is_over_after_two_days(self, mailbox: Mailbox) -> None:
        moment = utc_now() - timedelta(days=2)
        ask_for_change(mailbox, NEW, client="192.0.2.1", now=moment)
        assert Client().post(link_in(mails("address_confirm").get(), CONFIRM)).status_code == 410
        assert address_of(mailbox) == OLD

    @pytest.mark.parametrize(
        ("purpose", "kind", "way"),
        [("neu", CONFIRM_ADDRESS, "/meins/"), ("halt", STOP_ADDRESS, "/kontakt/")],
    )
    def test_an_expired_link_says_what_is_left_to_do(
        self, client: Client, mailbox: Mailbox, purpose: str, kind: LinkKind, way: str
    ) -> None:
        """The new address has no page yet, the old one none any more: neither could ask for another link."""
        asked(mailbox)
        change = AddressChange.objects.get()
        for left, status in ((timedelta(minutes=1), 200), (timedelta(), 410)):
            issued = utc_now() - kind.valid_for + left
            address = f"/meins/adresse/{purpose}/{issue(kind, mailbox, change.pk, issued)}/"
            page = client.get(address)
            assert page.status_code == status
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert f'href="{way}"' in main
        assert "Einen neuen bekommen Sie sofort" not in main
        assert client.post(address, {"answer": "yes"}).status_code == 410
        assert (address_of(mailbox), statuses()) == (OLD, ["asked"])

    def test_is_over_when_the_owner_makes_all_links_void(self, client: Client, mailbox: Mailbox) -> None:
        confirm, stop = asked(mailbox)
        client.post(confirm)
        assert client.post(page_of(mailbox, "my_links"), {"which": "all"}).status_code == 303
        assert client.post(confirm).status_code == 404
        assert client.post(stop, {"answer": "yes"}).status_code == 410
        assert move_unopposed(utc_now() + timedelta(days=8)) == 0
        assert (address_of(mailbox), statuses()) == (OLD, ["stopped"])

    def test_leaves_the_old_address_free_for_somebody_else(self, client: Client, mailbox: Mailbox) -> None:
        agree(client, *asked(mailbox))
        assert make_pledge(utc_now(), email=OLD, first_name="Jonas").volunteer.mailbox_id != mailbox.pk


class TestWhoLostTheOldMailbox:
    @pytest.fixture
    def waiting(self, mailbox: Mailbox, now: datetime) -> AddressChange:
        """Asked for at `now`; the new address said yes an hour later, the old one nothing."""
        ask_for_change(mailbox, NEW, client="192.0.2.1", now=now)
        change = AddressChange.objects.get()
        assert say_yes(change, now + timedelta(hours=1), new=True) == "asked"
        return change

    def test_moves_after_seven_days_without_a_no(
        self, waiting: AddressChange, mailbox: Mailbox, now: datetime
    ) -> None:
        week = now + timedelta(days=7)
        assert run("citizens.move_unopposed", week - timedelta(seconds=1)) == 0
        assert address_of(mailbox) == OLD
        assert run("citizens.move_unopposed", week) == 1
        assert (address_of(mailbox), statuses()) == (NEW, ["moved"])
        assert moves()[-1] == ("asked", "moved", "system", "citizens.move_unopposed")
        assert mails("my_page_link").get().to_email == NEW
        assert run("citizens.move_unopposed", week) == 0

    def test_not_without_the_yes_of_the_new_address(self, mailbox: Mailbox, now: datetime) -> None:
        ask_for_change(mailbox, NEW, client="192.0.2.1", now=now)
        assert say_yes(AddressChange.objects.get(), now, new=False) == "asked"
        assert move_unopposed(now + timedelta(days=29)) == 0
        assert address_of(mailbox) == OLD

    def test_not_against_a_no(self, waiting: AddressChange, mailbox: Mailbox, now: datetime) -> None:
        assert keep_old(waiting, now + timedelta(days=7) - timedelta(seconds=1))
        assert move_unopposed(now + timedelta(days=7)) == 0
        assert (address_of(mailbox), statuses()) == (OLD, ["stopped"])

    def test_whose_new_address_got_a_page_meanwhile_is_told_there(
        self, waiting: AddressChange, mailbox: Mailbox, now: datetime
    ) -> None:
        make_pledge(now, email=NEW, first_name="Jonas")
        assert move_unopposed(now + timedelta(days=7)) == 1
        assert (address_of(mailbox), statuses()) == (OLD, ["refused"])
        assert mails("address_taken").get().to_email == NEW


class TestAnAddressWithAMailbox:
    @pytest.fixture
    def other(self) -> Mailbox:
        return make_pledge(utc_now(), email=OTHER, first_name="Erika").volunteer.mailbox

    def test_gets_a_kind_no_and_whoever_asked_sees_no_difference(
        self, client: Client, mailbox: Mailbox, other: Mailbox
    ) -> None:
        unknown, known = ask(client, mailbox), ask(client, mailbox, "ERIKA@example.org")
        for same in ("status_code", "content", "headers"):
            assert getattr(unknown, same) == getattr(known, same)
        mail = mails("address_taken").get()
        assert mail.to_email == OTHER
        assert CONFIRM not in mail.body_text + mail.body_html
        assert OLD not in mail.body_text + mail.body_html
        first, second = mails("address_told")
        assert (first.to_email, second.to_email) == (OLD, OLD)
        assert first.subject == second.subject
        assert Mailbox.objects.filter(email=OTHER).get() == other

    def test_costs_the_same_statements(self, mailbox: Mailbox, other: Mailbox) -> None:
        counts = []
        for email in (NEW, OTHER):
            with CaptureQueriesContext(connection) as seen:
                ask_for_change(mailbox, email, client="192.0.2.1", now=utc_now())
            counts.append(len(seen))
            keep_old(AddressChange.objects.get(status="asked"), utc_now())
        assert counts[0] == counts[1] > 5

    def test_made_after_the_asking_refuses_the_click(self, client: Client, mailbox: Mailbox) -> None:
        confirm, stop = asked(mailbox)
        client.post(stop, {"answer": "yes"})
        late = make_pledge(utc_now(), email=NEW, first_name="Jonas").volunteer.mailbox
        answer = client.post(confirm)
        assert answer.status_code == 409
        assert "eigene „Meine Seite“" in answer.content.decode()
        assert address_of(mailbox) == OLD
        assert address_of(late) == NEW
        assert statuses() == ["refused"]
        assert client.get(page_of(mailbox)).status_code == 200


class TestTheOldAddress:
    def test_stops_what_is_not_confirmed(self, client: Client, mailbox: Mailbox) -> None:
        before = page_of(mailbox)
        confirm, stop = asked(mailbox)
        answer = client.post(stop)
        assert (answer.status_code, answer["Location"]) == (303, "/meins/adresse/geblieben/")
        assert client.post(confirm).status_code == 404
        assert address_of(mailbox) == OLD
        assert client.get(before).status_code == 404
        assert mails("my_page_link").get().to_email == OLD
        assert client.post(stop).status_code == 410
        assert mails("my_page_link").count() == 1

    def test_takes_back_what_is_confirmed_and_the_new_one_hears_of_it(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        confirm, stop = asked(mailbox)
        agree(client, confirm, stop)
        stolen = link_in(mails("my_page_link").get(), "/meins/")
        assert client.post(stop).status_code == 303
        assert address_of(mailbox) == OLD
        assert client.get(stolen).status_code == 404
        assert [mail.to_email for mail in mails("my_page_link")] == [NEW, OLD]
        assert mails("address_back").get().to_email == NEW
        assert statuses() == ["taken_back"]

    def test_takes_back_a_chain_of_moves_from_its_first_link(self, client: Client, mailbox: Mailbox) -> None:
        """Whoever stole the page moves it on and on, stops nothing and keeps nothing."""
        first, stop = asked(mailbox)
        client.post(first)
        assert move_unopposed(utc_now() + timedelta(days=7)) == 1
        second, thiefs_stop = asked(mailbox, "dieb@example.org")
        agree(client, second, thiefs_stop)
        asked(mailbox, "dieb.zwei@example.org")
        assert client.post(stop).status_code == 303
        assert address_of(mailbox) == OLD
        assert statuses() == ["taken_back", "taken_back", "stopped"]
        assert client.post(thiefs_stop).status_code == 410
        assert address_of(mailbox) == OLD

    def test_stops_by_any_of_its_links_what_was_asked_later(self, client: Client, mailbox: Mailbox) -> None:
        _first, stop = asked(mailbox)
        second, _stop = asked(mailbox, "dieb@example.org")
        client.post(second)
        assert move_unopposed(utc_now() + timedelta(days=7)) == 1
        assert client.post(stop).status_code == 303
        assert address_of(mailbox) == OLD

    def test_outlives_that_all_links_are_made_void(self, client: Client, mailbox: Mailbox) -> None:
        confirm, stop = asked(mailbox)
        agree(client, confirm, stop)
        mailbox.refresh_from_db()
        client.post(page_of(mailbox, "my_links"), {"which": "all"})
        assert client.post(stop).status_code == 303
        assert address_of(mailbox) == OLD

    @pytest.mark.parametrize(
        ("ago", "status", "email"),
        [
            (timedelta(days=14) - timedelta(minutes=1), 303, OLD),
            (timedelta(days=14), 410, NEW),
        ],
    )
    def test_has_fourteen_days(self, mailbox: Mailbox, ago: timedelta, status: int, email: str) -> None:
        moment = utc_now() - ago
        ask_for_change(mailbox, NEW, client="192.0.2.1", now=moment)
        say_yes(AddressChange.objects.get(), moment, new=True)
        assert move_unopposed(moment + timedelta(days=7)) == 1
        assert Client().post(link_in(mails("address_told").get(), STOP)).status_code == status
        assert address_of(mailbox) == email

    def test_cannot_take_back_what_somebody_else_lives_in_by_now(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        confirm, stop = asked(mailbox)
        agree(client, confirm, stop)
        make_pledge(utc_now(), email=OLD, first_name="Jonas")
        answer = client.post(stop)
        assert answer.status_code == 409
        assert "schreiben Sie uns" in answer.content.decode()
        assert address_of(mailbox) == NEW
        assert statuses() == ["moved"]

    def test_reads_that_it_is_ended_when_it_ends_it_once_more(self, client: Client, mailbox: Mailbox) -> None:
        _confirm, stop = asked(mailbox)
        assert client.post(stop).status_code == 303
        for answer in (client.get(stop), client.post(stop, {"answer": "yes"})):
            assert answer.status_code == 410
            assert "Wir schreiben Ihnen weiter an die bisherige Adresse" in main_of(answer)
            assert 'href="/meins/"' in main_of(answer)
        assert (address_of(mailbox), statuses()) == (OLD, ["stopped"])


class TestWhatIsKept:
    def test_the_history_tells_what_happened_and_no_address(self, client: Client, mailbox: Mailbox) -> None:
        confirm, stop = asked(mailbox)
        agree(client, confirm, stop)
        client.post(stop)
        owner = ("citizen", "mailbox")
        assert moves() == [("", "asked", *owner), ("asked", "moved", *owner), ("moved", "taken_back", *owner)]
        assert "example.org" not in str(list(Event.objects.values()))

    def test_nothing_of_it_stands_in_the_log(self, client: Client, mailbox: Mailbox) -> None:
        written = io.StringIO()
        handler, root = logging.StreamHandler(written), logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            confirm, stop = asked(mailbox)
            agree(client, confirm, stop)
            client.post(stop)
            client.post(stop)
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
        assert "link_refused" in written.getvalue()
        assert "maria" not in written.getvalue()

    def test_the_addresses_go_when_their_mails_are_empty(
        self, client: Client, mailbox: Mailbox, now: datetime
    ) -> None:
        ask_for_change(mailbox, NEW, client="192.0.2.1", now=now)
        for new in (True, False):
            say_yes(AddressChange.objects.get(), now, new=new)
        ask_for_change(mailbox, "maria.drei@example.org", client="192.0.2.1", now=now)
        month = now + timedelta(days=30)
        assert run("citizens.settle_address_changes", month - timedelta(seconds=1)) == 0
        assert run("citizens.settle_address_changes", month) == 2
        assert statuses() == ["settled", "lapsed"]
        assert set(AddressChange.objects.values_list("from_email", "to_email")) == {("", "")}
        assert address_of(mailbox) == NEW
        assert moves()[-1] == ("asked", "lapsed", "system", "citizens.settle_address_changes")
        assert run("citizens.settle_address_changes", month) == 0

    def test_the_owner_reads_it_among_their_data(self, client: Client, mailbox: Mailbox) -> None:
        asked(mailbox)
        data = json.loads(client.get(page_of(mailbox, "my_data_file")).content)
        (change,) = data["adressaenderungen"]
        assert (change["von"], change["nach"], change["stand"]) == (
            OLD,
            NEW,
            "wartet auf das Ja der Adressen",
        )

    def test_erasing_forgets_the_old_address_too(self, client: Client, mailbox: Mailbox) -> None:
        agree(client, *asked(mailbox))
        mailbox.refresh_from_db()
        erase(mailbox, utc_now())
        assert AddressChange.objects.count() == 0
        assert not Message.objects.filter(to_email__contains="maria").exists()
        assert not Message.objects.filter(body_text__contains="maria").exists()

    def test_erasing_leaves_the_mails_of_who_took_over_the_old_address(
        self, client: Client, mailbox: Mailbox
    ) -> None:
        agree(client, *asked(mailbox))
        make_pledge(utc_now(), email=OLD, first_name="Jonas")
        kept = mails("pledge_confirmed").filter(to_email=OLD).latest("pk")
        mailbox.refresh_from_db()
        erase(mailbox, utc_now())
        kept.refresh_from_db()
        assert (kept.to_email, "Jonas" in kept.body_text) == (OLD, True)

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"status": "settled"}, "address_change_over_is_empty"),
            ({"to_email": ""}, "address_change_over_is_empty"),
            ({"from_email": ""}, "address_change_over_is_empty"),
            ({"status": "moved"}, "address_change_moved_by_new"),
        ],
    )
    def test_impossible_rows_are_impossible(
        self, mailbox: Mailbox, values: dict[str, str], constraint: str
    ) -> None:
        asked(mailbox)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            AddressChange.objects.update(**values)

    def test_a_mailbox_waits_for_one_address_only(self, mailbox: Mailbox) -> None:
        asked(mailbox)
        row = AddressChange.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError, match="address_change_asked_once"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_clicks_of_both_at_once_move_it_once(now: datetime) -> None:
    mailbox = make_pledge(now, email=OLD).volunteer.mailbox
    ask_for_change(mailbox, NEW, client="192.0.2.1", now=now)
    changes = [AddressChange.objects.get() for _turn in range(4)]
    clicks: list[Callable[[], str]] = [
        partial(say_yes, each, now, new=number % 2 == 0) for number, each in enumerate(changes)
    ]
    assert set(all_at_once(clicks)) == {"asked", "moved"}
    assert (address_of(mailbox), mailbox.link_version) == (NEW, 2)
    assert mails("my_page_link").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_mailboxes_that_want_one_address_at_once_do_not_both_get_it(now: datetime) -> None:
    boxes = [make_pledge(now, email=email).volunteer.mailbox for email in (OLD, OTHER)]
    for number, mailbox in enumerate(boxes):
        ask_for_change(mailbox, NEW, client=f"192.0.2.{number}", now=now)
    changes = list(AddressChange.objects.all())
    for each in changes:
        say_yes(each, now, new=False)
    done = all_at_once([partial(say_yes, each, now, new=True) for each in changes])
    assert sorted(done) == ["moved", "refused"]
    assert sorted(statuses()) == ["moved", "refused"]
    assert sorted(address_of(box) for box in boxes) in (sorted([NEW, OTHER]), sorted([NEW, OLD]))


@pytest.mark.django_db(transaction=True)
def test_the_click_of_the_new_and_the_stop_of_the_old_address_end_at_the_old_one(now: datetime) -> None:
    mailbox = make_pledge(now, email=OLD).volunteer.mailbox
    ask_for_change(mailbox, NEW, client="192.0.2.1", now=now)
    say_yes(AddressChange.objects.get(), now, new=False)
    one, other = AddressChange.objects.get(), AddressChange.objects.get()
    clicks: list[Callable[[], object]] = [
        partial(keep_old, one, now),
        partial(say_yes, other, now, new=True),
    ]
    assert all_at_once(clicks)[0] is True
    assert address_of(mailbox) == OLD
    assert statuses()[0] in ("stopped", "taken_back")


def test_what_waits_to_be_printed_goes_out_with_links_that_open(client: Client) -> None:
    """Whoever is written to on paper gives an address; the question in a letter is answered by its mail."""
    now = utc_now()
    pledge = make_pledge(now)
    row = pledge.volunteer.mailbox
    Mailbox.objects.filter(pk=row.pk).update(email="1@brief.invalid", postal_address="Maria, Weg 1, Düren")
    task = make_opportunity("Vorlesen", slots=[(1, 900, 990)], clearance_required=False)
    offer = Offer.objects.create(
        pledge=pledge, role=role_of(task), status="proposed", status_changed_at=now, created_at=now
    )
    assert send_offer(offer.pk, now=now) == SendOutcome.SENT
    letter = mails("offer").get()
    assert letter.status == "to_print"
    row.refresh_from_db()
    ask_for_change(row, NEW, client="192.0.2.1", now=now)
    change = AddressChange.objects.get()
    assert say_yes(change, now, new=True) == "asked"
    change.refresh_from_db()
    assert say_yes(change, now, new=False) == "moved"
    letter.refresh_from_db()
    assert (letter.status, letter.to_email) == ("queued", NEW)
    assert "Vorlesen" in client.get(link_in(letter, "/anfrage/")).content.decode()
    told = mails("my_page_link").get()
    assert told.to_email == NEW
    assert client.get(link_in(told, "/meins/")).status_code == 200
