"""Bodies that may issue, and gifts whose givers wish a receipt."""

import struct
import zlib
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from donations.models import Donation, Donor, ReceiptAddress
from donations.receipts.gateways.template_files import templates_of
from donations.receipts.models import Contribution, Issuer, Receipt
from donations.receipts.services.contributions import Said, write_down
from donations.receipts.services.issuers import Details, approve, confirm, propose
from foundation.actors import staff
from foundation.clock import local_day
from programs.access import Role
from programs.models import Fund, Provider
from tests.donations.gifts import make_donation, make_donor
from tests.factories import make_user

ISSUED_AT = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
GIVEN_AT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def png(width: int = 60, height: int = 20) -> bytes:
    """Return a small picture, as a scanned signature would be."""

    def piece(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes(255 if (x + y) % 7 else 0 for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = piece(b"IHDR", header) + piece(b"IDAT", zlib.compress(rows)) + piece(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def details(fund: Fund, **changed: Any) -> Details:
    """What a charitable association says about itself, by machine unless told otherwise."""
    said: dict[str, Any] = {
        "kind": Issuer.Kind.TAX_EXEMPT,
        "code": "VL",
        "name": "Verein Lesen e. V.",
        "street": "Bücherweg 3",
        "postcode": "52349",
        "town": "Düren",
        "signatory": "Vera Vorstand",
        "purposes": ["52-4", "52-7"],
        "fund_purposes": {str(fund.pk): "52-4"},
        "tax_office": "Düren",
        "tax_number": "207/1234/5678",
        "notice_kind": Issuer.Notice.EXEMPTION,
        "notice_on": date(2025, 5, 12),
        "assessed_until": "2024",
        "machine_notified_on": date(2026, 1, 15),
        "signature": png(),
    }
    return Details(**{**said, **changed})


def city(fund: Fund, **changed: Any) -> Details:
    """What a public body says about itself."""
    no_notice = {"notice_kind": "", "notice_on": None, "assessed_until": "", "tax_number": ""}
    said = {"kind": Issuer.Kind.PUBLIC_LAW, "code": "SD", "name": "Stadt Düren", **no_notice}
    return details(fund, **{**said, **changed})


def make_issuer(
    provider: Provider, said: Details, at: datetime = ISSUED_AT, *, approved: bool = True
) -> Issuer:
    """Let one person propose, a second confirm, and compare the templates."""
    first, second = make_user(Role.TREASURER, provider), make_user(Role.TREASURER, provider)
    proposal = propose(provider, said, proposed_by=first, actor=hand(first), now=at)
    issuer = confirm(proposal.pk, confirmed_by=second, actor=hand(second), now=at)
    if approved:
        for template in templates_of(said.kind, local_day(at)):
            approve(provider, template, approved_by=second, actor=hand(second), now=at)
    return issuer


def hand(user: User) -> Any:
    return staff(user.pk, Role.TREASURER)


def wished_gift(
    fund: Fund,
    *,
    name: str = "Ada Kanarienvogel",
    donor: Donor | None = None,
    at: datetime = GIVEN_AT,
    cents: int = 2500,
    street: str = "Musterweg 1",
    **values: Any,
) -> Donation:
    """Make a gift that came, whose giver wishes a receipt; the books know nothing of it."""
    said: dict[str, Any] = {"status": "received", "method": "transfer", "wants_receipt": True, **values}
    gift = make_donation(
        fund,
        amount_cents=cents,
        donor=donor or make_donor(),
        donor_name=name,
        received_at=at,
        pledged_at=at,
        **said,
    )
    ReceiptAddress.objects.create(donation=gift, street=street, postcode="52349", town="Düren")
    return gift


def valid_receipts(gift: Donation) -> list[Receipt]:
    return list(Receipt.objects.filter(items__donation=gift, items__withdrawn_at=None))


def written_down(
    fund: Fund, *, by: User, at: datetime = ISSUED_AT, email: str = "ada@example.org", **changed: Any
) -> Contribution:
    """A Sachspende that waits for a second person."""
    said: dict[str, Any] = {
        "kind": "goods",
        "name": "Ada Kanarienvogel",
        "street": "Musterweg 1",
        "postcode": "52349",
        "town": "Düren",
        "given_on": date(2026, 6, 1),
        "value_cents": 150_050,
        "description": "Lastenrad",
        "basis": "Rechnung",
        "age": "3 Jahre",
        "condition": "gut",
        "purchase_price": "4.000 €",
        "origin": "private",
        "wants_receipt": True,
    }
    return write_down(fund, Said(**{**said, **changed}), email=email, by=by, actor=hand(by), now=at)
