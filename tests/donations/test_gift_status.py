from itertools import pairwise, product

import pytest

from donations.domain.acceptance import needs_acceptance
from donations.domain.gift_status import THANKED_FOR, status_when_paid, way
from donations.domain.states import DONATION_MOVES
from foundation.units import Cents


def status(**given: object) -> str:
    known = {"amount_cents": 2500, "refunded_cents": 0, "lost_cents": 0, "is_disputed": False}
    return status_when_paid(**{**known, **given})  # type: ignore[arg-type]


def test_the_status_follows_from_what_is_known() -> None:
    assert status() == "received"
    assert status(refunded_cents=1) == "partly_refunded"
    assert status(refunded_cents=2499) == "partly_refunded"
    assert status(refunded_cents=2500) == "refunded"
    assert status(is_disputed=True) == "disputed"
    assert status(is_disputed=True, refunded_cents=100) == "disputed"
    assert status(lost_cents=2500, is_disputed=True) == "lost"
    assert status(lost_cents=2400, refunded_cents=100) == "lost"
    assert status(lost_cents=2400, refunded_cents=99) == "partly_refunded"
    assert status(lost_cents=1, is_disputed=True) == "disputed"


REACHABLE = ["received", "partly_refunded", "refunded", "disputed", "lost"]


@pytest.mark.parametrize(("current", "goal"), list(product(["pledged", "processing", "lapsed"], REACHABLE)))
def test_an_unpaid_gift_reaches_every_status_by_legal_moves(current: str, goal: str) -> None:
    steps = [current, *way(current, goal)]
    assert steps[-1] == goal
    assert all(after in DONATION_MOVES[before] for before, after in pairwise(steps))


@pytest.mark.parametrize(
    ("current", "goal"),
    [
        ("received", "partly_refunded"),
        ("received", "refunded"),
        ("received", "disputed"),
        ("received", "lost"),
        ("partly_refunded", "refunded"),
        ("partly_refunded", "received"),
        ("partly_refunded", "disputed"),
        ("refunded", "received"),
        ("refunded", "partly_refunded"),
        ("refunded", "disputed"),
        ("refunded", "lost"),
        ("disputed", "received"),
        ("disputed", "partly_refunded"),
        ("disputed", "refunded"),
        ("disputed", "lost"),
    ],
)
def test_a_paid_gift_moves_on_by_legal_moves(current: str, goal: str) -> None:
    steps = [current, *way(current, goal)]
    assert steps[-1] == goal
    assert all(after in DONATION_MOVES[before] for before, after in pairwise(steps))


@pytest.mark.parametrize("status_now", REACHABLE)
def test_there_is_no_way_where_nothing_changed(status_now: str) -> None:
    assert way(status_now, status_now) == []


def test_large_gifts_to_the_city_wait_for_acceptance() -> None:
    assert needs_acceptance(Cents(100_000), from_cents=Cents(100_000))
    assert not needs_acceptance(Cents(99_999), from_cents=Cents(100_000))
    assert not needs_acceptance(Cents(500_000), from_cents=None)


def test_thanks_are_said_for_what_came_and_stayed_at_least_in_part() -> None:
    assert {"received", "partly_refunded"} == THANKED_FOR
