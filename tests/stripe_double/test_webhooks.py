"""Webhooks: signed as Stripe signs, at least once, over refusals, silence and restarts."""

import pytest

pytestmark = pytest.mark.live


@pytest.fixture
def event(client, told):
    client.v1.customers.create(params={"name": "Jürgen Süß"})
    (event,) = told()
    return event


def test_every_event_arrives_signed_and_in_order(own_double, receiver, new_order, eventually):
    client = own_double.client
    session = client.v1.checkout.sessions.create(params=new_order())
    own_double.press(session)

    eventually(lambda: len(receiver.accepted) == 5, "five webhooks")

    assert [event.type for event in receiver.accepted] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]
    assert receiver.refused == []
    completed = receiver.accepted[3]
    assert (completed.livemode, completed.api_version) == (False, "2026-10-28.endive")
    assert completed.data.object.client_reference_id == "d-1"
    listed = client.v1.events.list().data[::-1]
    assert receiver.ids() == [event.id for event in listed]


def test_a_delivery_is_recorded(double, event, eventually):
    eventually(lambda: double.deliveries(event.id), "the record")

    (attempt,) = double.deliveries(event.id)

    assert (attempt["event"], attempt["mode"]) == (event.id, "normal")
    assert (attempt["status"], attempt["error"]) == (200, None)


def test_a_refused_delivery_is_repeated_until_it_is_accepted(own_double, receiver, eventually):
    receiver.status = 503
    own_double.client.v1.customers.create(params={"name": "Erika"})
    eventually(lambda: len(receiver.turned_away) >= 2, "a second try")

    receiver.status = 200

    eventually(lambda: receiver.accepted, "the accepted try")
    (event,) = receiver.accepted
    assert set(receiver.turned_away) == {event.id}
    eventually(lambda: own_double.deliveries(event.id)[0]["status"] == 200, "the record")
    tries = own_double.deliveries(event.id)
    assert [one["status"] for one in tries] == [200] + [503] * (len(tries) - 1)


@pytest.mark.parametrize("status", [302, 400, 500])
def test_no_other_answer_than_2xx_counts_as_delivered(own_double, receiver, eventually, status):
    receiver.status = status
    own_double.client.v1.customers.create(params={"name": "Erika"})

    eventually(lambda: receiver.turned_away, "the first try")

    (event,) = own_double.client.v1.events.list(params={"delivery_success": False}).data
    assert event.pending_webhooks == 1


def test_one_refused_event_does_not_hold_up_the_others(own_double, receiver, eventually):
    receiver.status = 500
    first = own_double.client.v1.customers.create(params={"name": "Erste"})
    eventually(lambda: receiver.turned_away, "the refusal")
    receiver.status = 200
    second = own_double.client.v1.customers.create(params={"name": "Zweite"})

    eventually(lambda: len(receiver.accepted) == 2, "both")

    assert {event.data.object.id for event in receiver.accepted} == {first.id, second.id}


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_not_delivered_is_delivered_after_a_restart(
    own_double, receiver, new_order, eventually, end
):
    receiver.status = 500
    session = own_double.client.v1.checkout.sessions.create(params=new_order())
    own_double.press(session)
    eventually(lambda: receiver.turned_away, "a refusal")
    getattr(own_double, end)()
    receiver.status = 200
    assert receiver.accepted == []

    own_double.start()

    eventually(lambda: len(set(receiver.ids())) == 5, "all five")
    assert own_double.client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert len(own_double.client.v1.events.list(params={"limit": 100}).data) == 5


def test_webhooks_can_be_held_back_over_a_restart(own_double, receiver, eventually):
    own_double.lever("deliveries", state="paused")
    own_double.client.v1.customers.create(params={"name": "Erika"})
    own_double.stop()
    own_double.start()
    assert len(own_double.client.v1.events.list(params={"delivery_success": False}).data) == 1
    assert receiver.accepted == []

    own_double.lever("deliveries", state="running")

    eventually(lambda: len(receiver.accepted) == 1, "the held webhook")


def test_an_event_can_be_delivered_again(double, shared_receiver, event, eventually):
    eventually(lambda: double.deliveries(event.id), "the first delivery")

    answer = double.lever(f"events/{event.id}/deliver")

    assert answer == {"event": event.id, "mode": "normal", "status": 200, "error": None}
    assert shared_receiver.ids().count(event.id) == 2
    assert shared_receiver.accepted[-1].data.object.name == "Jürgen Süß"


@pytest.mark.parametrize("mode", ["wrong_signature", "stale_timestamp", "altered_body"])
def test_a_spoiled_delivery_is_refused_by_the_sdk(double, shared_receiver, event, eventually, mode):
    eventually(lambda: double.deliveries(event.id), "the first delivery")
    accepted, refused = len(shared_receiver.accepted), len(shared_receiver.refused)

    answer = double.lever(f"events/{event.id}/deliver", mode=mode)

    assert answer["status"] == 400
    assert (len(shared_receiver.accepted), len(shared_receiver.refused)) == (accepted, refused + 1)
    assert [one["mode"] for one in double.deliveries(event.id)] == [mode, "normal"]


def test_a_delivery_can_pretend_to_be_live(double, shared_receiver, event, eventually):
    eventually(lambda: double.deliveries(event.id), "the first delivery")

    assert double.lever(f"events/{event.id}/deliver", mode="livemode")["status"] == 200

    assert shared_receiver.accepted[-1].livemode is True
    assert double.client.v1.events.retrieve(event.id).livemode is False


def test_an_unknown_mode_or_event_is_refused(double, event):
    assert double.refused_lever(f"events/{event.id}/deliver", mode="sideways")["param"] == "mode"
    assert double.refused_lever("events/evt_none/deliver")["code"] == "resource_missing"
