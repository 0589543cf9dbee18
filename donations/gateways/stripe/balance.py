"""Stripe's own account of our money."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from donations.domain.facts import BalanceFact, TransitFacts
from donations.domain.identities import account_of, identity, name_of
from donations.gateways.stripe.client import Json, asking, moment, plain
from donations.gateways.stripe.disputes import FEES, brings_back
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


def balance(account: str, since: datetime, until: datetime) -> Iterator[BalanceFact]:
    """Yield the balance transactions of an account made in [since, until). Raises Unreachable or Refused."""
    with asking(account) as client:
        listed = client.v1.balance_transactions.list(
            params={
                "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
                "limit": 100,
                "expand": ["data.source"],
            }
        )
        for entry in listed.auto_paging_iter():
            yield _fact(account, plain(entry))


def fees_since(account: str, moment_: datetime) -> Iterator[BalanceFact]:
    """Yield what Stripe charged an account apart from payments. Raises Unreachable or Refused."""
    with asking(account) as client:
        for kind in FEES:
            params: Any = {"created": {"gte": int(moment_.timestamp())}, "type": kind, "limit": 100}
            for entry in client.v1.balance_transactions.list(params=params).auto_paging_iter():
                yield _fact(account, plain(entry))


def _fact(account: str, told: Json) -> BalanceFact:
    return BalanceFact(told["id"], _subject(account, told), Cents(told["net"]), moment(told["created"]))


def transit(external_id: str) -> TransitFacts | None:
    """Read a payout; None if it moved no euro of ours (any more). Raises Unreachable or Refused."""
    account, name = account_of(external_id), name_of(external_id)
    with asking(account) as client:
        return _transit(account, plain(client.v1.payouts.retrieve(name, params=_WITH_RETURN)))


def transits_since(account: str, moment_: datetime | None) -> Iterator[TransitFacts]:
    """Yield the payouts of an account made since then, or all. Raises Unreachable or Refused."""
    params: Any = {"limit": 100, "expand": ["data.failure_balance_transaction"]}
    if moment_ is not None:
        params["created"] = {"gte": int(moment_.timestamp())}
    with asking(account) as client:
        for each in client.v1.payouts.list(params=params).auto_paging_iter():
            found = _transit(account, plain(each))
            if found is not None:
                yield found


_WITH_RETURN: Any = {"expand": ["failure_balance_transaction"]}


def _transit(account: str, found: Json) -> TransitFacts | None:
    """One that failed is dated by the entry that brought its money back; cancelled, it never left."""
    if found["currency"] != "eur" or found["status"] == "canceled" or not found["amount"]:
        return None
    back = found.get("failure_balance_transaction") or {}
    failed_at = back.get("created") or found["created"] if found["status"] == "failed" else None
    return TransitFacts(
        external_id=identity(account, found["id"]),
        amount_cents=Cents(found["amount"]),
        created_at=moment(found["created"]),
        arrives_on=local_day(moment(found["arrival_date"])),
        failed_at=moment(failed_at) if failed_at else None,
    )


def _subject(account: str, entry: Json) -> str:
    """An unknown kind is named as it is."""
    if entry["type"] in FEES:
        return f"stripe_fee:{identity(account, entry['id'])}"
    source = entry["source"] if isinstance(entry["source"], dict) else {}
    kind = _BALANCE_KINDS.get(entry["type"])
    if kind == "gift":
        return f"gift:{identity(account, str(source.get('payment_intent') or source.get('id')))}"
    if kind is None and source.get("object") == "dispute":
        kind = "dispute_back" if brings_back(entry) else "dispute"
    name = source.get("id") if kind else entry["id"]
    return f"{kind or entry['type']}:{identity(account, str(name))}"
