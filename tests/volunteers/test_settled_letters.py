"""What waits to be printed is printed as long as it is true, and no longer."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from citizens.services.address_changes import say_yes
from citizens.services.mailboxes import paper_mailbox
from foundation.actors import system
from foundation.clock import local_day
from foundation.sweeps import run
from outbox.domain.catalogue import Mail
from outbox.models import Message
from outbox.services.paper import letters_to_print, note_as_posted
from programs.models import Opportunity, Provider
from programs.services.closures import close_days
from programs.services.providers import stop_provider, tell_of_verification
from programs.services.publishing import close
from programs.services.shifts import follow_series
from programs.signals import need_changed
from tests.factories import make_coordinator, make_opportunity, make_user, make_youth_office
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.models import Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer, decline_offer, expire_due
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.pauses import pause_pledge
from volunteers.services.placement_endings import leave_placement
from volunteers.services.placements import confirm_placement
from volunteers.services.withdrawals import withdraw_pledge
from volunteers.wording.mails import (
    OFFER,
    PLACEMENT_AWAITING_CLEARANCE,
    PLACEMENT_CONFIRMED,
    PLEDGE_RESUMED,
    PLEDGE_STILL_LOOKING,
)

pytestmark = pytest.mark.django_db
HAND = system("test")


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Lesecafé", places=2, clearance_required=False)


@pytest.fixture
def pledge(now: datetime) -> TimePledge:
    """Of somebody without an e-mail address."""
    made = make_pledge(now, first_name="Hedwig")
    on_paper = paper_mailbox("Hedwig Kremer\nWeierstraße 7\n52349 Düren", now)
    made.volunteer.mailbox = on_paper
    made.volunteer.save(update_fields=["mailbox"])
    Message.objects.all().delete()
    return made


def letter(mail: Mail, about: int, to: TimePledge, now: datetime, *, status: str = "to_print") -> Message:
    return Message.objects.create(
        key=mail.key.replace("*", str(about)),
        template=mail.template,
        to_email=to.volunteer.mailbox.email,
        status=status,
        queued_at=now,
        due_at=now,
        sent_at=now if status == "sent" else None,
    )


def status(message: Message) -> str:
    message.refresh_from_db()
    return message.status


@pytest.fixture
def asked(pledge: TimePledge, task: Opportunity, now: datetime) -> tuple[Offer, Message]:
    offer = make_sent_offer(pledge, task, now)
    return offer, letter(OFFER, offer.pk, pledge, now)


@pytest.mark.parametrize("said", ["accept", "decline"])
def test_a_question_answered_by_telephone_is_not_printed(
    said: str, asked: tuple[Offer, Message], now: datetime
) -> None:
    offer, question = asked
    office = make_coordinator(make_youth_office())
    client = Client()
    client.force_login(office)
    page = client.get("/koordination/briefe/").content.decode()
    assert f'value="{question.pk}"' in page
    client.post(f"/koordination/anfragen/{offer.pk}/antwort/", {"answer": said, "came_by": "phone"})
    assert status(question) == "suppressed"
    assert f'value="{question.pk}"' not in client.get("/koordination/briefe/").content.decode()


def test_nor_one_that_ran_out_or_whose_pledge_is_withdrawn(
    asked: tuple[Offer, Message], pledge: TimePledge, now: datetime
) -> None:
    _offer, question = asked
    looking = letter(PLEDGE_STILL_LOOKING, pledge.pk, pledge, now)
    assert withdraw_pledge(pledge, now=now)
    assert (status(question), status(looking)) == ("suppressed", "suppressed")
    assert [each.template for each in Message.objects.filter(status="to_print")] == ["pledge_withdrawn"]


@pytest.mark.parametrize(("posted", "becomes"), [("to_print", "withdrawn"), ("sent", "expired")])
def test_one_whose_time_is_over_is_not_printed_and_was_asked_only_if_it_was_posted(
    posted: str, becomes: str, asked: tuple[Offer, Message], now: datetime
) -> None:
    offer, question = asked
    Message.objects.filter(pk=question.pk).update(status=posted, sent_at=now)
    assert offer.expires_at is not None
    assert expire_due(offer.expires_at) == 1
    offer.refresh_from_db()
    assert offer.status == becomes
    assert status(question) == ("suppressed" if posted == "to_print" else "sent")
    assert not mails("offer_withdrawn").exists()


@pytest.mark.parametrize(("posted", "letters"), [("to_print", 0), ("sent", 1)])
def test_who_was_never_asked_is_not_told_that_the_question_is_over(
    posted: str, letters: int, asked: tuple[Offer, Message], now: datetime
) -> None:
    offer, question = asked
    Message.objects.filter(pk=question.pk).update(status=posted, sent_at=now)
    close(offer.opportunity, by=make_user(), now=now)
    expire_due(now)
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    assert mails("offer_withdrawn").count() == letters
    assert status(question) == ("suppressed" if posted == "to_print" else "sent")


def test_that_it_rests_is_not_printed_once_it_rests_no_more_nor_the_other_way_round(
    pledge: TimePledge, task: Opportunity, now: datetime
) -> None:
    make_placement(pledge, task, now, "awaiting_confirmation")

    def turn(*, is_verified: bool) -> list[str]:
        if is_verified:
            Provider.objects.update(is_verified=True, stop_reasons="")
            tell_of_verification(task.provider, now=now)
        else:
            assert stop_provider(task.provider, reasons="Ein Hinweis wird geprüft.", now=now)
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[task.pk])
        return list(letters_to_print().values_list("template", flat=True))

    assert turn(is_verified=False) == ["placement_rests"]
    assert turn(is_verified=True) == []
    assert turn(is_verified=False) == ["placement_rests"]
    note_as_posted(letters_to_print().values_list("pk", flat=True), now)
    assert turn(is_verified=True) == ["placement_rests_no_more"]
    assert turn(is_verified=False) == ["placement_rests"]


def test_of_somebody_else_or_of_another_question_it_stays(
    asked: tuple[Offer, Message], pledge: TimePledge, task: Opportunity, now: datetime
) -> None:
    offer, question = asked
    other = letter(OFFER, int(f"{offer.pk}0"), pledge, now)
    assert decline_offer(offer, reason="", now=now).status == "declined"
    assert (status(question), status(other)) == ("suppressed", "to_print")


def test_papers_that_are_there_are_asked_for_by_no_letter_and_an_end_is_told_alone(
    pledge: TimePledge, task: Opportunity, now: datetime
) -> None:
    placement = make_placement(pledge, task, now, "awaiting_confirmation")
    asks = letter(PLACEMENT_AWAITING_CLEARANCE, placement.pk, pledge, now)
    assert confirm_placement(placement, actor=HAND, now=now)
    begins = mails("placement_confirmed").get()
    assert (status(asks), status(begins)) == ("suppressed", "to_print")
    placement.refresh_from_db()
    assert leave_placement(placement, now=now)
    assert begins.key == PLACEMENT_CONFIRMED.key.replace("*", str(placement.pk))
    assert status(begins) == "suppressed"


class TestReminders:
    @pytest.fixture
    def reminder(self, pledge: TimePledge, now: datetime) -> Message:
        task = make_opportunity("Vorlesen", slots=[(1, 900, 960)], clearance_required=False)
        follow_series(task, now=now)
        placement = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
        Placement.objects.update(status_changed_at=now - timedelta(days=9))
        assign_coming_shifts(now, placement=placement)
        assert run("volunteers.remind_first_shift", now) == 1
        return mails("shift_reminder").get()

    def test_of_a_date_that_is_over_is_not_printed(self, reminder: Message, now: datetime) -> None:
        begins = Opportunity.objects.get().shifts.earliest("starts_at").starts_at
        run("volunteers.remind_first_shift", begins - timedelta(seconds=1))
        assert status(reminder) == "to_print"
        run("volunteers.remind_first_shift", begins)
        assert status(reminder) == "suppressed"

    def test_of_a_cancelled_date_gives_way_to_the_letter_that_says_so(
        self, reminder: Message, now: datetime
    ) -> None:
        task = Opportunity.objects.get()
        close_days(task, from_on=date(2026, 3, 3), until_on=date(2026, 3, 3), reason="illness", now=now)
        run("volunteers.tell_of_changed_dates", now + timedelta(minutes=1))
        assert status(reminder) == "suppressed"
        assert mails("dates_changed").get().status == "to_print"


def test_who_has_an_address_by_now_gets_as_mail_what_waited(
    asked: tuple[Offer, Message], pledge: TimePledge, now: datetime
) -> None:
    _offer, question = asked
    change = pledge.volunteer.mailbox.address_changes.create(
        from_email=pledge.volunteer.mailbox.email,
        to_email="hedwig@example.org",
        status="asked",
        status_changed_at=now,
        asked_at=now - timedelta(days=8),
        new_confirmed_at=now,
    )
    assert say_yes(change, now, new=False) == "moved"
    assert (status(question), question.to_email) == ("queued", "hedwig@example.org")


def test_an_accepted_question_ends_the_search_told_of(
    asked: tuple[Offer, Message], pledge: TimePledge, now: datetime
) -> None:
    looking = letter(PLEDGE_STILL_LOOKING, pledge.pk, pledge, now)
    assert accept_offer(asked[0], now=now).status == "accepted"
    assert status(looking) == "suppressed"


def test_who_rests_is_not_told_that_we_are_looking(pledge: TimePledge, now: datetime) -> None:
    waiting = [letter(mail, pledge.pk, pledge, now) for mail in (PLEDGE_STILL_LOOKING, PLEDGE_RESUMED)]
    others = letter(PLEDGE_RESUMED, pledge.pk + 1, pledge, now)
    assert pause_pledge(pledge, until=local_day(now) + timedelta(days=30), now=now)
    assert [status(each) for each in waiting] == ["suppressed", "suppressed"]
    assert status(others) == "to_print"
