"""Which object an event of Stripe is about; the object is then read anew, whatever the event said."""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Noun = Literal["", "session", "payment", "dispute", "invoice", "subscription", "payout"]


class Subject(NamedTuple):
    """A kind of object and its id at Stripe; without noun the event is of no interest.

    A dispute is known by its payment.
    """

    noun: Noun
    external_id: str


NOTHING = Subject("", "")
_OWN_ID: Mapping[str, Noun] = {
    "checkout.session.": "session",
    "payment_intent.": "payment",
    "invoice.": "invoice",
    "customer.subscription.": "subscription",
    "payout.": "payout",
}
_ID = re.compile(r"\w{1,100}", re.ASCII)
_OF_PAYMENT = ("charge.", "refund.")


def subject_of(kind: str, body: Mapping[str, Any]) -> Subject:
    """Return what an event of this `kind` with the object `body` is about."""
    for prefix, noun in _OWN_ID.items():
        if kind.startswith(prefix):
            return _named(noun, body.get("id"))
    if kind.startswith("charge.dispute."):
        return _named("dispute", body.get("payment_intent"))
    if kind.startswith(_OF_PAYMENT):
        return _named("payment", body.get("payment_intent"))
    return NOTHING


def _named(noun: Noun, external_id: object) -> Subject:
    is_id = isinstance(external_id, str) and _ID.fullmatch(external_id)
    return Subject(noun, str(external_id)) if is_id else NOTHING
