"""Runs and questions that came to nothing have a life."""

from datetime import datetime, timedelta

import pytest

from tests.factories import make_opportunity, make_shift
from tests.volunteers.pledging import make_consent, make_placement, make_pledge, make_sent_offer
from volunteers.models import (
    Assignment,
    GuardianConsent,
    MatchRecord,
    MatchRun,
    Offer,
    Placement,
    StandInQuestion,
    StandInSearch,
)
from volunteers.tasks.matching import purge_matching

pytestmark = pytest.mark.django_db


def test_a_run_goes_after_four_hundred_days_and_its_questions_stay(now: datetime) -> None:
    old = MatchRun.objects.create(started_at=now - timedelta(days=400, seconds=1))
    young = MatchRun.objects.create(started_at=now - timedelta(days=400))
    offer = make_sent_offer(make_pledge(now), make_opportunity(), now, run=old)
    assert purge_matching(now) == 1
    assert list(MatchRun.objects.all()) == [young]
    offer.refresh_from_db()
    assert (offer.run, offer.status) == (None, "sent")


def test_what_a_run_was_made_from_goes_after_a_week_and_the_run_stays(now: datetime) -> None:
    old = MatchRun.objects.create(started_at=now - timedelta(days=7, seconds=1))
    young = MatchRun.objects.create(started_at=now - timedelta(days=7))
    for run in (old, young):
        MatchRecord.objects.create(run=run, content=b"x")
    assert purge_matching(now) == 1
    assert list(MatchRecord.objects.values_list("run", flat=True)) == [young.pk]
    assert MatchRun.objects.count() == 2


def test_a_record_goes_with_its_run(now: datetime) -> None:
    run = MatchRun.objects.create(started_at=now)
    MatchRecord.objects.create(run=run, content=b"x")
    run.delete()
    assert not MatchRecord.objects.exists()


@pytest.mark.parametrize(
    ("status", "goes"),
    [("declined", True), ("expired", True), ("withdrawn", True), ("accepted", False), ("sent", False)],
)
def test_a_question_that_came_to_nothing_goes_after_two_years(now: datetime, status: str, goes: bool) -> None:
    offer = make_sent_offer(make_pledge(now), make_opportunity(), now - timedelta(days=730, seconds=1))
    moved_at = now - timedelta(days=730)
    Offer.objects.update(status=status, status_changed_at=moved_at, answered_at=moved_at)
    assert purge_matching(now) == 0
    assert purge_matching(now + timedelta(seconds=1)) == int(goes)
    assert Offer.objects.filter(pk=offer.pk).exists() is not goes


@pytest.mark.parametrize(
    ("status", "goes"),
    [("declined", 2), ("expired", 2), ("withdrawn", 2), ("accepted", 0), ("sent", 0)],
)
def test_a_search_for_a_stand_in_goes_with_its_vain_questions_after_half_a_year(
    now: datetime, status: str, goes: int
) -> None:
    """The question counts from the date as it was asked, the search from the end of its date."""
    shift = make_shift(make_opportunity(), now - timedelta(days=180, hours=1))
    absent = make_placement(make_pledge(now), shift.opportunity, now, "awaiting_confirmation")
    seat = Assignment.objects.create(
        volunteer=absent.volunteer,
        placement=absent,
        shift=shift,
        span=(shift.starts_at, shift.ends_at),
        status="excused",
        status_changed_at=now,
    )
    moments = {"status_changed_at": now, "created_at": now, "look_at": now}
    search = StandInSearch.objects.create(absent=seat, status="ended", **moments)
    StandInQuestion.objects.create(
        search=search,
        pledge=make_pledge(now, email="jonas@example.org"),
        status=status,
        status_changed_at=now,
        asked_for=shift.starts_at,
        sent_at=now,
        expires_at=now,
        answered_at=now,
    )
    after_the_end = shift.ends_at + timedelta(days=180, seconds=1)
    assert purge_matching(shift.starts_at + timedelta(days=180)) == 0
    assert purge_matching(after_the_end) == goes
    assert StandInSearch.objects.count() == StandInQuestion.objects.count() == (0 if goes else 1)


@pytest.mark.parametrize(
    ("status", "days", "is_kept"),
    [
        ("ended", 365, True),
        ("ended", 366, False),
        ("cancelled", 366, False),
        ("active", 900, True),
        ("awaiting_clearance", 900, True),
    ],
)
def test_a_guardians_consent_goes_a_year_after_the_placement(
    now: datetime, status: str, days: int, is_kept: bool
) -> None:
    placement = make_placement(
        make_pledge(now), make_opportunity(clearance_required=False), now, "active", from_on=now.date()
    )
    make_consent(placement, now)
    Placement.objects.filter(pk=placement.pk).update(
        status=status, status_changed_at=now - timedelta(days=days)
    )
    assert purge_matching(now) == (0 if is_kept else 1)
    assert GuardianConsent.objects.exists() == is_kept
