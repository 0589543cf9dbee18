"""Facts that come late, twice or from elsewhere: nobody decides for others, nothing is held by nobody."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.test import Client
from django.urls import reverse

from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from foundation.actors import system
from foundation.clock import local_day, local_moment, utc_now
from foundation.sweeps import run
from programs.models import Opportunity, Role, Shift, ShiftRole
from programs.services.closures import close_days, open_again
from programs.services.opportunities import change_opportunity
from programs.services.shifts import follow_series, telling_of_changes
from tests.factories import (
    Slot,
    asking,
    make_activity,
    make_coordinator,
    make_declaration,
    make_opportunity,
    make_shift,
    make_youth_office,
    occupied,
)
from tests.volunteers.pledging import (
    link_in,
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
    send_pledge,
)
from tests.volunteers.test_clearance_changes import said
from volunteers.models import (
    Assignment,
    AvailabilityException,
    Clearance,
    GuardianConsent,
    Offer,
    PersonMerge,
    Placement,
    StandInQuestion,
    StandInSearch,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.doubles import listed_people
from volunteers.services.absences import skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearances import record_clearance, refuse_clearance
from volunteers.services.guardians import AskRefusal, ask_guardian
from volunteers.services.links import guardian_url, offer_url, stand_in_url
from volunteers.services.merging import merge_people, part_people
from volunteers.services.pauses import pause_pledge
from volunteers.services.personal_data import change_person
from volunteers.services.reminders import remind_of_dates

pytestmark = pytest.mark.django_db
OFFICER, SITE = system("test"), "http://127.0.0.1:8000"
TUESDAY: Slot = (1, 15 * 60, 16 * 60)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def task(now: datetime) -> Opportunity:
    found = make_opportunity("Kuchen backen", slots=[TUESDAY], places=2, clearance_required=False)
    follow_series(found, now=now)
    return found


def placed(pledge: TimePledge, task: Opportunity, now: datetime) -> Placement:
    made = make_placement(pledge, task, now, "active", from_on=local_day(now))
    TimePledge.objects.filter(pk=pledge.pk).update(status="placed")
    assign_coming_shifts(now, placement=made)
    return made


def status(row: Placement | Assignment | Offer) -> str:
    return type(row).objects.values_list("status", flat=True).get(pk=row.pk)


def occupied_seats(taken: Assignment) -> int:
    return ShiftRole.objects.get(shift=taken.shift, role=taken.role).places_taken


def young(pledge: TimePledge, born_in: date) -> TimePledge:
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=False, born_in=born_in)
    pledge.refresh_from_db()
    return pledge


class TestOfAge:
    @pytest.fixture
    def grown(self, task: Opportunity, now: datetime) -> Placement:
        """Somebody who came at 17 and has had their birthday."""
        born_in = (local_day(now) - timedelta(days=18 * 366 + 40)).replace(day=1)
        placement = placed(young(make_pledge(now, first_name="Lia"), born_in), task, now)
        run("volunteers.follow_clearances", now)
        assert Volunteer.objects.get().is_adult
        return placement

    def test_no_guardian_ends_what_somebody_of_age_does(
        self, client: Client, grown: Placement, now: datetime
    ) -> None:
        address = guardian_url(GuardianConsent.objects.get(), now).removeprefix(SITE)
        page = client.get(address).content.decode()
        assert ("Lia ist volljährig" in page, "zurueck/" in page) == (True, False)
        client.post(f"{address}zurueck/")
        assert (status(grown), GuardianConsent.objects.get().withdrawn_at) == ("active", None)
        assert not mails("consent_withdrawn").exists()

    def test_nor_does_a_guardian_who_leaves_no_trace(self, grown: Placement, now: datetime) -> None:
        erase(GuardianConsent.objects.get().mailbox, now)
        assert (status(grown), GuardianConsent.objects.count()) == ("active", 0)

    def test_a_consent_that_comes_too_late_is_not_kept(
        self, client: Client, grown: Placement, now: datetime
    ) -> None:
        given = GuardianConsent.objects.get()
        given.delete()
        consent = GuardianConsent.objects.create(placement=grown, mailbox=given.mailbox, asked_at=now)
        address = guardian_url(consent, now).removeprefix(SITE)
        assert "Lia ist volljährig" in client.get(address).content.decode()
        said = {"version": "1", "name": "Eva Beispiel", "agreed": "on"}
        assert client.post(address, said).status_code == 422
        assert GuardianConsent.objects.get().name == ""

    def confirm_again(self, client: Client, **answers: Any) -> None:
        send_pledge(client, **answers)
        address = link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/")
        assert client.post(address, {"person": "same"}).status_code == 303

    def test_another_pledge_that_says_under_18_lets_the_dates_rest(
        self, client: Client, task: Opportunity, now: datetime
    ) -> None:
        placement = placed(make_pledge(now), task, now)
        expected = placement.assignments.filter(status="confirmed").count()
        assert expected > 5
        self.confirm_again(client, is_adult="16-17")
        assert status(placement) == "awaiting_clearance"
        assert placement.assignments.filter(status="on_hold").count() == expected

    def test_another_pledge_that_says_18_needs_no_guardian_any_more(
        self, client: Client, task: Opportunity, now: datetime
    ) -> None:
        pledge = young(make_pledge(now), (local_day(now) - timedelta(days=6300)).replace(day=1))
        placement = make_placement(pledge, task, now, "awaiting_clearance")
        self.confirm_again(client)
        assert (status(placement), Volunteer.objects.get().born_in) == ("active", None)

    @pytest.fixture
    def turning(self, task: Opportunity, now: datetime) -> Placement:
        """Somebody who has certainly been 18 since midnight; no sweep has seen it yet."""
        today = local_day(now)
        born_in = today.replace(day=1) - relativedelta(years=18, months=1)
        return placed(young(make_pledge(now, first_name="Lia"), born_in), task, now)

    def test_from_the_first_minute_of_that_day_no_guardian_is_asked_or_ends_it(
        self, client: Client, turning: Placement, now: datetime
    ) -> None:
        consent = GuardianConsent.objects.get()
        address = guardian_url(consent, now).removeprefix(SITE)
        page = client.get(address).content.decode()
        assert ("Lia ist volljährig" in page, "zurueck/" in page) == (True, False)
        client.post(f"{address}zurueck/")
        assert (status(turning), GuardianConsent.objects.get().withdrawn_at) == ("active", None)
        asked = {"email": "oma@example.org", "born_in": date(2009, 1, 1), "now": now}
        assert ask_guardian(turning, **asked) == AskRefusal.NOT_NEEDED

    def test_on_the_day_of_a_date_it_is_the_age_of_that_day_that_counts(
        self, client: Client, task: Opportunity, now: datetime
    ) -> None:
        """Without a guardian: until the month is over they are 17, from then on they decide alone."""
        first = local_day(now).replace(day=1) + relativedelta(months=1)
        born_in = first - relativedelta(years=18, months=1)
        placement = placed(young(make_pledge(now), born_in), task, now)
        GuardianConsent.objects.all().delete()
        Volunteer.objects.update(reminders="each")
        dates = placement.assignments.select_related("shift").order_by("shift__starts_at")
        client.force_login(make_coordinator(task.provider))
        for each in dates:
            day = local_day(each.shift.starts_at)
            page = client.get(reverse("coordination_roster"), {"tag": str(day)}).content.decode()
            assert ("macht Pause bis zur Einsichtnahme" in page) is (day < first), day
            Assignment.objects.update(reminded_at=now - 400 * DAY)
            Assignment.objects.filter(pk=each.pk).update(reminded_at=None)
            assert remind_of_dates(each.shift.starts_at - timedelta(hours=30)) == (day >= first), day


class TestTwoRowsOfOnePerson:
    @pytest.fixture
    def kept(self, now: datetime) -> TimePledge:
        return make_pledge(now, first_name="Jörg", email="joerg@example.org")

    @pytest.fixture
    def double(self, now: datetime) -> TimePledge:
        return make_pledge(now, first_name="Jörg", email="maria@example.org")

    def merge(self, kept: TimePledge, double: TimePledge, now: datetime) -> PersonMerge:
        user = make_coordinator(make_youth_office())
        assert merge_people(kept.volunteer, double.volunteer, by=user, actor=OFFICER, now=now) is None
        return PersonMerge.objects.get()

    def test_who_is_there_already_is_asked_no_more_and_the_place_is_free(
        self, task: Opportunity, kept: TimePledge, double: TimePledge, now: datetime
    ) -> None:
        placed(kept, task, now)
        offer = make_sent_offer(double, task, now)
        self.merge(kept, double, now)
        assert (status(offer), occupied(task)) == ("withdrawn", 1)

    def test_a_yes_to_where_one_is_already_takes_no_second_place(
        self, client: Client, task: Opportunity, kept: TimePledge, now: datetime
    ) -> None:
        placement = placed(kept, task, now)
        other = make_pledge(now, first_name="Jörg", email="joerg@example.org")
        assert other.volunteer_id == placement.volunteer_id
        offer = make_sent_offer(other, task, now)
        answered = client.post(offer_url(offer, now).removeprefix(SITE), {"answer": "accept"})
        assert (answered.status_code, status(offer), occupied(task)) == (303, "withdrawn", 1)
        assert Placement.objects.count() == 1

    def test_who_stood_in_meanwhile_stays_one(
        self, task: Opportunity, kept: TimePledge, double: TimePledge, client: Client, now: datetime
    ) -> None:
        anna = placed(make_pledge(now, first_name="Anna", email="anna@example.org"), task, now)
        skipped = anna.assignments.order_by("shift__starts_at")[2]
        assert skip_date(skipped, now=now)
        merge = self.merge(kept, double, now)
        pause_pledge(kept, until=local_day(now) + 60 * DAY, now=now)
        run("volunteers.find_stand_ins", now + 2 * MINUTE)
        question = StandInQuestion.objects.get(pledge=double)
        client.post(stand_in_url(question, now).removeprefix(SITE), {"answer": "accept"})
        assert part_people(merge, actor=OFFICER, now=utc_now())
        taken = Assignment.objects.get(placement=None)
        assert (taken.volunteer, taken.pledge.volunteer) == (kept.volunteer, kept.volunteer)

    def test_who_is_erased_takes_along_what_was_pledged_from_there(
        self, task: Opportunity, kept: TimePledge, double: TimePledge, now: datetime
    ) -> None:
        TimePledge.objects.filter(pk=double.pk).update(note="Ich koche gern.")
        offer = make_sent_offer(double, task, now)
        mailbox = double.volunteer.mailbox
        self.merge(kept, double, now)
        erase(mailbox, now)
        double.refresh_from_db()
        assert (double.status, double.note, status(offer)) == ("withdrawn", "", "withdrawn")
        assert (TimePledge.objects.get(pk=kept.pk).status, occupied(task)) == ("open", 0)

    def test_who_pledges_again_by_the_other_address_is_in_the_lists(
        self, client: Client, kept: TimePledge, double: TimePledge, now: datetime
    ) -> None:
        self.merge(kept, double, now)
        send_pledge(client, first_name="Jörg")
        client.post(link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/"))
        pledge = TimePledge.objects.latest("pk")
        assert pledge.status == "open"
        assert pledge.volunteer_id not in (kept.volunteer_id, double.volunteer_id)
        assert listed_people().filter(pk=pledge.volunteer_id).exists()


class TestStandingIn:
    @pytest.fixture
    def question(self, task: Opportunity, now: datetime) -> StandInQuestion:
        """Berta is asked for a date of Anna's."""
        anna = placed(make_pledge(now, first_name="Anna", email="anna@example.org"), task, now)
        make_pledge(now, first_name="Berta", email="berta@example.org")
        skipped = anna.assignments.order_by("shift__starts_at")[1]
        assert skip_date(skipped, now=now)
        run("volunteers.find_stand_ins", now + 2 * MINUTE)
        return StandInQuestion.objects.get()

    @pytest.mark.parametrize("before", ["sent", "expired"])
    def test_a_yes_after_leaving_takes_no_date(
        self, client: Client, question: StandInQuestion, now: datetime, before: str
    ) -> None:
        StandInQuestion.objects.update(status=before)
        token = my_page_token(question.pledge.volunteer.mailbox, now)
        left = client.post(reverse("pledge_withdraw", args=[token, question.pledge_id]))
        assert left.status_code == 303
        client.post(stand_in_url(question, now).removeprefix(SITE), {"answer": "accept"})
        assert not Assignment.objects.filter(placement=None).exists()
        assert StandInQuestion.objects.get().status == "withdrawn"

    def test_whom_no_task_with_children_is_offered_is_not_asked_to_stand_in_with_them(
        self, client: Client, question: StandInQuestion, now: datetime
    ) -> None:
        berta = question.pledge
        other = make_opportunity("Vorlesen")
        waiting = make_placement(berta, other, now, "awaiting_clearance")
        assert refuse_clearance(waiting, actor=OFFICER, now=now, ask_no_more=True)
        assert StandInQuestion.objects.get().status == "withdrawn"
        (mail,) = mails("stand_in_over")
        assert (mail.to_email, "Danach fragen wir Sie nicht mehr." in mail.body_text) == (
            "berta@example.org",
            True,
        )

    def test_who_says_to_be_under_18_gives_a_date_taken_for_somebody_back(
        self, client: Client, question: StandInQuestion, now: datetime
    ) -> None:
        client.post(stand_in_url(question, now).removeprefix(SITE), {"answer": "accept"})
        taken = Assignment.objects.get(placement=None)
        self.says_under_18(question, now)
        assert (status(taken), occupied_seats(taken)) == ("released", 0)
        run("volunteers.find_stand_ins", now + 2 * MINUTE)
        assert taken.searches.get().status == "searching"
        run("volunteers.tell_of_changed_dates", now + 3 * MINUTE)
        assert "eine Vertretung muss mindestens 18 sein" in mails("dates_changed").get().body_text
        assert mails("dates_released").count() == 1

    def test_who_took_a_date_before_the_task_was_one_with_children_gives_it_back(
        self, client: Client, task: Opportunity, question: StandInQuestion, now: datetime
    ) -> None:
        client.post(stand_in_url(question, now).removeprefix(SITE), {"answer": "accept"})
        taken = Assignment.objects.get(placement=None)
        wanted = said(task, activity=asking(clearance=True)["activity"])
        editor = make_coordinator(task.provider)
        assert change_opportunity(task, wanted, editor=editor, now=now) == []
        assert (status(taken), occupied_seats(taken)) == ("released", 0)
        run("volunteers.tell_of_changed_dates", now + 2 * MINUTE)
        (mail,) = [each for each in mails("dates_changed") if each.to_email == "berta@example.org"]
        assert "für diesen Tag fehlt, was die Aufgabe verlangt" in mail.body_text
        assert mails("dates_released").count() == 1

    def test_who_says_to_be_under_18_is_asked_no_more_to_stand_in(
        self, question: StandInQuestion, now: datetime
    ) -> None:
        self.says_under_18(question, now)
        assert StandInQuestion.objects.get().status == "withdrawn"
        assert StandInSearch.objects.get().look_at == now

    def says_under_18(self, question: StandInQuestion, now: datetime) -> None:
        berta = question.pledge.volunteer
        names = {"first_name": "Berta", "last_name": "", "phone": ""}
        change_person(berta, **names, is_adult=False, now=now)

    def test_but_is_still_asked_where_no_children_are(
        self, task: Opportunity, question: StandInQuestion, now: datetime
    ) -> None:
        activity = make_activity(clearance_required=False, contact_with_minors=False)
        Role.objects.filter(opportunity=task).update(
            activity=activity, clearance_required=False, contact_with_minors=False
        )
        waiting = make_placement(question.pledge, make_opportunity("Vorlesen"), now, "awaiting_clearance")
        assert refuse_clearance(waiting, actor=OFFICER, now=now, ask_no_more=True)
        assert StandInQuestion.objects.get().status == "sent"


def test_an_absence_deleted_while_the_certificate_is_due_brings_its_dates_back(
    client: Client, now: datetime
) -> None:
    task = make_opportunity("Vorlesen", slots=[TUESDAY])
    follow_series(task, now=now)
    pledge = make_pledge(now)
    seen = Clearance.objects.create(
        volunteer=pledge.volunteer, opportunity=task, certificate_on=local_day(now) - 9 * DAY
    )
    placement = placed(pledge, task, now)
    away = placement.assignments.order_by("shift__starts_at")[2]
    day = local_day(away.shift.starts_at)
    token = my_page_token(pledge.volunteer.mailbox, now)
    client.post(
        reverse("pledge_absence", args=[token, pledge.pk]),
        {"from_on": day.isoformat(), "until_on": day.isoformat()},
    )
    assert status(away) == "excused"
    seen.delete()
    run("volunteers.follow_clearances", now)
    assert status(placement) == "awaiting_clearance"
    client.post(
        reverse("pledge_absence_delete", args=[token, pledge.pk, AvailabilityException.objects.get().pk])
    )
    assert status(away) == "on_hold"
    record_clearance(placement, certificate_on=local_day(now), actor=OFFICER, now=now)
    assert (status(placement), status(away)) == ("active", "confirmed")


def test_an_absence_can_be_deleted_though_a_date_within_is_cancelled_meanwhile(
    client: Client, task: Opportunity, now: datetime
) -> None:
    pledge = make_pledge(now)
    first, second = placed(pledge, task, now).assignments.order_by("shift__starts_at")[1:3]
    days = [local_day(each.shift.starts_at) for each in (first, second)]
    token = my_page_token(pledge.volunteer.mailbox, now)
    client.post(
        reverse("pledge_absence", args=[token, pledge.pk]),
        {"from_on": days[0].isoformat(), "until_on": days[1].isoformat()},
    )
    assert (status(first), status(second)) == ("excused", "excused")
    closure = close_days(task, from_on=days[0], until_on=days[0], reason="illness", now=now)
    absence = AvailabilityException.objects.get()
    gone = client.post(reverse("pledge_absence_delete", args=[token, pledge.pk, absence.pk]))
    assert gone.status_code == 303
    assert (status(first), status(second)) == ("confirmed", "confirmed")
    assert [mail.body_text.count("kann nun doch kommen") for mail in mails("assignment_back")] == [1]
    first.refresh_from_db()
    assert first.span is None
    assert open_again(closure, now=now) == 1
    first.refresh_from_db()
    assert first.span is not None


def test_coming_after_all_to_a_date_cancelled_meanwhile_is_no_fault(
    client: Client, task: Opportunity, now: datetime
) -> None:
    pledge = make_pledge(now)
    skipped = placed(pledge, task, now).assignments.order_by("shift__starts_at")[1]
    token = my_page_token(pledge.volunteer.mailbox, now)
    client.post(reverse("date_skip", args=[token, skipped.pk]))
    day = local_day(skipped.shift.starts_at)
    close_days(task, from_on=day, until_on=day, reason="illness", now=now)
    answer = client.post(reverse("date_come", args=[token, skipped.pk]))
    assert (answer.status_code, "zu_spaet" in answer["Location"], status(skipped)) == (303, True, "excused")
    assert not mails("assignment_back").exists()


def test_a_date_moved_to_a_day_on_which_the_certificate_counts_no_more_is_given_back(now: datetime) -> None:
    """Five years less twenty days ago: ten days on it counts, twenty-five days on it does not."""
    task = make_opportunity("Vorlesen", slots=[])
    pledge = make_pledge(now)
    certificate_on = local_day(now) - relativedelta(years=5) + 20 * DAY
    Clearance.objects.create(volunteer=pledge.volunteer, opportunity=task, certificate_on=certificate_on)
    noon = local_moment(local_day(now), 12 * 60)
    date_of_task = make_shift(task, noon + 10 * DAY)
    expected = placed(pledge, task, now).assignments.get()

    def move_to(starts_at: datetime) -> str:
        with transaction.atomic(), telling_of_changes(task, now):
            ends_at = starts_at + timedelta(hours=1)
            Shift.objects.filter(pk=date_of_task.pk).update(starts_at=starts_at, ends_at=ends_at)
        return status(expected)

    assert move_to(noon + 25 * DAY) == "released"
    run("volunteers.tell_of_changed_dates", now + 2 * MINUTE)
    assert mails("dates_released").get().to_email != pledge.volunteer.email
    assert "fehlt, was die Aufgabe verlangt" in mails("dates_changed").get().body_text
    assert move_to(noon + 12 * DAY) == "confirmed"


@pytest.mark.parametrize(
    ("asks", "becomes"), [({"self_commitment": True}, "awaiting_clearance"), ({"minimum_age": 18}, "ended")]
)
def test_another_activity_holds_at_once_while_the_text_is_back_with_its_author(
    task: Opportunity, now: datetime, asks: dict[str, Any], becomes: str
) -> None:
    """The role asks for no lower age than its activity, whatever was typed."""
    make_declaration()
    pledge = young(make_pledge(now), (local_day(now) - timedelta(days=6300)).replace(day=1))
    placement = placed(pledge, task, now)
    Opportunity.objects.filter(pk=task.pk).update(status="draft")
    other = make_activity(clearance_required=False, **asks)
    wanted = said(task, activity=other)
    assert wanted.need is not None
    assert wanted.need.minimum_age == 16
    assert change_opportunity(task, wanted, editor=make_coordinator(task.provider), now=now) == []
    assert status(placement) == becomes
    assert Role.objects.get(opportunity=task).minimum_age == asks.get("minimum_age", 16)
