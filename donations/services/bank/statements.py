"""A statement of the bank is taken over: every line once, whatever was imported or typed before."""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from accounts.models import User
from donations.domain import statements as said
from donations.domain.accounts import Owner
from donations.domain.bank_lines import TYPED_WITHIN, same_line
from donations.domain.ledger import moved
from donations.domain.statements import StatementRefused
from donations.models import BankTransaction, StatementImport
from donations.services.bank import booking, recognition, staging
from donations.services.bank.allocations import follow_bank
from donations.services.bank.lines import WITH_GIFTS, facts_of, identity_of, moment_of
from donations.services.bank.rows import ReadStatement
from donations.services.bank.staging import StagedLine
from donations.services.books import ledger
from foundation.clock import local_day
from foundation.rows import change
from foundation.sweeps import JOB_STATEMENT_MS
from foundation.units import Cents
from programs.models import Provider

_ONE_IMPORT = 9  # the space of the advisory locks that let one statement of an account in after the other
_INCOMPLETE = {said.CLOSING_DIFFERS, said.COUNT_DIFFERS}
_CHUNK = 1 << 20
AHEAD = timedelta(days=7)  # banks date what came before holidays to the next day on which they book
_MOST_CENTS = 10**13  # a hundred billion euro: an error of the file, and sums of a year would not fit


class IncompleteStatement(Exception):
    """Lines are missing: the statement contradicts its own balance or number of entries."""


@dataclass(frozen=True)
class Progress:
    """How far an import is: lines read, then lines that the books have from it or from others before."""

    read: int
    booked: int = 0


def import_statement(
    provider: Provider, path: Path, *, imported_by: User | None, now: datetime
) -> StatementImport:
    """Take over the statement in `path` and book it; again, or half of it again, changes nothing.

    Raises StatementRefused, ForeignAccount or IncompleteStatement, changing nothing. First all lines are
    stored in one transaction, then each is booked in its own: who is killed in between leaves lines that the
    next import, or the sweep, books.
    """
    steps = importing(provider, path, imported_by=imported_by, now=now)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            done: StatementImport = end.value
            return done


Steps = Generator[Progress, None, StatementImport]


def importing(provider: Provider, path: Path, *, imported_by: User | None, now: datetime) -> Steps:
    """Do the same step by step, for whoever tells how far it is; yields after each, returns the import.

    Who goes away while it reads leaves nothing, who goes while it books leaves what the sweep books.
    """
    with transaction.atomic():
        statement = yield from _store(provider, path, imported_by, now)
    for booked in booking.book_in_turn(now):
        yield Progress(statement.lines, booked)
    return statement


def _store(provider: Provider, path: Path, imported_by: User | None, now: datetime) -> Steps:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(JOB_STATEMENT_MS)])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ONE_IMPORT, provider.pk])
    file = ReadStatement(provider)
    statement = StatementImport.objects.create(
        provider=provider, digest=_digest(path), imported_at=now, imported_by=imported_by
    )
    for read in staging.taking(file.rows(path)):
        statement.lines = read
        yield Progress(read)
    if _INCOMPLETE & file.flags.keys():
        raise IncompleteStatement(", ".join(file.flags))
    _check_days(now)
    for form in file.forms:
        recognition.recognise(provider, form, file.periods, now)
        statement.merged_lines += _merge_typed(statement, form, now)
        statement.new_lines += staging.insert_new(statement, form, now)
        staging.name_batches(form)
    staging.drop()
    statement.flags = list(file.flags)
    statement.periods = [each.kept() for each in file.periods]
    statement.save()
    return statement


def _check_days(now: datetime) -> None:
    """Raise StatementRefused for a day that has not come: gifts of it would count for a year of tax ahead."""
    days = staging.days()
    if days is not None and days[1] > local_day(now + AHEAD):
        raise StatementRefused(f"a day that has not come: {days[1]}")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _merge_typed(statement: StatementImport, form: str, now: datetime) -> int:
    """Recognise the lines that somebody typed before, the surest first; returns how many.

    Each takes one line of the statement, and no line that names another gift than the one it was given to.
    """
    typed = _typed(statement)
    amounts = sorted({line.amount_cents for line in typed.values()})
    candidates = staging.unknown(form, amounts) if typed else []
    by_amount: dict[int, list[int]] = {}
    for place, candidate in enumerate(candidates):
        by_amount.setdefault(candidate.amount_cents, []).append(place)
    pairs = [
        (-sure, abs(line.booked_on - candidates[place].booked_on), place, pk)
        for pk, line in typed.items()
        for place in by_amount.get(line.amount_cents, ())
        if (sure := same_line(facts_of(line), candidates[place].facts()))
    ]
    taken: set[int] = set()
    merged = 0
    for _sure, _distance, place, pk in sorted(pairs):
        if pk in typed and place not in taken:
            taken.add(place)
            _merge(typed.pop(pk), candidates[place], statement, now)
            merged += 1
    return merged


def _typed(statement: StatementImport) -> dict[int, BankTransaction]:
    """The lines around the days of the statement that no statement has brought yet, locked."""
    days = staging.days()
    if days is None:
        return {}
    around = (days[0] - TYPED_WITHIN, days[1] + TYPED_WITHIN)
    lines = (
        BankTransaction.objects.select_for_update(of=("self",))
        .filter(
            provider=statement.provider_id, statement_key=None, cancelled_at=None, booked_on__range=around
        )
        .prefetch_related(WITH_GIFTS)
    )
    return {line.pk: line for line in lines.order_by("pk")}


def _merge(line: BankTransaction, other: StagedLine, statement: StatementImport, now: datetime) -> None:
    """The bank's day and words count from now on, for the gifts that it pays too.

    How it was booked stays, unless it waited for a code. Who typed a late line of an account that was
    replaced had it booked on the new one.
    """
    typed_on = line.booked_on
    change(
        line,
        statement=statement,
        statement_key=other.statement_key,
        form=other.form,
        booked_on=other.booked_on,
        counterparty_name=other.counterparty_name or line.counterparty_name,
        counterparty_country=other.counterparty_country,
        remittance=other.remittance or line.remittance,
    )
    if line.account_id is not None and line.account_id != other.account_id:
        posting = moved(identity_of(line), Cents(line.amount_cents), moment_of(line))
        ledger.move_bank(posting, Owner(line.provider_id), other.account_id, line.account_id, now)
    follow_bank(line, typed_on)
    booking.claim(line, now)
