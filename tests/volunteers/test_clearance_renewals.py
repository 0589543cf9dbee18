"""A new inspection of somebody who is active, and a mistyped day put right: the placement goes on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.actors import staff
from foundation.clock import local_day, local_moment, utc_now
from foundation.history import lines_of
from foundation.models import Event
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Declaration, Membership, Opportunity, Provider
from tests.factories import (
    make_activity,
    make_coordinator,
    make_declaration,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import end_without_a_word, make_placement, make_pledge
from volunteers.domain.clearance_rules import CertificateRefusal, ClearanceRules
from volunteers.models import Assignment, Clearance, Placement, SelfCommitment
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearance_renewals import correct_clearance, renew_clearance
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db

OFFICER = Membership.Role.SAFEGUARDING_OFFICER
RULES = ClearanceRules(certificate_months=3, renewal_years=5, kept_months=6)
INSPECTOR = staff(2, "safeguarding_officer")


@pytest.mark.parametrize(
    ("certificate_on", "refusal"),
    [
        (date(2026, 2, 3), None),
        (date(2025, 12, 3), None),
        (date(2025, 12, 2), CertificateRefusal.OTHER_CERTIFICATE),
        (date(2026, 6, 3), None),
        (date(2026, 6, 4), CertificateRefusal.OTHER_CERTIFICATE),
        (date(2026, 7, 2), CertificateRefusal.IN_FUTURE),
    ],
)
def test_a_typing_error_is_no_other_certificate(
    certificate_on: date, refusal: CertificateRefusal | None
) -> None:
    assert RULES.correction_refusal(date(2026, 3, 3), certificate_on, date(2026, 7, 1)) == refusal


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def task(own: Provider) -> Opportunity:
    return make_opportunity("Vorlesen", provider=own, places=5, clearance_required=True)


@pytest.fixture
def officer(own: Provider) -> User:
    return make_user(OFFICER, own)


def active(task: Opportunity, now: datetime, certificate_on: date, name: str = "maria") -> Placement:
    pledge = make_pledge(now, email=f"{name}@example.org", first_name=name.title())
    Clearance.objects.create(volunteer=pledge.volunteer, opportunity=task, certificate_on=certificate_on)
    return make_placement(pledge, task, now, "active", from_on=local_day(now))


@pytest.fixture
def seen_on(today: datetime) -> date:
    return local_day(today) - relativedelta(years=4, months=11)


@pytest.fixture
def placement(task: Opportunity, today: datetime, seen_on: date) -> Placement:
    return active(task, today, seen_on)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user: User, placement: Placement, day: date, **more: str) -> HttpResponse:
    address = reverse("coordination_clearance", args=[placement.pk])
    answer = as_user(user).post(address, {"certificate_on": day.isoformat(), **more})
    assert isinstance(answer, HttpResponse)
    return answer


def recorded() -> list[date]:
    return list(Clearance.objects.values_list("certificate_on", flat=True))


def acts(placement: Placement) -> list[tuple[object, int | None, str]]:
    lines = lines_of(placement).filter(kind=Event.Kind.CHANGED).order_by("pk")
    return list(lines.values_list("changes", "actor_user", "actor_role"))


def test_a_new_inspection_replaces_the_old_facts_and_the_placement_goes_on(
    placement: Placement, officer: User, today: datetime
) -> None:
    new_on = local_day(today) - timedelta(days=3)
    mails = Message.objects.count()

    assert send(officer, placement, new_on).status_code == 303

    assert recorded() == [new_on]
    before = (placement.status, placement.from_on, placement.status_changed_at)
    placement.refresh_from_db()
    assert (placement.status, placement.from_on, placement.status_changed_at) == before
    assert placement.until_on is None
    assert Message.objects.count() == mails


def test_nobody_elses_inspection_and_none_of_another_task_is_touched(
    placement: Placement, officer: User, own: Provider, task: Opportunity, today: datetime, seen_on: date
) -> None:
    active(task, today, seen_on, "ali")
    elsewhere = make_opportunity("Malen", provider=own, places=5, clearance_required=True)
    Clearance.objects.create(volunteer=placement.volunteer, opportunity=elsewhere, certificate_on=seen_on)
    new_on = local_day(today) - timedelta(days=3)
    assert send(officer, placement, new_on).status_code == 303
    row = Clearance.objects.get(certificate_on=new_on)
    assert (row.volunteer, row.opportunity) == (placement.volunteer, task)
    assert sorted(recorded()) == [seen_on, seen_on, new_on]


def test_the_history_tells_who_renewed_but_no_day(
    placement: Placement, officer: User, today: datetime, seen_on: date
) -> None:
    new_on = local_day(today) - timedelta(days=3)
    send(officer, placement, new_on)
    assert acts(placement) == [({"clearance": [None, "renewed"]}, officer.pk, "safeguarding_officer")]
    lines = list(Event.objects.values_list("changes", "reason", "from_status", "to_status"))
    assert [line for line in lines if new_on.isoformat() in str(line)] == []
    assert [line for line in lines if seen_on.isoformat() in str(line)] == []


@pytest.mark.parametrize(
    ("shift", "error"),
    [
        (relativedelta(days=1), "in der Zukunft"),
        (relativedelta(months=-3, days=-1), "zu alt"),
    ],
)
def test_a_new_certificate_of_a_wrong_day_is_refused_and_nothing_changes(
    shift: relativedelta, error: str, placement: Placement, officer: User, today: datetime, seen_on: date
) -> None:
    answer = send(officer, placement, local_day(today) + shift)
    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert (recorded(), acts(placement)) == ([seen_on], [])


def test_a_typing_error_is_corrected_long_after(
    placement: Placement, officer: User, today: datetime, seen_on: date
) -> None:
    right = seen_on - timedelta(days=9)
    assert send(officer, placement, right, correct="1").status_code == 303
    assert recorded() == [right]
    assert acts(placement) == [({"clearance": [None, "corrected"]}, officer.pk, "safeguarding_officer")]
    placement.refresh_from_db()
    assert placement.status == "active"


def test_a_correction_is_no_way_to_renew(
    placement: Placement, officer: User, today: datetime, seen_on: date
) -> None:
    answer = send(officer, placement, local_day(today), correct="1")
    assert answer.status_code == 422
    assert "gehört zu einem anderen Zeugnis" in answer.content.decode()
    assert (recorded(), acts(placement)) == ([seen_on], [])


def test_the_page_shows_what_is_recorded_and_until_when_it_counts(own: Provider, officer: User) -> None:
    now = utc_now()
    seen = local_day(now) - timedelta(days=20)
    task = make_opportunity("Malen", provider=own, clearance_required=True)
    placement = active(task, now, seen)
    text = as_user(officer).get(reverse("coordination_clearance", args=[placement.pk])).content.decode()
    assert f"{seen.day}." in text
    assert str((seen + relativedelta(years=5, days=-1)).year) in text
    assert "Nur einen Tippfehler berichtigen" in text
    assert "Der Einsatz kommt nicht zustande" not in text


def test_nobody_but_the_officer_renews(
    placement: Placement, own: Provider, today: datetime, seen_on: date
) -> None:
    others = {
        make_coordinator(own): 403,
        make_user(is_superuser=True, is_staff=True): 403,
        make_user(OFFICER, make_provider()): 404,
    }
    for user, status in others.items():
        assert send(user, placement, local_day(today)).status_code == status
        assert send(user, placement, seen_on + timedelta(days=1), correct="1").status_code == status
    assert (recorded(), acts(placement)) == ([seen_on], [])


@pytest.mark.parametrize("change", [renew_clearance, correct_clearance])
@pytest.mark.parametrize("status", ["awaiting_confirmation", "ended", "cancelled"])
def test_where_nobody_is_active_nothing_is_replaced(
    change: object, status: str, placement: Placement, today: datetime, seen_on: date
) -> None:
    assert callable(change)
    Placement.objects.update(status=status)
    assert not change(placement, certificate_on=local_day(today), actor=INSPECTOR, now=today)
    assert (recorded(), acts(placement)) == ([seen_on], [])


def test_where_no_certificate_is_needed_nothing_is_to_be_inspected(
    own: Provider, officer: User, today: datetime
) -> None:
    helper = make_opportunity("Plakate", provider=own, clearance_required=False, contact_with_minors=False)
    pledge = make_pledge(today, email="ali@example.org")
    placement = make_placement(pledge, helper, today, "active", from_on=local_day(today))
    page = as_user(officer).get(reverse("coordination_clearance", args=[placement.pk]))
    assert "Hier ist nichts einzusehen" in page.content.decode()
    assert send(officer, placement, local_day(today)).status_code == 303
    assert (recorded(), acts(placement)) == ([], [])


def test_the_list_shows_those_who_wait_first_then_the_certificate_that_is_due_soonest(
    own: Provider, officer: User, task: Opportunity, today: datetime
) -> None:
    day = local_day(today)
    active(task, today, day - timedelta(days=30), "ida")
    active(task, today, day - timedelta(days=900), "ali")
    make_placement(
        make_pledge(today, email="tom@example.org", first_name="Tom"), task, today, "awaiting_clearance"
    )
    elsewhere = make_opportunity(clearance_required=True)
    active(elsewhere, today, day - timedelta(days=900), "eva")
    page = as_user(officer).get(reverse("coordination_clearances")).content.decode()
    assert page.index("Tom") < page.index("Ali") < page.index("Ida")
    assert "Eva" not in page
    assert page.count("gilt bis einschließlich") == 2


class TestTimeGoesBy:
    """The certificate is of 10 March 2021: it counts until 9 March 2026."""

    @pytest.fixture
    def placement(self, task: Opportunity, now: datetime) -> Placement:
        found = active(task, now, date(2021, 3, 10))
        for week in range(3):
            make_shift(task, datetime(2026, 3, 3, 14, 0, tzinfo=UTC) + timedelta(weeks=week))
        assert assign_coming_shifts(now) == 1
        return found

    def renew(self, placement: Placement, day: date, now: datetime) -> bool:
        return renew_clearance(placement, certificate_on=day, actor=INSPECTOR, now=now)

    def test_renewed_in_time_nobody_waits_and_every_date_is_given(self, placement: Placement) -> None:
        eve = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
        assert self.renew(placement, date(2026, 3, 1), eve)
        given = placement.assignments.order_by("shift__starts_at").values_list("shift__starts_at", "status")
        assert [(moment.day, status) for moment, status in given] == [
            (3, "confirmed"),
            (10, "confirmed"),
            (17, "confirmed"),
        ]
        assert run("volunteers.follow_clearances", datetime(2026, 3, 10, 0, 0, tzinfo=UTC)) == 0
        assert run("volunteers.follow_clearances", datetime(2031, 2, 28, 22, 59, tzinfo=UTC)) == 0
        assert run("volunteers.follow_clearances", datetime(2031, 2, 28, 23, 1, tzinfo=UTC)) == 1

    def test_corrected_to_a_day_that_is_over_the_person_waits_at_once(
        self, placement: Placement, now: datetime
    ) -> None:
        assert correct_clearance(placement, certificate_on=date(2021, 3, 1), actor=INSPECTOR, now=now)
        placement.refresh_from_db()
        assert placement.status == "awaiting_clearance"
        assert run("volunteers.follow_clearances", now + timedelta(hours=1)) == 0

    def test_the_line_of_a_renewal_goes_with_the_row(self, placement: Placement, now: datetime) -> None:
        assert self.renew(placement, date(2026, 3, 1), now)
        assert len(acts(placement)) == 1
        stop_placement(placement, reason="not_needed", actor=staff(1, "coordinator"), now=now)
        assert (recorded(), acts(placement)) == ([], [])

    def test_the_line_of_a_renewal_goes_six_months_after_the_first_day_without_coming(
        self, placement: Placement, now: datetime
    ) -> None:
        assert self.renew(placement, date(2026, 3, 1), now)
        assert run("volunteers.purge_clearances", datetime(2026, 9, 1, 21, 59, tzinfo=UTC)) == 0
        assert len(acts(placement)) == 1
        assert run("volunteers.purge_clearances", datetime(2026, 9, 1, 22, 1, tzinfo=UTC)) == 1
        assert (recorded(), acts(placement)) == ([], [])

    def test_what_is_left_of_a_renewal_without_a_row_goes_with_the_next_night(
        self, placement: Placement, now: datetime
    ) -> None:
        assert self.renew(placement, date(2026, 3, 1), now)
        Clearance.objects.all().delete()
        end_without_a_word(placement, until_on=date(2026, 3, 2))
        run("volunteers.purge_clearances", now)
        assert acts(placement) == []


def test_a_day_corrected_backwards_counts_at_once(task: Opportunity, officer: User, today: datetime) -> None:
    """Dates beyond the years are given back and told of; what counts no more today lets the person wait."""
    noon = local_moment(local_day(today), 12 * 60)
    seen_on = local_day(today) - relativedelta(years=5) + timedelta(days=60)
    placement = active(task, today, seen_on)
    for days in (10, 40):
        make_shift(task, noon + timedelta(days=days))
    assign_coming_shifts(today, placement=placement)
    dates = placement.assignments.order_by("shift__starts_at")
    assert send(officer, placement, seen_on - timedelta(days=30), correct="on").status_code == 303
    assert list(dates.values_list("status", "released_for")) == [("confirmed", ""), ("released", "lacking")]
    assert send(officer, placement, seen_on - timedelta(days=61), correct="on").status_code == 303
    placement.refresh_from_db()
    assert (placement.status, dates[0].status) == ("awaiting_clearance", "on_hold")


def test_a_corrected_day_leaves_a_date_alone_that_is_over(
    task: Opportunity, officer: User, today: datetime
) -> None:
    seen_on = local_day(today) - relativedelta(years=5) + timedelta(days=60)
    placement = active(task, today, seen_on)
    yesterday = make_shift(task, today - timedelta(days=1))
    Assignment.objects.create(placement=placement, shift=yesterday, status_changed_at=today)
    assert send(officer, placement, seen_on - timedelta(days=62), correct="on").status_code == 303
    placement.refresh_from_db()
    assert (placement.status, Assignment.objects.get().status) == ("awaiting_clearance", "confirmed")


def test_a_corrected_day_gives_back_no_date_of_another_task_or_person(
    own: Provider, officer: User, today: datetime
) -> None:
    """A new text to sign came into force today: dates rest until it is signed, and nobody else gets them."""
    seen_on = local_day(today) - timedelta(days=20)
    signs = make_activity(clearance_required=True, self_commitment=True)
    tasks = [make_opportunity(title, provider=own, places=5, activity=signs) for title in ("Lesen", "Malen")]
    maria, ali = (make_pledge(today, email=f"{name}@example.org") for name in ("maria", "ali"))
    text = make_declaration()
    for person in (maria.volunteer, ali.volunteer):
        SelfCommitment.objects.create(volunteer=person, declaration=text, signed_on=seen_on)
    placements = []
    for pledge, task in ((maria, tasks[0]), (ali, tasks[0]), (maria, tasks[1])):
        Clearance.objects.create(volunteer=pledge.volunteer, opportunity=task, certificate_on=seen_on)
        placements.append(make_placement(pledge, task, today, "active", from_on=local_day(today)))
    for days, task in enumerate(tasks, start=10):
        make_shift(task, today + timedelta(days=days))
    assert assign_coming_shifts(today) == 3
    Declaration.objects.update(status="replaced")
    make_declaration(number=2, released_by=make_user(OFFICER, make_youth_office()), released_at=today)
    dates = Assignment.objects.order_by("placement_id").values_list("status", flat=True)
    assert send(officer, placements[0], seen_on - timedelta(days=1), correct="on").status_code == 303
    assert list(dates) == ["on_hold", "confirmed", "confirmed"]
    run("volunteers.follow_clearances", today)
    assert list(dates.all()) == ["on_hold", "on_hold", "on_hold"]


def test_a_renewal_brings_dates_to_this_person_alone(
    task: Opportunity, placement: Placement, officer: User, today: datetime, seen_on: date
) -> None:
    """Who waits for dates beside them gets theirs from the sweep, which holds people in their order."""
    active(task, today, seen_on, "ali")
    make_shift(task, today + timedelta(days=10))
    assert send(officer, placement, local_day(today) - timedelta(days=3)).status_code == 303
    assert list(Assignment.objects.values_list("placement", "status")) == [(placement.pk, "confirmed")]
    assert run("volunteers.assign_shifts", today) == 1
