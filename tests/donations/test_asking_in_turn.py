"""Stripe is asked with growing distance and in turn; nothing that fails holds up the rest."""

from datetime import datetime, timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.test import Client

from donations.domain.deadlines import ask_again_after
from donations.models import Donation, StripeEvent
from donations.services.online import catching_up, events
from donations.services.online.catching_up import ask_about_pending
from donations.tasks import catch_up
from foundation import sweeps
from foundation.clock import utc_now
from foundation.models import SweepRun
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.stripe_process import StripeProcess
from tests.factories import make_user, make_youth_office
from tests.log_lines import lines


def pending(fund: Fund, number: int, **values: object) -> Donation:
    pledged_at = utc_now() - timedelta(days=1)
    return make_donation(fund, checkout_session_id=f"cs_none_{number}", pledged_at=pledged_at, **values)


def test_the_distance_doubles_up_to_a_day() -> None:
    minutes = [ask_again_after(times).total_seconds() / 60 for times in range(1, 10)]
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


def test_a_payment_is_asked_about_with_growing_distance(fund: Fund, stripe: StripeProcess) -> None:
    donation = pending(fund, 1)
    moment = utc_now()
    assert ask_about_pending(moment) == 1
    assert ask_about_pending(moment + timedelta(minutes=15) - timedelta(seconds=1)) == 0
    assert ask_about_pending(moment + timedelta(minutes=15)) == 1
    assert ask_about_pending(moment + timedelta(minutes=44)) == 0
    assert ask_about_pending(moment + timedelta(minutes=45)) == 1
    donation.refresh_from_db()
    assert donation.times_asked == 3
    assert donation.next_ask_at == moment + timedelta(minutes=105)


def test_a_stripe_that_does_not_answer_is_left_alone_and_who_waits_longest_is_first(
    fund: Fund, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:1"
    late, early = pending(fund, 1), pending(fund, 2)
    Donation.objects.filter(pk=early.pk).update(pledged_at=late.pledged_at - timedelta(seconds=1))
    moment = utc_now()
    asked = Donation.objects.order_by("pk").values_list("times_asked", flat=True)
    assert (ask_about_pending(moment), list(asked.all())) == (0, [0, 1])
    assert (ask_about_pending(moment + timedelta(minutes=1)), list(asked.all())) == (0, [1, 1])
    assert lines(caplog, "donations.services.online.catching_up", "donation") == [
        ("stripe_unreachable", "warning", early.pk),
        ("stripe_unreachable", "warning", late.pk),
    ]


def event(number: int, now: datetime, **values: object) -> StripeEvent:
    return StripeEvent.objects.create(
        event_id=f"evt_{number}",
        kind="x",
        noun="session",
        subject_id=f"cs_{number}",
        received_at=now,
        **values,
    )


@pytest.mark.django_db
def test_events_that_failed_often_wait_behind_new_ones(now: datetime) -> None:
    for number in range(events.BATCH):
        event(number, now, attempts=3)
    newcomer = event(999, now + timedelta(seconds=1))
    claimed = events._claim(now + timedelta(minutes=1))
    assert claimed[0] == newcomer
    assert len(claimed) == events.BATCH


@pytest.mark.django_db
def test_a_task_out_of_time_is_not_taken_for_an_event_that_failed(now: datetime) -> None:
    row = event(1, now)

    def out_of_time(_external_id: str, _now: datetime) -> None:
        raise SoftTimeLimitExceeded

    before = events._READERS["session"]
    events._READERS["session"] = out_of_time
    try:
        with pytest.raises(SoftTimeLimitExceeded):
            events.process_waiting(now)
    finally:
        events._READERS["session"] = before
    row.refresh_from_db()
    assert (row.processed_at, row.error, row.next_attempt_at) == (None, "", now + events.CLAIMED_FOR)


def test_nor_for_a_payment_that_cannot_be_read(fund: Fund, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:1"
    row = pending(fund, 1)
    moment = utc_now()

    def out_of_time(_external_id: str, _now: datetime) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(catching_up, "read_session", out_of_time)
    with pytest.raises(SoftTimeLimitExceeded):
        ask_about_pending(moment)
    row.refresh_from_db()
    assert (row.times_asked, row.next_ask_at) == (1, moment + timedelta(minutes=15))


@pytest.mark.django_db
def test_what_cannot_be_booked_is_told_with_its_number_until_it_can(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_external_id: str, _now: datetime) -> None:
        raise ValueError("no such gift")

    monkeypatch.setitem(events._READERS, "session", fail)
    event(1, now, attempts=4)
    event(2, now, attempts=1)
    event(4, now, attempts=9, processed_at=now, error="ForeignCurrency('usd')")
    assert sweeps.run("donations.process_events", now) == 0
    assert lines(caplog, "donations.services.online.events", "noun", "subject") == [
        ("event_failed", "error", "session", "cs_2"),
        ("event_failed", "error", "session", "cs_1"),
    ]
    event(3, now, attempts=5)
    later = now + timedelta(hours=2)
    with pytest.raises(events.NotBooked):
        sweeps.run("donations.process_events", later)
    watched = SweepRun.objects.get(name="donations.process_events")
    assert watched.failed_at is not None
    assert "2 events of Stripe, the oldest evt_1: ValueError('no such gift')" in watched.error
    client.force_login(make_user(Membership.Role.COORDINATOR, make_youth_office()))
    page = client.get("/koordination/nachtwache/").content.decode()
    assert "2 Meldungen von Stripe lassen sich nicht buchen. Rufen Sie den Betrieb." in page
    assert StripeEvent.objects.filter(processed_at=None).count() == 3

    monkeypatch.setitem(events._READERS, "session", lambda _external_id, _now: None)
    assert sweeps.run("donations.process_events", later + timedelta(hours=2)) == 3
    watched.refresh_from_db()
    assert (watched.failed_at, watched.error) == (None, "")


@pytest.mark.django_db
def test_events_processed_three_months_ago_are_forgotten(now: datetime) -> None:
    event(1, now, processed_at=now)
    event(2, now)
    catch_up(now + timedelta(days=90))
    assert StripeEvent.objects.count() == 2
    catch_up(now + timedelta(days=90, seconds=1))
    assert StripeEvent.objects.get().event_id == "evt_2"
