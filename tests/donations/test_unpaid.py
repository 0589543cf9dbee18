"""Promised and not come: one friendly word, then let go; and what was never told is asked for."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from citizens.services.mailboxes import paper_mailbox
from donations.domain.references import reference_of
from donations.gateways.errors import Unreachable
from donations.models import (
    Donation,
    Donor,
    RecurringDonation,
    StripeCursor,
    StripeEvent,
    TransferReference,
)
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.online.events import process_waiting
from donations.tasks import ask_about_pending, catch_up, look_after_unpaid
from donations.wording.mails import TRANSFER_DATA, TRANSFER_REMINDER
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.sweeps import all_sweeps
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund
from tests.donations.gifts import make_donation
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import give, newest
from tests.log_lines import lines


def templates() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def test_a_transfer_is_reminded_of_once_and_let_go_after_sixty_days(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer")
    promised_at = newest().pledged_at
    assert look_after_unpaid(promised_at + timedelta(days=14) - timedelta(seconds=1)) == 0
    assert look_after_unpaid(promised_at + timedelta(days=14)) == 1
    assert look_after_unpaid(promised_at + timedelta(days=30)) == 0
    assert templates() == ["transfer_data", "transfer_reminder"]
    reminder = Message.objects.get(template="transfer_reminder")
    assert "Sie müssen nichts tun" in reminder.body_text
    assert "Mahnung" not in reminder.body_text
    assert look_after_unpaid(promised_at + timedelta(days=60) - timedelta(seconds=1)) == 0
    assert look_after_unpaid(promised_at + timedelta(days=60)) == 1
    assert newest().status == "lapsed"
    assert templates() == ["transfer_data", "transfer_reminder"]


def test_what_is_let_go_is_not_reminded_of_in_the_same_night(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer")
    assert look_after_unpaid(newest().pledged_at + timedelta(days=60)) == 1
    assert (newest().status, templates()) == ("lapsed", ["transfer_data"])
    move = Event.objects.get(model="donation", object_id=newest().pk)
    assert (move.to_status, move.reason) == ("lapsed", "nicht bezahlt")
    assert (move.actor_kind, move.actor_role) == ("system", "donations.unpaid")


def test_reminders_are_two_a_day_for_one_mailbox_however_many_gifts_name_it(fund: Fund) -> None:
    for number in range(6):
        stranger = Client(REMOTE_ADDR=f"203.0.113.{number}")
        give(stranger, method="transfer", email=f"op.fer+{number}@example.org")
    Message.objects.all().delete()
    day = newest().pledged_at + timedelta(days=14)
    assert look_after_unpaid(day) == 4
    due = sorted(Message.objects.values_list("due_at", flat=True))
    assert [at - day for at in due] == [timedelta(hours=hours) for hours in (0, 0, 12, 24)]
    assert look_after_unpaid(day) == 0
    assert look_after_unpaid(day + timedelta(days=1)) == 2
    assert look_after_unpaid(day + timedelta(days=2)) == 0


def test_nobody_is_reminded_of_what_has_come(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer")
    Donation.objects.update(status="received", received_at=utc_now())
    assert look_after_unpaid(utc_now() + timedelta(days=20)) == 0
    assert templates() == ["transfer_data"]


def test_what_waits_to_be_printed_about_a_transfer_is_not_once_that_has_come(fund: Fund) -> None:
    now = utc_now()
    on_paper = paper_mailbox("Ada Beispiel\nWeg 1\n52349 Düren", now)
    donor = Donor.objects.create(mailbox=on_paper, created_at=now)
    paid, other = (make_donation(fund, donor=donor, method="transfer") for _ in range(2))
    code = reference_of(paid.public_id, 0)
    TransferReference.objects.create(donation=paid, reference=code)
    for gift in (paid, other):
        for mail in (TRANSFER_DATA, TRANSFER_REMINDER):
            Message.objects.create(
                key=mail.key.replace("*", str(gift.pk)),
                template=mail.template,
                to_email=on_paper.email,
                status="to_print",
                queued_at=now,
                due_at=now,
            )
    credit = Credit(local_day(now), Cents(paid.amount_cents), "Ada Beispiel", code)
    record_bank_transfer(fund.provider, credit, recorded_by=None, now=now)
    about = Message.objects.filter(template__startswith="transfer_").order_by("pk")
    assert list(about.values_list("status", flat=True)) == ["suppressed"] * 2 + ["to_print"] * 2


def test_an_online_gift_whose_page_never_opened_is_let_go_quietly(fund: Fund) -> None:
    recurring = RecurringDonation.objects.create(
        donor=make_donation(fund).donor,
        fund=fund,
        amount_cents=2500,
        method="card",
        status_changed_at=utc_now(),
        created_at=utc_now(),
    )
    donation = make_donation(fund, pledged_at=utc_now(), recurring=recurring)
    Donation.objects.exclude(pk=donation.pk).delete()
    assert look_after_unpaid(utc_now() + timedelta(hours=19)) == 0
    assert look_after_unpaid(utc_now() + timedelta(hours=20)) == 1
    recurring.refresh_from_db()
    assert (newest().status, recurring.status, templates()) == ("lapsed", "cancelled", [])


def test_a_payment_nobody_told_of_is_found_within_minutes(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    stripe.pay(give(browser, method="card")["Location"])
    assert ask_about_pending(utc_now()) == 0
    assert ask_about_pending(utc_now() + timedelta(minutes=11)) == 1
    assert newest().status == "received"
    assert templates() == ["gift_thanks"]
    assert ask_about_pending(utc_now() + timedelta(minutes=30)) == 0


def test_one_payment_that_cannot_be_read_does_not_hold_up_the_others(
    browser: Client, fund: Fund, stripe: StripeProcess, caplog: pytest.LogCaptureFixture
) -> None:
    long_ago = utc_now() - timedelta(days=1)
    unknown = make_donation(fund, checkout_session_id="cs_gibtesnicht", pledged_at=long_ago)
    stripe.pay(give(browser, method="card")["Location"])
    assert ask_about_pending(utc_now() + timedelta(minutes=11)) == 2
    assert newest().status == "received"
    told = lines(caplog, "donations.services.online.catching_up", "donation")
    assert told == [("pending_not_read", "error", unknown.pk)]


def test_the_nightly_catch_up_fetches_what_never_reached_us(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    stripe.pay(give(browser, method="card")["Location"])
    donation = newest()
    assert StripeEvent.objects.count() == 0
    assert catch_up(utc_now()) > 0
    assert catch_up(utc_now()) == 0
    process_waiting(utc_now())
    donation.refresh_from_db()
    assert donation.status == "received"
    assert not StripeEvent.objects.filter(processed_at=None).exists()


@pytest.mark.parametrize(
    ("last_run", "days_away", "is_found"),
    [(None, 29, True), (None, 31, False), (0, 29, True), (10, 29, True)],
)
def test_after_an_outage_all_that_stripe_still_lists_is_fetched(
    browser: Client, fund: Fund, stripe: StripeProcess, last_run: int | None, days_away: int, is_found: bool
) -> None:
    donation = under_way(stripe, browser)
    now = utc_now() + timedelta(days=days_away)
    if last_run is not None:
        StripeCursor.objects.create(caught_up_to=utc_now() - timedelta(days=last_run))
    assert (catch_up(now) > 0) is is_found
    told = StripeEvent.objects.filter(subject_id=donation.checkout_session_id)
    assert told.exists() is is_found
    assert StripeCursor.objects.get().caught_up_to == now


def test_what_was_fetched_long_ago_is_not_listed_again(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    under_way(stripe, browser)
    StripeCursor.objects.create(caught_up_to=utc_now() + timedelta(days=2))
    assert catch_up(utc_now() + timedelta(days=3)) == 0


def test_a_stripe_that_is_away_leaves_the_cursor_where_it_was(fund: Fund, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:1"
    before = utc_now() - timedelta(days=5)
    StripeCursor.objects.create(caught_up_to=before)
    with pytest.raises(Unreachable):
        catch_up(utc_now())
    assert StripeCursor.objects.get().caught_up_to == before


def under_way(stripe: StripeProcess, browser: Client) -> Donation:
    """A gift paid on the page, of which nothing was told."""
    give(browser, method="card")
    donation = newest()
    stripe.pay(donation.checkout_url)
    return donation


@pytest.mark.django_db
def test_without_stripe_nobody_is_asked() -> None:
    assert (ask_about_pending(utc_now()), catch_up(utc_now())) == (0, 0)


def test_the_sweeps_of_gifts_are_scheduled() -> None:
    assert {each.name for each in all_sweeps() if each.name.startswith("donations.")} == {
        "donations.ask_about_pending",
        "donations.book_lines",
        "donations.catch_up",
        "donations.check_ledger",
        "donations.look_after_recurring",
        "donations.process_events",
        "donations.read_inbox",
        "donations.reconcile",
        "donations.send_refunds",
        "donations.unpaid",
    }
