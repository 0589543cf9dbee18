"""One entry (`Ntry`) of a camt.053 and its items (`TxDtls`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from donations.domain import statements as said
from donations.domain.statements import Batch, Flag, StatementEntry, StatementRefused
from donations.gateways.statements.xml import Found, Reader
from foundation.clock import local_day

_SIGNS = {"CRDT": 1, "DBIT": -1}


@dataclass(frozen=True, slots=True)
class _Role:
    """Where a party of an item is named, and its account."""

    names: tuple[str, ...]
    accounts: tuple[str, ...]


def _role(role: str) -> _Role:
    """Names stand one step deeper (`Pty`) from version 001.08 on; a party may be a bank."""
    party, account, ultimate = (f"RltdPties/{name}" for name in (role, f"{role}Acct", f"Ultmt{role}"))
    return _Role(
        names=(
            f"{party}/Nm",
            f"{party}/Pty/Nm",
            f"{party}/Agt/FinInstnId/Nm",
            f"{ultimate}/Nm",
            f"{ultimate}/Pty/Nm",
        ),
        accounts=(f"{account}/Id/IBAN", f"{account}/Id/Othr/Id"),
    )


_DEBTOR, _CREDITOR = _role("Dbtr"), _role("Cdtr")
# `Amt` came with later versions; before, the amount of an item stands among its details.
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
_TEXT = "RmtInf/Ustrd"
_STRUCTURED = ("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf")
_END_TO_END = "Refs/EndToEndId"
_REFERENCES = (_END_TO_END, "Refs/InstrId", "Refs/TxId", "Refs/MndtId")
_REASONS = ("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
_OF_DETAIL = (
    *_AMOUNTS,
    "CdtDbtInd",
    *_DEBTOR.names,
    *_DEBTOR.accounts,
    *_CREDITOR.names,
    *_CREDITOR.accounts,
    _TEXT,
    *_STRUCTURED,
    *_REFERENCES,
    "Refs/AcctSvcrRef",
    *_REASONS,
)
_STATUS = ("Sts/Cd", "Sts/Prtry", "Sts")
_CODES = {"BOOK", "PDNG", "INFO", "FUTR"}  # ISO 20022, ExternalEntryStatus1Code
_BOOKED, _VALUED = ("BookgDt/Dt", "BookgDt/DtTm"), ("ValDt/Dt", "ValDt/DtTm")
_OF_ENTRY = ("Amt", "CdtDbtInd", *_STATUS, "RvslInd", "AcctSvcrRef", "AddtlNtryInf", *_BOOKED, *_VALUED)


def signed(amount: Decimal, indicator: str) -> Decimal:
    """Return what came (CRDT) as positive, what left (DBIT) as negative. Raises StatementRefused."""
    if indicator not in _SIGNS:
        raise StatementRefused(f"neither credit nor debit: {indicator[:20]!r}")
    return amount * _SIGNS[indicator]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named in an item, and the account."""

    name: str
    account: str

    @property
    def is_known(self) -> bool:
        return bool(self.name or self.account)


@dataclass(frozen=True, slots=True)
class Detail:
    """One item. `amounts` are (currency, unsigned amount), the most exact first; `indicator` may be empty."""

    amounts: tuple[tuple[str, Decimal], ...]
    indicator: str
    debtor: Party
    creditor: Party
    remittance: str
    end_to_end_id: str
    references: tuple[str, ...]
    return_reason: str
    bank_reference: str

    def amount_in(self, currency: str) -> Decimal | None:
        """Return its amount in the currency of the account, if the bank gives it."""
        return next((amount for given, amount in self.amounts if given == currency), None)


def read_detail(element: etree._Element, reader: Reader) -> Detail:
    """Read an item (`TxDtls`). Raises StatementRefused."""
    found = reader.below(element, _OF_DETAIL)
    return Detail(
        amounts=tuple(_amounts(found)),
        indicator=found.text("CdtDbtInd"),
        debtor=_party(found, _DEBTOR),
        creditor=_party(found, _CREDITOR),
        remittance=_remittance(found),
        end_to_end_id=said.plain(found.text(_END_TO_END)),
        references=tuple(said.plain(found.text(path)) for path in _REFERENCES),
        return_reason=said.plain(found.first(*_REASONS)),
        bank_reference=said.plain(found.text("Refs/AcctSvcrRef")),
    )


def _amounts(found: Found) -> Iterator[tuple[str, Decimal]]:
    for path in _AMOUNTS:
        amount = found.element(path)
        if amount is not None:
            yield said.read_currency(amount.get("Ccy", "")), _amount(amount)


def _amount(element: etree._Element) -> Decimal:
    """Return what stands in an `Amt`. Raises StatementRefused, for one with elements inside too."""
    if len(element):
        raise StatementRefused("an amount with something inside")
    return said.read_amount(element.text or "")


def _party(found: Found, role: _Role) -> Party:
    name, account = found.first(*role.names), found.first(*role.accounts)
    return Party(said.plain(name), account.replace(" ", "").upper())


def _remittance(found: Found) -> str:
    """Every piece of text, then structured references that the text does not repeat."""
    pieces = found.all(_TEXT)
    structured = [text for path in _STRUCTURED for text in found.all(path)]
    written = "".join("".join(pieces).split())
    pieces += [each for each in dict.fromkeys(structured) if "".join(each.split()) not in written]
    return said.plain(" ".join(pieces))


@dataclass
class Facts:
    """An entry as far as it has been read; `amount` is signed and in the currency of the account."""

    details: list[Detail]
    account: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    status: str = ""
    booking_date: date = date.min
    value_date: date | None = None
    bank_reference: str = ""
    remark: str = ""
    return_reason: str = ""
    is_reversal: bool = False
    flags: list[Flag] = field(default_factory=list)

    @property
    def is_booked(self) -> bool:
        return self.status == "BOOK"

    def read(self, element: etree._Element, reader: Reader, account: str) -> None:
        """Take what the entry itself says; its items were read before. Raises StatementRefused."""
        found = reader.below(element, _OF_ENTRY)
        amount = found.element("Amt")
        if amount is None:
            raise StatementRefused("an entry without amount")
        self.account = account
        self.amount = signed(_amount(amount), found.text("CdtDbtInd"))
        self.currency = said.read_currency(amount.get("Ccy", ""))
        self.status = _status(said.plain(found.first(*_STATUS)))
        if not self.status:
            raise StatementRefused("an entry that does not say whether it is booked")
        self.is_reversal = found.text("RvslInd").lower() in {"true", "1"}
        self.bank_reference = said.plain(found.text("AcctSvcrRef"))
        self.remark = said.plain(found.text("AddtlNtryInf"))
        self._read_days(found)

    def _read_days(self, found: Found) -> None:
        """Without a booking date the value date stands in; an impossible value date is a flag, no more."""
        booked, value = found.first(*_BOOKED), found.first(*_VALUED)
        if not booked:
            self.flags.append(Flag(said.NO_BOOKING_DATE))
            self.booking_date = self.value_date = _day(value)
            return
        self.booking_date = _day(booked)
        try:
            self.value_date = _day(value) if value else None
        except StatementRefused:
            self.flags.append(Flag(said.IMPOSSIBLE_DATE))


def _status(written: str) -> str:
    """Return a code of the schema in capitals, however a bank writes it; other words as they are."""
    return written.upper() if written.upper() in _CODES else written


def _day(text: str) -> date:
    """The day in Düren of a moment with an offset, else the day that is written there."""
    if "T" not in text:
        return said.read_day(text)
    try:
        moment = datetime.fromisoformat(text)
        read = local_day(moment) if moment.tzinfo else moment.date()
    except (ValueError, OverflowError) as error:
        raise StatementRefused(f"impossible date: {text[:40]!r}") from error
    return said.day(read.year, read.month, read.day)


def entries_of(facts: Facts) -> Iterator[StatementEntry | Flag]:
    """Yield one entry, or one for each item of a batch; a batch that does not add up stays whole, flagged."""
    yield from facts.flags
    if len(facts.details) < 2:
        yield _entry(facts, facts.details[0] if facts.details else None, facts.amount)
        return
    amounts = [_item_amount(facts, detail) for detail in facts.details]
    known = [amount for amount in amounts if amount is not None]
    if len(known) != len(amounts) or sum(known) != facts.amount:
        yield Flag(said.BATCH_DIFFERS)
        yield _entry(facts, None, facts.amount)
        return
    batch = Batch(facts.amount, facts.bank_reference, facts.remark)
    for detail, amount in zip(facts.details, known, strict=True):
        yield replace(_entry(facts, detail, amount), batch=batch)


def _item_amount(facts: Facts, detail: Detail) -> Decimal | None:
    amount = detail.amount_in(facts.currency)
    if amount is None:
        return None
    return signed(amount, detail.indicator or ("DBIT" if facts.amount < 0 else "CRDT"))


def _entry(facts: Facts, detail: Detail | None, amount: Decimal) -> StatementEntry:
    party = _counterparty(facts, detail, amount) if detail else Party("", "")
    is_item = len(facts.details) > 1 and detail is not None
    own_reference = detail.bank_reference if detail else ""
    return StatementEntry(
        account=facts.account,
        amount=amount,
        currency=facts.currency,
        booking_date=facts.booking_date,
        value_date=facts.value_date,
        status=facts.status,
        counterparty_name=party.name,
        counterparty_account=party.account,
        remittance=(detail.remittance if detail else "") or facts.remark,
        end_to_end_id=detail.end_to_end_id if detail else "",
        references=detail.references if detail else (),
        return_reason=detail.return_reason if detail else "",
        bank_reference=own_reference if is_item else facts.bank_reference or own_reference,
        is_reversal=facts.is_reversal,
    )


def _counterparty(facts: Facts, detail: Detail, amount: Decimal) -> Party:
    """The other side: not the account's own, by the direction of the money, turned round for a return.

    A return and a reversal name the parties in the roles they had when the money first moved.
    """
    turned = bool(detail.return_reason) or facts.is_reversal
    sides = [detail.debtor, detail.creditor] if (amount > 0) != turned else [detail.creditor, detail.debtor]
    others = [
        side for side in sides if side.is_known and not (side.account and side.account == facts.account)
    ]
    return others[0] if others else Party("", "")
