# ruff: noqa: F811 - fixtures are imported
"""A hundred deliveries of one webhook, fifty presses of one button: one booking, one mail, one charge."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now as clock

from donations.domain.ledger import gift
from donations.models import Donation, Donor, LedgerTransaction, StripeEvent
from donations.selectors.ledger import canonical_lines, faults
from donations.services.books import ledger
from donations.services.online.checkout import checkout_url
from donations.services.online.events import process_waiting
from outbox.models import Message
from programs.models import Fund
from tests.donations.conftest import fund, stripe, stripe_process, town  # noqa: F401
from tests.donations.deliveries import post_event
from tests.donations.gifts import make_donation
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import details_address, filled, give, newest
from tests.processes import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[int], Any], times: int) -> list[Any]:
    """Run `act` in that many threads, each with its own connection, all let go at the same moment."""
    start = threading.Barrier(times)

    def run(number: int) -> Any:
        try:
            start.wait(30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def paid_gift(stripe: StripeProcess) -> tuple[Donation, dict[str, Any]]:
    """A gift paid at Stripe, and the event that tells of it."""
    stripe.pay(give(Client(), method="card")["Location"])
    donation = newest()
    (event,) = [
        each
        for each in stripe.events(about=str(donation.public_id))
        if each["type"] == "checkout.session.completed"
    ]
    return donation, event


def test_a_hundred_deliveries_of_one_event_are_one_booking_and_one_mail(
    fund: Fund, stripe: StripeProcess
) -> None:
    donation, event = paid_gift(stripe)

    statuses = at_once(lambda _number: post_event(event).status_code, 100)
    at_once(lambda _number: process_waiting(clock()), 8)

    assert Counter(statuses) == {200: 100}
    assert StripeEvent.objects.count() == 1
    assert LedgerTransaction.objects.filter(kind="gift").count() == 1
    assert Message.objects.filter(key=f"gift.thanks:{donation.pk}").count() == Message.objects.count() == 1
    donation.refresh_from_db()
    fund.refresh_from_db()
    assert (donation.status, fund.received_cents, fund.gift_count) == ("received", 2500, 1)
    assert faults() == []


def test_many_workers_on_many_events_of_one_gift_book_it_once(fund: Fund, stripe: StripeProcess) -> None:
    donation, _event = paid_gift(stripe)
    session = stripe.get(f"checkout/sessions/{donation.checkout_session_id}")
    for noun, subject in (("payment", session["payment_intent"]), ("session", session["id"])):
        for number in range(10):
            StripeEvent.objects.create(
                event_id=f"evt_{noun}_{number}", kind="x", noun=noun, subject_id=subject, received_at=clock()
            )
    at_once(lambda _number: process_waiting(clock()), 8)
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    assert (
        sorted(line.split("\t")[0].split(":")[0] for line in canonical_lines()) == ["fee"] * 2 + ["gift"] * 2
    )
    assert Message.objects.count() == 1
    assert faults() == []


def test_fifty_presses_of_one_button_are_one_gift_and_one_payment_page(
    fund: Fund, stripe: StripeProcess
) -> None:
    address = details_address()
    answers = filled(Client(), address)
    before = {each["id"] for each in stripe.get("checkout/sessions?limit=100")["data"]}
    sent = at_once(lambda _number: Client().post(address, answers), 50)
    after = {each["id"] for each in stripe.get("checkout/sessions?limit=100")["data"]}
    assert Counter(answer.status_code for answer in sent) == {303: 50}
    assert len({answer["Location"] for answer in sent}) == 1
    assert len(after - before) == 1
    assert (Donation.objects.count(), Donor.objects.count()) == (1, 1)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_submit_waits_for_the_one_before_it_and_gets_its_page(fund: Fund, stripe: StripeProcess) -> None:
    """Only the row lock passes this: Stripe must not be asked while another submit is at it."""
    donation = make_donation(fund, pledged_at=clock())
    first_page = "http://127.0.0.1:9/the-first-page"
    found: list[str] = []

    def submit() -> None:
        try:
            found.append(checkout_url(donation.pk, clock()))
        finally:
            connection.close()

    second = threading.Thread(target=submit)
    with transaction.atomic():
        Donation.objects.select_for_update().get(pk=donation.pk)
        second.start()
        deadline = time.monotonic() + 20
        while not waits_for_a_lock():
            assert time.monotonic() < deadline, "the second submit did not wait"
            time.sleep(0.02)
        Donation.objects.filter(pk=donation.pk).update(checkout_url=first_page, checkout_session_id="cs_1")
    second.join(PATIENCE_SECONDS)
    assert found == [first_page]
    listed = stripe.get("checkout/sessions?limit=100")["data"]
    assert [each for each in listed if each["client_reference_id"] == str(donation.public_id)] == []


def test_parallel_gifts_of_new_givers_with_one_address_share_one_donor(
    fund: Fund,
) -> None:
    address = details_address()
    forms = [filled(Client(), address, method="transfer") for _ in range(10)]
    sent = at_once(lambda number: Client().post(address, forms[number]), 10)
    assert Counter(answer.status_code for answer in sent) == {303: 10}
    assert (Donation.objects.count(), Donor.objects.count()) == (10, 1)
    leave_now = Message.objects.filter(due_at__lte=clock())
    assert (leave_now.count(), Message.objects.count()) == (2, 4)  # two more wait for their turn


def test_the_counters_of_a_purpose_bear_many_bookings_at_once(fund: Fund) -> None:
    donations = [make_donation(fund) for _ in range(32)]

    def book(number: int) -> bool:
        posting = gift(f"pi_{number}", 100, clock(), "stripe")
        return ledger.post(posting, donations[number], clock())

    assert at_once(book, 32) == [True] * 32
    fund.refresh_from_db()
    assert (fund.received_cents, fund.balance_cents, fund.gift_count) == (3200, 3200, 32)
    assert faults() == []


def test_without_the_guard_the_race_does_happen(fund: Fund) -> None:
    """The negative control: looking first and then writing books one event many times."""
    donation = make_donation(fund)
    looked = threading.Barrier(8)

    def look_then_write(_number: int) -> None:
        is_booked = LedgerTransaction.objects.filter(key__startswith="gift:pi_1").exists()
        looked.wait(30)
        if not is_booked:
            ledger.post(gift(f"pi_1:{uuid4()}", 2500, clock(), "stripe"), donation, clock())

    at_once(look_then_write, 8)
    fund.refresh_from_db()
    assert fund.gift_count > 1


def test_the_self_check_raises_no_false_alarm_while_gifts_come_in(fund: Fund) -> None:
    donations = [make_donation(fund) for _ in range(24)]

    def book_or_check(number: int) -> list[str]:
        if number % 4 == 0:
            return [fault for _ in range(20) for fault in faults()]
        ledger.post(gift(f"pi_{number}", 100, clock(), "stripe"), donations[number], clock())
        return []

    assert at_once(book_or_check, 24) == [[]] * 24
