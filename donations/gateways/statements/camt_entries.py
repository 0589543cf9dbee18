"""One entry (`Ntry`) of a camt.053 and its items (`TxDtls`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from donations.domain import statements as said
from donations.domain.statements import Batch, Flag, StatementEntry, StatementRefused
from donations.gateways.statements.xml import Reader
from foundation.clock import local_day

_SIGNS = {"CRDT": 1, "DBIT": -1}


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
    return_reason: str
    bank_reference: str

    def amount_in(self, currency: str) -> Decimal | None:
        """Return its amount in the currency of the account, if the bank gives it."""
        return next((amount for given, amount in self.amounts if given == currency), None)


def read_detail(element: etree._Element, reader: Reader) -> Detail:
    """Read an item (`TxDtls`). Raises StatementRefused."""
    parties = reader.find(element, "RltdPties")
    nobody = Party("", "")
    return Detail(
        amounts=tuple(_amounts(element, reader)),
        indicator=reader.text(element, "CdtDbtInd"),
        debtor=_party(parties, reader, "Dbtr") if parties is not None else nobody,
        creditor=_party(parties, reader, "Cdtr") if parties is not None else nobody,
        remittance=_remittance(element, reader),
        end_to_end_id=said.plain(reader.text(element, "Refs/EndToEndId")),
        return_reason=said.plain(reader.first(element, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")),
        bank_reference=said.plain(reader.text(element, "Refs/AcctSvcrRef")),
    )


def _amounts(element: etree._Element, reader: Reader) -> Iterator[tuple[str, Decimal]]:
    """`Amt` came with later versions; before, the amount of an item stands among its details."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = reader.find(element, path)
        if found is not None:
            yield said.read_currency(found.get("Ccy", "")), said.read_amount(found.text or "")


def _party(parties: etree._Element, reader: Reader, role: str) -> Party:
    """Names stand one step deeper (`Pty`) from version 001.08 on; a party may be a bank."""
    name = reader.first(
        parties,
        f"{role}/Nm",
        f"{role}/Pty/Nm",
        f"{role}/Agt/FinInstnId/Nm",
        f"Ultmt{role}/Nm",
        f"Ultmt{role}/Pty/Nm",
    )
    account = reader.first(parties, f"{role}Acct/Id/IBAN", f"{role}Acct/Id/Othr/Id")
    return Party(said.plain(name), account.replace(" ", "").upper())


def _remittance(element: etree._Element, reader: Reader) -> str:
    """Every piece of text, then structured references that the text does not repeat."""
    pieces = reader.all(element, "RmtInf/Ustrd")
    structured = reader.all(element, "RmtInf/Strd/CdtrRefInf/Ref")
    structured += reader.all(element, "RmtInf/Strd/AddtlRmtInf")
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
        amount = reader.find(element, "Amt")
        if amount is None:
            raise StatementRefused("an entry without amount")
        self.account = account
        self.amount = signed(said.read_amount(amount.text or ""), reader.text(element, "CdtDbtInd"))
        self.currency = said.read_currency(amount.get("Ccy", ""))
        self.status = said.plain(reader.first(element, "Sts/Cd", "Sts/Prtry", "Sts"))
        self.is_reversal = reader.text(element, "RvslInd") in {"true", "1"}
        self.bank_reference = said.plain(reader.text(element, "AcctSvcrRef"))
        self.remark = said.plain(reader.text(element, "AddtlNtryInf"))
        self._read_days(element, reader)

    def _read_days(self, element: etree._Element, reader: Reader) -> None:
        """Without a booking date the value date stands in; an impossible value date is a flag, no more."""
        booked = reader.first(element, "BookgDt/Dt", "BookgDt/DtTm")
        value = reader.first(element, "ValDt/Dt", "ValDt/DtTm")
        if not booked:
            self.flags.append(Flag(said.NO_BOOKING_DATE))
            self.booking_date = self.value_date = _day(value)
            return
        self.booking_date = _day(booked)
        try:
            self.value_date = _day(value) if value else None
        except StatementRefused:
            self.flags.append(Flag(said.IMPOSSIBLE_DATE))


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
