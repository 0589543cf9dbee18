"""Calling people who wait: what came of it is kept, takes effect at once, and cannot be changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from citizens.services.erasure import erase
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.sweeps import run
from programs.access import actor_of
from tests.access.writes import recorded_writes
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.volunteers.pledging import mails, make_pledge
from volunteers.models import Contact, TimePledge
from volunteers.selectors.silence import pledges_to_call
from volunteers.services.contacts import Call, record_call
from volunteers.services.personal_data import stored_about

pytestmark = pytest.mark.django_db
OVERDUE = datetime(2026, 3, 12, 9, tzinfo=UTC)  # a Thursday, past the fifth working day
BACK = "/koordination/?art=anrufen#liste"


@pytest.fixture
def caller() -> User:
    return make_coordinator(make_youth_office())


@pytest.fixture
def pledge(now: datetime) -> TimePledge:
    return make_pledge(now)


def called(pledge: TimePledge, caller: User, now: datetime = OVERDUE, **answers: Any) -> Contact | None:
    return record_call(pledge, Call(**answers), by=caller, actor=actor_of(caller), now=now)


def to_call(now: datetime) -> list[int]:
    return [pledge.pk for pledge in pledges_to_call(now)]


@pytest.mark.parametrize(
    ("outcome", "again_on", "step"),
    [("reached", date(2026, 3, 19), "ask"), ("not_reached", date(2026, 3, 13), "call")],
)
def test_who_was_called_comes_back_on_the_usual_working_day(
    pledge: TimePledge, caller: User, outcome: str, again_on: date, step: str
) -> None:
    assert to_call(OVERDUE) == [pledge.pk]
    contact = called(pledge, caller, outcome=outcome)
    assert contact is not None
    assert (contact.again_on, contact.next_step, contact.noted_by) == (again_on, step, caller)
    morning = datetime(again_on.year, again_on.month, again_on.day, 6, tzinfo=UTC)
    assert to_call(OVERDUE) == to_call(morning - timedelta(days=1)) == []
    assert to_call(morning) == [pledge.pk]
    assert TimePledge.objects.get(pk=pledge.pk).status == "open"


def test_a_day_and_a_step_of_ones_own_go_before_the_usual(pledge: TimePledge, caller: User) -> None:
    contact = called(pledge, caller, outcome="reached", again_on=date(2026, 4, 1), next_step="call")
    assert contact is not None
    assert (contact.again_on, contact.next_step) == (date(2026, 4, 1), "call")


@pytest.mark.parametrize(
    ("again_on", "due_at"),
    [
        (date(2026, 3, 13), datetime(2026, 3, 13, 23, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_a_call_is_due_until_its_day_is_over_in_dueren(
    pledge: TimePledge, caller: User, again_on: date, due_at: datetime
) -> None:
    called(pledge, caller, outcome="reached", again_on=again_on)
    assert [each.call_at for each in pledges_to_call(due_at)] == [due_at]  # type: ignore[attr-defined]


def test_a_day_named_and_a_day_promised_end_at_the_same_moment(
    pledge: TimePledge, caller: User, now: datetime
) -> None:
    promised = make_pledge(now, email="b@example.org")
    TimePledge.objects.filter(pk=promised.pk).update(answer_due_at=datetime(2026, 3, 13, 23, tzinfo=UTC))
    called(pledge, caller, outcome="not_reached")
    assert to_call(datetime(2026, 3, 14, 6, tzinfo=UTC)) == [pledge.pk, promised.pk]


def test_who_wants_to_wait_rests_until_that_day_and_then_waits_again(
    pledge: TimePledge, caller: User
) -> None:
    called(pledge, caller, outcome="wants_to_wait", again_on=date(2026, 4, 1), next_step="ask")
    pledge.refresh_from_db()
    assert (pledge.status, pledge.paused_until) == ("paused", date(2026, 4, 1))
    assert Contact.objects.get().next_step == "wait"
    moved = lines_of(pledge).get(to_status="paused")
    assert (moved.actor_kind, moved.actor_user, moved.actor_role) == ("user", caller.pk, "youth_office")
    assert run("volunteers.resume_paused", datetime(2026, 4, 1, 6, tzinfo=UTC)) == 1
    pledge.refresh_from_db()
    assert pledge.status == "open"


def test_who_wants_no_more_is_let_go_with_thanks(pledge: TimePledge, caller: User) -> None:
    contact = called(pledge, caller, outcome="ended", again_on=date(2026, 4, 1), text="Zieht um.")
    assert contact is not None
    assert (contact.again_on, contact.next_step) == (None, "")
    pledge.refresh_from_db()
    assert pledge.status == "withdrawn"
    assert mails("pledge_withdrawn").count() == 1
    assert lines_of(pledge).get(to_status="withdrawn").actor_user == caller.pk


def test_two_who_call_at_once_note_one_call(pledge: TimePledge, caller: User) -> None:
    first = called(pledge, caller, outcome="not_reached")
    assert first is not None
    assert called(pledge, caller, outcome="ended") is None
    pledge.refresh_from_db()
    assert (pledge.status, Contact.objects.count()) == ("open", 1)
    assert called(pledge, caller, outcome="not_reached", after=first.pk) is not None


@pytest.mark.parametrize("status", ["placed", "paused", "withdrawn"])
def test_nothing_is_noted_about_a_pledge_that_is_open_no_more(
    pledge: TimePledge, caller: User, status: str
) -> None:
    paused = {"paused_until": date(2026, 5, 1)} if status == "paused" else {}
    TimePledge.objects.filter(pk=pledge.pk).update(status=status, **paused)
    with recorded_writes() as writes:
        assert called(pledge, caller, outcome="ended") is None
    assert (writes, TimePledge.objects.get(pk=pledge.pk).status) == ([], status)


class TestPage:
    def form(self, **answers: Any) -> dict[str, Any]:
        return {"outcome": "reached", "after": "0", "back": BACK, **answers}

    def post(self, user: User, pledge: TimePledge, **answers: Any) -> Any:
        client = Client()
        client.force_login(user)
        return client.post(f"/koordination/zusagen/{pledge.pk}/anruf/", self.form(**answers))

    def test_the_row_of_today_shows_contact_wish_and_form(self, caller: User, now: datetime) -> None:
        wanted = make_pledge(now, wanted=make_opportunity("Vorlesen in Birkesdorf"))
        wanted.volunteer.phone = "02421 123456"
        wanted.volunteer.save()
        client = Client()
        client.force_login(caller)
        html = client.get("/koordination/?art=anrufen").content.decode()
        for shown in ("Vorlesen in Birkesdorf", "maria@example.org", 'href="tel:02421123456"'):
            assert shown in html
        assert f'action="/koordination/zusagen/{wanted.pk}/anruf/"' in html
        assert f'id="id_{wanted.pk}_outcome_0"' in html

    def test_a_call_is_noted_and_leads_back(self, pledge: TimePledge, caller: User) -> None:
        answer = self.post(caller, pledge, text="Ruft nächste Woche zurück.")
        assert (answer.status_code, answer["Location"]) == (303, BACK)
        assert Contact.objects.get().text == "Ruft nächste Woche zurück."
        again = self.post(caller, pledge)
        assert (again.status_code, Contact.objects.count()) == (303, 1)

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"outcome": ""}, "Noch offen: "),
            ({"outcome": "gone"}, "Bitte wählen Sie aus, was angeboten wird."),
            ({"outcome": "wants_to_wait"}, "Bis wann möchte die Person warten?"),
            ({"again_on": "today"}, "in den nächsten zwölf Monaten"),
            ({"again_on": "too late"}, "in den nächsten zwölf Monaten"),
            ({"text": "Ihr Sohn Kevin (7) hat Asthma."}, "wird kein Kind und keine Familie gespeichert"),
        ],
    )
    def test_what_cannot_be_noted_is_said_and_nothing_is_kept(
        self, pledge: TimePledge, caller: User, answers: dict[str, str], said: str
    ) -> None:
        today = local_day(utc_now())
        days = {"today": today, "too late": today + timedelta(days=367)}
        if answers.get("again_on") in days:
            answers = {"again_on": str(days[answers["again_on"]])}
        answer = self.post(caller, pledge, **answers)
        assert answer.status_code == 422
        html = answer.content.decode()
        assert said in html
        assert BACK.replace("&", "&amp;") in html
        assert not Contact.objects.exists()

    def test_nobody_but_the_youth_office_calls(self, now: datetime) -> None:
        provider = make_provider()
        wanted = make_pledge(now, wanted=make_opportunity(provider=provider))
        assert self.post(make_coordinator(provider), wanted).status_code == 403
        assert not Contact.objects.exists()


class TestKept:
    def test_a_contact_can_be_neither_changed_nor_deleted(self, pledge: TimePledge, caller: User) -> None:
        called(pledge, caller, outcome="reached", text="Freut sich.")
        for change in ({"text": "Ärgert sich."}, {"outcome": "not_reached"}, {"again_on": date(2026, 5, 1)}):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                Contact.objects.update(**change)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Contact.objects.all().delete()
        assert Contact.objects.get().text == "Freut sich."

    def test_the_person_reads_it_in_their_data_and_an_erasure_empties_it(
        self, pledge: TimePledge, caller: User
    ) -> None:
        called(pledge, caller, outcome="not_reached", text="Anrufbeantworter.")
        mailbox = pledge.volunteer.mailbox
        (told,) = stored_about(mailbox)["gespraeche"]
        assert (told["ergebnis"], told["notiz"]) == ("nicht erreicht", "Anrufbeantworter.")
        erase(mailbox, OVERDUE)
        kept = Contact.objects.get()
        assert (kept.text, kept.outcome) == ("", "not_reached")

    def test_it_survives_the_account_of_who_noted_it(self, pledge: TimePledge, caller: User) -> None:
        called(pledge, caller, outcome="reached", text="Freut sich.")
        caller.delete()
        kept = Contact.objects.get()
        assert (kept.noted_by, kept.text) == (None, "Freut sich.")

    def test_it_goes_after_two_years(self, pledge: TimePledge, caller: User) -> None:
        moment = utc_now()
        for days in (731, 729):
            Contact.objects.create(
                volunteer=pledge.volunteer,
                text=f"{days}",
                noted_at=moment - timedelta(days=days),
                noted_by=caller,
            )
        run("volunteers.purge_matching", moment)
        assert [contact.text for contact in Contact.objects.all()] == ["729"]
