import pytest

from donations.domain.methods import MOST_CENTS, offered

ALL = ["card", "sepa_debit", "paypal"]


def test_methods_come_in_the_order_givers_choose() -> None:
    assert offered(online=ALL, has_account=True, monthly=False) == [
        "transfer",
        "sepa_debit",
        "paypal",
        "card",
    ]


def test_monthly_gifts_are_collected_by_sepa_or_card_only() -> None:
    assert offered(online=ALL, has_account=True, monthly=True) == [
        "sepa_debit",
        "card",
    ]


@pytest.mark.parametrize("monthly", [False, True])
def test_without_account_and_online_payment_nothing_is_offered(monthly: bool) -> None:
    assert offered(online=[], has_account=False, monthly=monthly) == []


def test_what_is_not_configured_is_not_offered() -> None:
    assert offered(online=["card"], has_account=False, monthly=False) == ["card"]
    assert offered(online=[], has_account=True, monthly=False) == ["transfer"]
    assert offered(online=[], has_account=True, monthly=True) == []


@pytest.mark.parametrize(
    ("cents", "methods"),
    [
        (1_000_000, ["transfer", "sepa_debit", "paypal", "card"]),
        (1_000_001, ["transfer", "paypal", "card"]),
    ],
)
def test_a_debit_takes_ten_thousand_euro_and_no_cent_more(cents: int, methods: list[str]) -> None:
    known = {"online": ALL, "has_account": True, "monthly": False}
    assert offered(**known, amount_cents=cents, most_cents=MOST_CENTS) == methods
