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
    ("written", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"),
        ("2001:0DB8:0001:0000:0000:0000:0000:0006", "2001:db8:1::6"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:cb00:7109", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("203.0.113.9", "203.0.113.9"),
    ],
)
def test_an_address_has_one_spelling(settings: Any, written: str, expected: str) -> None:
    assert address(settings, 0, None, written) == expected
    assert address(settings, 1, f"1.2.3.4, {written}") == expected


@pytest.mark.parametrize("nonsense", ["unknown", "_hidden", "203.0.113", "203.0.113.09", "::1::", "x" * 5000])
def test_a_hop_that_names_no_address_is_left_out(settings: Any, nonsense: str) -> None:
    assert address(settings, 1, nonsense) == PROXY
    assert address(settings, 0, None, nonsense) == ""


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


def test_a_short_spelling_is_still_the_same_household(fund: Fund, settings: Any) -> None:  # noqa: F811
    settings.TRUSTED_PROXY_COUNT = 1
    hosts = ["2001:db8::1", "2001:db8::2:0:0:1", "2001:db8:0:0:ffff::9", "[2001:db8:0::4]:55"]
    assert tries([hosts[number % 4] for number in range(21)]) == [303] * 20 + [429]
    assert tries(["2001:db8:0:1::1"]) == [303]
