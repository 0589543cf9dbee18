"""Catching up on missed webhooks by listing events."""

import time

import pytest
import stripe

pytestmark = pytest.mark.live


@pytest.fixture
def twelve_events(client, told):
    """Twelve events of the test's own, oldest first."""
    for number in range(12):
        client.v1.customers.create(params={"name": f"Person {number}"})
    events = told()
    assert len(events) == 12
    return events


def ids(events):
    return [event.id for event in events]


def test_events_come_newest_first_in_pages(client, twelve_events):
    newest_first = ids(twelve_events)[::-1]

    first = client.v1.events.list(params={"limit": 5})
    second = client.v1.events.list(params={"limit": 5, "starting_after": first.data[-1].id})

    assert ids(first.data) == newest_first[:5]
    assert ids(second.data) == newest_first[5:10]
    assert (first.has_more, second.has_more, first.url) == (True, True, "/v1/events")
    assert len(client.v1.events.list().data) == 10


def test_paging_backwards_returns_the_page_just_before(client, twelve_events):
    newest_first = ids(twelve_events)[::-1]

    page = client.v1.events.list(params={"limit": 3, "ending_before": newest_first[6]})

    assert ids(page.data) == newest_first[3:6]
    assert page.has_more is True
    head = client.v1.events.list(params={"limit": 3, "ending_before": newest_first[3]})
    assert ids(head.data) == newest_first[:3]
    assert head.has_more is False


def test_the_sdk_walks_over_all_pages(client, twelve_events):
    since = twelve_events[0].created
    walked = client.v1.events.list(params={"limit": 5, "created": {"gte": since}}).auto_paging_iter()

    found = ids(list(walked))

    assert found[:12] == ids(twelve_events)[::-1]
    assert len(found) == len(set(found))


def test_events_are_filtered_by_time_and_type(client, twelve_events):
    newest = twelve_events[-1].created

    assert client.v1.events.list(params={"created": {"gt": newest}}).data == []
    assert client.v1.events.list(params={"created": {"gte": newest}}).data[0].id == twelve_events[-1].id
    assert {event.created for event in client.v1.events.list(params={"created": newest}).data} == {newest}
    assert ids(client.v1.events.list(params={"type": "customer.*", "limit": 12}).data) == ids(
        twelve_events[::-1]
    )
    assert client.v1.events.list(params={"type": "customer.deleted"}).data == []
    several = client.v1.events.list(params={"types": ["customer.created", "charge.refunded"]})
    assert len(several.data) == 10


def test_an_event_shows_its_object_as_it_was(double, client, new_order, told):
    session = client.v1.checkout.sessions.create(params=new_order())
    double.press(session, method="sepa_debit")
    completed = next(event for event in told() if event.type == "checkout.session.completed")
    double.lever(f"payment_intents/{completed.data.object.payment_intent}/settle")

    event = client.v1.events.retrieve(completed.id)

    assert event.data.object.payment_status == "unpaid"
    assert (event.object, event.livemode, event.api_version) == ("event", False, "2026-10-28.endive")
    assert event.data.object.id == session.id
    assert "line_items" not in event.data.object
    assert not [key for key in event.data.object.to_dict() if key.startswith("_")]


def test_an_event_names_the_call_that_caused_it(client, told):
    customer = client.v1.customers.create(params={}, options={"idempotency_key": "call-1"})

    (event,) = told()

    assert event.request.id == customer.last_response.headers["Request-Id"]
    assert event.request.idempotency_key == "call-1"


def test_delivered_events_are_told_from_waiting_ones(double, client, told, eventually, shared_receiver):
    def waiting():
        return client.v1.events.list(params={"delivery_success": False}).data

    eventually(lambda: not waiting(), "all earlier deliveries")
    double.lever("deliveries", state="paused")
    try:
        client.v1.customers.create(params={"name": "Erika"})
        (event,) = told()
        time.sleep(0.2)
        assert event.pending_webhooks == 1
        assert event.id not in shared_receiver.ids()
        assert ids(waiting()) == [event.id]
    finally:
        double.lever("deliveries", state="running")

    eventually(lambda: client.v1.events.retrieve(event.id).pending_webhooks == 0, "the delivery")
    assert shared_receiver.ids().count(event.id) == 1
    assert waiting() == []


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"starting_after": "evt_none"}, "starting_after"),
        ({"created": {"after": 5}}, "created[after]"),
        ({"created": "gestern"}, "created"),
        ({"type": "a", "types": ["b"]}, "type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_filter_is_refused(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.events.list(params=params)

    assert (refusal.value.http_status, refusal.value.param) == (400, param)
