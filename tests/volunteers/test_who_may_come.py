"""The gate is looked at again whenever something under it changes, and for every single date."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.sweeps import run
from programs.forms.activity import facts_of
from programs.models import Activity, Membership, Opportunity, Role, Shift
from programs.services.activities import mark_of, release_draft, write_draft
from programs.services.shifts import follow_series
from tests.factories import (
    make_activity,
    make_coordinator,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
    occupied,
    retime,
    role_of,
    seats_of,
)
from tests.volunteers.pledging import mails, make_consent, make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment, Clearance, Offer, Placement
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearance_changes import follow_clearance_need
from volunteers.services.clearance_renewals import renew_clearance
from volunteers.services.date_notices import tell_of_changes
from volunteers.services.personal_data import change_person
from volunteers.services.reminders import remind_of_dates

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
TUESDAY = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
LATE = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
"""21:00 in Düren; ninety minutes later it is past ten."""


def active(task: Opportunity, now: datetime, *, is_adult: bool = True, seen: date | None = None) -> Placement:
    pledge = make_pledge(now)
    pledge.volunteer.is_adult = is_adult
    pledge.volunteer.save()
    if task.clearance_required:
        certificate_on = seen or date(2026, 1, 10)
        Clearance.objects.create(volunteer=pledge.volunteer, opportunity=task, certificate_on=certificate_on)
    return make_placement(pledge, task, now, "active", from_on=date(2026, 1, 12))


def dates(placement: Placement) -> list[str]:
    return list(placement.assignments.order_by("shift__starts_at").values_list("status", flat=True))


def status(placement: Placement) -> str:
    return Placement.objects.values_list("status", flat=True).get(pk=placement.pk)


def release_version(activity: Activity, now: datetime, **changes: Any) -> None:
    """Two people of the office let another version hold."""
    office = make_youth_office()
    assert activity.current is not None
    writer, second = make_user(OFFICER, office), make_user(OFFICER, office)
    write_draft(activity, facts_of(activity.current) | changes, by=writer, now=now)
    read = mark_of(activity.versions.get(status="draft"))
    assert release_draft(activity, by=second, read=read, now=now) is None


class TestTheDatabase:
    """It refuses whoever asks, however the row is written."""

    def insert(self, placement: Placement, shift: Shift, constraint: str) -> None:
        statement = (
            "INSERT INTO volunteers_assignment"
            " (volunteer_id, placement_id, role_id, shift_id, status, status_changed_at)"
            " VALUES (%s, %s, %s, %s, '{}', now())"
        )
        values = [placement.volunteer_id, placement.pk, placement.role_id, shift.pk]
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format("confirmed"), values)
        assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute(statement.format("excused"), values)
        row = Assignment.objects.get(placement=placement, shift=shift)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=row.pk).update(status="confirmed")
        row.refresh_from_db()
        assert row.status == "excused"

    def test_a_certificate_of_five_years_gets_no_date_to_the_day(self, now: datetime) -> None:
        task = make_opportunity()
        placement = active(task, now, seen=date(2021, 3, 4))
        last, first_without = make_shift(task, TUESDAY), make_shift(task, TUESDAY + timedelta(days=1))
        Assignment.objects.create(placement=placement, shift=last, status_changed_at=now)
        self.insert(placement, first_without, "assignment_needs_clearance_that_day")

    def test_the_day_is_that_of_the_town(self, now: datetime) -> None:
        """22:30 UTC on the 3rd of March is half past eleven; an hour later it is the 4th in Düren."""
        task = make_opportunity()
        placement = active(task, now, seen=date(2021, 3, 4))
        before = make_shift(task, datetime(2026, 3, 3, 22, 30, tzinfo=UTC))
        Assignment.objects.create(placement=placement, shift=before, status_changed_at=now)
        after = make_shift(task, datetime(2026, 3, 3, 23, 0, tzinfo=UTC) + timedelta(hours=2))
        self.insert(placement, after, "assignment_needs_clearance_that_day")

    def test_without_an_inspection_for_this_very_task_there_is_no_date(self, now: datetime) -> None:
        task, other = make_opportunity(), make_opportunity(clearance_required=False)
        placement = active(task, now)
        foreign = make_placement(placement.pledge, other, now, "active", from_on=date(2026, 1, 12))
        Role.objects.filter(opportunity=other).update(
            activity=role_of(task).activity, clearance_required=True, contact_with_minors=True
        )
        self.insert(foreign, make_shift(other, TUESDAY), "assignment_needs_clearance_that_day")

    def test_below_the_age_of_the_task_there_is_no_date(self, now: datetime) -> None:
        task = make_opportunity(clearance_required=False, minimum_age=18)
        placement = active(task, now, is_adult=False)
        self.insert(placement, make_shift(task, TUESDAY), "assignment_old_enough")

    @pytest.mark.parametrize(
        ("starts_at", "minutes"),
        [(LATE, 61), (LATE, 24 * 60), (datetime(2026, 3, 5, 19, 0, tzinfo=UTC), 4 * 60)],
    )
    def test_a_minor_is_home_by_ten_and_at_night(
        self, now: datetime, starts_at: datetime, minutes: int
    ) -> None:
        task = make_opportunity(clearance_required=False)
        placement = active(task, now, is_adult=False)
        self.insert(placement, make_shift(task, starts_at, minutes=minutes), "assignment_minor_home_by_ten")

    def test_until_ten_a_minor_may_come_and_an_adult_later(self, now: datetime) -> None:
        task = make_opportunity(clearance_required=False, places=2)
        young = active(task, now, is_adult=False)
        until_ten = make_shift(task, LATE, minutes=60)
        Assignment.objects.create(placement=young, shift=until_ten, status_changed_at=now)
        pledge = make_pledge(now, email="ali@example.org")
        grown = make_placement(pledge, task, now, "active", from_on=date(2026, 1, 12))
        night = make_shift(task, LATE + timedelta(days=1), minutes=600)
        Assignment.objects.create(placement=grown, shift=night, status_changed_at=now)
        assert Assignment.objects.count() == 2


class TestTheProgramAsksFirst:
    """Nothing that people or sweeps do runs into the refusal of the database."""

    def test_late_dates_are_left_out_for_a_minor(self, now: datetime) -> None:
        task = make_opportunity(clearance_required=False)
        make_shift(task, TUESDAY)
        make_shift(task, LATE)
        assert assign_coming_shifts(now, placement=active(task, now, is_adult=False)) == 1

    def test_too_young_gets_no_dates_at_all(self, now: datetime) -> None:
        task = make_opportunity(clearance_required=False, minimum_age=17)
        make_shift(task, TUESDAY)
        assert assign_coming_shifts(now, placement=active(task, now, is_adult=False)) == 0

    def test_dates_beyond_the_five_years_keep_resting_until_the_renewal(self, now: datetime) -> None:
        task = make_opportunity(clearance_required=False, contact_with_minors=False)
        placement = active(task, now)
        Clearance.objects.create(
            volunteer=placement.volunteer, opportunity=task, certificate_on=date(2021, 3, 10)
        )
        for week in range(3):
            make_shift(task, TUESDAY + timedelta(weeks=week))
        assign_coming_shifts(now, placement=placement)
        placement.assignments.update(status="on_hold")
        Placement.objects.update(status="awaiting_clearance")
        Role.objects.update(**_with_children())
        assert follow_clearance_need([task.pk], now) == 1
        assert (status(placement), dates(placement)) == ("active", ["confirmed", "on_hold", "on_hold"])
        placement.refresh_from_db()
        assert renew_clearance(placement, certificate_on=date(2026, 3, 1), actor=staff(1, OFFICER), now=now)
        assert dates(placement) == ["confirmed"] * 3

    def test_on_a_day_without_inspection_nobody_is_reminded(self, now: datetime) -> None:
        task = make_opportunity()
        placement = active(task, now)
        shift = make_shift(task, TUESDAY)
        Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
        Clearance.objects.update(certificate_on=date(2021, 3, 3))
        assert remind_of_dates(TUESDAY - timedelta(hours=30)) == 0
        Clearance.objects.update(certificate_on=date(2021, 3, 4))
        assert remind_of_dates(TUESDAY - timedelta(hours=30)) == 1

    @pytest.mark.parametrize("has_placement", [True, False])
    def test_on_a_day_without_inspection_the_plan_of_the_week_expects_nobody(
        self, client: Client, has_placement: bool
    ) -> None:
        now = utc_now()
        task = make_opportunity()
        placement = active(task, now, seen=local_day(now))
        before, tomorrow = (make_shift(task, now + timedelta(days=days)) for days in (-14, 1))
        for shift in (before, tomorrow):
            Assignment.objects.create(
                placement=placement if has_placement else None,
                volunteer=placement.volunteer,
                role=placement.role,
                shift=shift,
                status_changed_at=now,
            )
        client.force_login(make_coordinator(task.provider))

        def resting(shift: Shift) -> bool:
            day = str(local_day(shift.starts_at))
            page = client.get(reverse("coordination_roster"), {"tag": day}).content.decode()
            assert page.count("Maria") == 1
            return "Maria (macht Pause bis zur Einsichtnahme)" in page

        assert (resting(before), resting(tomorrow)) == (False, False)
        Clearance.objects.all().delete()
        assert (resting(before), resting(tomorrow)) == (False, True)
        assert set(Assignment.objects.values_list("status", flat=True)) == {"confirmed"}


def _with_children() -> dict[str, Any]:
    return {"activity": make_activity(), "contact_with_minors": True, "clearance_required": True}


class TestANewVersion:
    @pytest.fixture
    def calm(self) -> Activity:
        return make_activity("Kuchen", clearance_required=False)

    def test_that_asks_for_a_certificate_lets_everybody_wait_and_tells_them(
        self, calm: Activity, now: datetime
    ) -> None:
        tasks = [make_opportunity(activity=calm, provider=make_provider(), places=2) for _number in range(2)]
        people = [active(task, now) for task in tasks]
        officer = make_user(OFFICER, tasks[0].provider)
        shift = make_shift(tasks[0], TUESDAY)
        assign_coming_shifts(now)
        release_version(calm, now, clearance_required=True)
        assert [status(each) for each in people] == ["awaiting_clearance"] * 2
        assert people[0].assignments.get(shift=shift).status == "on_hold"
        assert mails("placement_waits_again").count() == 2
        told = set(mails("clearance_needed_again").values_list("to_email", flat=True))
        assert told == {officer.email, tasks[1].provider.coordination_email}

    def test_that_asks_for_less_lets_those_who_wait_come(self, now: datetime) -> None:
        strict = make_activity("Kuchen")
        task = make_opportunity(activity=strict)
        placement = make_placement(make_pledge(now), task, now, "awaiting_clearance")
        release_version(strict, now, clearance_required=False)
        assert status(placement) == "active"

    def test_that_asks_for_an_age_releases_who_is_too_young(self, calm: Activity, now: datetime) -> None:
        task = make_opportunity(activity=calm, places=3)
        young, grown = active(task, now, is_adult=False), _another(task, now)
        make_shift(task, TUESDAY)
        assign_coming_shifts(now)
        release_version(calm, now, minimum_age=18)
        assert (status(young), status(grown)) == ("ended", "active")
        assert (dates(young), dates(grown)) == (["cancelled"], ["confirmed"])
        assert mails("placement_ended").count() == 1
        assert young.pledge.__class__.objects.get(pk=young.pledge_id).status == "open"
        task.refresh_from_db()
        assert occupied(task) == 1


def _another(task: Opportunity, now: datetime) -> Placement:
    pledge = make_pledge(now, email="ali@example.org", first_name="Ali")
    return make_placement(pledge, task, now, "active", from_on=date(2026, 1, 12))


class TestOwnAge:
    @pytest.fixture
    def says(self, client: Client) -> Callable[[Placement, str], None]:
        def say(placement: Placement, age: str) -> None:
            person = placement.volunteer
            token = my_page_token(person.mailbox, datetime.now(UTC))
            sent = {"first_name": "Maria", "is_adult": age}
            answer = client.post(reverse("my_person", args=[token, person.pk]), sent)
            assert answer.status_code == 303

        return say

    def test_who_turns_eighteen_gets_the_late_dates(self, says: Callable[[Placement, str], None]) -> None:
        today = datetime.now(UTC)
        task = make_opportunity(clearance_required=False)
        make_shift(task, _late_in_a_week(today))
        placement = active(task, today, is_adult=False)
        assert assign_coming_shifts(today) == 0
        says(placement, "adult")
        assert dates(placement) == ["confirmed"]

    def test_who_is_not_of_age_after_all_keeps_the_task_and_loses_the_late_dates(
        self, says: Callable[[Placement, str], None]
    ) -> None:
        today = datetime.now(UTC)
        task = make_opportunity(clearance_required=False)
        shift = make_shift(task, _late_in_a_week(today))
        placement = active(task, today)
        make_consent(placement, today)
        assert assign_coming_shifts(today) == 1
        says(placement, "16-17")
        assert (status(placement), dates(placement)) == ("active", ["released"])
        assert tell_of_changes(today + timedelta(minutes=5)) == 1
        assert "nichts für Freiwillige unter 18" in mails("dates_changed").get().body_text
        assert mails("dates_released").get().to_email == task.provider.coordination_email
        assert seats_of(shift.pk).places_taken == 0

    def test_who_is_too_young_for_the_task_leaves_it(self, says: Callable[[Placement, str], None]) -> None:
        today = datetime.now(UTC)
        placement = active(make_opportunity(clearance_required=False, minimum_age=18), today)
        says(placement, "16-17")
        assert status(placement) == "ended"

    def test_what_is_not_for_their_age_is_asked_of_them_alone_no_more(self, now: datetime) -> None:
        night = make_activity(overnight=True, two_adults=True, minimum_age=16)
        tasks = [
            make_opportunity("Zelten", activity=night, places=2),
            make_opportunity("Ausschank", clearance_required=False, minimum_age=18, places=2),
            make_opportunity("Basteln", clearance_required=False, places=2),
        ]
        maria, ali = (
            make_pledge(now, email=f"{name}@example.org", first_name=name.title())
            for name in ("maria", "ali")
        )
        for pledge in (maria, ali):
            for task in tasks:
                make_sent_offer(pledge, task, now)
        change_person(maria.volunteer, first_name="Maria", last_name="", phone="", is_adult=False, now=now)
        asked = Offer.objects.filter(status="sent").values_list("pledge", "opportunity__title")
        assert sorted(asked.filter(pledge=maria)) == [(maria.pk, "Basteln")]
        assert asked.filter(pledge=ali).count() == 3
        taken_back = Event.objects.filter(model="offer", to_status="withdrawn")
        assert list(taken_back.values_list("reason", flat=True)) == ["too young"] * 2
        assert mails("offer_withdrawn").count() == 2


def _late_in_a_week(today: datetime) -> datetime:
    return (today + timedelta(days=7)).replace(hour=21, minute=30)


def test_a_date_moved_into_the_night_is_given_back_by_a_minor(now: datetime) -> None:
    task = make_opportunity(clearance_required=False, slots=[(1, 15 * 60, 16 * 60)])
    follow_series(task, now=now)
    placement = active(task, now, is_adult=False)
    assert assign_coming_shifts(now) == 8
    retime(task, [(1, 21 * 60, 23 * 60)], now)
    assert set(dates(placement)) == {"released"}


def test_the_sweep_sends_back_on_the_day(now: datetime) -> None:
    task = make_opportunity()
    placement = active(task, now, seen=date(2021, 3, 10))
    assert run("volunteers.follow_clearances", datetime(2026, 3, 9, 22, 59, tzinfo=UTC)) == 0
    assert run("volunteers.follow_clearances", datetime(2026, 3, 9, 23, 0, tzinfo=UTC)) == 1
    assert status(placement) == "awaiting_clearance"
