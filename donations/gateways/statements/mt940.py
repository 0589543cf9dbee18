"""MT940, the older statement of SWIFT as German banks send it.

The amounts, marks and dates of a line are read by the library mt-940 with all its corrections on (without
them a reversed credit, `RC`, comes out positive). What stands in field 86 is read here: the library drops
text in front of a keyword and repeated subfields.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import mt940

from donations.domain import statements as said
from donations.domain.statements import Begin, Flag, Item, PageEnd, StatementEntry, StatementRefused
from donations.gateways.statements.files import Part
from donations.gateways.statements.mt940_details import Details, read_details
from foundation.ibans import german_iban

_TAG = re.compile(r":(\d{2}[A-Z]?|NS):", re.ASCII)
_LINE = re.compile(r"(\d{6})(\d{4}|\s{4})?(R?[CD])([A-Z])?(\d{1,15}),(\d{0,3})(?![\d,.])", re.ASCII)
_BALANCE = re.compile(r"[CD]\d{6}[A-Z]{3}(\d{1,15},\d{0,3})", re.ASCII)
_BANK_AND_NUMBER = re.compile(r"(\d{8})/0*(\d{1,10})(?:EUR)?", re.ASCII)
_END = re.compile(r"-\}?")
_AMOUNT_MAX = 15  # what the standard allows; the library cuts a longer one off without a word
_LINE_MAX = 4096
_FIELD_MAX = 64 * 1024
_NO_REFERENCE = {"", "NONREF", "KREF+"}


@dataclass
class _Statement:
    """The statement being read: fields 20 to 62."""

    collection: Any = field(default_factory=lambda: mt940.models.Transactions(options=mt940.Options.all()))
    account: str = ""
    currency: str = ""
    opening: Decimal | None = None
    booked: Decimal = Decimal(0)
    pending: StatementEntry | None = None
    details: str = ""


def read(part: Part) -> Iterator[Item]:
    """Yield entries and flags in the file's order. Raises StatementRefused, perhaps after some of them."""
    statement: _Statement | None = None
    has_ended = False
    for tag, value in _fields(part):
        if tag == "20":
            if statement is not None:
                raise StatementRefused("a statement without closing balance")
            statement, has_ended = _Statement(), False
        elif statement is None:
            if not has_ended or tag not in {"64", "65", "86", "NS"}:
                raise StatementRefused(f"field {tag} outside a statement")
        else:
            yield from _field(statement, tag, value)
            if tag in {"62F", "62M"}:
                statement, has_ended = None, True
    if statement is not None or not has_ended:
        raise StatementRefused("a statement without closing balance")


def _field(statement: _Statement, tag: str, value: str) -> Iterator[Item]:
    if tag == "25":
        statement.account = _account(value)
    elif tag in {"60F", "60M"}:
        _open(statement, tag, value)
        if tag == "60F":
            yield Begin()
    elif tag == "61":
        yield from _flush(statement)
        yield from _begin(statement, value)
    elif tag == "86" and statement.pending is not None:
        statement.details = f"{statement.details}\n{value}".strip("\n")
    elif tag in {"62F", "62M"}:
        yield from _flush(statement)
        yield from _close(statement, tag, value)


def _account(value: str) -> str:
    """The IBAN; many German banks write bank code and account number, sometimes with the currency behind."""
    account = said.plain(value).replace(" ", "").upper()
    if german := _BANK_AND_NUMBER.fullmatch(account):
        return german_iban(german[1], german[2])
    found = re.search(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", account, re.ASCII)
    return re.sub(r"EUR$", "", found[0] if found else account)


def _open(statement: _Statement, tag: str, value: str) -> None:
    if statement.opening is not None:
        raise StatementRefused("two opening balances")
    balance = _balance(statement, tag, value)
    statement.opening = balance.amount.amount
    statement.currency = said.read_currency(str(balance.amount.currency))


def _close(statement: _Statement, tag: str, value: str) -> Iterator[Flag | PageEnd]:
    if statement.opening is None:
        raise StatementRefused("a statement without opening balance")
    yield PageEnd(statement.account, statement.opening)
    if statement.opening + statement.booked != _balance(statement, tag, value).amount.amount:
        yield Flag(said.CLOSING_DIFFERS)


def _balance(statement: _Statement, tag: str, value: str) -> Any:
    found = _BALANCE.fullmatch(value.strip())
    if not found or len(found[1]) > _AMOUNT_MAX:
        raise StatementRefused(f"not a balance: {value.strip()[:40]!r}")
    try:
        statement.collection.parse(f":{tag}:{value.strip()}")
    except ValueError as error:
        raise StatementRefused(f"impossible date: {value.strip()[1:7]}") from error
    name = {"60F": "final_opening", "60M": "intermediate_opening"}.get(tag)
    name = name or {"62F": "final_closing", "62M": "intermediate_closing"}[tag]
    return statement.collection.data[f"{name}_balance"]


def _begin(statement: _Statement, value: str) -> Iterator[Flag]:
    """Read field 61. The library moves an impossible 30 February to the last day; that is a flag here."""
    found = _LINE.match(value)
    if statement.opening is None or not found or len(f"{found[5]},{found[6]}") > _AMOUNT_MAX:
        raise StatementRefused(f"not a statement line: {said.plain(value)[:40]!r}")
    read = _read_line(statement, value)
    value_date = date(read["date"].year, read["date"].month, read["date"].day)
    if value_date.strftime("%y%m%d") != found[1]:
        yield Flag(said.IMPOSSIBLE_DATE)
        if "entry_date" not in read:
            raise StatementRefused(f"impossible date: {found[1]}")
    booked_on = read.get("entry_date", value_date)
    customer = said.plain(read["customer_reference"] or "")
    statement.pending = StatementEntry(
        account=statement.account,
        amount=read["amount"].amount.quantize(Decimal("0.01") if len(found[6]) < 3 else Decimal("0.001")),
        currency=statement.currency,
        booking_date=said.day(booked_on.year, booked_on.month, booked_on.day),
        value_date=said.day(value_date.year, value_date.month, value_date.day),
        status="BOOK",
        end_to_end_id="" if customer in _NO_REFERENCE else customer,
        bank_reference=said.plain(read["bank_reference"] or ""),
        is_reversal=found[3].startswith("R"),
    )
    statement.details = ""


def _read_line(statement: _Statement, value: str) -> dict[str, Any]:
    try:
        (read,) = statement.collection.parse(f":61:{value}")
    except (ValueError, ArithmeticError, RuntimeError) as error:
        raise StatementRefused(f"not a statement line: {said.plain(value)[:40]!r}") from error
    statement.collection.transactions.clear()
    data: dict[str, Any] = read.data
    return data


def _flush(statement: _Statement) -> Iterator[StatementEntry]:
    if statement.pending is None:
        return
    entry, details = statement.pending, read_details(statement.details)
    statement.booked += entry.amount
    statement.pending = None
    yield _with(entry, details)


def _with(entry: StatementEntry, details: Details) -> StatementEntry:
    return replace(
        entry,
        counterparty_name=details.name,
        counterparty_account=details.account,
        remittance=details.remittance,
        end_to_end_id=details.end_to_end_id or entry.end_to_end_id,
        references=(entry.end_to_end_id, *details.references),
        return_reason=details.return_reason,
    )


def _fields(part: Part) -> Iterator[tuple[str, str]]:
    """Yield (tag, value), a value with its line breaks; envelopes and page ends are dropped."""
    tag, lines, size = "", list[str](), 0
    for line in _lines(part):
        found = _TAG.match(line)
        if found:
            if tag:
                yield tag, "\n".join(lines)
            tag, lines, size = found[1], [line[found.end() :]], 0
            continue
        if _END.fullmatch(line.strip()) or not line.strip():
            continue
        if not tag:
            raise StatementRefused(f"not a field: {said.plain(line)[:40]!r}")
        size += len(line)
        if size > _FIELD_MAX:
            raise StatementRefused("a field that does not end")
        lines.append(line)
    if tag:
        yield tag, "\n".join(lines)


def _lines(part: Part) -> Iterator[str]:
    encoding = _encoding(part)
    with part.open() as source:
        while raw := source.readline(_LINE_MAX):
            if len(raw) >= _LINE_MAX:
                raise StatementRefused("a line that does not end")
            yield _without_envelope(raw.decode(encoding).rstrip("\r\n").lstrip("\ufeff"))


def _without_envelope(line: str) -> str:
    """SWIFT wraps a statement in `{1:…}{2:…}{4:` … `-}`; what follows on the same line is kept."""
    return line.rpartition("{4:")[2] if line.startswith(("{", "-}{")) else line


def _encoding(part: Part) -> str:
    """UTF-8 if every byte fits, else the Latin-1 of older banks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with part.open() as source:
        try:
            while piece := source.read(1 << 16):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"
