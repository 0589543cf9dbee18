"""A statement on its way into the books: its lines as rows, and the stretches of accounts that it tells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from donations.domain.acceptance import country_of
from donations.domain.bank_lines import (
    NAME_MAX,
    TEXT_MAX,
    Keys,
    LineFacts,
    is_reference,
    references_kept,
)
from donations.domain.periods import Period
from donations.domain.references import references_in
from donations.domain.statements import (
    Batch,
    Begin,
    Flag,
    InForm,
    PageEnd,
    StatementEntry,
    StatementRefused,
)
from donations.gateways.statements.reading import read_statement
from donations.services.bank.staging import Row
from donations.services.books.accounts import bank_account, banks_of
from foundation.money import MOST_CENTS
from foundation.units import Cents
from programs.models import Provider

_Batch = tuple[int | None, str | None, int | None, bytes | None]  # number; key, cents and words of the whole


class ForeignAccount(Exception):
    """The statement is about an account that the provider never had, or about another currency."""


@dataclass
class _Account:
    """An account of ours, how its lines are known, and the place of the period that is being read."""

    pk: int
    keys: Keys
    period: int | None = None
    is_first_page: bool = True
    batch: Batch | None = None
    batch_key: str = ""
    batch_words: bytes | None = None


@dataclass
class ReadStatement:
    """A file as it is read: flags, forms, and what it tells of which account between which balances."""

    provider: Provider
    flags: dict[str, None] = field(default_factory=dict)
    forms: dict[str, None] = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)
    _form: str = ""
    _opened: dict[str, _Account] = field(default_factory=dict)
    _batches: int = 0

    def rows(self, path: Path) -> Iterator[Row]:
        """Yield the booked lines. Raises StatementRefused or ForeignAccount.

        A late line of an account that was replaced is of that account.
        """
        own = banks_of(self.provider)
        for item in read_statement(path):
            if isinstance(item, InForm):
                self._form = item.form
                self._begin()
            elif isinstance(item, Begin):
                self._begin()
            elif isinstance(item, Flag):
                self.flags[item.text] = None
            elif isinstance(item, PageEnd):
                self._end_page(item)
            elif item.account not in own or item.currency != "EUR":
                raise ForeignAccount(item.account)
            elif item.is_booked and item.amount:
                yield self._row(item)

    def _begin(self) -> None:
        """Running numbers and stretches start anew."""
        for each in self._opened.values():
            each.keys.begin()
            each.period, each.is_first_page = None, True

    def _end_page(self, page: PageEnd) -> None:
        account = self._opened.get(page.account)
        if account is not None and account.period is not None and account.is_first_page:
            self.periods[account.period].opening_cents = (
                None if page.opening is None else Cents(int(page.opening * 100))
            )
            account.is_first_page = False

    def _row(self, entry: StatementEntry) -> Row:
        account = self._account(entry.account)
        cents = _cents(entry.amount)
        facts = LineFacts(
            entry.booking_date, cents, entry.counterparty_name[:NAME_MAX], _kept(entry.remittance)
        )
        words = account.keys.words(
            facts,
            bank_reference=entry.bank_reference,
            end_to_end_id=entry.end_to_end_id,
            counterparty=entry.counterparty_account,
        )
        return Row(
            account.pk,
            account.keys.next(words),
            facts.booked_on,
            cents,
            facts.counterparty_name,
            country_of(entry.counterparty_account),
            facts.remittance,
            entry.value_date,
            references_kept(entry.references),
            entry.return_reason[:35],
            self._form,
            self._in_period(account, entry, cents),
            None if is_reference(entry.bank_reference) else words,
            *self._in_batch(account, entry),
        )

    def _account(self, iban: str) -> _Account:
        if iban not in self._opened:
            account = bank_account(self.provider, iban)
            body = str(self.provider.pk)
            self._opened[iban] = _Account(
                account.pk, Keys(body if account.is_known_by_body else f"{body}/{iban}")
            )
        return self._opened[iban]

    def _in_period(self, account: _Account, entry: StatementEntry, cents: Cents) -> int:
        if account.period is None:
            self.forms[self._form] = None
            account.period = len(self.periods)
            self.periods.append(Period(account.pk))
        self.periods[account.period].add(entry.booking_date, cents)
        return account.period

    def _in_batch(self, account: _Account, entry: StatementEntry) -> _Batch:
        """The number of its batch, and key, cents and words of the line that it would be as a whole."""
        if entry.batch is None:
            return None, None, None, None
        cents = _cents(entry.batch.amount)
        if entry.batch is not account.batch:
            self._batches += 1
            account.batch = entry.batch
            words = account.keys.words(
                LineFacts(entry.booking_date, cents, "", _kept(entry.batch.remark)),
                bank_reference=entry.batch.bank_reference,
                end_to_end_id="",
                counterparty="",
            )
            account.batch_key = account.keys.next(words)
            account.batch_words = None if is_reference(entry.batch.bank_reference) else words
        return self._batches, account.batch_key, cents, account.batch_words


def _cents(amount: Decimal) -> Cents:
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise StatementRefused(f"a fraction of a cent: {amount}")
    if abs(cents) > MOST_CENTS:
        raise StatementRefused(f"more than an account moves: {amount}")
    return Cents(int(cents))


def _kept(remittance: str) -> str:
    """As much of a text as a line keeps; codes of ours that stand behind that come first."""
    if len(remittance) <= TEXT_MAX:
        return remittance
    begin = remittance[:TEXT_MAX]
    behind = [code for code in references_in(remittance) if code not in references_in(begin)]
    return " ".join([*behind, begin])[:TEXT_MAX]
