"""Stripe's own account of our money."""

from collections.abc import Iterator
from datetime import datetime

from donations.domain.facts import BalanceFact
from donations.gateways.stripe.client import Json, client, in_our_words, moment, plain
from foundation.units import Cents

_BALANCE_KINDS = {
    "charge": "gift",
    "payment": "gift",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_back",
    "payment_failure_refund": "refund_back",
}


def balance(since: datetime, until: datetime) -> Iterator[BalanceFact]:
    """Yield the balance transactions made in [since, until). Raises Unreachable or Refused."""
    with in_our_words():
        listed = client().v1.balance_transactions.list(
            params={
                "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
                "limit": 100,
                "expand": ["data.source"],
            }
        )
        for entry in listed.auto_paging_iter():
            told = plain(entry)
            yield BalanceFact(told["id"], _subject(told), Cents(told["net"]), moment(told["created"]))


def _subject(entry: Json) -> str:
    """A payout has left for the bank, where its line will be; an unknown kind is named as it is."""
    if entry["type"] == "payout":
        return ""
    source = entry["source"] if isinstance(entry["source"], dict) else {}
    kind = _BALANCE_KINDS.get(entry["type"])
    if kind == "gift":
        return f"gift:{source.get('payment_intent') or source.get('id')}"
    if kind is None and source.get("object") == "dispute":
        kind = "dispute" if entry["amount"] < 0 else "dispute_back"
    return f"{kind}:{source.get('id')}" if kind else f"{entry['type']}:{entry['id']}"
