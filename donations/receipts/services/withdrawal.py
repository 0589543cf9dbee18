"""A receipt that is not true any more is withdrawn, and the giver gets one over what is left."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from donations.models import Donation
from donations.receipts.domain.eligibility import refusal
from donations.receipts.domain.states import RECEIPT_MOVES
from donations.receipts.models import Receipt, ReceiptItem
from donations.receipts.selectors.gifts import facts_of, untrue_items
from donations.receipts.selectors.issuers import outdated_funds
from donations.receipts.services import mails
from donations.receipts.services.contribution_receipts import issue_about
from donations.receipts.services.issuing import IssueRefused, issue, locked
from foundation.actors import Actor, system
from foundation.clock import local_day
from foundation.history import note_act
from foundation.transitions import move

SWEEP = system("receipts.withdraw_untrue")
Reason = Receipt.Reason
_TAKEN_BACK = frozenset({Donation.Status.DISPUTED, Donation.Status.LOST})


def withdraw_untrue(now: datetime) -> int:
    """Withdraw every receipt that does not say what is left of its gifts; returns how many."""
    receipts = untrue_items().order_by("receipt_id").values_list("receipt_id", flat=True).distinct()
    return sum(_withdraw_if_untrue(pk, now) for pk in receipts)


def _withdraw_if_untrue(receipt_id: int, now: datetime) -> bool:
    with transaction.atomic():
        receipt, gifts = _locked(receipt_id)
        untrue = set(untrue_items().filter(receipt=receipt_id).values_list("donation_id", flat=True))
        if not untrue:
            return False
        reason = _reason([gift for gift in gifts if gift.pk in untrue])
        return _withdraw(receipt, gifts, reason, SWEEP, now)


def withdraw_by_hand(receipt_id: int, *, actor: Actor, now: datetime) -> bool:
    """Withdraw a receipt that a treasurer found to be wrong; False if it does not count any more.

    What is wrong about name or address is mended before: the receipt that replaces it is issued at once.
    """
    with transaction.atomic():
        receipt, gifts = _locked(receipt_id)
        return _withdraw(receipt, gifts, Reason.CORRECTION, actor, now)


def _locked(receipt_id: int) -> tuple[Receipt, list[Donation]]:
    """Return the receipt and its gifts of money, locked; lock order as everywhere: first the gifts."""
    items = ReceiptItem.objects.filter(receipt=receipt_id, donation__isnull=False)
    gifts = locked(list(items.values_list("donation_id", flat=True)))
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("donor__mailbox")
    return rows.get(pk=receipt_id), gifts


def _reason(untrue: Sequence[Donation]) -> str:
    if any(gift.status in _TAKEN_BACK or gift.lost_cents for gift in untrue):
        return Reason.DISPUTE
    return Reason.REFUND if any(gift.refunded_cents for gift in untrue) else Reason.CORRECTION


def _withdraw(receipt: Receipt, gifts: list[Donation], reason: str, actor: Actor, now: datetime) -> bool:
    if receipt.status == Receipt.Status.WITHDRAWN:
        return False
    changes = {"withdrawn_at": now, "withdrawn_for": reason}
    move(receipt, RECEIPT_MOVES, Receipt.Status.WITHDRAWN, actor=actor, now=now, reason=reason, **changes)
    ReceiptItem.objects.filter(receipt=receipt).update(withdrawn_at=now)
    replacement = _replace(receipt, gifts, actor, now)
    if receipt.was_given_out:
        mails.tell_withdrawn(receipt, now, replacement)
    return True


def _replace(receipt: Receipt, gifts: list[Donation], actor: Actor, now: datetime) -> Receipt | None:
    """Issue a new receipt over what is left (RULES §2.8); what cannot be receipted now stays a wish."""
    try:
        if not gifts:
            about = receipt.items.values_list("contribution_id", flat=True).get()
            return issue_about(about, actor=actor, now=now, replaces=receipt)
        return issue(_left(receipt, gifts, now), actor=actor, now=now, replaces=receipt)
    except IssueRefused:
        return None


def _left(receipt: Receipt, gifts: list[Donation], now: datetime) -> list[int]:
    issuer, day = receipt.issuer, local_day(now)
    facts = facts_of(gifts, issuer.fund_purposes, outdated_funds(issuer, day))
    return [gift.pk for gift, each in zip(gifts, facts, strict=True) if refusal(each, day) is None]


def note_tax_office_told(receipt: Receipt, *, told_by: User, actor: Actor, now: datetime) -> bool:
    """Note that the tax office was told of a withdrawn receipt; False if there is nothing (more) to tell."""
    waiting = Receipt.objects.filter(
        pk=receipt.pk, status=Receipt.Status.WITHDRAWN, was_given_out=True, tax_office_told_at=None
    )
    with transaction.atomic():
        is_first = bool(waiting.update(tax_office_told_at=now, tax_office_told_by=told_by))
        if is_first:
            note_act(receipt, "tax_office", "told", actor=actor, now=now)
    return is_first
