"""camt.053, the XML statement of ISO 20022: versions 001.02 to 001.10, read as a stream.

The tree is thrown away entry by entry and item by item, so that a hundred thousand entries, or one batch of
as many, take no more memory than a few. Any DOCTYPE is refused, so that no entity is ever declared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO

from lxml import etree

from donations.domain import statements as said
from donations.domain.statements import Begin, Flag, Item, PageEnd, StatementEntry, StatementRefused
from donations.gateways.statements.camt_entries import Facts, entries_of, read_detail, signed
from donations.gateways.statements.files import Part
from donations.gateways.statements.xml import Reader

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|10)", re.ASCII)
_OF_STATEMENT = 4  # depth of what stands in Document/BkToCstmrStmt/Stmt
_OF_ENTRY = 6  # depth of what stands in an entry's NtryDtls


@dataclass
class _Statement:
    """What is known so far of the statement being read."""

    account: str = ""
    balances: dict[str, Decimal] = field(default_factory=dict)
    entries: int = 0
    announced: str = ""
    is_last_page: bool = True
    booked: Decimal = Decimal(0)

    def end(self) -> Iterator[Flag | PageEnd]:
        opening = self.balances.get("OPBD", self.balances.get("PRCD"))
        closing = self.balances.get("CLBD")
        yield PageEnd(self.account, opening)
        if opening is not None and closing is not None and opening + self.booked != closing:
            yield Flag(said.CLOSING_DIFFERS)
        if self.announced and (self.announced.lstrip("0") or "0") != str(self.entries):
            yield Flag(said.COUNT_DIFFERS)


def read(part: Part) -> Iterator[Item]:
    """Yield entries and flags in the file's order. Raises StatementRefused, perhaps after some of them."""
    try:
        with part.open() as source:
            reader = Reader(_namespace(source))
        with part.open() as source:
            yield from _items(source, reader)
    except etree.XMLSyntaxError as error:
        raise StatementRefused(f"not well-formed: {error.msg}") from error


def _events(source: IO[bytes], *kinds: str) -> "etree.iterparse[tuple[str, etree._Element]]":
    """Comments and instructions are left out: they would end a text in its middle, `1<!-- -->0.00`."""
    return etree.iterparse(
        source,
        events=kinds,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _namespace(source: IO[bytes]) -> str:
    """Return the namespace of the root. Raises StatementRefused unless it is a camt.053 that we know."""
    _kind, root = next(_events(source, "start"))
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise StatementRefused("a document type is not allowed")
    name = etree.QName(root)
    if name.localname != "Document" or (name.namespace and not _NAMESPACE.fullmatch(name.namespace)):
        raise StatementRefused(f"not a camt.053 statement: {root.tag[:120]}")
    return name.namespace or ""


def _items(source: IO[bytes], reader: Reader) -> Iterator[Item]:
    depth, statement, facts = 0, _Statement(), Facts([])
    has_statement = False
    of_statement = (reader.name("Stmt"),)
    of_entry = (reader.name("NtryDtls"), reader.name("Ntry"), *of_statement)
    for kind, element in _events(source, "start", "end"):
        if kind == "start":
            depth += 1
            if depth == 2 and element.tag != reader.name("BkToCstmrStmt"):
                raise StatementRefused(f"not a camt.053 statement: {element.tag[:120]}")
            if depth == 3 and element.tag == reader.name("Stmt"):
                if statement.is_last_page:
                    yield Begin()
                statement, has_statement = _Statement(), True
            continue
        if depth == _OF_ENTRY and element.tag == reader.name("TxDtls"):
            if _is_within(element, of_entry):
                facts.details.append(read_detail(element, reader))
            _forget(element)
        elif depth == _OF_STATEMENT and not _is_within(element, of_statement):
            _forget(element)
        elif depth == _OF_STATEMENT:
            if element.tag == reader.name("Ntry"):
                facts.read(element, reader, statement.account)
                yield from _counted(facts, statement)
                facts = Facts([])
            else:
                _note(element, reader, statement)
            _forget(element)
        elif depth == 3 and element.tag == reader.name("Stmt"):
            yield from statement.end()
            _forget(element)
        depth -= 1
    if not has_statement:
        raise StatementRefused("no statement inside")


def _is_within(element: etree._Element, parents: tuple[str, ...]) -> bool:
    """Whether it stands right in these, the innermost first: banks put what they like into other places."""
    return all(parent.tag == name for parent, name in zip(element.iterancestors(), parents, strict=False))


def _counted(facts: Facts, statement: _Statement) -> Iterator[StatementEntry | Flag]:
    statement.entries += 1
    if facts.is_booked:
        statement.booked += facts.amount
    yield from entries_of(facts)


def _note(element: etree._Element, reader: Reader, statement: _Statement) -> None:
    """Take what the statement says of itself: its account, its balances, how many entries it has."""
    if element.tag == reader.name("Acct"):
        statement.account = reader.first(element, "Id/IBAN", "Id/Othr/Id").replace(" ", "").upper()
    elif element.tag == reader.name("Bal"):
        kind = reader.text(element, "Tp/CdOrPrtry/Cd")
        amount = said.read_amount(reader.text(element, "Amt"))
        statement.balances.setdefault(kind, signed(amount, reader.text(element, "CdtDbtInd")))
        if kind == "CLBD":
            statement.balances[kind] = signed(amount, reader.text(element, "CdtDbtInd"))
    elif element.tag == reader.name("TxsSummry"):
        statement.announced = reader.text(element, "TtlNtries/NbOfNtries")
    elif element.tag == reader.name("StmtPgntn"):
        statement.is_last_page = reader.text(element, "LastPgInd") not in {"false", "0"}


def _forget(element: etree._Element) -> None:
    """Free what was read; comments and blanks before it go too."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        for earlier in list(element.itersiblings(preceding=True)):
            parent.remove(earlier)
