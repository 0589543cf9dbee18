from itertools import pairwise, product

import pytest

from donations.domain.gift_status import needs_acceptance, status_when_paid, way
from donations.domain.states import DONATION_MOVES


def status(**given: object) -> str:
    known = {"amount_cents": 2500, "refunded_cents": 0, "lost_cents": 0, "is_disputed": False}
    return status_when_paid(**{"awaits_acceptance": False, **known, **given})  # type: ignore[arg-type]


def test_the_status_follows_from_what_is_known() -> None:
    assert status() == "received"
    assert status(awaits_acceptance=True) == "received_subject_to_acceptance"
    assert status(refunded_cents=1) == "partly_refunded"
    assert status(refunded_cents=2499, awaits_acceptance=True) == "partly_refunded"
    assert status(refunded_cents=2500) == "refunded"
    assert status(is_disputed=True) == "disputed"
    assert status(is_disputed=True, refunded_cents=100) == "disputed"
    assert status(lost_cents=2500, is_disputed=True) == "lost"
    assert status(lost_cents=2400, refunded_cents=100) == "lost"
    assert status(lost_cents=2400, refunded_cents=99) == "partly_refunded"
    assert status(lost_cents=1, is_disputed=True) == "disputed"


REACHABLE = ["received", "received_subject_to_acceptance", "partly_refunded", "refunded", "disputed", "lost"]


@pytest.mark.parametrize(("current", "goal"), list(product(["pledged", "processing", "lapsed"], REACHABLE)))
def test_an_unpaid_gift_reaches_every_status_by_legal_moves(current: str, goal: str) -> None:
    awaits = goal == "received_subject_to_acceptance"
    steps = [current, *way(current, goal, awaits_acceptance=awaits)]
    assert steps[-1] == goal
    assert all(after in DONATION_MOVES[before] for before, after in pairwise(steps))


@pytest.mark.parametrize(
    ("current", "goal"),
    [
        ("received", "partly_refunded"),
        ("received", "refunded"),
        ("received", "disputed"),
        ("received", "lost"),
        ("received_subject_to_acceptance", "partly_refunded"),
        ("received_subject_to_acceptance", "refunded"),
        ("received_subject_to_acceptance", "lost"),
        ("partly_refunded", "refunded"),
        ("partly_refunded", "received"),
        ("partly_refunded", "received_subject_to_acceptance"),
        ("partly_refunded", "disputed"),
        ("refunded", "received"),
        ("refunded", "received_subject_to_acceptance"),
        ("refunded", "partly_refunded"),
        ("refunded", "disputed"),
        ("refunded", "lost"),
        ("disputed", "received"),
        ("disputed", "received_subject_to_acceptance"),
        ("disputed", "partly_refunded"),
        ("disputed", "refunded"),
        ("disputed", "lost"),
    ],
)
def test_a_paid_gift_moves_on_by_legal_moves(current: str, goal: str) -> None:
    steps = [current, *way(current, goal, awaits_acceptance=False)]
    assert steps[-1] == goal
    assert all(after in DONATION_MOVES[before] for before, after in pairwise(steps))


@pytest.mark.parametrize("status_now", REACHABLE)
def test_there_is_no_way_where_nothing_changed(status_now: str) -> None:
    assert way(status_now, status_now, awaits_acceptance=False) == []


def test_large_gifts_to_the_city_wait_for_acceptance() -> None:
    assert needs_acceptance(100_000, to_city=True, from_cents=100_000)
    assert not needs_acceptance(99_999, to_city=True, from_cents=100_000)
    assert not needs_acceptance(500_000, to_city=False, from_cents=100_000)
