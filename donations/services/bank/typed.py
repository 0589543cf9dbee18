"""Lines that somebody typed before the statement came: recognised, and merged with what the bank says."""

from datetime import datetime

from donations.domain.accounts import Owner
from donations.domain.bank_lines import TYPED_WITHIN, same_line
from donations.domain.ledger import moved
from donations.models import BankTransaction, StatementImport
from donations.services.bank import booking, staging
from donations.services.bank.allocations import follow_bank
from donations.services.bank.lines import WITH_GIFTS, facts_of, identity_of, moment_of
from donations.services.bank.staging import StagedLine
from donations.services.books import ledger
from foundation.rows import change
from foundation.units import Cents


def merge_typed(statement: StatementImport, form: str, now: datetime) -> int:
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
            merge(typed.pop(pk), candidates[place], statement, now)
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


def _is_of_forgotten(line: BankTransaction) -> bool:
    given = line.allocations.filter(undone_at=None)
    return given.filter(donation__donor__mailbox__erased_at__isnull=False).exists()


def merge(line: BankTransaction, other: StagedLine, statement: StatementImport, now: datetime) -> None:
    """The bank's day and words count from now on, for the gifts that it pays too.

    Of a giver who was forgotten meanwhile only the days do: the words do not come back. How it was booked
    stays, unless it waited for a code. Who typed a late line of an account that was replaced had it booked on
    the new one.
    """
    typed_on = line.booked_on
    said = line if _is_of_forgotten(line) else other
    change(
        line,
        statement=statement,
        statement_key=other.statement_key,
        form=other.form,
        booked_on=other.booked_on,
        valued_on=other.valued_on,
        counterparty_name=said.counterparty_name or line.counterparty_name,
        counterparty_country=said.counterparty_country,
        remittance=said.remittance or line.remittance,
        refs=said.refs,
    )
    if line.account_id is not None and line.account_id != other.account_id:
        posting = moved(identity_of(line), Cents(line.amount_cents), moment_of(line))
        ledger.move_bank(posting, Owner(line.provider_id), other.account_id, line.account_id, now)
    follow_bank(line, typed_on)
    booking.claim(line, now)
