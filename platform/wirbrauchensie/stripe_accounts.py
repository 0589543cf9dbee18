"""The accounts at Stripe besides the first: each legal body may have its own, by own keys or by Connect.

STRIPE_ACCOUNTS names them; all that is said of the account `verein` begins with STRIPE_VEREIN_.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from wirbrauchensie import env

_NAME = re.compile(r"[a-z][a-z0-9]{1,18}", re.ASCII)
_CONNECTED = re.compile(r"acct_\w{1,80}", re.ASCII)
_KNOWN_METHODS = {"card", "sepa_debit", "paypal"}
LIVE = ("sk_live_", "rk_live_")


@dataclass(frozen=True)
class StripeAccount:
    """How one account is reached. With `connected`, its id, our own key speaks for it (direct charges)."""

    secret_key: str
    webhook_secret: str
    connected: str
    methods: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        return self.secret_key.startswith(LIVE)


def further_accounts(own_key: str, methods: list[str]) -> dict[str, StripeAccount]:
    """Return the accounts of STRIPE_ACCOUNTS by name; `own_key` and `methods` are those of the first.

    Raises ImproperlyConfigured.
    """
    found: dict[str, StripeAccount] = {}
    for name in env.names("STRIPE_ACCOUNTS"):
        if not _NAME.fullmatch(name) or name == "default" or name in found:
            raise ImproperlyConfigured(
                f"STRIPE_ACCOUNTS: {name!r} must be 2 to 19 small letters and digits, not default, and once."
            )
        found[name] = _account(f"STRIPE_{name.upper()}_", own_key, methods)
    keys = [each.secret_key for each in found.values() if not each.connected]
    connected = [each.connected for each in found.values() if each.connected]
    if len({own_key, *keys}) <= len(keys) or len(set(connected)) < len(connected):
        raise ImproperlyConfigured("STRIPE_ACCOUNTS: two names must not be one account.")
    return found


def _account(prefix: str, own_key: str, methods: list[str]) -> StripeAccount:
    key, connected = env.text(f"{prefix}SECRET_KEY", ""), env.text(f"{prefix}CONNECT", "")
    if bool(key) == bool(connected):
        raise ImproperlyConfigured(f"One of {prefix}SECRET_KEY and {prefix}CONNECT must be set.")
    if connected and not (own_key and _CONNECTED.fullmatch(connected)):
        raise ImproperlyConfigured(f"{prefix}CONNECT must be an id like acct_1…, with STRIPE_SECRET_KEY set.")
    offered = env.names(f"{prefix}METHODS", ",".join(methods))
    check_methods(f"{prefix}METHODS", offered)
    secret = env.text(f"{prefix}WEBHOOK_SECRET", "")
    if not secret:
        raise ImproperlyConfigured(f"{prefix}WEBHOOK_SECRET must be set.")
    return StripeAccount(key or own_key, secret, connected, tuple(offered))


def check_methods(name: str, methods: list[str]) -> None:
    """Raises ImproperlyConfigured."""
    if not set(methods) <= _KNOWN_METHODS:
        raise ImproperlyConfigured(f"{name} may name card, sepa_debit and paypal.")
