"""While a long statement of a body is taken over nobody else records lines of it: what was typed is kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from donations.models import BankTransaction, Donation, StatementImport
from donations.services.bank import lines
from donations.services.bank.transfers import Credit
from donations.services.treasury.proposals import propose_correction
from donations.views import statements as view
from foundation.rows import change
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import told_by_bank
from tests.donations.statements.written import camt, entry
from tests.donations.visits import text
from tests.factories import make_user

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
TYPED = {
    "booked_on": "2026-03-02",
    "amount": "25,50",
    "counterparty_name": "Ada Beispiel",
    "remittance": "Spende für Ranzen",
    "occurrence": "1",
}


@pytest.fixture
def treasurer(fund: Fund, browser: Client) -> User:
    user = make_user(Membership.Role.TREASURER, fund.provider)
    browser.force_login(user)
    return user


@pytest.fixture
def line(fund: Fund) -> BankTransaction:
    """A typed line; that is not typed here, since who types has the lock until the test ends."""
    told = told_by_bank(fund.provider, Credit(date(2026, 3, 3), Cents(4000), "Bea", "danke"), NOW)
    change(told, statement_key=None)
    return told


@pytest.fixture
def is_read(fund: Fund, treasurer: User, line: BankTransaction) -> Iterator[None]:
    """Another process takes over a statement of the body; nobody waits four seconds in a test."""
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lines._ONE_BY_ONE, fund.provider_id])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
    yield
    other.close()


def rows() -> tuple[int, int, int]:
    return BankTransaction.objects.count(), Donation.objects.count(), StatementImport.objects.count()


@pytest.mark.usefixtures("is_read")
def test_a_typed_line_comes_back_filled(browser: Client, fund: Fund) -> None:
    before = rows()
    answer = browser.post("/koordination/spenden/eingang/", {**TYPED, "provider": fund.provider_id})
    assert answer.status_code == 503
    html = answer.content.decode()
    for typed in TYPED.values():
        assert f'value="{typed}"' in html
    assert "Gerade wird ein Kontoauszug eingelesen." in text(answer)
    assert "Ihre Angaben sind noch da" in text(answer)
    assert rows() == before


@pytest.mark.usefixtures("is_read")
def test_a_gift_that_is_made_of_a_line_comes_back_filled(
    browser: Client, fund: Fund, line: BankTransaction
) -> None:
    before = rows()
    said = {"fund": fund.pk, "amount": "40,00", "name": "Bea Muster", "email": "bea@example.org"}
    answer = browser.post(f"/koordination/spenden/eingang/{line.pk}/neue-spende/", said)
    assert answer.status_code == 503
    html = answer.content.decode()
    assert all(f'value="{typed}"' in html for typed in ("40,00", "Bea Muster", "bea@example.org"))
    assert "Gerade wird ein Kontoauszug eingelesen." in text(answer)
    assert rows() == before


@pytest.mark.usefixtures("is_read")
@pytest.mark.parametrize("is_large", [False, True])
def test_another_statement_is_told_to_wait(
    browser: Client, fund: Fund, monkeypatch: pytest.MonkeyPatch, *, is_large: bool
) -> None:
    if is_large:
        monkeypatch.setattr(view, "AT_ONCE_BYTES", 10)
    before = rows()
    file = SimpleUploadedFile("auszug.xml", camt(entry()).encode())
    answer = browser.post("/koordination/spenden/kontoauszug/", {"provider": fund.provider_id, "file": file})
    told = b"".join(answer.streaming_content).decode() if is_large else answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == (200 if is_large else 503)
    assert "Gerade wird ein anderer Kontoauszug eingelesen. Es wurde nichts gebucht." in told
    assert "</html>" in told
    assert rows() == before


@pytest.mark.usefixtures("is_read")
def test_a_correction_is_released_later(browser: Client, fund: Fund, line: BankTransaction) -> None:
    other = make_user(Membership.Role.TREASURER, fund.provider)
    proposal = propose_correction(line, Cents(400), None, "vertippt", gift=None, by=other, now=NOW)
    answer = browser.post(
        f"/koordination/spenden/vorschlag/{proposal.pk}/", {"entscheidung": "freigeben"}, follow=True
    )
    assert "Gerade wird ein Kontoauszug eingelesen." in text(answer)
    proposal.refresh_from_db()
    line.refresh_from_db()
    assert (proposal.status, line.cancelled_at) == ("proposed", None)
