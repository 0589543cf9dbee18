"""A line of the bank as the books know it."""

from datetime import datetime

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from donations.domain.accounts import Account, Owner
from donations.domain.bank_lines import LineFacts
from donations.domain.ledger import unclear
from donations.models import BankTransaction, LedgerTransaction, StatementKey
from donations.services.books import ledger
from foundation.clock import local_moment
from foundation.rows import change
from foundation.units import NOON, Cents

_ONE_BY_ONE = 9  # the space of the advisory locks that let lines of one body in one after the other


class LinesBusy(OperationalError):
    """Somebody else takes over a statement of this body, and it takes longer than anybody may wait here."""


def in_turn(provider_id: int) -> None:
    """Wait until nobody else records lines of this body, and keep others waiting until the transaction ends.

    Statements and people tell the same line in many words: who comes second must see what the first wrote.
    Lock order: this, then lines, then gifts. Raises LinesBusy, and the transaction is over.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ONE_BY_ONE, provider_id])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise LinesBusy(provider_id) from error
        raise


def facts_of(line: BankTransaction) -> LineFacts:
    """Return what tells whether another line is the same; its gifts are read with it (`with_gifts`)."""
    gifts = [each.donation for each in line.allocations.all() if each.undone_at is None]
    references = [getattr(gift, "transfer_reference", None) for gift in gifts]
    return LineFacts(
        line.booked_on,
        Cents(line.amount_cents),
        line.counterparty_name,
        line.remittance,
        tuple(each.reference for each in references if each),
        line.refs,
    )


WITH_GIFTS = "allocations__donation__transfer_reference"


def identity_of(line: BankTransaction) -> str:
    """Return what the books know the line by."""
    return f"bank:{line.fingerprint[:32]}"


def moment_of(line: BankTransaction) -> datetime:
    """Return the moment that stands for the day the bank booked it."""
    return local_moment(line.booked_on, NOON)


def held_of(line: BankTransaction) -> Account:
    """Return where the money of the line stands until now in the books."""
    return "unclear" if line.booked_at else "bank"


def leave_unclear(line: BankTransaction, now: datetime) -> None:
    """Book a locked line as belonging to nothing yet; what is booked so already stays."""
    posting = unclear(identity_of(line), Cents(line.amount_cents), moment_of(line))
    ledger.book(posting, Owner(line.provider_id), now, bank=line.account_id)
    change(line, booked_at=line.booked_at or now)


def cancel(line: BankTransaction, now: datetime) -> None:
    """There is no such line: a locked one that is booked as unclear stands for nothing any more.

    What statements know it by stays known, so that none of them brings it again.
    """
    if line.statement_key and line.statement_key != line.fingerprint:
        StatementKey.objects.create(line=line, key=line.statement_key, form=line.form)
    ledger.reverse(LedgerTransaction.objects.get(key=f"line:{identity_of(line)}"), now)
    change(line, cancelled_at=now, statement_key=None)
