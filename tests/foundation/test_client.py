"""Whose request it is: what a visitor writes into a header must not move them to another bucket."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from foundation.client import client_address
from programs.models import Fund
from tests.donations.conftest import fund, town  # noqa: F401
from tests.donations.visits import give

PROXY = "10.0.0.1"


def address(settings: Any, hops: int, forwarded: str | None, remote: str = PROXY) -> str:
    settings.TRUSTED_PROXY_COUNT = hops
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers))


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, None, PROXY),
        (0, "1.2.3.4", PROXY),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4,5.6.7.8 ,  203.0.113.9 ", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),
        (1, "", PROXY),
        (1, " , ", PROXY),
        (1, None, PROXY),
    ],
)
def test_only_what_our_own_proxies_wrote_counts(
    settings: Any, hops: int, forwarded: str | None, expected: str
) -> None:
    assert address(settings, hops, forwarded) == expected


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:2:ffff:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:3:3:4:5:6", "2001:db8:1:3"),
        ("203.0.113.9", "203.0.113.9"),
    ],
)
def test_one_household_is_one_address(settings: Any, remote: str, expected: str) -> None:
    assert address(settings, 0, None, remote) == expected
    assert address(settings, 1, f"1.2.3.4, {remote}") == expected


def tries(forwarded: list[str]) -> list[int]:
    return [
        give(
            Client(REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": value}),
            method="transfer",
            email=f"a{number}@example.org",
        ).status_code
        for number, value in enumerate(forwarded)
    ]


def test_invented_senders_before_the_true_one_bring_no_further_tries(fund: Fund, settings: Any) -> None:  # noqa: F811
    settings.TRUSTED_PROXY_COUNT = 1
    invented = [f"198.51.100.{number}, 203.0.113.9" for number in range(21)]
    assert tries(invented) == [303] * 20 + [429]
    assert tries(["198.51.100.1, 203.0.113.77"]) == [303]


def test_behind_no_proxy_the_header_is_ignored(fund: Fund, settings: Any) -> None:  # noqa: F811
    settings.TRUSTED_PROXY_COUNT = 0
    assert tries([f"198.51.100.{number}" for number in range(21)]) == [303] * 20 + [429]
