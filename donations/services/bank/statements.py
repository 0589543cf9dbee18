"""A statement of the bank is taken over: every line once, whatever was imported or typed before."""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from accounts.models import User
from donations.domain import statements as said
from donations.domain.bank_lines import AHEAD
from donations.domain.statements import StatementRefused
from donations.models import StatementImport
from donations.services.bank import booking, parts, recognition, staging
from donations.services.bank.lines import in_turn
from donations.services.bank.recognition import Learned
from donations.services.bank.rows import ReadStatement
from donations.services.bank.typed import merge_typed
from foundation.clock import local_day
from foundation.sweeps import JOB_STATEMENT_MS
from programs.models import Provider

_INCOMPLETE = {said.CLOSING_DIFFERS, said.COUNT_DIFFERS}
_CHUNK = 1 << 20


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
    in_turn(provider.pk)
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
    parts.go_on_counting(provider, file.periods)
    learned: list[Learned] = []
    for form in file.forms:
        learned += recognition.recognise(statement, form, file.periods, now)
        statement.merged_lines += merge_typed(statement, form, now)
        statement.new_lines += staging.insert_new(statement, form, now)
        staging.name_batches(form)
    staging.drop()
    recognition.learn(learned, now)
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
