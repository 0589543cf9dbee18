"""A body of the demo that issues receipts, plainly invented, and gifts that show the road to one."""

import struct
import zlib
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from dateutil.relativedelta import relativedelta

from accounts.models import User
from donations.models import Donation, Method
from donations.receipts.gateways.template_files import templates_of
from donations.receipts.models import Issuer
from donations.receipts.services import contributions
from donations.receipts.services.contributions import Said
from donations.receipts.services.issuers import Details, approve, confirm, propose
from donations.receipts.services.issuing import issue
from donations.services.gifts.pledging import Address, Choice, pledge_gift
from foundation.actors import Actor, staff
from foundation.clock import local_day
from foundation.units import Cents
from programs.models import Fund, Membership
from workshop.demo.accounts import SECOND_TREASURER, TREASURER
from workshop.demo.gifts import arrive

FUND = "duerener-ranzen"
NAME = "Beispielverein der Demo e. V. (frei erfunden)"
_GIVERS = {"Ada Beispiel": "", "Ben Muster": "", "Cem Probe": "Elif Probe"}
"""Each with the other name under which the money comes, if any."""
_STREET = "Erfundene Straße 1"
_ROLE = Membership.Role.TREASURER


def show_receipts(draw: Random, *, now: datetime) -> None:
    """Set the body up, let three givers wish a receipt, issue one, and leave goods to a second person.

    The last of the three has somebody else pay, so that somebody has to say whose gift it is.
    """
    fund = Fund.objects.select_related("provider").get(source_key=FUND)
    first, second = (User.objects.get(email=email) for email in (TREASURER, SECOND_TREASURER))
    _set_up(fund, first, second, now - timedelta(weeks=6))
    gifts = [
        _wish(fund, name, payer, number, draw, now - timedelta(weeks=5))
        for number, (name, payer) in enumerate(_GIVERS.items())
    ]
    issue([gifts[0].pk], actor=_hand(first), now=now - timedelta(weeks=2))
    contributions.write_down(
        fund, _goods(now), email="spende-sache@demo.example", by=first, actor=_hand(first), now=now
    )


def _hand(user: User) -> Actor:
    return staff(user.pk, _ROLE)


def _set_up(fund: Fund, first: User, second: User, now: datetime) -> None:
    """One treasurer proposes, the other confirms and compares the texts."""
    proposal = propose(fund.provider, _details(fund, now), proposed_by=first, actor=_hand(first), now=now)
    confirm(proposal.pk, confirmed_by=second, actor=_hand(second), now=now)
    for template in templates_of(Issuer.Kind.TAX_EXEMPT, local_day(now)):
        approve(fund.provider, template, approved_by=second, actor=_hand(second), now=now)


def _details(fund: Fund, now: datetime) -> Details:
    today = local_day(now)
    return Details(
        kind=Issuer.Kind.TAX_EXEMPT,
        code="DEMO",
        name=NAME,
        street=_STREET,
        postcode="00000",
        town="Musterstadt",
        signatory="Lena Zahl, Kassenwartin (erfunden)",
        purposes=["52-4", "52-7"],
        fund_purposes={str(fund.pk): "52-4"},
        tax_office="Musterstadt",
        tax_number="000/0000/0000",
        notice_kind=Issuer.Notice.EXEMPTION,
        notice_on=today - relativedelta(years=1),
        assessed_until=str(today.year - 2),
        machine_notified_on=today - relativedelta(months=6),
        signature=_scribble(),
    )


def _wish(fund: Fund, name: str, payer: str, number: int, draw: Random, now: datetime) -> Donation:
    """Somebody gives by transfer and wishes a receipt; the money is there two days later."""
    choice = Choice(
        visit=UUID(int=draw.getrandbits(128), version=4),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=Cents(5000 + 7500 * number),
        method=Method.TRANSFER,
        email=f"spende-wunsch-{number}@demo.example",
        name=name,
        address=Address(_STREET, "00000", "Musterstadt"),
        is_of_age=True,
        is_demo=True,
    )
    gift = pledge_gift(choice, client=None, now=now)
    arrive(gift, now + timedelta(days=2), payer)
    return gift


def _goods(now: datetime) -> Said:
    return Said(
        kind="goods",
        name="Dora Beispiel",
        street=_STREET,
        postcode="00000",
        town="Musterstadt",
        given_on=local_day(now),
        value_cents=Cents(18_000),
        description="Zwölf neue Schulranzen (Beispiel der Demo)",
        basis="Rechnung des Händlers, fünfzehn Euro das Stück",
        age="neu",
        condition="unbenutzt",
        purchase_price="180 €",
        origin="private",
        has_documents=True,
        wants_receipt=True,
    )


def _scribble(width: int = 240, height: int = 60) -> bytes:
    """Return a zigzag as PNG: plainly nobody's signature."""

    def piece(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    def row(y: int) -> bytes:
        return b"\0" + bytes(0 if abs(abs(x % 60 - 30) + 15 - y) < 2 else 255 for x in range(width))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(map(row, range(height))))
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", header) + piece(b"IDAT", body) + piece(b"IEND", b"")
