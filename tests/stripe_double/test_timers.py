"""What happens when time has passed: sessions expire, periods begin, keys are forgotten, tries end."""

import pytest

from workshop.stripe_double import deliveries, idempotency, timers
from workshop.stripe_double.config import Config
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import ApiError
from workshop.stripe_double.flows import billing, checkout
from workshop.stripe_double.objects.payment_method import Payer
from workshop.stripe_double.objects.session import Item, Order
from workshop.stripe_double.rounds import act
from workshop.stripe_double.store import Store

NOON = 1_772_445_600
DAY = 86_400


@pytest.fixture
def at(tmp_path):
    """A context at a moment, all on one store."""
    store = Store(tmp_path / "store.sqlite3")
    config = Config(tmp_path, "http://x/", "whsec_x", "sk_test_x", "http://127.0.0.1:1", 5.0)
    yield lambda now: Context(store, config, now)
    store.close()


def session_of(context, mode="payment"):
    recurring = {"interval": "month", "interval_count": 1} if mode == "subscription" else None
    item = Item("Spende", None, 2500, 1, recurring)
    order = Order(mode, [item], ["card"], True, "http://x/", None, context.now + DAY)
    return checkout.open_session(context, order)


def let_time_pass(at, now):
    """Do everything that is due at ``now``, as the background round does."""
    context = at(now)
    while (timer := timers.take_due(context.store, now)) is not None:
        act(context, timer)


def types(context):
    return [event["type"] for event in context.store.select("event")][::-1]


def test_an_open_session_expires_when_its_time_is_over(at):
    session = session_of(at(NOON))

    let_time_pass(at, NOON + DAY - 1)
    assert at(NOON).store.find(session["id"])["status"] == "open"
    let_time_pass(at, NOON + DAY)

    assert at(NOON).store.find(session["id"])["status"] == "expired"
    assert types(at(NOON)) == ["checkout.session.expired"]


def test_a_paid_session_does_not_expire(at):
    session = session_of(at(NOON))
    checkout.pay(at(NOON + 60), session, "card", Payer("a@example.org", None), succeeds=True)

    let_time_pass(at, NOON + 2 * DAY)

    assert at(NOON).store.find(session["id"])["status"] == "complete"
    assert "checkout.session.expired" not in types(at(NOON))


def test_a_subscription_is_collected_each_month_until_it_is_cancelled(at):
    session = session_of(at(NOON), "subscription")
    checkout.pay(at(NOON), session, "card", Payer("a@example.org", None), succeeds=True)
    store = at(NOON).store

    let_time_pass(at, NOON + 31 * DAY)
    let_time_pass(at, NOON + 61 * DAY)

    invoices = store.select("invoice")
    assert [invoice["status"] for invoice in invoices] == ["paid", "paid", "paid"]
    assert [invoice["billing_reason"] for invoice in invoices][::-1] == [
        "subscription_create",
        "subscription_cycle",
        "subscription_cycle",
    ]
    billing.cancel(at(NOON + 62 * DAY), store.select("subscription")[0], comment=None, feedback=None)
    let_time_pass(at, NOON + 400 * DAY)
    assert len(store.select("invoice")) == 3


def test_a_kept_answer_is_forgotten_after_a_day(at):
    store = at(NOON).store
    idempotency.keep(store, "gift-1", "print", NOON, 200, {"id": "cs_1"})

    assert idempotency.recall(store, "gift-1", "print", NOON + DAY - 1) == (200, {"id": "cs_1"})
    with pytest.raises(ApiError):
        idempotency.recall(store, "gift-1", "other", NOON + DAY - 1)
    assert idempotency.recall(store, "gift-1", "other", NOON + DAY) is None


def test_pauses_grow_to_five_minutes():
    pauses = [deliveries.pause_seconds(tries) for tries in (1, 2, 3, 9, 10, 1000)]

    assert pauses == [1, 2, 4, 256, 300, 300]


def test_a_delivery_is_given_up_after_three_days(at):
    store = at(NOON).store
    deliveries.queue(store, "evt_1", NOON)
    last = NOON + 3 * DAY

    deliveries.settle(store, deliveries.next_due(store, last - 1), last - 1, accepted=False)
    again = deliveries.next_due(store, last)
    deliveries.settle(store, again, last, accepted=False)

    assert deliveries.next_due_at(store) is None
    assert deliveries.pending(store, "evt_1") == 1


def test_a_restart_makes_waiting_deliveries_due_at_once(at):
    store = at(NOON).store
    deliveries.queue(store, "evt_1", NOON)
    for _ in range(10):
        deliveries.retry_now(store, NOON)
        deliveries.settle(store, deliveries.next_due(store, NOON), NOON, accepted=False)
    assert deliveries.next_due(store, NOON + 299) is None

    deliveries.retry_now(store, NOON + 5)

    assert deliveries.next_due(store, NOON + 5).tries == 10
