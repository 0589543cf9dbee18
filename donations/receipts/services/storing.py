"""A receipt is stored: number, content, items, file and mail together, in the caller's transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donations.models import Donor
from donations.receipts.documents.receipt import (
    About,
    Giver,
    Line,
    is_machine_made,
    receipt_pdf,
    snapshot,
)
from donations.receipts.domain.numbers import receipt_number
from donations.receipts.models import Issuer, Receipt, ReceiptFile, ReceiptItem
from donations.receipts.services import mails
from donations.receipts.services.numbers import next_sequence
from donations.receipts.services.readiness import Ready
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_transition

Status = Receipt.Status


@dataclass(frozen=True)
class Content:
    """What a receipt is to say: of which kind, by what, to whom, about what; `lines` by their days."""

    kind: str
    found: Ready
    donor: Donor
    giver: Giver
    lines: list[Line]
    about: About


def store(content: Content, *, actor: Actor, now: datetime, replaces: Receipt | None) -> Receipt:
    """Store a receipt under the next number. Raises NotDisplayable."""
    issuer, issued_on = content.found.issuer, local_day(now)
    sequence = next_sequence(issuer.provider_id, issued_on.year)
    frozen = _frozen(content, receipt_number(issuer.code, issued_on.year, sequence), now)
    body = receipt_pdf(frozen, issuer, now=now)
    is_ready = is_machine_made(issuer, content.about)
    receipt = Receipt.objects.create(
        **_of_issuer(issuer, sequence),
        donor=content.donor,
        number=frozen["number"],
        year=issued_on.year,
        kind=content.kind,
        status=Status.ISSUED if is_ready else Status.DRAFT,
        status_changed_at=now,
        issued_on=issued_on,
        total_cents=frozen["total_cents"],
        snapshot=frozen,
        digest=hashlib.sha256(body).hexdigest(),
        replaces=replaces,
        was_given_out=is_ready,
    )
    ReceiptItem.objects.bulk_create(_item(receipt, each) for each in content.lines)
    ReceiptFile.objects.create(receipt=receipt, body=body)
    note_transition(receipt, from_status="", to_status=receipt.status, reason="", actor=actor, now=now)
    if is_ready:
        mails.tell_issued(receipt, now)
    return receipt


def _of_issuer(issuer: Issuer, sequence: int) -> dict[str, Any]:
    return {"provider_id": issuer.provider_id, "issuer": issuer, "sequence": sequence}


def _frozen(content: Content, number: str, now: datetime) -> dict[str, Any]:
    return snapshot(
        number,
        content.found.issuer,
        content.found.template,
        content.giver,
        content.lines,
        issued_on=local_day(now),
        about=content.about,
    )


def _item(receipt: Receipt, line: Line) -> ReceiptItem:
    return ReceiptItem(
        receipt=receipt,
        donation_id=line.donation_id,
        contribution_id=line.contribution_id,
        fund_id=line.fund_id,
        given_on=line.given_on,
        cents=line.cents,
    )
