"""A transfer that another name paid: noted, decided by a treasurer, decided otherwise if that was wrong."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import User
from donations.models import Allocation, Donation
from donations.receipts.models import PayerNote
from donations.receipts.selectors.payers import other_names_of, with_receipt_wished
from foundation.actors import Actor
from foundation.history import note_transition

LOOKS_BACK = timedelta(days=400)
"""Receipts are issued in March of the next year; a bank's line that changes later changes within days."""
CHUNK = 1000


def note_payers(now: datetime) -> int:
    """Note each pair of names that differs and was not noted before; returns how many."""
    named_otherwise = Allocation.objects.filter(undone_at=None).exclude(
        line__counterparty_name__iexact=F("donation__donor_name")
    )
    recent = with_receipt_wished().filter(received_at__gte=now - LOOKS_BACK)
    gifts = recent.filter(pk__in=named_otherwise.values("donation")).select_related("fund").order_by("pk")
    noted, after = 0, 0
    while chunk := list(gifts.filter(pk__gt=after)[:CHUNK]):
        noted += _note(chunk, now)
        after = chunk[-1].pk
    return noted


def _note(gifts: list[Donation], now: datetime) -> int:
    found, by_pk = other_names_of(gifts), {gift.pk: gift for gift in gifts}
    new = {
        (by_pk[pk].donor_id, by_pk[pk].fund.provider_id, each.about)
        for pk, others in found.items()
        for each in others
        if each.note is None
    }
    rows = [
        PayerNote(donor_id=donor, provider_id=provider, about=about, noted_at=now)
        for donor, provider, about in sorted(new)
    ]
    PayerNote.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def say_who_gave(gift: Donation, verdict: str, reason: str, *, by: User, actor: Actor, now: datetime) -> int:
    """Say for all other names that paid the gift whose it is; returns for how many.

    It holds for every gift of this giver to the body under the same two names. Said otherwise later, a
    receipt that is not true then is withdrawn.
    """
    with transaction.atomic():
        _note([gift], now)
        others = [each.about for each in other_names_of([gift]).get(gift.pk, [])]
        notes = PayerNote.objects.select_for_update(of=("self",)).filter(
            donor=gift.donor_id, provider=gift.fund.provider_id, about__in=others
        )
        for note in notes.order_by("pk"):
            before, note.verdict, note.reason = note.verdict, verdict, reason
            note.decided_by, note.decided_at = by, now
            note.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
            note_transition(
                note, from_status=before or "open", to_status=verdict, reason=reason, actor=actor, now=now
            )
    return len(others)
