"""Who was inspected is known to one officer, and when the row goes to nobody: no table tells it any more."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts.models import User
from citizens.services.erasure import erase
from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.history import lines_of, note_reads
from foundation.models import Event
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Membership, Opportunity, Provider
from tests.factories import make_coordinator, make_opportunity, make_provider, make_shift, make_user
from tests.volunteers.pledging import end_without_a_word, mails, make_placement, make_pledge
from volunteers.models import Assignment, Clearance, Placement
from volunteers.selectors.placements import moves_of
from volunteers.services.clearance_changes import follow_clearance_need
from volunteers.services.date_notices import tell_of_changes
from volunteers.services.hours import record_attendance
from volunteers.services.placement_endings import stop_placement
from volunteers.services.seats import release_lacking

pytestmark = pytest.mark.django_db

OFFICER = Membership.Role.SAFEGUARDING_OFFICER
PERSON, PLACEMENT, INSPECTOR = 77_001_100, 77_002_200, 77_003_300
TOKEN = re.compile(r"[\w-]{10,}:[\w-]{6}:[\w-]{43}")  # of a link: chance writes "hold" there, too
TELLING = ("clearance", "zeugnis", "einsicht", "inspect", "safeguarding", "officer", "certificate", "hold")


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def task(own: Provider, today: datetime) -> Opportunity:
    found = make_opportunity("Vorlesen", provider=own, places=5, clearance_required=True)
    for week in (1, 2, 3):
        make_shift(found, today + timedelta(weeks=week))
    return found


@pytest.fixture
def officer(own: Provider) -> User:
    return make_user(OFFICER, own, id=INSPECTOR)


@pytest.fixture
def coordinator(own: Provider) -> User:
    return make_coordinator(own)


@pytest.fixture
def placement(task: Opportunity, today: datetime, coordinator: User) -> Placement:
    """Somebody whose numbers appear nowhere by chance, confirmed by the coordination."""
    count_on_from("volunteers_volunteer", PERSON)
    count_on_from("volunteers_placement", PLACEMENT)
    pledge = make_pledge(today, email="maria@example.org")
    found = make_placement(pledge, task, today, Placement.Status.AWAITING_CONFIRMATION)
    as_user(coordinator).post(reverse("coordination_placement_confirm", args=[found.pk]))
    assert status(found) == "awaiting_clearance"
    return found


def count_on_from(table: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {number}, false)")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def status(placement: Placement) -> str:
    return Placement.objects.values_list("status", flat=True).get(pk=placement.pk)


def inspect(placement: Placement, officer: User, today: datetime) -> None:
    client = as_user(officer)
    client.get(reverse("coordination_clearances"))
    address = reverse("coordination_clearance", args=[placement.pk])
    client.get(address)
    seen_on = local_day(today) - timedelta(days=20)
    assert client.post(address, {"certificate_on": seen_on.isoformat()}).status_code == 303
    assert status(placement) == "active"


def come(placement: Placement, week: int) -> None:
    assignment = placement.assignments.order_by("shift__starts_at")[week - 1]
    done = record_attendance(
        assignment,
        outcome=Assignment.Status.ATTENDED,
        actor=staff(1, "coordinator"),
        now=assignment.shift.ends_at,
    )
    assert done


def stop(placement: Placement, now: datetime) -> None:
    assert stop_placement(placement, reason="not_needed", actor=staff(1, "coordinator"), now=now)


def all_rows() -> list[str]:
    """Return every row of every table as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            found += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return found


def told(today: datetime) -> list[str]:
    """Return the rows about the person that tell of an inspection: by word, day or hand."""
    day = (local_day(today) - timedelta(days=20)).isoformat()
    everybody_gets = '"template": "pledge_confirmed"'  # says that some tasks ask for a certificate
    names = (str(PERSON), str(PLACEMENT), "maria@")
    rows = [TOKEN.sub("", row).lower() for row in all_rows() if everybody_gets not in row]
    about = [row for row in rows if any(name in row for name in names)]
    assert about
    telling = (*TELLING, day, str(INSPECTOR))
    return [row for row in about if any(word in row for word in telling)]


def acts_of_the_officer() -> list[str]:
    """Return what the history knows of the officer beside the signing in."""
    acts = Event.objects.filter(actor_user=INSPECTOR).exclude(kind=Event.Kind.ACCESS)
    return [f"{act.model} {act.kind} {act.route}" for act in acts]


def reads(placement: Placement) -> list[tuple[int | None, str, str]]:
    found = lines_of(placement).filter(kind=Event.Kind.READ).order_by("id")
    return list(found.values_list("actor_user", "actor_role", "route"))


def rests(placement: Placement) -> list[int]:
    """Return the lines of the history that tell of dates which rested."""
    dates = placement.assignments.values_list("pk", flat=True)
    lines = Event.objects.filter(app_label="volunteers", model="assignment", object_id__in=list(dates))
    about = lines.filter(Q(from_status="on_hold") | Q(to_status="on_hold"))
    return list(about.values_list("pk", flat=True))


class TestReads:
    def test_opening_the_list_and_the_page_leaves_a_row_each(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        client = as_user(officer)
        client.get(reverse("coordination_clearances"))
        client.get(reverse("coordination_clearance", args=[placement.pk]))
        assert reads(placement) == [
            (officer.pk, "safeguarding_officer", "coordination_clearances"),
            (officer.pk, "safeguarding_officer", "coordination_clearance"),
        ]
        for line in lines_of(placement).filter(kind=Event.Kind.READ):
            assert today <= line.at <= utc_now()
            assert (line.reason, line.changes, line.from_status, line.to_status) == ("", None, "", "")

    def test_the_list_writes_one_row_for_each_person_shown_and_none_for_others(
        self, placement: Placement, task: Opportunity, officer: User, today: datetime
    ) -> None:
        waiting = [
            make_placement(make_pledge(today, email=f"{name}@example.org"), task, today, "awaiting_clearance")
            for name in ("ali", "eva")
        ]
        elsewhere = make_placement(
            make_pledge(today, email="tom@example.org"), make_opportunity(), today, "awaiting_clearance"
        )
        active = make_placement(
            make_pledge(today, email="ida@example.org"),
            make_opportunity(provider=task.provider, clearance_required=False),
            today,
            "active",
            from_on=local_day(today),
        )
        as_user(officer).get(reverse("coordination_clearances"))
        assert [len(reads(each)) for each in (placement, *waiting)] == [1, 1, 1]
        assert (reads(elsewhere), reads(active)) == ([], [])

    def test_who_is_turned_away_has_read_nothing(
        self, placement: Placement, coordinator: User, officer: User
    ) -> None:
        strangers = (coordinator, make_user(OFFICER, make_provider()), make_user(is_superuser=True))
        for user in strangers:
            as_user(user).get(reverse("coordination_clearance", args=[placement.pk]))
            as_user(user).get(reverse("coordination_clearances"))
        assert reads(placement) == []

    def test_no_log_line_names_who_was_looked_at_or_decided_about(
        self, placement: Placement, officer: User, today: datetime, caplog: pytest.LogCaptureFixture
    ) -> None:
        inspect(placement, officer, today)
        lines = [str(record.msg) for record in caplog.records if record.name != "django.db.backends"]
        assert any("einsichtnahmen" in line for line in lines)
        assert [line for line in lines if str(PLACEMENT) in line] == []


class TestThePurge:
    def test_before_it_the_history_tells(self, placement: Placement, officer: User, today: datetime) -> None:
        inspect(placement, officer, today)
        tables = {row.split()[0] for row in told(today)}
        assert tables == {"foundation_event", "outbox_message", "volunteers_clearance"}

    def test_six_months_after_the_last_coming_no_table_tells_of_the_inspection(
        self, placement: Placement, officer: User, task: Opportunity, today: datetime
    ) -> None:
        inspect(placement, officer, today)
        come(placement, 1)
        # The task asks anew, rests, and goes on: dates rest too, and mails are written.
        Clearance.objects.all().delete()
        assert follow_clearance_need([task.pk], today + timedelta(days=8)) == 1
        assert mails("placement_waits_again").count() == 1
        inspect(placement, officer, today)
        assert mails("placement_resumed").count() == 1
        come(placement, 2)
        stop(placement, today + timedelta(days=16))

        last_day = local_day(today) + timedelta(weeks=2)
        due = last_day + relativedelta(months=6)
        night = datetime(due.year, due.month, due.day, 3, 50, tzinfo=today.tzinfo)
        assert run("volunteers.purge_clearances", night - timedelta(days=1)) == 0
        assert Clearance.objects.count() == 1
        assert reads(placement)
        assert rests(placement)

        assert run("volunteers.purge_clearances", night) == 1
        assert told(today) == []
        assert rests(placement) == []
        assert [move.label for move in moves_of(placement)][-1] == "beendet"
        assert placement.hours.count() == 2

    @pytest.mark.parametrize("came", [True, False])
    def test_that_a_date_was_given_back_for_what_was_missing_goes_too(
        self, placement: Placement, officer: User, task: Opportunity, today: datetime, *, came: bool
    ) -> None:
        inspect(placement, officer, today)
        if came:
            come(placement, 1)
        Clearance.objects.update(
            certificate_on=local_day(today) + timedelta(days=15) - relativedelta(years=5)
        )
        with transaction.atomic():
            release_lacking(placement.assignments.filter(status="confirmed"), today)
        assert tell_of_changes(today + timedelta(hours=3)) == 1
        assert "für diesen Tag fehlt" in mails("dates_changed").get().body_text
        assert mails("dates_released").count() == 1
        row = placement.assignments.get(shift__starts_at__gt=today + timedelta(days=15))
        assert (row.status, row.released_for) == ("released", "lacking")
        stop(placement, today + timedelta(weeks=5))
        if came:
            due = local_day(today) + timedelta(weeks=1) + relativedelta(months=6)
            assert [row for row in all_rows() if '"lacking"' in row]
            run("volunteers.purge_clearances", datetime(due.year, due.month, due.day, 3, 50, tzinfo=UTC))
        assert [row for row in all_rows() if '"lacking"' in row] == []
        assert (mails("dates_changed").count(), mails("dates_released").count()) == (0, 0)
        row.refresh_from_db()
        assert (row.status, row.released_for) == ("cancelled", "")

    def test_whoever_never_comes_leaves_nothing_at_once(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        inspect(placement, officer, today)
        stop(placement, today + timedelta(hours=1))
        assert told(today) == []

    def test_a_refusal_leaves_nothing_at_once(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        client = as_user(officer)
        client.get(reverse("coordination_clearances"))
        client.post(reverse("coordination_clearance_refuse", args=[placement.pk]))
        assert status(placement) == "cancelled"
        assert told(today) == []
        last = lines_of(placement).latest("id")
        assert (last.to_status, last.reason, last.actor_user, last.actor_role) == ("cancelled", "", None, "")

    def test_a_refusal_of_somebody_active_ends_the_placement_and_leaves_nothing_at_once(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        inspect(placement, officer, today)
        come(placement, 1)
        as_user(officer).post(reverse("coordination_clearance_refuse", args=[placement.pk]))
        assert status(placement) == "ended"
        assert mails("placement_ended").count() == 1
        assert mails("placement_waits_again").count() == 0
        assert told(today) == []
        assert acts_of_the_officer() == []
        assert not Event.objects.filter(actor_role="safeguarding_officer").exists()
        assert set(placement.assignments.values_list("status", flat=True)) == {"attended", "cancelled"}

    def test_a_refusal_of_somebody_sent_back_names_no_officer_at_dates_and_pledge_either(
        self, placement: Placement, task: Opportunity, officer: User, today: datetime
    ) -> None:
        inspect(placement, officer, today)
        Clearance.objects.all().delete()
        assert follow_clearance_need([task.pk], today) == 1
        as_user(officer).post(reverse("coordination_clearance_refuse", args=[placement.pk]))
        assert status(placement) == "ended"
        assert acts_of_the_officer() == []
        hands = Event.objects.filter(model="timepledge", to_status="open").order_by("id")
        assert hands.values_list("actor_kind", "actor_role").last() == ("system", "volunteers.stop_placement")

    def test_a_refusal_by_the_officer_and_a_stop_by_anybody_look_the_same(
        self, placement: Placement, task: Opportunity, officer: User, today: datetime
    ) -> None:
        other = make_placement(make_pledge(today, email="ali@example.org"), task, today, "awaiting_clearance")
        as_user(officer).post(reverse("coordination_clearance_refuse", args=[placement.pk]))
        stop(other, today)
        shape = ("kind", "from_status", "to_status", "reason", "actor_kind", "actor_user", "actor_role")
        first, second = (lines_of(each).order_by("id").values_list(*shape) for each in (placement, other))
        assert list(first) == list(second)

    def test_what_tells_of_a_neighbour_and_of_another_task_stays(
        self, placement: Placement, task: Opportunity, officer: User, own: Provider, today: datetime
    ) -> None:
        other = make_opportunity("Malen", provider=own, places=5, clearance_required=True)
        make_shift(other, today + timedelta(days=3))
        neighbour = make_placement(
            make_pledge(today, email="ali@example.org"), task, today, "awaiting_clearance"
        )
        elsewhere = make_placement(placement.pledge, other, today, "awaiting_clearance")
        for each in (placement, neighbour, elsewhere):
            inspect(each, officer, today)
        Clearance.objects.all().delete()
        assert follow_clearance_need([task.pk, other.pk], today) == 3
        before = rests(neighbour), rests(elsewhere)
        assert [len(lines) for lines in before] == [3, 1]
        as_user(officer).post(reverse("coordination_clearance_refuse", args=[placement.pk]))
        assert (rests(placement), rests(neighbour), rests(elsewhere)) == ([], *before)

    def test_the_night_leaves_a_neighbour_and_another_task_whose_months_are_not_over(
        self, placement: Placement, task: Opportunity, officer: User, own: Provider, today: datetime
    ) -> None:
        other = make_opportunity("Malen", provider=own, places=5, clearance_required=True)
        make_shift(other, today + timedelta(days=12))
        neighbour = make_placement(
            make_pledge(today, email="ali@example.org"), task, today, "awaiting_clearance"
        )
        elsewhere = make_placement(placement.pledge, other, today, "awaiting_clearance")
        for each in (placement, neighbour, elsewhere):
            inspect(each, officer, today)
        for each, week in ((placement, 1), (neighbour, 2), (elsewhere, 1)):
            come(each, week)
        before = reads(neighbour), reads(elsewhere)
        assert all(before)
        due = local_day(today + timedelta(weeks=1)) + relativedelta(months=6)
        night = datetime(due.year, due.month, due.day, 3, 50, tzinfo=today.tzinfo)
        assert run("volunteers.purge_clearances", night) == 1
        assert (reads(placement), reads(neighbour), reads(elsewhere)) == ([], *before)

    def test_that_somebody_waited_goes_though_nothing_tells_how_it_ended(
        self, placement: Placement, today: datetime
    ) -> None:
        Message.objects.all().delete()
        waited = lines_of(placement).filter(to_status="awaiting_clearance")
        assert waited.count() == 1
        Placement.objects.update(status="ended", until_on=local_day(today))
        run("volunteers.purge_clearances", today)
        assert not waited.exists()

    def test_traces_without_a_row_go_with_the_next_night(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        inspect(placement, officer, today)
        Clearance.objects.all().delete()
        end_without_a_word(placement, until_on=local_day(today))
        run("volunteers.purge_clearances", today)
        assert told(today) == []

    def test_reads_alone_go_too_once_the_placement_is_over(
        self, task: Opportunity, officer: User, today: datetime
    ) -> None:
        found = make_placement(
            make_pledge(today, email="ali@example.org"), task, today, "awaiting_confirmation"
        )
        note_reads(
            [found],
            actor=staff(officer.pk, "safeguarding_officer"),
            now=today,
            route="coordination_clearance",
        )
        run("volunteers.purge_clearances", today)
        assert len(reads(found)) == 1
        Placement.objects.filter(pk=found.pk).update(status="cancelled")
        run("volunteers.purge_clearances", today)
        assert reads(found) == []

    def test_who_still_comes_or_waits_keeps_the_lines(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        as_user(officer).get(reverse("coordination_clearances"))
        lines = lines_of(placement).count()
        run("volunteers.purge_clearances", today + timedelta(days=400))
        assert lines_of(placement).count() == lines
        inspect(placement, officer, today)
        lines = lines_of(placement).count()
        come(placement, 3)
        run("volunteers.purge_clearances", today + timedelta(days=200))
        assert lines_of(placement).count() == lines

    def test_who_stays_away_for_six_months_keeps_no_line_of_an_inspection_though_the_placement_runs(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        inspect(placement, officer, today)
        come(placement, 1)
        assert reads(placement)
        day = (local_day(today) - timedelta(days=20)).isoformat()
        due = local_day(today + timedelta(weeks=1)) + relativedelta(months=6)
        night = datetime(due.year, due.month, due.day, 3, 50, tzinfo=today.tzinfo)
        run("volunteers.purge_clearances", night - timedelta(days=1))
        assert reads(placement)

        assert run("volunteers.purge_clearances", night) == 1
        assert status(placement) == "awaiting_clearance"
        assert reads(placement) == []
        assert not lines_of(placement).filter(actor_user=INSPECTOR).exists()
        assert [row for row in all_rows() if str(PLACEMENT) in row and day in row] == []
        moves = list(lines_of(placement).order_by("id").values_list("from_status", "to_status"))
        assert moves == [("", "active"), ("active", "awaiting_clearance")]
        assert mails("placement_awaiting_clearance").count() == 0

    def test_nobody_elses_lines_and_mails_go_along(
        self, placement: Placement, task: Opportunity, officer: User, coordinator: User, today: datetime
    ) -> None:
        neighbour = make_placement(
            make_pledge(today, email="ali@example.org"), task, today, "awaiting_confirmation"
        )
        as_user(coordinator).post(reverse("coordination_placement_confirm", args=[neighbour.pk]))
        inspect(placement, officer, today)
        before = list(
            lines_of(neighbour).order_by("id").values_list("id", "kind", "from_status", "to_status")
        )
        others = set(Message.objects.exclude(to_email="maria@example.org").values_list("key", flat=True))
        stop(placement, today)
        assert (
            list(lines_of(neighbour).order_by("id").values_list("id", "kind", "from_status", "to_status"))
            == before
        )
        assert f"placement.awaiting_clearance:{neighbour.pk}" in others
        assert others <= set(Message.objects.values_list("key", flat=True))

    def test_a_mail_being_sent_stays_until_the_next_night(
        self, placement: Placement, officer: User, today: datetime
    ) -> None:
        sending = mails("placement_awaiting_clearance")
        sending.update(status="sending", claimed_at=today)
        stop(placement, today)
        assert sending.count() == 1
        sending.update(status="sent", sent_at=today)
        run("volunteers.purge_clearances", today)
        assert sending.count() == 0


class TestErasure:
    def test_nothing_tells_of_the_person_or_the_inspection(
        self, placement: Placement, officer: User, coordinator: User, task: Opportunity, today: datetime
    ) -> None:
        person = placement.volunteer
        person.last_name, person.phone = "Grünwald-Öz", "0151 2345678"
        person.save()
        Opportunity.objects.filter(pk=task.pk).update(task="Bitte Frau Grünwald-Öz (0151 2345678) anrufen.")
        Opportunity.objects.filter(pk=task.pk).update(task="Vorlesen.", field="sport")
        inspect(placement, officer, today)
        come(placement, 1)
        erase(person.mailbox, today + timedelta(days=8))
        assert told_of_erased(["grünwald", "2345678", "maria@example.org"]) == []
        assert told(today) == []
        kept = lines_of(task).filter(kind="changed", changes__isnull=False).latest("id")
        assert kept.changes == {"field": ["education", "sport"]}


def told_of_erased(words: list[str]) -> list[str]:
    rows = [json.dumps(json.loads(row.split(" ", 1)[1]), ensure_ascii=False).lower() for row in all_rows()]
    return [row for row in rows if any(word in row for word in words)]


def test_the_list_takes_one_statement_more_whatever_its_size(
    task: Opportunity, officer: User, today: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(4):
        pledge = make_pledge(today, email=f"p{number}@example.org")
        make_placement(pledge, task, today, "awaiting_clearance")
    client = as_user(officer)
    with django_assert_max_num_queries(10):
        client.get(reverse("coordination_clearances"))
    assert Event.objects.filter(kind="read").count() == 4
