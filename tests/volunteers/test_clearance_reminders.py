"""The certificate is of 10 March 2021: a new one is due on 10 March 2026. Reminded 90 and 30 days before."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.actors import staff, system
from foundation.sweeps import run
from programs.models import Opportunity, Provider
from tests.factories import make_opportunity, make_provider
from tests.volunteers.pledging import link_in, mails, make_placement, make_pledge
from volunteers.domain.clearance_rules import ClearanceRules
from volunteers.models import Clearance, Placement
from volunteers.services.clearance_renewals import correct_clearance, renew_clearance
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db

SWEEP = "volunteers.remind_of_clearances"
SEEN_ON = date(2021, 3, 10)
EARLY = datetime(2025, 12, 10, 6, 10, tzinfo=UTC)
LATE = datetime(2026, 2, 8, 6, 10, tzinfo=UTC)
RULES = ClearanceRules(certificate_months=3, renewal_years=5, kept_months=6)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2025, 12, 9), None),
        (date(2025, 12, 10), 90),
        (date(2026, 2, 7), 90),
        (date(2026, 2, 8), 30),
        (date(2026, 3, 9), 30),
        (date(2026, 3, 10), None),
    ],
)
def test_distances_are_counted_to_the_day(today: date, days: int | None) -> None:
    assert RULES.reminder(SEEN_ON, today) == days


@pytest.fixture
def task() -> Opportunity:
    own = make_provider("Haus der Familie")
    return make_opportunity("Vorlesen", provider=own, places=5, clearance_required=True)


def active(task: Opportunity, seen_on: date = SEEN_ON, name: str = "maria") -> Placement:
    begin = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
    pledge = make_pledge(begin, email=f"{name}@example.org")
    Clearance.objects.create(volunteer=pledge.volunteer, opportunity=task, certificate_on=seen_on)
    return make_placement(pledge, task, begin, Placement.Status.ACTIVE, from_on=begin.date())


def test_reminded_once_at_each_distance(task: Opportunity) -> None:
    active(task)
    assert run(SWEEP, EARLY - timedelta(days=1)) == 0
    assert run(SWEEP, EARLY) == 1
    assert [run(SWEEP, EARLY + timedelta(days=days)) for days in (1, 30, 59)] == [0] * 3
    assert run(SWEEP, LATE) == 1
    assert [run(SWEEP, LATE + timedelta(days=days)) for days in (1, 29, 30, 31)] == [0] * 4
    assert mails("clearance_due_soon").count() == 2


def test_the_mail_says_until_when_it_counts_and_how_to_get_a_new_one(task: Opportunity) -> None:
    active(task)
    run(SWEEP, EARLY)
    mail = mails("clearance_due_soon").get()
    assert mail.to_email == "maria@example.org"
    assert mail.subject == "Bald braucht es ein neues Führungszeugnis: Vorlesen"
    for text in (mail.body_text, mail.body_html):
        assert "bis einschließlich 9. März 2026" in text
        assert "10. März" not in text
        assert "Haus der Familie" in text
        assert "Guten Tag Maria," in text
        assert "Ihr erweitertes Führungszeugnis für Vorlesen gilt" in text
    assert link_in(mail, "/einsatz/").endswith("/schreiben/")


@pytest.mark.parametrize(
    ("kind", "issuer_kind", "told"),
    [
        ("club", "none", "Kostenlos ist es, wenn der Träger als gemeinnützig anerkannt ist"),
        ("club", "kstg_5_1_9", "Für Ihr Ehrenamt ist es kostenlos"),
        ("city", "none", "Für Ihr Ehrenamt ist es kostenlos"),
    ],
)
def test_the_mail_says_whether_the_new_one_is_free(
    kind: str, issuer_kind: str, told: str, task: Opportunity
) -> None:
    Provider.objects.update(kind=kind, issuer_kind=issuer_kind)
    active(task)
    run(SWEEP, EARLY)
    mail = mails("clearance_due_soon").get()
    for text in (mail.body_text, mail.body_html):
        assert re.findall("Für Ihr Ehrenamt ist es kostenlos|Kostenlos ist es, wenn der Träger als "
                          "gemeinnützig anerkannt ist", text) == [told]  # fmt: skip


def test_nights_without_sweeps_are_made_up_for_with_one_mail(task: Opportunity) -> None:
    active(task)
    assert run(SWEEP, datetime(2026, 2, 20, 6, 10, tzinfo=UTC)) == 1
    assert run(SWEEP, datetime(2026, 3, 9, 6, 10, tzinfo=UTC)) == 0


def test_once_it_is_due_nobody_is_reminded_any_more(task: Opportunity) -> None:
    active(task)
    assert run(SWEEP, datetime(2026, 3, 9, 23, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize("status", ["awaiting_clearance", "awaiting_confirmation", "ended", "cancelled"])
def test_only_who_is_active_is_reminded(status: str, task: Opportunity) -> None:
    active(task)
    Placement.objects.update(status=status)
    assert run(SWEEP, EARLY) == 0


def test_who_needs_none_or_has_a_newer_one_is_left_alone(task: Opportunity) -> None:
    active(task, date(2025, 10, 1))
    free = make_opportunity(
        "Plakate", provider=task.provider, clearance_required=False, contact_with_minors=False
    )
    active(free, name="ali")
    assert run(SWEEP, EARLY) == 0


def test_an_inspection_for_another_task_is_none_for_this(task: Opportunity) -> None:
    placement = active(task, date(2025, 10, 1))
    other = make_opportunity("Malen", provider=task.provider, clearance_required=True)
    Clearance.objects.create(volunteer=placement.volunteer, opportunity=other, certificate_on=SEEN_ON)
    assert run(SWEEP, EARLY) == 0


def test_each_task_goes_by_its_own_certificate(task: Opportunity) -> None:
    first = active(task)
    other = make_opportunity("Malen", provider=task.provider, clearance_required=True)
    Clearance.objects.create(
        volunteer=first.volunteer, opportunity=other, certificate_on=SEEN_ON + timedelta(days=10)
    )
    second = make_placement(first.pledge, other, EARLY, Placement.Status.ACTIVE, from_on=EARLY.date())
    assert run(SWEEP, LATE) == 2
    keys = sorted(mail.key for mail in mails("clearance_due_soon"))
    assert keys == [f"clearance.due_soon:{first.pk}:2026:30", f"clearance.due_soon:{second.pk}:2026:90"]


def test_after_a_corrected_day_the_reminder_comes_again_with_the_right_one(task: Opportunity) -> None:
    placement = active(task)
    assert run(SWEEP, EARLY) == 1
    right = SEEN_ON + timedelta(days=20)
    assert correct_clearance(placement, certificate_on=right, actor=system("test"), now=EARLY)
    assert [run(SWEEP, EARLY + timedelta(days=days)) for days in (19, 20, 21)] == [0, 1, 0]
    assert "bis einschließlich 29. März 2026" in mails("clearance_due_soon").get().body_text


def test_renewed_in_between_no_second_mail_follows(task: Opportunity) -> None:
    placement = active(task)
    assert run(SWEEP, EARLY) == 1
    inspector = staff(2, "safeguarding_officer")
    assert renew_clearance(placement, certificate_on=date(2026, 1, 5), actor=inspector, now=LATE)
    assert run(SWEEP, LATE) == 0
    assert run(SWEEP, datetime(2030, 10, 7, 6, 10, tzinfo=UTC)) == 1


def test_the_mails_go_with_the_row(task: Opportunity) -> None:
    placement, neighbour = active(task), active(task, name="ali")
    assert run(SWEEP, EARLY) == 2
    stop_placement(placement, reason="not_needed", actor=staff(1, "coordinator"), now=EARLY)
    assert [mail.to_email for mail in mails("clearance_due_soon")] == [neighbour.volunteer.mailbox.email]
