"""Accounts at Stripe as the environment names them: each once, with all it needs, or no start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from wirbrauchensie.stripe_accounts import StripeAccount, further_accounts

OWN = {"STRIPE_VEREIN_SECRET_KEY": "sk_test_v", "STRIPE_VEREIN_WEBHOOK_SECRET": "w"}
BY_CONNECT = {"STRIPE_CARITAS_CONNECT": "acct_1", "STRIPE_CARITAS_WEBHOOK_SECRET": "c"}


def read(
    monkeypatch: pytest.MonkeyPatch, names: str, values: dict[str, str], own_key: str = "sk_test_1"
) -> dict[str, StripeAccount]:
    for name, value in {"STRIPE_ACCOUNTS": names, **values}.items():
        monkeypatch.setenv(name, value)
    return further_accounts(own_key, ["card", "paypal"])


def test_each_account_has_its_own_keys_or_ours_speaks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {"STRIPE_CARITAS_METHODS": "card"}
    assert read(monkeypatch, "verein, caritas", {**OWN, **BY_CONNECT, **more}) == {
        "verein": StripeAccount("sk_test_v", "w", "", ("card", "paypal")),
        "caritas": StripeAccount("sk_test_1", "c", "acct_1", ("card",)),
    }


def test_without_names_there_is_no_further_account(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, "", OWN) == {}
    assert list(read(monkeypatch, "verein", OWN, own_key="")) == ["verein"]


@pytest.mark.parametrize(
    ("names", "values", "own_key", "sentence"),
    [
        ("default", {}, "k", "'default' must be 2 to 19"),
        ("Verein", OWN, "k", "'Verein' must be"),
        ("ver/ein", OWN, "k", "'ver/ein' must be"),
        ("verein,verein", OWN, "k", "'verein' must be"),
        ("e" * 20, {}, "k", "must be 2 to 19"),
        ("verein", {}, "k", "One of STRIPE_VEREIN_SECRET_KEY and STRIPE_VEREIN_CONNECT"),
        ("verein", {**OWN, "STRIPE_VEREIN_CONNECT": "acct_1"}, "k", "One of STRIPE_VEREIN_SECRET_KEY"),
        ("verein", {"STRIPE_VEREIN_SECRET_KEY": "k2"}, "k", "STRIPE_VEREIN_WEBHOOK_SECRET must be set"),
        ("verein", {**OWN, "STRIPE_VEREIN_METHODS": "giropay"}, "k", "STRIPE_VEREIN_METHODS may name"),
        ("verein", OWN, "sk_test_v", "two names must not be one account"),
        ("caritas", BY_CONNECT, "", "STRIPE_CARITAS_CONNECT must be"),
        ("caritas", {**BY_CONNECT, "STRIPE_CARITAS_CONNECT": "1"}, "k", "STRIPE_CARITAS_CONNECT must be"),
        (
            "caritas,awo",
            {**BY_CONNECT, "STRIPE_AWO_CONNECT": "acct_1", "STRIPE_AWO_WEBHOOK_SECRET": "x"},
            "k",
            "two names must not be one account",
        ),
    ],
)
def test_what_is_missing_or_one_account_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, names: str, values: dict[str, str], own_key: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read(monkeypatch, names, values, own_key)
