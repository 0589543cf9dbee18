"""A collection is in the books whole or by its items, and a statement tells it the other way: booked once."""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import F, QuerySet

from donations.domain.periods import Said
from donations.models import BankTransaction, StatementImport, StatementKey
from donations.services.bank import staging
from donations.services.bank.balances import Balances
from donations.services.bank.known import (
    Slot,
    account_of,
    by_key,
    keys_of,
    means_nothing,
    new_in,
    told_facts,
    typed_on,
    untold,
)
from donations.services.bank.lines import WITH_GIFTS, cancel, facts_of, leave_unclear
from donations.services.bank.staging import StagedLine
from donations.services.bank.typed import merge


def recognise(
    statement: StatementImport,
    lines: QuerySet[BankTransaction],
    day: date,
    form: str,
    balances: Balances,
    now: datetime,
) -> set[int | None]:
    """Give way to the items of what was booked whole; a whole whose items are in the books is known.

    Returns the batches whose items take the place of a whole.
    """
    in_place = set()
    for whole in staging.unknown_batches(form, day):
        line = _in_books(whole, lines, balances) or _typed_whole(statement, whole)
        if line is not None and _itemise(line, whole, statement, now):
            in_place.add(whole.batch)
    _known_by_items(lines, form, balances)
    _known_by_typed_items(statement, day, form)
    return in_place


def _in_books(
    whole: StagedLine, lines: QuerySet[BankTransaction], balances: Balances
) -> BankTransaction | None:
    """The line that is, whole, a batch that comes with its items now."""
    line = by_key(whole.statement_key)
    if line is not None and balances.told(whole.period, line.statement_id, whole.booked_on) != "apart":
        return line
    return _whole_by_facts(whole, lines, balances)


def _whole_by_facts(
    whole: StagedLine, lines: QuerySet[BankTransaction], balances: Balances
) -> BankTransaction | None:
    """A line of the same day and amount that this statement does not list itself."""
    alike = untold(lines.filter(amount_cents=whole.amount_cents), whole.form)
    locked = [line for line in alike.select_for_update(of=("self",)) if account_of(line) == whole.account_id]
    codes = _codes_of(whole)
    own = staging.keys_among(whole.form, [key for line in locked for key in keys_of(line)])
    for line in locked:
        is_other = own.intersection(keys_of(line)) or set(told_facts(line).codes) - codes
        told = balances.told(whole.period, line.statement_id, whole.booked_on)
        if not is_other and _is_whole(line.counterparty_name, told):
            return line
    return None


def _typed_whole(statement: StatementImport, whole: StagedLine) -> BankTransaction | None:
    """One of that sum that somebody typed without a name, unless the statement lists such a line itself."""
    if staging.unknown(whole.form, [whole.amount_cents], whole.booked_on):
        return None
    typed = typed_on(statement.provider, whole.booked_on).select_for_update(of=("self",))
    alike = typed.filter(amount_cents=whole.amount_cents, counterparty_name="").prefetch_related(WITH_GIFTS)
    codes = _codes_of(whole)
    return next((line for line in alike if _may_be(line, codes)), None)


def _may_be(typed: BankTransaction, codes: set[str]) -> bool:
    """Whether what was typed, and what it was given to, names no other gifts than the items."""
    given = set(facts_of(typed).gift_references) if codes else set()
    return {*typed.codes, *given} <= codes


def _codes_of(whole: StagedLine) -> set[str]:
    return {code for each in staging.items_of(whole.batch) for code in each.codes}


def _is_whole(name: str, told: Said) -> bool:
    """A batch names nobody; what names somebody is one only if the balances leave nothing else."""
    return told == "same" or (told == "perhaps" and not name)


def _itemise(line: BankTransaction, whole: StagedLine, statement: StatementImport, now: datetime) -> bool:
    """Whether the items take the place of the whole; they are keys of it where it was given to something."""
    if line.amount_cents != whole.amount_cents:
        return False  # an item, typed by hand, of a batch that came whole: the others were typed, too
    if line.cancelled_at is None and means_nothing(line):
        _give_way(line, now)
        return True
    if line.statement_key is None and line.cancelled_at is None:
        merge(line, whole, statement, now)
    StatementKey.objects.bulk_create(
        StatementKey(line=line, key=each.statement_key, form=whole.form)
        for each in staging.items_of(whole.batch)
    )
    return False


def _give_way(line: BankTransaction, now: datetime) -> None:
    """The whole is cancelled, so that each item can be booked by what it says itself."""
    leave_unclear(line, now)
    cancel(line, now)


def _known_by_items(lines: QuerySet[BankTransaction], form: str, balances: Balances) -> None:
    """A line may be, whole, a batch whose items are in the books; one that names nobody is it first."""
    known: dict[Slot, list[StatementKey]] = defaultdict(list)
    for key in StatementKey.objects.filter(
        line__in=lines, batch_cents__isnull=False, form=F("line__form")
    ).select_related("line"):
        known[(account_of(key.line), key.line.booked_on, key.batch_cents or 0)].append(key)
    for slot, new in new_in(form, known).items():
        batches = [key for key in known[slot] if not staging.keys_among(form, keys_of(key.line))]
        for each in sorted(new, key=lambda each: bool(each.counterparty_name)):
            fit = next((key for key in batches if _is_batch(each, key, balances)), None)
            if fit is not None:
                batches.remove(fit)
                _name_whole(fit.line, each)


def _is_batch(new: StagedLine, key: StatementKey, balances: Balances) -> bool:
    if new.batch is not None or new.codes:
        return False
    told = balances.told(new.period, key.line.statement_id, key.line.booked_on)
    return _is_whole(new.counterparty_name, told)


def _name_whole(first: BankTransaction, whole: StagedLine) -> None:
    StatementKey.objects.create(
        line=first, key=whole.statement_key, form=whole.form, batch_cents=whole.amount_cents
    )


def _known_by_typed_items(statement: StatementImport, day: date, form: str) -> None:
    """A line that names nobody may be, whole, all that was typed of its day and is listed nowhere."""
    typed = typed_on(statement.provider, day).filter(statement_keys=None)
    amounts = list(typed.values_list("amount_cents", flat=True))
    if len(amounts) < 2 or staging.unknown(form, amounts, day):
        return
    for each in staging.unknown(form, [sum(amounts)], day):
        if not (each.counterparty_name or each.codes) and each.batch is None:
            _name_whole(typed[0], each)
            return
