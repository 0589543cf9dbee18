"""What a bank statement says, in our words: what the readers give and the import books."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CLOSING_DIFFERS = "closing balance differs"
COUNT_DIFFERS = "number of entries differs"
BATCH_DIFFERS = "sum of a batch differs"
IMPOSSIBLE_DATE = "impossible value date"
NO_BOOKING_DATE = "booking date missing"

_DIGITS_MAX = 18
_FRACTION_MAX = 5
_YEARS = range(1970, 2100)
_AMOUNT = re.compile(rf"\+?(\d{{0,{_DIGITS_MAX}}})(?:\.(\d{{0,{_FRACTION_MAX}}}))?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)


class StatementRefused(Exception):
    """This file is no bank statement that can be trusted; the message says why, in English."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The entry that an item is part of, as the bank would list it whole; `amount` is signed."""

    amount: Decimal
    bank_reference: str
    remark: str


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One movement of an account: `amount` is signed, money that came is positive.

    A batch that the bank itemises is one entry per item, all with one and the same `batch`. Texts that the
    bank left out are empty. `account` is the IBAN (or the bank's own number) of the statement,
    `bank_reference` what the bank calls the movement, `references` all that payer and their bank call it.
    """

    account: str
    amount: Decimal
    currency: str
    booking_date: date
    status: str
    value_date: date | None = None
    counterparty_name: str = ""
    counterparty_account: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    references: tuple[str, ...] = ()
    return_reason: str = ""
    bank_reference: str = ""
    is_reversal: bool = False
    batch: "Batch | None" = None

    @property
    def is_booked(self) -> bool:
        return self.status == "BOOK"


@dataclass(frozen=True, slots=True)
class InForm:
    """What follows is in this form: `camt` or `mt940`."""

    form: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Here a statement begins, which is no further page of the one before."""


@dataclass(frozen=True, slots=True)
class PageEnd:
    """Here a page ends, before which this stood on its account; None where the bank is silent."""

    account: str
    opening: Decimal | None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in a readable statement that a human should look at."""

    text: str


Item = InForm | Begin | StatementEntry | Flag | PageEnd


def read_amount(text: str) -> Decimal:
    """Return an unsigned amount with at least two decimals. Raises StatementRefused.

    The pattern goes first: `Decimal` alone would take NaN, 1E5, signs and the digits of other scripts.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if not found or not (found[1] or found[2]):
        raise StatementRefused(f"not an amount: {text.strip()[:40]!r}")
    fraction = (found[2] or "").rstrip("0").ljust(2, "0")
    return Decimal(f"{found[1] or '0'}.{fraction}")


def read_currency(text: str) -> str:
    """Return a currency code. Raises StatementRefused."""
    if not _CURRENCY.fullmatch(text.strip()):
        raise StatementRefused(f"not a currency: {text.strip()[:40]!r}")
    return text.strip()


def read_day(text: str) -> date:
    """Return the day that an ISO date names, whatever its offset. Raises StatementRefused."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        raise StatementRefused(f"not a date: {text.strip()[:40]!r}")
    return day(*(int(part) for part in found.groups()))


def day(year: int, month: int, day_of_month: int) -> date:
    """Return that day. Raises StatementRefused for one that no bank can mean."""
    try:
        read = date(year, month, day_of_month)
    except ValueError as error:
        raise StatementRefused(f"impossible date: {year:04}-{month:02}-{day_of_month:02}") from error
    if read.year not in _YEARS:
        raise StatementRefused(f"impossible date: {read.isoformat()}")
    return read


def plain(text: str) -> str:
    """Return one line without control characters, which neither a page nor the database takes."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return text.strip()
