"""Cash out of a collecting box: one counts and writes down, another counts again, only then it is booked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from django.db import transaction

from accounts.models import User
from donations.domain.accounts import Owner
from donations.domain.cash import CASH_MOVES, total
from donations.domain.ledger import collection
from donations.domain.references import new_reference
from donations.models import CashCount, LedgerTransaction
from donations.services.books import ledger
from foundation.clock import local_day, local_moment
from foundation.history import note_transition
from foundation.money import whole_cents
from foundation.transitions import move
from foundation.units import NOON, Cents
from programs.access import Role, actor_of
from programs.models import Fund

Status = CashCount.Status


class Refusal(Enum):
    """Why nothing is done about a count."""

    SAME_PERSON = "same_person"
    NO_LONGER_OPEN = "no_longer_open"
    ANOTHER_SUM = "another_sum"
    PAID_IN = "paid_in"
    NOTHING = "nothing"
    IN_FUTURE = "in_future"


class CountRefused(Exception):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Counted:
    """What somebody counted: the sum, and how many of each note and coin (in cents) if they noted that."""

    box: str
    counted_on: date
    cents: Cents
    pieces: Mapping[int, int] = field(default_factory=dict)


def write_down(fund: Fund, said: Counted, *, by: User, now: datetime) -> CashCount:
    """Store what the first person counted; nothing is booked. Raises CountRefused, storing nothing."""
    if whole_cents(said.cents) <= 0:
        raise CountRefused(Refusal.NOTHING)
    if said.pieces and (min(map(whole_cents, said.pieces.values())) < 0 or total(said.pieces) != said.cents):
        raise CountRefused(Refusal.ANOTHER_SUM)
    if said.counted_on > local_day(now):
        raise CountRefused(Refusal.IN_FUTURE)
    with transaction.atomic():
        count = CashCount.objects.create(
            provider_id=fund.provider_id,
            fund=fund,
            box=said.box,
            counted_on=said.counted_on,
            amount_cents=said.cents,
            pieces={str(worth): number for worth, number in said.pieces.items() if number},
            reference=new_reference(),
            status_changed_at=now,
            counted_by=by,
            proposed_at=now,
        )
        actor = actor_of(by, Role.TREASURER)
        note_transition(count, from_status="", to_status=Status.PROPOSED, reason="", actor=actor, now=now)
    return count


def confirm(count_id: int, cents: Cents, *, by: User, now: datetime) -> CashCount:
    """Book a count of which a second person says the same sum, on the till of its body.

    Raises CountRefused, booking nothing.
    """
    with transaction.atomic():
        count = _locked(count_id)
        if count.status != Status.PROPOSED:
            raise CountRefused(Refusal.NO_LONGER_OPEN)
        if count.counted_by_id == by.pk:
            raise CountRefused(Refusal.SAME_PERSON)
        if count.amount_cents != whole_cents(cents):
            raise CountRefused(Refusal.ANOTHER_SUM)
        actor = actor_of(by, Role.TREASURER)
        move(count, CASH_MOVES, Status.CONFIRMED, actor=actor, now=now, decided_by=by)
        posting = collection(str(count.pk), cents, local_moment(count.counted_on, NOON))
        ledger.book(posting, Owner(count.provider_id, count.fund_id), now)
    return count


def drop(count: CashCount, *, by: User, now: datetime) -> bool:
    """Drop a count that is not confirmed, one's own too; False if somebody decided on it before."""
    if count.status != Status.PROPOSED:
        return False
    return move(count, CASH_MOVES, Status.DROPPED, actor=actor_of(by, Role.TREASURER), now=now, decided_by=by)


def undo(count_id: int, reason: str, *, by: User, now: datetime) -> CashCount:
    """Undo a count that was wrong, as long as it is not paid in; its booking is mirrored.

    Whoever wrote it down leaves that to somebody else. Raises CountRefused, changing nothing.
    """
    with transaction.atomic():
        count = _locked(count_id)
        if count.status != Status.CONFIRMED:
            raise CountRefused(Refusal.NO_LONGER_OPEN)
        if count.counted_by_id == by.pk:
            raise CountRefused(Refusal.SAME_PERSON)
        if count.line_id is not None:
            raise CountRefused(Refusal.PAID_IN)
        actor = actor_of(by, Role.TREASURER)
        move(count, CASH_MOVES, Status.UNDONE, actor=actor, now=now, undone_by=by, undone_for=reason)
        ledger.reverse(LedgerTransaction.objects.get(key=f"cash:{count.pk}"), now)
    return count


def _locked(count_id: int) -> CashCount:
    return CashCount.objects.select_for_update(of=("self",)).get(pk=count_id)
