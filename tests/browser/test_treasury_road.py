"""What a gift is at the treasurers' desk: on the bank's statement, on a receipt, given back by two people."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from donations.domain.references import reference_of
from donations.models import Donation, ReceiptAddress, Refund, TransferReference
from donations.receipts.models import Receipt
from foundation.clock import local_day, utc_now
from programs.models import Fund
from tests.browser.backstage import Backstage
from tests.browser.conftest import OpenPage
from tests.browser.mailbox import Mailbox
from tests.browser.steps import TREASURER, sign_in
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import details, make_issuer
from tests.donations.statements.written import camt, entry, item, text
from workshop.demo.accounts import SECOND_TREASURER

pytestmark = [pytest.mark.browser]
EMAIL = "greta.gibt@example.org"


def promised() -> tuple[str, str]:
    """A transfer promised to a body that may issue, with the wish for a receipt; returns IBAN and code."""
    now = utc_now()
    fund = Fund.objects.get(name="Dürener Ranzen")
    make_issuer(fund.provider, details(fund, notice_on=local_day(now - timedelta(days=30))), now)
    gift = make_donation(
        fund, donor=make_donor(EMAIL), method="transfer", wants_receipt=True, donor_name="Greta Gibt"
    )
    code = reference_of(gift.public_id, 0)
    TransferReference.objects.create(donation=gift, reference=code)
    ReceiptAddress.objects.create(donation=gift, street="Weg 1", postcode="52349", town="Düren")
    return fund.provider.iban, code


def read_in(page: Page, folder: Path, iban: str, amount: str, sign: str, said: str) -> None:
    """Hand in a statement of one line."""
    role = "Dbtr" if sign == "CRDT" else "Cdtr"
    party = f"<RltdPties><{role}><Pty><Nm>Greta Gibt</Nm></Pty></{role}></RltdPties>"
    path = folder / f"{sign}.xml"
    path.write_text(camt(entry(amount, sign, item(party, text(said))), iban=iban))
    page.goto("/koordination/spenden/")
    page.get_by_role("link", name="Kontoauszug einlesen").click()
    page.get_by_label("Kontoauszug", exact=False).last.set_input_files(path)
    page.get_by_role("button", name="Einlesen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eingelesener Kontoauszug")


def told(page: Page, label: str) -> str:
    return page.locator(".kern-description-list-item", has_text=label).locator("dd").inner_text()


def test_statement_receipt_and_refund(
    desktop: Page, open_page: OpenPage, backstage: Backstage, mailbox: Mailbox, tmp_path: Path
) -> None:
    iban, code = backstage(promised)
    sign_in(desktop, TREASURER)

    read_in(desktop, tmp_path, iban, "25.00", "CRDT", f"Spende {code}")
    assert (told(desktop, "Einer Spende zugeordnet"), told(desktop, "Davon neu")) == ("1", "1")
    mailbox.wait(EMAIL, "Danke! Ihre Spende von")

    desktop.goto("/koordination/bestaetigungen/wuensche/")
    desktop.get_by_role("link", name=re.compile("Greta Gibt ansehen")).click()
    desktop.get_by_role("button", name="Jetzt einzeln bestätigen").click()
    receipt = backstage(Receipt.objects.get, items__donation__donor__mailbox__email=EMAIL)
    expect(desktop.get_by_role("heading", level=1)).to_have_text(receipt.number)
    expect(desktop.get_by_text("25,00 € (fünfundzwanzig Euro)")).to_be_visible()

    desktop.goto(f"/koordination/spenden/?q={code}")
    desktop.get_by_role("link", name="25,00 € erstatten").click()
    desktop.get_by_label("Betrag in Euro").fill("10")
    desktop.get_by_label("Grund").fill("Widerruf am Telefon")
    desktop.get_by_role("button", name="Vorschlagen").click()
    expect(desktop.get_by_text("Bis eine zweite Person es freigibt, ist nichts gebucht.")).to_be_visible()
    expect(desktop.get_by_role("button", name=re.compile("^Freigeben"))).to_have_count(0)

    phone = open_page()
    sign_in(phone, SECOND_TREASURER)
    phone.goto("/koordination/spenden/buecher/")
    phone.get_by_role("button", name=re.compile("^Freigeben: Erstattung: 10,00")).click()
    expect(phone.get_by_text("Freigegeben.")).to_be_visible()
    refund = backstage(Refund.objects.select_related("proposal").get, donation__donor__mailbox__email=EMAIL)
    assert refund.status == "pending"

    read_in(desktop, tmp_path, iban, "10.00", "DBIT", f"Erstattung {refund.proposal.reference}")
    assert told(desktop, "Als Erstattung gebucht") == "1"
    mailbox.wait(EMAIL, "zurückgezahlt")
    gift = backstage(Donation.objects.get, donor__mailbox__email=EMAIL)
    assert (gift.status, gift.refunded_cents) == ("partly_refunded", 1000)
