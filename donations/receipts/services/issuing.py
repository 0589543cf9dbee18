"""A Zuwendungsbestätigung is issued: number, frozen content, file and mail in one transaction, or nothing."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from donations.models import Donation, ReceiptAddress
from donations.receipts.documents.receipt import Giver, Line, is_machine_made, receipt_pdf, snapshot
from donations.receipts.domain.eligibility import Gift, Refusal, day_of_gift, kept_cents, refusal
from donations.receipts.domain.numbers import receipt_number
from donations.receipts.domain.states import RECEIPT_MOVES
from donations.receipts.models import Receipt, ReceiptFile, ReceiptItem
from donations.receipts.selectors.gifts import facts_of
from donations.receipts.services import mails
from donations.receipts.services.numbers import next_sequence
from donations.receipts.services.readiness import Ready, ready
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_transition
from foundation.transitions import move
from foundation.typesetting import NotDisplayable

Status = Receipt.Status


class IssueRefused(Exception):
    """No receipt is issued; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def issue(
    gift_ids: Collection[int], *, actor: Actor, now: datetime, replaces: Receipt | None = None
) -> Receipt:
    """Issue one receipt over these gifts: a single one, or a collective one with its annex.

    They are gifts of one giver under one name and address to one body in one year. Where the machine process
    was not notified to the tax office, what comes is a draft that waits for a signature. Raises IssueRefused,
    and then no number is used.
    """
    try:
        with transaction.atomic():
            gifts = locked(gift_ids)
            found, lines = _check(gifts, now)
            return _store(gifts[0], lines, found, actor, now, replaces)
    except NotDisplayable as error:
        raise IssueRefused(Refusal.NOT_DISPLAYABLE) from error


def locked(gift_ids: Collection[int]) -> list[Donation]:
    """Return the gifts, locked until the end of the transaction, the earliest first."""
    rows = (
        Donation.objects.select_for_update(of=("self",))
        .select_related("fund", "donor__mailbox", "receipt_address")
        .filter(pk__in=gift_ids)
        .order_by("pk")
    )
    return sorted(rows, key=lambda gift: (gift.received_at or gift.pledged_at, gift.pk))


def _check(gifts: list[Donation], now: datetime) -> tuple[Ready, list[Line]]:
    """Return by what the gifts are receipted, and what is said of each. Raises IssueRefused."""
    if not gifts or not _belong_together(gifts):
        raise IssueRefused(Refusal.NOT_TOGETHER)
    day = local_day(now)
    found = ready(gifts[0].fund.provider_id, "money" if len(gifts) == 1 else "collective", day)
    if found is None:
        raise IssueRefused(Refusal.ISSUER_NOT_READY)
    purposes = found.issuer.fund_purposes
    lines = [
        _line(gift, facts, purposes, day)
        for gift, facts in zip(gifts, facts_of(gifts, purposes), strict=True)
    ]
    return found, lines


def _line(gift: Donation, facts: Gift, purposes: Mapping[str, str], day: date) -> Line:
    reason = refusal(facts, day)
    if reason is not None:
        raise IssueRefused(reason)
    assert facts.received_at is not None
    given_on, purpose = day_of_gift(facts.received_at), purposes[str(gift.fund_id)]
    return Line(gift.pk, gift.fund_id, given_on, kept_cents(facts), purpose)


def _belong_together(gifts: Iterable[Donation]) -> bool:
    """One body, one giver, one name and address, one year: what a collective receipt can say."""
    return (
        len({(*party(gift), gift.received_at and day_of_gift(gift.received_at).year) for gift in gifts}) == 1
    )


def party(gift: Donation) -> tuple[int, int, str, str, str, str]:
    """Return which body the gift went to, and who gave it: mailbox, name and address as typed with it."""
    address: ReceiptAddress | None = getattr(gift, "receipt_address", None)
    where = (address.street, address.postcode, address.town) if address else ("", "", "")
    return (gift.fund.provider_id, gift.donor_id, gift.donor_name, *where)


def _store(
    first: Donation, lines: list[Line], found: Ready, actor: Actor, now: datetime, replaces: Receipt | None
) -> Receipt:
    issuer, issued_on = found.issuer, local_day(now)
    sequence = next_sequence(issuer.provider_id, issued_on.year)
    number = receipt_number(issuer.code, issued_on.year, sequence)
    frozen = snapshot(number, issuer, found.template, _giver(first), lines, issued_on=issued_on)
    body = receipt_pdf(frozen, issuer, now=now)
    is_ready = is_machine_made(issuer)
    receipt = Receipt.objects.create(
        provider_id=issuer.provider_id,
        issuer=issuer,
        donor=first.donor,
        number=number,
        year=issued_on.year,
        sequence=sequence,
        kind=found.template.kind,
        status=Status.ISSUED if is_ready else Status.DRAFT,
        status_changed_at=now,
        issued_on=issued_on,
        total_cents=frozen["total_cents"],
        snapshot=frozen,
        digest=hashlib.sha256(body).hexdigest(),
        replaces=replaces,
        was_given_out=is_ready,
    )
    ReceiptItem.objects.bulk_create(
        ReceiptItem(
            receipt=receipt,
            donation_id=each.donation_id,
            fund_id=each.fund_id,
            given_on=each.given_on,
            cents=each.cents,
        )
        for each in lines
    )
    ReceiptFile.objects.create(receipt=receipt, body=body)
    note_transition(receipt, from_status="", to_status=receipt.status, reason="", actor=actor, now=now)
    if is_ready:
        mails.tell_issued(receipt, now)
    return receipt


def _giver(gift: Donation) -> Giver:
    address = gift.receipt_address
    return Giver(gift.donor_name, address.street, address.postcode, address.town)


def sign(receipt: Receipt, *, actor: Actor, now: datetime) -> bool:
    """Note that a draft was signed by hand and given out; False if it is none (any more).

    Raises IssueRefused if its body may not issue any more: then it has to be withdrawn.
    """
    if receipt.status != Status.DRAFT:
        return False
    if ready(receipt.provider_id, receipt.kind, local_day(now)) is None:
        raise IssueRefused(Refusal.ISSUER_NOT_READY)
    with transaction.atomic():
        moved = move(receipt, RECEIPT_MOVES, Status.ISSUED, actor=actor, now=now, was_given_out=True)
        if moved:
            mails.tell_issued(receipt, now)
    return moved
