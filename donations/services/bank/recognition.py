"""What another statement told in its own form, or whole instead of itemised, is known and not booked anew."""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from donations.domain.periods import Period
from donations.domain.twins import pairs
from donations.models import BankTransaction, StatementImport, StatementKey
from donations.services.bank import batches, staging
from donations.services.bank.allocations import follow_bank
from donations.services.bank.balances import Balances
from donations.services.bank.booking import claim
from donations.services.bank.known import (
    Slot,
    is_emptied,
    keys_of,
    means_nothing,
    new_in,
    slot_of,
    told_facts,
    told_on,
    untold,
)
from donations.services.bank.staging import StagedLine
from foundation.rows import change


class Learned(NamedTuple):
    """What another form says of a line that is in the books."""

    line_id: int
    country: str
    remittance: str
    refs: str
    codes: frozenset[str]
    valued_on: date | None


def recognise(statement: StatementImport, form: str, periods: list[Period], now: datetime) -> list[Learned]:
    """Give the staged lines of this form that the books have from elsewhere to their lines there.

    Items of a batch that was booked whole take its place, as long as nobody has given it to anything.
    """
    balances = Balances(periods)
    learned: list[Learned] = []
    for day in staging.days_of(form):
        if staging.has_unknown(form, day):
            lines = told_on(statement.provider, day)
            learned += _same_lines(lines, day, form, balances)
            in_place = batches.recognise(statement, lines, day, form, balances, now)
            _leave_out_what_is_too_much(lines, day, form, balances, in_place)
    return learned


def _leave_out_what_is_too_much(
    lines: QuerySet[BankTransaction], day: date, form: str, balances: Balances, in_place: set[int | None]
) -> None:
    """Between the same balances nothing else moved: what the books have of the day already is all there is.

    Items that take the place of a whole are part of it; what else no words could recognise is left out.
    """
    new = staging.unknown(form, None, day)
    for account_id in {each.account_id for each in new}:
        there = lines.filter(account=account_id)
        moved = balances.retold_cents(account_id, day, there)
        ours = [each for each in new if each.account_id == account_id]
        booked = there.aggregate(cents=Sum("amount_cents", default=0))["cents"]
        kept = sum(each.amount_cents for each in ours if each.batch in in_place)
        if moved == booked + kept:
            staging.leave_out([each.statement_key for each in ours if each.batch not in in_place])


def _same_lines(lines: QuerySet[BankTransaction], day: date, form: str, balances: Balances) -> list[Learned]:
    known: dict[Slot, list[BankTransaction]] = defaultdict(list)
    for line in untold(_to_compare(lines, day, form, balances), form):
        known[slot_of(line)].append(line)
    unknown = new_in(form, known)
    own = staging.keys_among(form, [key for slot in unknown for line in known[slot] for key in keys_of(line)])
    learned: list[Learned] = []
    for slot, new in unknown.items():
        there = {line.pk: line for line in known[slot] if not own.intersection(keys_of(line))}
        coming = {each.statement_key: each for each in new}
        found = _pairs(coming, there, balances)
        StatementKey.objects.bulk_create(
            StatementKey(line_id=pk, key=key, form=form) for key, pk in found.items()
        )
        learned += [
            _learned(pk, coming[key]) for key, pk in found.items() if _says_more(coming[key], there[pk])
        ]
    return learned


def _to_compare(
    lines: QuerySet[BankTransaction], day: date, form: str, balances: Balances
) -> QuerySet[BankTransaction]:
    """Lines of other forms; of the same form those whose day is told again between the same balances.

    A bank may tell its references in one edition of a form and not, or otherwise, in another.
    """
    told_by = lines.filter(form=form).order_by().values_list("statement", flat=True).distinct()
    again = [each for each in told_by if balances.is_retold(each, day)]
    return lines.filter(~Q(form=form) | Q(statement__in=again))


def _pairs(
    coming: dict[str, StagedLine], there: dict[int, BankTransaction], balances: Balances
) -> dict[str, int]:
    return pairs(
        {key: each.facts() for key, each in coming.items()},
        {pk: told_facts(line) for pk, line in there.items()},
        lambda key, pk: balances.told(coming[key].period, there[pk].statement_id, there[pk].booked_on),
    )


def _learned(pk: int, told: StagedLine) -> Learned:
    codes = frozenset(told.codes)
    return Learned(pk, told.counterparty_country, told.remittance, told.refs, codes, told.valued_on)


def _says_more(told: StagedLine, line: BankTransaction) -> bool:
    """Whether it tells the country of the payer, or a code of ours, that the other form left out."""
    if is_emptied(line):
        return False
    is_new_country = bool(told.counterparty_country) and not line.counterparty_country
    return is_new_country or bool(set(told.codes).difference(line.codes))


def learn(learned: list[Learned], now: datetime) -> None:
    """Take over what only another form tells; a line that means nothing yet is given to what it names."""
    told = {each.line_id: each for each in learned}
    lines = BankTransaction.objects.select_for_update(of=("self",)).filter(pk__in=told, cancelled_at=None)
    for line in list(lines.order_by("pk")):
        _take_over(line, told[line.pk], now)


def _take_over(line: BankTransaction, told: Learned, now: datetime) -> None:
    if told.country and not line.counterparty_country:
        change(line, counterparty_country=told.country)
        follow_bank(line, line.booked_on)
    if line.valued_on is None and told.valued_on is not None:
        change(line, valued_on=told.valued_on)
    if means_nothing(line) and told.codes.difference(line.codes):
        change(line, remittance=told.remittance or line.remittance, refs=told.refs or line.refs)
        if line.booked_at is not None:
            claim(line, now)
