"""The networks an address stands in."""

import pytest

from foundation.networks import networks_of


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "2001:db8:aa:bbcc:1:2:3:4",
            [("2001:db8:aa:bbcc::/64", 1), ("2001:db8:aa:bb00::/56", 4), ("2001:db8:aa::/48", 16)],
        ),
        ("::1", [("::/64", 1), ("::/56", 4), ("::/48", 16)]),
        ("203.0.113.9", [("203.0.113.9/32", 1), ("203.0.113.0/24", 8)]),
        ("::ffff:203.0.113.9", [("203.0.113.9/32", 1), ("203.0.113.0/24", 8)]),
        ("", [("", 1)]),
    ],
)
def test_the_narrowest_comes_first_and_wider_ones_may_do_more(
    address: str, expected: list[tuple[str, int]]
) -> None:
    assert [(each.name, each.share) for each in networks_of(address)] == expected
