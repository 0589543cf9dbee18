# ruff: noqa: F811 - fixtures are imported
"""Three hundred payments in a thousand deliveries: a fifth of the events untold, workers killed on the way.

After four days without a word the books are, line for line, those of a run in which nothing went wrong.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from donations.gateways import stripe as gateway
from donations.models import Donation, Donor, LedgerTransaction, StripeCursor, StripeEvent
from donations.selectors.ledger import canonical_lines, faults
from donations.selectors.row_faults import row_faults
from donations.services.online.catching_up import catch_up
from donations.services.online.events import process_waiting
from donations.services.online.payments import record
from foundation.clock import utc_now
from programs.models import Fund
from tests.donations.canned_stripe import Said, event, intent, refund, speaking
from tests.donations.conftest import configure, fund, town  # noqa: F401
from tests.donations.deliveries import post_event
from tests.donations.gifts import PLEDGED_AT, make_donation

pytestmark = pytest.mark.django_db(transaction=True)

PAYMENTS, DELIVERIES = 300, 1000
KINDS = ("payment_intent.succeeded", "charge.succeeded", "charge.refunded")


def told_by_stripe(fund: Fund) -> tuple[Said, list[dict[str, Any]]]:
    """Three hundred gifts, a third given back in part: what Stripe says, and what it tells."""
    donor = Donor.objects.create(created_at=PLEDGED_AT)
    said: Said = {}
    events: list[dict[str, Any]] = []
    for number in range(PAYMENTS):
        gift = make_donation(fund, amount_cents=1100 + number, donor=donor)
        name, back = f"pi_{number}", refund("failed" if number % 15 == 0 else "succeeded", id=f"re_{number}")
        is_back = number % 3 == 0
        made = intent(str(gift.public_id), amount=gift.amount_cents, refunds=back if is_back else None)
        said[f"payment_intents/{name}"] = made | {"id": name}
        said[f"refunds?payment_intent={name}"] = back
        for place, kind in enumerate(KINDS if is_back else KINDS[:2]):
            one = event(kind, number * len(KINDS) + place)
            one["data"] = {"object": {"id": name, "object": "payment_intent", "payment_intent": name}}
            events.append(one)
    listed = {"object": "list", "data": events[::-1], "has_more": False, "url": "/v1/events"}
    return said | {"events": listed}, events


def books_of_a_quiet_run() -> list[str]:
    """What the books say if each payment is read once, in order; nothing of it stays."""
    gifts = list(Donation.objects.order_by("pk"))
    with transaction.atomic():
        for number, gift in enumerate(gifts):
            record(gift.pk, gateway.payment(f"pi_{number}"), utc_now(), page_is_over=False)
        lines = list(canonical_lines())
        transaction.set_rollback(True)
    return lines


def worker_that_dies(kill: Callable[[int], None]) -> None:
    """Let a worker of its own process events until it has booked some more, and end it there and then."""
    booked = LedgerTransaction.objects.count()
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            while True:
                process_waiting(utc_now())
                time.sleep(0.01)
        finally:
            os._exit(1)
    for _try in range(3000):
        if LedgerTransaction.objects.count() > booked + 40:
            break
        time.sleep(0.02)
    kill(child)
    os.waitpid(child, 0)
    assert LedgerTransaction.objects.count() > booked


def kill_process(child: int) -> None:
    os.kill(child, signal.SIGKILL)


def kill_connections(child: int) -> None:
    """The database goes away under it; what it cannot survive ends it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    time.sleep(0.2)
    os.kill(child, signal.SIGKILL)


def know_the_sizes() -> None:
    """As autovacuum does within minutes: until then PostgreSQL plans for the empty tables before the test."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_the_books_are_those_of_a_quiet_run(fund: Fund, settings: Any) -> None:
    chance, now = random.Random(9), utc_now()
    said, events = told_by_stripe(fund)
    StripeCursor.objects.create(account="default", caught_up_to=now)
    with speaking(said) as address:
        configure(settings, address)
        quiet = books_of_a_quiet_run()
        assert list(canonical_lines()) == []
        reached = chance.sample(events, len(events) * 4 // 5)
        deliveries = reached + chance.choices(reached, k=DELIVERIES - len(reached))
        chance.shuffle(deliveries)
        assert len(deliveries) == DELIVERIES
        deaths = [kill_process, kill_connections, kill_process, kill_connections]
        for part, death in enumerate(deaths):
            for one in deliveries[part * 250 : (part + 1) * 250]:
                assert post_event(one).status_code == 200
            worker_that_dies(death)
        assert StripeEvent.objects.count() == len({one["id"] for one in reached})
        later = now + timedelta(days=4)
        process_waiting(later)
        untold = {one["data"]["object"]["id"] for one in events} - {
            one["data"]["object"]["id"] for one in reached
        }
        assert untold
        assert Donation.objects.filter(status="pledged").count() == len(untold)
        assert catch_up("default", later) == len(events) - len(reached)
        process_waiting(later + timedelta(hours=1))
    assert list(canonical_lines()) == quiet
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    know_the_sizes()
    assert [*faults(), *row_faults()] == []
