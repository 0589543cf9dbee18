"""Stripe's own account of our money."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from donations.domain.facts import BalanceFact, TransitFacts
from donations.gateways.stripe.client import Json, client, in_our_words, moment, plain
from foundation.clock import local_day
from foundation.units import Cents

_BALANCE_KINDS = {
    "payout": "transit",
    "payout_failure": "transit_back",
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


def transit(external_id: str) -> TransitFacts | None:
    """Read a payout; None if it moved no euro of ours (any more). Raises Unreachable or Refused."""
    with in_our_words():
        return _transit(plain(client().v1.payouts.retrieve(external_id, params=_WITH_RETURN)))


def transits_since(moment_: datetime | None) -> Iterator[TransitFacts]:
    """Yield the payouts made since then, or all there are. Raises Unreachable or Refused."""
    params: Any = {"limit": 100, "expand": ["data.failure_balance_transaction"]}
    if moment_ is not None:
        params["created"] = {"gte": int(moment_.timestamp())}
    with in_our_words():
        for each in client().v1.payouts.list(params=params).auto_paging_iter():
            found = _transit(plain(each))
            if found is not None:
                yield found


_WITH_RETURN: Any = {"expand": ["failure_balance_transaction"]}


def _transit(found: Json) -> TransitFacts | None:
    """One that failed is dated by the entry that brought its money back; cancelled, it never left."""
    if found["currency"] != "eur" or found["status"] == "canceled" or found["amount"] <= 0:
        return None
    back = found.get("failure_balance_transaction") or {}
    failed_at = back.get("created") or found["created"] if found["status"] == "failed" else None
    return TransitFacts(
        external_id=found["id"],
        amount_cents=Cents(found["amount"]),
        created_at=moment(found["created"]),
        arrives_on=local_day(moment(found["arrival_date"])),
        failed_at=moment(failed_at) if failed_at else None,
    )


def _subject(entry: Json) -> str:
    """An unknown kind is named as it is."""
    source = entry["source"] if isinstance(entry["source"], dict) else {}
    kind = _BALANCE_KINDS.get(entry["type"])
    if kind == "gift":
        return f"gift:{source.get('payment_intent') or source.get('id')}"
    if kind is None and source.get("object") == "dispute":
        kind = "dispute" if entry["amount"] < 0 else "dispute_back"
    return f"{kind}:{source.get('id')}" if kind else f"{entry['type']}:{entry['id']}"
