"""A statement of the bank is taken over: every line once, whatever was imported or typed before."""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from accounts.models import User
from donations.domain import statements as said
from donations.domain.acceptance import country_of
from donations.domain.accounts import Owner
from donations.domain.bank_lines import NAME_MAX, TEXT_MAX, TYPED_WITHIN, Keys, LineFacts, same_line
from donations.domain.ledger import moved
from donations.domain.references import references_in
from donations.domain.statements import Begin, Flag, StatementEntry, StatementRefused
from donations.gateways.statements.reading import read_statement
from donations.models import BankTransaction, StatementImport
from donations.services.bank import booking, staging
from donations.services.bank.allocations import follow_bank
from donations.services.bank.lines import WITH_GIFTS, facts_of, identity_of, moment_of
from donations.services.bank.staging import Row, StagedLine
from donations.services.books import ledger
from donations.services.books.accounts import bank_account, banks_of
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


class ForeignAccount(Exception):
    """The statement is about an account that the provider never had, or about another currency."""


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
    flags: dict[str, None] = {}
    statement = StatementImport.objects.create(
        provider=provider, digest=_digest(path), imported_at=now, imported_by=imported_by
    )
    for read in staging.taking(rows_of(provider, path, flags)):
        statement.lines = read
        yield Progress(read)
    if _INCOMPLETE & flags.keys():
        raise IncompleteStatement(", ".join(flags))
    _check_days(now)
    statement.merged_lines = _merge_typed(statement, now)
    statement.new_lines = staging.insert_new(statement, now)
    staging.drop()
    statement.flags = list(flags)
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


def rows_of(provider: Provider, path: Path, flags: dict[str, None]) -> Iterator[Row]:
    """Yield the booked lines of the statement; notes its flags. Raises StatementRefused or ForeignAccount.

    A late line of an account that was replaced is of that account.
    """
    own, opened = banks_of(provider), dict[str, _Account]()
    for item in read_statement(path):
        if isinstance(item, Begin):
            for each in opened.values():
                each.keys.begin()
        elif isinstance(item, Flag):
            flags[item.text] = None
        elif item.account not in own or item.currency != "EUR":
            raise ForeignAccount(item.account)
        elif item.is_booked and item.amount:
            if item.account not in opened:
                opened[item.account] = _account(provider, item.account)
            yield _row(item, opened[item.account])


@dataclass(frozen=True)
class _Account:
    """An account of ours, and how its lines are known."""

    pk: int
    keys: Keys


def _account(provider: Provider, iban: str) -> _Account:
    account = bank_account(provider, iban)
    return _Account(
        account.pk, Keys(str(provider.pk) if account.is_known_by_body else f"{provider.pk}/{iban}")
    )


def _row(entry: StatementEntry, account: _Account) -> Row:
    cents = entry.amount * 100
    if cents != cents.to_integral_value():
        raise StatementRefused(f"a fraction of a cent: {entry.amount}")
    if abs(cents) > _MOST_CENTS:
        raise StatementRefused(f"more than an account moves: {entry.amount}")
    facts = LineFacts(
        entry.booking_date, Cents(int(cents)), entry.counterparty_name[:NAME_MAX], _kept(entry.remittance)
    )
    key = account.keys.key(
        facts,
        bank_reference=entry.bank_reference,
        end_to_end_id=entry.end_to_end_id,
        counterparty=entry.counterparty_account,
    )
    reason = entry.return_reason[:35]
    country = country_of(entry.counterparty_account)
    return (
        account.pk,
        key,
        facts.booked_on,
        facts.amount_cents,
        facts.counterparty_name,
        country,
        facts.remittance,
        reason,
    )


def _kept(remittance: str) -> str:
    """As much of a text as a line keeps; codes of ours that stand behind that come first."""
    if len(remittance) <= TEXT_MAX:
        return remittance
    begin = remittance[:TEXT_MAX]
    behind = [code for code in references_in(remittance) if code not in references_in(begin)]
    return " ".join([*behind, begin])[:TEXT_MAX]


def _merge_typed(statement: StatementImport, now: datetime) -> int:
    """Recognise the lines that somebody typed before, the surest first; returns how many.

    Each takes one line of the statement, and no line that names another gift than the one it was given to.
    """
    typed = _typed(statement)
    candidates = staging.unknown(sorted({line.amount_cents for line in typed.values()})) if typed else []
    by_amount: dict[int, list[int]] = {}
    for place, candidate in enumerate(candidates):
        by_amount.setdefault(candidate.amount_cents, []).append(place)
    pairs = [
        (-sure, abs(line.booked_on - candidates[place].booked_on), place, pk)
        for pk, line in typed.items()
        for place in by_amount.get(line.amount_cents, ())
        if (sure := same_line(facts_of(line), _facts(candidates[place])))
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


def _facts(line: StagedLine) -> LineFacts:
    return LineFacts(line.booked_on, Cents(line.amount_cents), line.counterparty_name, line.remittance)


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
