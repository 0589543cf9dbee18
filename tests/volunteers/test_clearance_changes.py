"""A task that becomes one with children, an inspection that runs out, and when a row must go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from foundation.actors import staff
from foundation.clock import local_day
from foundation.models import Event
from foundation.sweeps import run
from programs.models import Membership, Opportunity, Provider, Role, ShiftRole
from programs.services.opportunities import Task, change_opportunity
from programs.services.publishing import send_back
from programs.services.roles import Need
from tests.factories import (
    asking,
    make_coordinator,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
    occupied,
    role_of,
)
from tests.volunteers.pledging import end_without_a_word, link_in, mails, make_placement, make_pledge
from volunteers.models import Assignment, Clearance, Placement, TimePledge
from volunteers.services import clearance_changes
from volunteers.services.absences import add_absence
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearances import record_clearance, refuse_clearance
from volunteers.services.hours import record_attendance
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import confirm_placement
from volunteers.services.reminders import remind_of_dates

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
COORDINATOR, INSPECTOR = staff(1, "coordinator"), staff(2, "safeguarding_officer")
TUESDAY = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def officer(own: Provider) -> User:
    return make_user(OFFICER, own, email="schutz@haus.example")


@pytest.fixture
def task(own: Provider) -> Opportunity:
    found = make_opportunity(
        "Regale bauen", provider=own, places=5, clearance_required=False, contact_with_minors=False
    )
    for week in range(4):
        make_shift(found, TUESDAY + timedelta(weeks=week))
    return found


@pytest.fixture
def editor(own: Provider) -> User:
    return make_coordinator(own)


def active(task: Opportunity, now: datetime, name: str = "maria") -> Placement:
    pledge = make_pledge(now, email=f"{name}@example.org", first_name=name.title())
    placement = make_placement(pledge, task, now, Placement.Status.AWAITING_CONFIRMATION)
    assert confirm_placement(placement, actor=COORDINATOR, now=now)
    return Placement.objects.select_related("pledge", "volunteer").get(pk=placement.pk)


def said(task: Opportunity, **changes: object) -> Task:
    task = Opportunity.objects.get(pk=task.pk)
    role = role_of(task)
    need = Need(places=role.places, minimum_age=role.minimum_age, activity=role.activity)
    about = {name: changes.pop(name) for name in ("activity", "places") if name in changes}
    row = Task(
        title=task.title,
        task=task.task,
        field=task.field,
        district=task.district,
        site=task.site,
        starts_on=task.starts_on,
        rhythms=task.rhythms,
        need=replace(need, **about),  # type: ignore[arg-type]
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def with_children(task: Opportunity, editor: User, now: datetime) -> None:
    wanted = said(task, activity=asking(clearance=True)["activity"])
    assert change_opportunity(task, wanted, editor=editor, now=now) == []


def without_children(task: Opportunity, editor: User, now: datetime) -> None:
    wanted = said(task, activity=asking(clearance=False, contact=False)["activity"])
    assert change_opportunity(task, wanted, editor=editor, now=now) == []


def status(placement: Placement) -> str:
    return Placement.objects.values_list("status", flat=True).get(pk=placement.pk)


def dates(placement: Placement) -> list[str]:
    return list(placement.assignments.order_by("shift__starts_at").values_list("status", flat=True))


def test_active_people_wait_again_and_learn_it_with_their_officer(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    people = [active(task, now, name) for name in ("maria", "ali")]
    with_children(task, editor, now)

    assert [status(each) for each in people] == ["awaiting_clearance"] * 2
    assert [dates(each) for each in people] == [["on_hold"] * 4] * 2
    told = mails("placement_waits_again")
    assert sorted(mail.to_email for mail in told) == ["ali@example.org", "maria@example.org"]
    assert "Bitte kommen Sie so lange nicht" in told[0].body_text
    assert "Ihr Platz bleibt für Sie frei" in told[0].body_text
    assert link_in(told[0], "/einsatz/").endswith("/schreiben/")
    mail = mails("clearance_needed_again").get()
    assert mail.to_email == officer.email
    assert "2 Personen" in mail.body_text
    assert "Maria" not in mail.body_text
    task.refresh_from_db()
    assert occupied(task) == 2
    move = Event.objects.filter(model="placement", object_id=people[0].pk).latest("pk")
    assert (move.from_status, move.to_status) == ("active", "awaiting_clearance")
    assert (move.reason, move.actor_kind, move.actor_role) == (
        "clearance needed",
        "system",
        "volunteers.follow_clearances",
    )


def test_of_who_stands_in_only_what_is_to_come_is_given_back(
    task: Opportunity, editor: User, now: datetime
) -> None:
    helper = make_pledge(now, email="berta@example.org", first_name="Berta").volunteer
    over = make_shift(task, now - timedelta(days=1))
    off = make_shift(task, TUESDAY + timedelta(days=1), is_cancelled=True)
    coming = task.shifts.get(starts_at=TUESDAY + timedelta(weeks=1))
    for shift in (over, off, coming):
        Assignment.objects.create(
            shift=shift, role=role_of(task), volunteer=helper, status="confirmed", status_changed_at=now
        )
    ShiftRole.objects.filter(shift=coming).update(places_taken=1)
    with_children(task, editor, now)
    found = dict(Assignment.objects.values_list("shift", "status"))
    assert found == {over.pk: "confirmed", off.pk: "confirmed", coming.pk: "released"}


def test_people_are_looked_at_in_the_order_of_locking_however_many_at_a_time(
    task: Opportunity, editor: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearance_changes, "TOGETHER", 1)
    pledges = [make_pledge(now, email=f"{name}@example.org") for name in ("maria", "ali")]
    for pledge in reversed(pledges):
        make_placement(pledge, task, now, "active", from_on=local_day(now))
    with_children(task, editor, now)
    told = [mail.to_email for mail in mails("placement_waits_again")]
    assert told == ["maria@example.org", "ali@example.org"]
    assert "2 Personen" in mails("clearance_needed_again").get().body_text


def test_the_form_of_the_coordination_does_it_too(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    client = Client()
    client.force_login(editor)
    address = reverse("coordination_opportunity_edit", args=[task.pk])
    dangerous = asking(clearance=True)["activity"]
    form = client.get(address).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    answers = {name: value for name, value in answers.items() if value not in (None, "", [])}
    answer = client.post(address, {**answers, "activity": dangerous.pk})
    assert answer.status_code == 302, answer.context["form"].errors
    assert status(placement) == "awaiting_clearance"


def test_whoever_has_been_inspected_stays_active(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    Clearance.objects.create(volunteer=placement.volunteer, opportunity=task, certificate_on=date(2021, 3, 3))
    with_children(task, editor, now)
    assert status(placement) == "active"
    assert not mails("placement_waits_again").exists()
    assert not mails("clearance_needed_again").exists()


def test_an_inspection_for_another_task_or_run_out_does_not_count(
    task: Opportunity, editor: User, officer: User, own: Provider, now: datetime
) -> None:
    elsewhere, old = active(task, now, "maria"), active(task, now, "ali")
    Clearance.objects.create(
        volunteer=elsewhere.volunteer,
        opportunity=make_opportunity(provider=own),
        certificate_on=date(2026, 2, 1),
    )
    Clearance.objects.create(volunteer=old.volunteer, opportunity=task, certificate_on=date(2021, 3, 2))
    with_children(task, editor, now)
    assert (status(elsewhere), status(old)) == ("awaiting_clearance", "awaiting_clearance")


def test_a_task_that_waits_for_release_or_is_a_draft_again_changes_its_people_too(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    assert change_opportunity(task, said(task, title="Regale"), editor=editor, now=now) == []
    assert Opportunity.objects.get(pk=task.pk).status == "in_review"
    with_children(task, editor, now)
    assert status(placement) == "awaiting_clearance"
    without_children(task, editor, now)
    assert send_back(task, by=editor, now=now) == []
    with_children(task, editor, now)
    assert status(placement) == "awaiting_clearance"


def test_inspected_again_they_come_again_on_their_dates(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    began = placement.from_on
    with_children(task, editor, now)
    later = now + timedelta(days=10)
    make_shift(task, TUESDAY + timedelta(weeks=4))
    assert add_absence(placement.pledge, from_on=date(2026, 3, 24), until_on=date(2026, 3, 24), now=later)
    assert record_clearance(
        Placement.objects.get(pk=placement.pk),
        certificate_on=date(2026, 3, 9),
        actor=INSPECTOR,
        now=later,
    )
    placement.refresh_from_db()
    assert (placement.status, placement.from_on) == ("active", began)
    assert dates(placement) == ["on_hold", "on_hold", "confirmed", "excused", "confirmed"]
    resumed = mails("placement_resumed").get()
    assert "17. März 2026" in resumed.body_text
    assert mails("placement_confirmed").count() == 1


def test_when_no_certificate_is_needed_any_more_they_come_again(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    with_children(task, editor, now)
    without_children(task, editor, now + timedelta(hours=1))
    assert status(placement) == "active"
    assert dates(placement) == ["confirmed"] * 4
    with_children(task, editor, now + timedelta(hours=2))
    assert status(placement) == "awaiting_clearance"
    assert mails("placement_waits_again").count() == 2
    assert mails("clearance_needed_again").count() == 2
    assert mails("placement_resumed").count() == 1


def test_nobody_is_expected_reminded_or_assigned_while_waiting(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    with_children(task, editor, now)
    make_shift(task, TUESDAY + timedelta(days=1))
    assert assign_coming_shifts(now) == 0
    assert remind_of_dates(TUESDAY - timedelta(hours=30)) == 0
    assert not mails("shift_reminder").exists()
    assert not placement.assignments.filter(status="confirmed").exists()
    resting = placement.assignments.order_by("pk")[0]
    assert not record_attendance(
        resting,
        outcome=Assignment.Status.ATTENDED,
        actor=COORDINATOR,
        now=TUESDAY + timedelta(hours=2),
    )
    assert placement.hours.count() == 0


def test_without_an_officer_the_coordination_is_told(task: Opportunity, editor: User, now: datetime) -> None:
    active(task, now)
    with_children(task, editor, now)
    assert mails("clearance_needed_again").get().to_email == task.provider.coordination_email


def test_a_refused_change_moves_nobody(task: Opportunity, editor: User, now: datetime) -> None:
    placement = active(task, now)
    wanted = said(task, activity=asking(clearance=True)["activity"], places=1)
    active(task, now, "ali")
    assert change_opportunity(task, wanted, editor=editor, now=now) != []
    assert status(placement) == "active"
    assert not mails("placement_waits_again").exists()


def test_the_administration_cannot_change_it_past_the_people(task: Opportunity, now: datetime) -> None:
    make_youth_office()
    placement = active(task, now)
    client = Client()
    client.force_login(make_user(is_superuser=True, is_staff=True))
    address = reverse("admin:programs_opportunity_change", args=[task.pk])
    client.post(address, {"latitude": "50.8", "longitude": "6.5", "clearance_required": "on"})
    task.refresh_from_db()
    assert not task.clearance_required
    assert status(placement) == "active"


def test_the_database_still_refuses_an_activation_without_inspection(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    with_children(task, editor, now)
    with pytest.raises(IntegrityError, match="needs a clearance"), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(status="active")
    assert status(placement) == "awaiting_clearance"


def test_who_waits_again_and_does_not_show_a_certificate_ends_with_thanks_and_no_trace(
    task: Opportunity, editor: User, officer: User, now: datetime
) -> None:
    placement = active(task, now)
    Clearance.objects.create(volunteer=placement.volunteer, opportunity=task, certificate_on=date(2021, 3, 2))
    with_children(task, editor, now)
    assert refuse_clearance(Placement.objects.get(pk=placement.pk), actor=INSPECTOR, now=now)
    assert status(placement) == "ended"
    assert dates(placement) == ["cancelled"] * 4
    assert not Clearance.objects.exists()
    assert occupied(Opportunity.objects.get(pk=task.pk)) == 0
    assert mails("placement_ended").count() == 1


class TestFiveYears:
    """The certificate is of 10 March 2021: it counts until 9 March 2026."""

    @pytest.fixture
    def placement(self, task: Opportunity, now: datetime) -> Placement:
        Role.objects.filter(opportunity=task).update(**asking(clearance=True))
        pledge = make_pledge(now)
        Clearance.objects.create(
            volunteer=pledge.volunteer, opportunity=task, certificate_on=date(2021, 3, 10)
        )
        return make_placement(pledge, task, now, Placement.Status.ACTIVE, from_on=date(2025, 1, 7))

    def test_no_date_from_that_day_on_is_given(self, placement: Placement, now: datetime) -> None:
        assert assign_coming_shifts(now) == 1
        days = [row.shift.starts_at.date() for row in placement.assignments.select_related("shift")]
        assert days == [date(2026, 3, 3)]

    def test_the_day_before_changes_nothing_and_on_the_day_the_person_waits(
        self, placement: Placement, officer: User, now: datetime
    ) -> None:
        eve = datetime(2026, 3, 9, 22, 59, tzinfo=UTC)
        assert run("volunteers.follow_clearances", eve) == 0
        assert status(placement) == "active"
        assert run("volunteers.follow_clearances", eve + timedelta(minutes=1)) == 1
        assert status(placement) == "awaiting_clearance"
        assert mails("placement_waits_again").count() == 1
        assert mails("clearance_needed_again").get().to_email == officer.email
        assert run("volunteers.follow_clearances", eve + timedelta(hours=2)) == 0

    def test_a_date_given_earlier_is_not_reminded_of(self, placement: Placement, now: datetime) -> None:
        shift = placement.opportunity.shifts.get(starts_at=TUESDAY + timedelta(weeks=1))
        Clearance.objects.update(certificate_on=date(2021, 3, 11))
        Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
        Clearance.objects.update(certificate_on=date(2021, 3, 10))
        assert remind_of_dates(shift.starts_at - timedelta(hours=30)) == 0

    def test_a_new_inspection_gives_all_dates(self, placement: Placement, officer: User) -> None:
        day = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
        run("volunteers.follow_clearances", day)
        waiting = Placement.objects.get(pk=placement.pk)
        assert record_clearance(waiting, certificate_on=date(2026, 3, 9), actor=INSPECTOR, now=day)
        assert dates(placement) == ["confirmed"] * 3
        placement.refresh_from_db()
        assert placement.from_on == date(2025, 1, 7)


class TestLastComing:
    """§ 72a Abs. 5 SGB VIII counts from the last time somebody came."""

    @pytest.fixture
    def placement(self, task: Opportunity) -> Placement:
        start = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
        task.shifts.all().delete()
        Role.objects.filter(opportunity=task).update(**asking(clearance=True))
        Opportunity.objects.filter(pk=task.pk).update(starts_on=start.date())
        task.refresh_from_db()
        pledge = make_pledge(start)
        waiting = make_placement(pledge, task, start, Placement.Status.AWAITING_CLEARANCE)
        for day in (29, 36, 150):
            make_shift(task, start + timedelta(days=day))
        assert record_clearance(waiting, certificate_on=date(2025, 11, 20), actor=INSPECTOR, now=start)
        return Placement.objects.get(pk=waiting.pk)

    def came(self, placement: Placement, day: date, outcome: str) -> None:
        row = placement.assignments.get(shift__starts_at__date=day)
        assert record_attendance(row, outcome=outcome, actor=COORDINATOR, now=row.shift.ends_at)

    def end(self, placement: Placement, now: datetime) -> None:
        assert stop_placement(placement, reason="not_needed", actor=COORDINATOR, now=now)

    def test_ended_the_same_day_it_is_gone_at_once(self, placement: Placement) -> None:
        self.end(placement, datetime(2025, 12, 1, 15, 0, tzinfo=UTC))
        assert not Clearance.objects.exists()

    def test_ended_when_every_date_was_missed_it_is_gone_at_once(self, placement: Placement) -> None:
        self.came(placement, date(2025, 12, 30), "missed")
        self.came(placement, date(2026, 1, 6), "excused")
        self.end(placement, datetime(2026, 6, 20, 9, 0, tzinfo=UTC))
        assert not Clearance.objects.exists()

    def test_six_months_run_from_the_last_coming_not_from_the_end(self, placement: Placement) -> None:
        shift = placement.assignments.get(shift__starts_at__date=date(2026, 1, 6)).shift
        shift.starts_at -= timedelta(days=1)
        shift.ends_at -= timedelta(days=1)
        shift.save()
        self.came(placement, date(2025, 12, 30), "attended")
        self.came(placement, date(2026, 1, 5), "attended")
        self.came(placement, date(2026, 4, 30), "missed")
        self.end(placement, datetime(2026, 6, 20, 9, 0, tzinfo=UTC))
        assert run("volunteers.purge_clearances", datetime(2026, 7, 4, 21, 59, tzinfo=UTC)) == 0
        assert Clearance.objects.count() == 1
        assert run("volunteers.purge_clearances", datetime(2026, 7, 4, 22, 1, tzinfo=UTC)) == 1
        assert not Clearance.objects.exists()

    def test_where_no_certificate_is_asked_for_any_more_nothing_is_kept_from_the_next_night_on(
        self, placement: Placement, task: Opportunity, officer: User
    ) -> None:
        self.came(placement, date(2025, 12, 30), "attended")
        night = datetime(2026, 1, 8, 0, 30, tzinfo=UTC)
        assert run("volunteers.purge_clearances", night) == 0
        Role.objects.filter(opportunity=task).update(**asking(clearance=False))
        assert run("volunteers.purge_clearances", night + timedelta(days=1)) == 1
        assert (Clearance.objects.exists(), status(placement)) == (False, "active")
        assert dates(placement)[-1] == "confirmed"

    def test_six_months_without_coming_are_enough_while_the_placement_runs(
        self, placement: Placement, officer: User
    ) -> None:
        make_shift(placement.opportunity, datetime(2026, 9, 1, 14, 0, tzinfo=UTC))
        self.came(placement, date(2025, 12, 30), "attended")
        self.came(placement, date(2026, 1, 6), "missed")
        assign_coming_shifts(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
        assert run("volunteers.purge_clearances", datetime(2026, 6, 29, 21, 59, tzinfo=UTC)) == 0
        assert (status(placement), Clearance.objects.count()) == ("active", 1)
        assert run("volunteers.purge_clearances", datetime(2026, 6, 29, 22, 1, tzinfo=UTC)) == 1
        assert not Clearance.objects.exists()
        assert status(placement) == "awaiting_clearance"
        assert dates(placement)[-1] == "on_hold"
        assert "Bitte kommen Sie so lange nicht" in mails("placement_waits_again").get().body_text
        assert mails("clearance_needed_again").get().to_email == officer.email
        placement.opportunity.refresh_from_db()
        assert occupied(placement.opportunity) == 1

    def test_three_years_of_silence_leave_no_row(self, placement: Placement) -> None:
        self.came(placement, date(2025, 12, 30), "attended")
        assert run("volunteers.purge_clearances", datetime(2028, 12, 30, 3, 50, tzinfo=UTC)) == 1
        assert (status(placement), Clearance.objects.count()) == ("awaiting_clearance", 0)
        assert run("volunteers.purge_clearances", datetime(2028, 12, 31, 3, 50, tzinfo=UTC)) == 0

    def test_who_never_came_in_the_first_six_months_keeps_nothing(self, placement: Placement) -> None:
        self.came(placement, date(2025, 12, 30), "missed")
        assert run("volunteers.purge_clearances", datetime(2026, 5, 31, 21, 59, tzinfo=UTC)) == 0
        assert run("volunteers.purge_clearances", datetime(2026, 5, 31, 22, 1, tzinfo=UTC)) == 1
        assert status(placement) == "awaiting_clearance"

    def test_the_term_of_who_never_came_runs_from_the_first_day_if_that_is_later(
        self, placement: Placement
    ) -> None:
        Placement.objects.filter(pk=placement.pk).update(from_on=date(2026, 3, 1))
        assert run("volunteers.purge_clearances", datetime(2026, 8, 30, 22, 1, tzinfo=UTC)) == 0
        assert run("volunteers.purge_clearances", datetime(2026, 8, 31, 22, 1, tzinfo=UTC)) == 1

    def test_an_inspection_after_a_long_silence_is_kept_for_the_times_to_come(
        self, placement: Placement
    ) -> None:
        self.came(placement, date(2025, 12, 30), "attended")
        assert run("volunteers.purge_clearances", datetime(2026, 7, 1, 2, 0, tzinfo=UTC)) == 1
        again = datetime(2026, 7, 10, 9, 0, tzinfo=UTC)
        waiting = Placement.objects.get(pk=placement.pk)
        assert record_clearance(waiting, certificate_on=date(2026, 4, 20), actor=INSPECTOR, now=again)
        assert run("volunteers.purge_clearances", datetime(2027, 1, 9, 22, 59, tzinfo=UTC)) == 0
        assert status(placement) == "active"
        assert run("volunteers.purge_clearances", datetime(2027, 1, 9, 23, 1, tzinfo=UTC)) == 1

    @pytest.mark.parametrize("months", [3, 12])
    def test_nor_does_it_go_the_same_night_where_older_certificates_are_accepted(
        self, months: int, placement: Placement, settings: Settings
    ) -> None:
        settings.CLEARANCE_CERTIFICATE_MONTHS = months
        self.came(placement, date(2025, 12, 30), "attended")
        run("volunteers.purge_clearances", datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
        again = datetime(2026, 7, 10, 9, 0, tzinfo=UTC)
        oldest = date(2026, 7, 10) - relativedelta(months=months)
        waiting = Placement.objects.get(pk=placement.pk)
        assert record_clearance(waiting, certificate_on=oldest, actor=INSPECTOR, now=again)
        assert run("volunteers.purge_clearances", datetime(2026, 7, 11, 2, 0, tzinfo=UTC)) == 0

    def test_coming_back_without_a_new_inspection_does_not_prolong_it(self, placement: Placement) -> None:
        self.came(placement, date(2025, 12, 30), "attended")
        self.end(placement, datetime(2026, 6, 20, 9, 0, tzinfo=UTC))
        back = datetime(2026, 6, 25, 9, 0, tzinfo=UTC)
        pledge = TimePledge.objects.get(pk=placement.pledge_id)
        anew = make_placement(pledge, placement.opportunity, back, Placement.Status.AWAITING_CONFIRMATION)
        assert confirm_placement(anew, actor=COORDINATOR, now=back)
        assert status(anew) == "active"
        assert run("volunteers.purge_clearances", datetime(2026, 6, 29, 21, 59, tzinfo=UTC)) == 0
        assert run("volunteers.purge_clearances", datetime(2026, 6, 29, 22, 1, tzinfo=UTC)) == 1
        assert status(anew) == "awaiting_clearance"

    def test_a_shorter_term_agreed_does_not_stop_who_comes_regularly(
        self, placement: Placement, settings: Settings
    ) -> None:
        settings.CLEARANCE_KEPT_MONTHS = 0
        self.came(placement, date(2025, 12, 30), "attended")
        assert run("volunteers.purge_clearances", datetime(2025, 12, 31, 2, 50, tzinfo=UTC)) == 0
        self.end(placement, datetime(2025, 12, 31, 9, 0, tzinfo=UTC))
        assert run("volunteers.purge_clearances", datetime(2026, 1, 1, 2, 50, tzinfo=UTC)) == 1

    def test_who_waits_again_keeps_nothing_longer_than_six_months_either(self, placement: Placement) -> None:
        self.came(placement, date(2026, 1, 6), "attended")
        Clearance.objects.update(certificate_on=date(2021, 2, 1))
        assert run("volunteers.follow_clearances", datetime(2026, 2, 1, 8, 0, tzinfo=UTC)) == 1
        assert run("volunteers.purge_clearances", datetime(2026, 7, 5, 21, 59, tzinfo=UTC)) == 0
        assert run("volunteers.purge_clearances", datetime(2026, 7, 5, 22, 1, tzinfo=UTC)) == 1
        assert status(placement) == "awaiting_clearance"

    def test_what_was_left_by_an_end_without_coming_goes_with_the_next_night(
        self, placement: Placement
    ) -> None:
        end_without_a_word(placement, until_on=date(2026, 6, 20))
        assert run("volunteers.purge_clearances", datetime(2026, 6, 21, 2, 0, tzinfo=UTC)) == 1
