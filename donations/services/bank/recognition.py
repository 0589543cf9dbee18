"""What another statement told in its own form, or whole instead of itemised, is known and not booked anew."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from donations.domain.bank_lines import LineFacts
from donations.domain.periods import Period, Said, told_by_balances
from donations.domain.references import references_in
from donations.domain.twins import pairs
from donations.models import BankTransaction, StatementImport, StatementKey
from donations.services.bank import staging
from donations.services.bank.lines import cancel, leave_unclear
from donations.services.bank.staging import StagedLine
from foundation.units import Cents
from programs.models import Provider

_Slot = tuple[int | None, date, int]  # account, day and cents: what two forms of one movement have in common


@dataclass
class _Balances:
    """The periods of the statement that is taken over, and those of the ones before as they are asked for."""

    periods: list[Period]
    _before: dict[int, list[Period]] = field(default_factory=dict)

    def told(self, new: StagedLine, line: BankTransaction) -> Said:
        """What they tell of the day of both; a file may have several statements of it."""
        theirs = [each for each in self._of(line) if each.tells(new.account_id, line.booked_on)]
        said = {told_by_balances(self.periods[new.period], each, line.booked_on) for each in theirs}
        if "same" in said:
            return "same"
        return "apart" if said == {"apart"} else "perhaps"

    def _of(self, line: BankTransaction) -> list[Period]:
        told_by = line.statement_id
        if told_by is None:
            return []
        if told_by not in self._before:
            kept = StatementImport.objects.values_list("periods", flat=True).get(pk=told_by)
            self._before[told_by] = [Period.of(each) for each in kept]
        return self._before[told_by]


def recognise(provider: Provider, form: str, periods: list[Period], now: datetime) -> None:
    """Give the staged lines of this form that the books have from elsewhere to their lines there.

    Items of a batch that was booked whole take its place, as long as nobody has given it to anything.
    """
    balances = _Balances(periods)
    for day in staging.days_of(form):
        lines = _of_day(provider, day)
        _same_lines(lines, form, balances)
        for whole in staging.unknown_batches(form, day):
            _itemised(whole, lines, balances, now)
        _wholes(lines, form, balances)


def _of_day(provider: Provider, day: date) -> QuerySet[BankTransaction]:
    lines = BankTransaction.objects.filter(provider=provider, booked_on=day, cancelled_at=None)
    return lines.exclude(form="").order_by("pk")


def _untold(lines: QuerySet[BankTransaction], form: str) -> QuerySet[BankTransaction]:
    """Those that no statement of this form was found to tell."""
    return lines.filter(~Exists(StatementKey.objects.filter(line=OuterRef("pk"), form=form)))


def _same_lines(lines: QuerySet[BankTransaction], form: str, balances: _Balances) -> None:
    known: dict[_Slot, list[BankTransaction]] = defaultdict(list)
    for line in _untold(lines.exclude(form=form), form):
        known[(line.account_id, line.booked_on, line.amount_cents)].append(line)
    unknown = _unknown(form, known)
    own = staging.keys_among(form, [key for slot in unknown for line in known[slot] for key in _keys(line)])
    for slot, new in unknown.items():
        left = [line for line in known[slot] if not own.intersection(_keys(line))]
        StatementKey.objects.bulk_create(
            StatementKey(line_id=pk, key=key, form=form) for key, pk in _pairs(new, left, balances).items()
        )


def _unknown(form: str, slots: Iterable[_Slot]) -> dict[_Slot, list[StagedLine]]:
    """The new lines of these accounts and amounts of one day."""
    wanted = set(slots)
    found: dict[_Slot, list[StagedLine]] = defaultdict(list)
    for day in {day for _account, day, _cents in wanted}:
        for each in staging.unknown(form, sorted({cents for _account, _day, cents in wanted}), day):
            if (slot := (each.account_id, each.booked_on, each.amount_cents)) in wanted:
                found[slot].append(each)
    return found


def _pairs(new: list[StagedLine], lines: list[BankTransaction], balances: _Balances) -> dict[str, int]:
    coming, there = {each.statement_key: each for each in new}, {line.pk: line for line in lines}
    return pairs(
        {key: each.facts() for key, each in coming.items()},
        {pk: _facts(line) for pk, line in there.items()},
        lambda key, pk: balances.told(coming[key], there[pk]),
    )


def _facts(line: BankTransaction) -> LineFacts:
    return LineFacts(line.booked_on, Cents(line.amount_cents), line.counterparty_name, line.remittance)


def _keys(line: BankTransaction) -> list[str]:
    return [key for key in (line.fingerprint, line.statement_key) if key]


def _itemised(
    whole: StagedLine, lines: QuerySet[BankTransaction], balances: _Balances, now: datetime
) -> None:
    """A batch that comes with its items now may stand in the books whole."""
    line = _by_key(whole.statement_key) or _whole_by_facts(whole, lines, balances)
    if line is None:
        return
    if line.cancelled_at is None and _means_nothing(line):
        _give_way(line, now)
        return
    StatementKey.objects.bulk_create(
        StatementKey(line=line, key=each.statement_key, form=whole.form)
        for each in staging.items_of(whole.batch)
    )


def _by_key(key: str) -> BankTransaction | None:
    named = StatementKey.objects.filter(key=key).values("line")
    lines = BankTransaction.objects.select_for_update(of=("self",))
    return lines.filter(Q(fingerprint=key) | Q(statement_key=key) | Q(pk__in=named)).first()


def _whole_by_facts(
    whole: StagedLine, lines: QuerySet[BankTransaction], balances: _Balances
) -> BankTransaction | None:
    """A line of the same day and amount that this statement does not list itself."""
    alike = _untold(lines.filter(account=whole.account_id, amount_cents=whole.amount_cents), whole.form)
    locked = list(alike.select_for_update(of=("self",)))
    codes = {code for each in staging.items_of(whole.batch) for code in references_in(each.remittance)}
    own = staging.keys_among(whole.form, [key for line in locked for key in _keys(line)])
    for line in locked:
        is_other = own.intersection(_keys(line)) or set(references_in(line.remittance)) - codes
        if not is_other and _is_whole(line.counterparty_name, balances.told(whole, line)):
            return line
    return None


def _is_whole(name: str, told: Said) -> bool:
    """A batch names nobody; what names somebody is one only if the balances leave nothing else."""
    return told == "same" or (told == "perhaps" and not name)


def _means_nothing(line: BankTransaction) -> bool:
    is_given = line.allocated_cents or line.cash_cents
    return not (is_given or line.refund_id or line.payout_id or line.transit_id)


def _give_way(line: BankTransaction, now: datetime) -> None:
    """The whole is cancelled, so that each item can be booked by what it says itself; its key stays known."""
    leave_unclear(line, now)
    if line.statement_key and line.statement_key != line.fingerprint:
        StatementKey.objects.create(line=line, key=line.statement_key, form=line.form)
    cancel(line, now)


def _wholes(lines: QuerySet[BankTransaction], form: str, balances: _Balances) -> None:
    """A line may be, whole, a batch whose items are in the books; one that names nobody is it first."""
    known: dict[_Slot, list[StatementKey]] = defaultdict(list)
    for key in StatementKey.objects.filter(
        line__in=lines, batch_cents__isnull=False, form=F("line__form")
    ).select_related("line"):
        known[(key.line.account_id, key.line.booked_on, key.batch_cents or 0)].append(key)
    for slot, new in _unknown(form, known).items():
        batches = [key for key in known[slot] if not staging.keys_among(form, _keys(key.line))]
        for each in sorted(new, key=lambda each: bool(each.counterparty_name)):
            fit = next((key for key in batches if _is_batch(each, key, balances)), None)
            if fit is not None:
                batches.remove(fit)
                StatementKey.objects.create(
                    line=fit.line, key=each.statement_key, form=form, batch_cents=fit.batch_cents
                )


def _is_batch(new: StagedLine, key: StatementKey, balances: _Balances) -> bool:
    if new.batch is not None or references_in(new.remittance):
        return False
    return _is_whole(new.counterparty_name, balances.told(new, key.line))
