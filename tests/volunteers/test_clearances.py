"""The inspection of a certificate: three facts, one officer, no trace of what speaks against somebody."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from programs.models import Membership, Provider
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
    occupied,
)
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.domain.clearance_rules import CertificateRefusal, ClearanceRules
from volunteers.models import Clearance, HoursEntry, Placement
from volunteers.services.clearances import purge_clearances, record_clearance, refuse_clearance

pytestmark = pytest.mark.django_db

OFFICER = Membership.Role.SAFEGUARDING_OFFICER
RULES = ClearanceRules(certificate_months=3, renewal_years=5, kept_months=6)


@pytest.mark.parametrize(
    ("certificate_on", "today", "refusal"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), None),
        (date(2025, 12, 2), date(2026, 3, 2), None),
        (date(2025, 12, 1), date(2026, 3, 2), CertificateRefusal.TOO_OLD),
        (date(2026, 3, 3), date(2026, 3, 2), CertificateRefusal.IN_FUTURE),
        (date(2026, 2, 28), date(2026, 5, 31), None),
        (date(2026, 2, 27), date(2026, 5, 31), CertificateRefusal.TOO_OLD),
    ],
)
def test_certificate_is_at_most_three_months_old(
    certificate_on: date, today: date, refusal: CertificateRefusal | None
) -> None:
    assert RULES.refusal(certificate_on, today) == refusal


def test_inspection_counts_for_five_years() -> None:
    assert RULES.counts(date(2021, 3, 3), date(2026, 3, 2))
    assert not RULES.counts(date(2021, 3, 2), date(2026, 3, 2))


def test_row_goes_six_months_after_the_last_activity() -> None:
    assert not RULES.must_go(date(2025, 8, 31), date(2026, 2, 27))
    assert RULES.must_go(date(2025, 8, 31), date(2026, 2, 28))


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def placement(own: Provider, today: datetime) -> Placement:
    opportunity = make_opportunity("Vorlesen", provider=own, clearance_required=True)
    pledge = make_pledge(today, times=[WeeklyTime(1, 14 * 60, 18 * 60)])
    return make_placement(pledge, opportunity, today, Placement.Status.AWAITING_CLEARANCE)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_officer(provider: Provider) -> Client:
    return as_user(make_user(OFFICER, provider))


def address(placement: Placement) -> str:
    return reverse("coordination_clearance", args=[placement.pk])


def test_the_officer_reads_which_offences_count(placement: Placement, own: Provider) -> None:
    page = as_officer(own).get(address(placement)).content.decode().replace("\xa0", " ")
    told = (
        "§§ 171, 174 bis 174c, 176 bis 180a, 181a, 182 bis 184g, 184i bis 184l, 201a Abs. 3, 225, "
        "232 bis 233a, 234, 235 und 236 StGB, und jede andere, nach der jemand für Kinder ungeeignet "
        "erscheint"
    )
    assert told in page


def refusal_address(placement: Placement) -> str:
    return reverse("coordination_clearance_refuse", args=[placement.pk])


def seen_on(day: date) -> dict[str, str]:
    return {"certificate_on": day.isoformat()}


def test_nobody_inspects_their_own(own: Provider, placement: Placement, today: datetime) -> None:
    """Neither the certificate nor the protection against measles; whoever else is the officer does."""
    officer = as_user(make_user(OFFICER, own, email=placement.volunteer.email.replace("@", "+kita@").upper()))
    assert officer.get(address(placement)).status_code == 200
    for place in (address(placement), reverse("coordination_measles", args=[placement.pk])):
        told = officer.post(place, seen_on(local_day(today)), follow=True).content.decode()
        assert "Bitte lassen Sie jemand anderen hineinsehen." in told
    placement.refresh_from_db()
    assert (placement.status, Clearance.objects.count()) == ("awaiting_clearance", 0)
    assert as_officer(own).post(address(placement), seen_on(local_day(today))).status_code == 303
    assert Clearance.objects.count() == 1


def test_seen_certificate_makes_the_placement_active(
    own: Provider, placement: Placement, today: datetime
) -> None:
    certificate_on = local_day(today) - timedelta(days=20)

    answer = as_officer(own).post(address(placement), seen_on(certificate_on))

    assert answer.status_code == 303
    placement.refresh_from_db()
    assert (placement.status, placement.from_on) == ("active", local_day(today))
    row = Clearance.objects.get()
    assert (row.volunteer, row.opportunity) == (placement.volunteer, placement.opportunity)
    assert row.certificate_on == certificate_on
    assert mails("placement_confirmed").count() == 1


@pytest.mark.parametrize("status", ["active", "awaiting_confirmation", "ended", "cancelled"])
def test_where_no_inspection_is_waited_for_none_is_recorded(
    status: str, placement: Placement, today: datetime
) -> None:
    before = local_day(today) - timedelta(days=40)
    Clearance.objects.create(
        volunteer=placement.volunteer, opportunity=placement.opportunity, certificate_on=before
    )
    Placement.objects.update(status=status, from_on=local_day(today))
    inspector = staff(1, OFFICER)
    assert record_clearance(placement, certificate_on=local_day(today), actor=inspector, now=today) is False
    assert Clearance.objects.get().certificate_on == before
    assert Placement.objects.get().status == status


def test_row_holds_the_three_facts_and_nothing_else() -> None:
    fields = {field.name for field in Clearance._meta.get_fields()}
    assert fields == {"id", "volunteer", "opportunity", "certificate_on"}


@pytest.mark.parametrize(
    ("shift", "error"),
    [
        (relativedelta(days=1), "in der Zukunft"),
        (relativedelta(months=-3, days=-1), "zu alt"),
    ],
)
def test_certificate_of_a_wrong_date_is_refused_and_nothing_stored(
    shift: relativedelta, error: str, own: Provider, placement: Placement, today: datetime
) -> None:
    answer = as_officer(own).post(address(placement), seen_on(local_day(today) + shift))

    assert answer.status_code == 422
    assert error in answer.content.decode()
    placement.refresh_from_db()
    assert placement.status == "awaiting_clearance"
    assert not Clearance.objects.exists()


@pytest.mark.parametrize("answers", [{}, {"certificate_on": ""}, {"certificate_on": "gestern"}])
def test_missing_date_comes_back_with_the_form(
    answers: dict[str, str], own: Provider, placement: Placement
) -> None:
    answer = as_officer(own).post(address(placement), answers)
    assert answer.status_code == 422
    assert not Clearance.objects.exists()


def test_what_speaks_against_somebody_leaves_no_trace(
    own: Provider, placement: Placement, caplog: pytest.LogCaptureFixture
) -> None:
    as_officer(own).post(refusal_address(placement), {"certificate_on": "2026-02-03"})

    placement.refresh_from_db()
    assert placement.status == "cancelled"
    assert not Clearance.objects.exists()
    move = Event.objects.get(model="placement")
    assert (move.to_status, move.reason, move.actor_user) == ("cancelled", "", None)
    placement.opportunity.refresh_from_db()
    assert occupied(placement.opportunity) == 0
    mail = mails("placement_cancelled").get()
    for text in (mail.subject, mail.body_text, mail.body_html, caplog.text):
        assert "2026-02-03" not in text
        assert "Eintrag" not in text
        assert "not_fitting" not in text
    assert "zeugnis" not in mail.body_text.lower()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("nobody", 302),
        ("no membership", 403),
        ("coordinator", 403),
        ("coordinator of the youth office", 403),
        ("superuser", 403),
        ("officer of another provider", 404),
        ("officer of the youth office", 404),
        ("officer", 200),
    ],
)
def test_only_the_officer_of_the_provider_comes_in(
    kind: str, status: int, own: Provider, placement: Placement
) -> None:
    office = make_youth_office()
    client = {
        "nobody": Client,
        "no membership": lambda: as_user(make_user()),
        "coordinator": lambda: as_user(make_coordinator(own)),
        "coordinator of the youth office": lambda: as_user(make_coordinator(office)),
        "superuser": lambda: as_user(make_user(is_superuser=True, is_staff=True)),
        "officer of another provider": lambda: as_officer(make_provider()),
        "officer of the youth office": lambda: as_officer(office),
        "officer": lambda: as_officer(own),
    }[kind]()

    assert client.get(address(placement)).status_code == status
    if status != 200:
        assert client.post(address(placement), seen_on(date(2026, 11, 1))).status_code == status
        assert client.post(refusal_address(placement)).status_code == status
        placement.refresh_from_db()
        assert placement.status == "awaiting_clearance"


def test_list_names_who_waits_and_only_at_the_own_provider(own: Provider, placement: Placement) -> None:
    list_address = reverse("coordination_clearances")
    assert "Maria" in as_officer(own).get(list_address).content.decode()
    foreign = as_officer(make_provider()).get(list_address).content.decode()
    assert "Maria" not in foreign
    assert "Nichts einzusehen" in foreign
    assert as_user(make_coordinator(own)).get(list_address).status_code == 403


@pytest.mark.parametrize("size", [1, 12])
def test_list_takes_few_queries_whatever_the_size(
    size: int, own: Provider, today: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    opportunity = make_opportunity(provider=own, places=size)
    for number in range(size):
        pledge = make_pledge(today, email=f"p{number}@example.org")
        make_placement(pledge, opportunity, today, Placement.Status.AWAITING_CLEARANCE)
    client = as_officer(own)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("coordination_clearances")).status_code == 200


def test_decided_placement_cannot_be_decided_again(
    own: Provider, placement: Placement, today: datetime
) -> None:
    client = as_officer(own)
    client.post(refusal_address(placement))

    assert "Hier ist nichts einzusehen" in client.get(address(placement)).content.decode()
    client.post(address(placement), seen_on(local_day(today)))
    client.post(refusal_address(placement))

    placement.refresh_from_db()
    assert placement.status == "cancelled"
    assert not Clearance.objects.exists()
    assert mails("placement_cancelled").count() == 1


def inspected(placement: Placement, today: datetime) -> Clearance:
    """The row of an inspection there, nine days ago."""
    return Clearance.objects.create(
        volunteer=placement.volunteer,
        opportunity=placement.opportunity,
        certificate_on=local_day(today) - timedelta(days=9),
    )


def test_a_refusal_takes_the_row_of_this_person_at_this_task_alone(
    own: Provider, placement: Placement, today: datetime
) -> None:
    task = make_opportunity("Malen", provider=own, clearance_required=True, places=3)
    neighbour = make_pledge(today, email="ali@example.org", first_name="Ali")
    here, theirs = (
        make_placement(pledge, task, today, "awaiting_clearance") for pledge in (placement.pledge, neighbour)
    )
    rows = [inspected(each, today) for each in (placement, here, theirs)]
    assert refuse_clearance(here, actor=staff(1, OFFICER), now=today)
    assert set(Clearance.objects.all()) == {rows[0], rows[2]}
    placement.volunteer.refresh_from_db()
    assert placement.volunteer.is_asked_with_children is True


def test_who_comes_where_nothing_is_inspected_is_not_refused(own: Provider, today: datetime) -> None:
    task = make_opportunity("Plakate", provider=own, clearance_required=False, contact_with_minors=False)
    coming = make_placement(make_pledge(today), task, today, "active", from_on=local_day(today))
    assert not refuse_clearance(coming, actor=staff(1, OFFICER), now=today, ask_no_more=True)
    coming.refresh_from_db()
    coming.volunteer.refresh_from_db()
    assert (coming.status, coming.volunteer.is_asked_with_children) == ("active", True)


def test_an_inspection_lets_nobody_else_in_and_counts_in_their_own_calendars_alone(
    own: Provider, placement: Placement, today: datetime
) -> None:
    calm = make_opportunity("Plakate", provider=own, clearance_required=False, places=3)
    strict = make_opportunity("Malen", provider=own, clearance_required=True)
    neighbour = make_pledge(today, email="ali@example.org", first_name="Ali")
    beside, of_ali = (
        make_placement(pledge, calm, today, "active", from_on=local_day(today))
        for pledge in (placement.pledge, neighbour)
    )
    waits = make_placement(neighbour, strict, today, "awaiting_clearance")
    inspected(waits, today)
    certificate_on = local_day(today) - timedelta(days=20)
    assert record_clearance(placement, certificate_on=certificate_on, actor=staff(1, OFFICER), now=today)
    found = {row.pk: row for row in Placement.objects.all()}
    assert (found[placement.pk].status, found[waits.pk].status) == ("active", "awaiting_clearance")
    counted = [found[each.pk].calendar_changes for each in (placement, beside, of_ali, waits)]
    assert counted == [0, 1, 0, 0]


def test_no_administration_page_shows_clearances() -> None:
    assert Clearance not in admin.site._registry
    assert apps.get_model("volunteers", "Clearance") is Clearance


def test_rows_are_purged_in_time(own: Provider, placement: Placement, now: datetime) -> None:
    volunteer = placement.volunteer
    kept_for_placement = Clearance.objects.create(
        volunteer=volunteer, opportunity=placement.opportunity, certificate_on=date(2025, 1, 1)
    )
    recent, old, unused = (make_opportunity(provider=own) for _ in range(3))
    for opportunity, came_on in ((recent, date(2025, 9, 3)), (old, date(2025, 9, 2))):
        over = make_placement(
            placement.pledge,
            opportunity,
            now,
            Placement.Status.ENDED,
            from_on=date(2025, 3, 1),
            until_on=date(2026, 2, 20),
        )
        HoursEntry.objects.create(placement=over, worked_on=came_on, minutes=60, created_at=now)
    for opportunity in (recent, old, unused):
        Clearance.objects.create(
            volunteer=volunteer, opportunity=opportunity, certificate_on=date(2025, 2, 1)
        )

    assert run("volunteers.purge_clearances", now) == 2

    left = set(Clearance.objects.values_list("opportunity_id", flat=True))
    assert left == {kept_for_placement.opportunity_id, recent.pk}
    assert purge_clearances(now) == 0
