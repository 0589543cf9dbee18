"""A treasurer says who gave while the sweep is about to note that somebody has to: what was said stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from time import sleep

import pytest
from django.db import transaction

from donations.domain.references import reference_of
from donations.models import TransferReference
from donations.receipts.models import PayerNote
from donations.receipts.services.payers import say_who_gave
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.units import Cents
from programs.models import Membership
from tests.concurrency.test_looked_at_again import at_another_connection, somebody_waits
from tests.donations.gifts import make_donation
from tests.donations.receipts.bodies import hand
from tests.factories import make_fund, make_user

NOW = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_what_was_said_first_is_kept_and_the_sweep_goes_on() -> None:
    fund = make_fund()
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    gift = make_donation(fund, method="transfer", wants_receipt=True, donor_name="Jonas", pledged_at=NOW)
    code = reference_of(gift.public_id, 0)
    TransferReference.objects.create(donation=gift, reference=code)
    credit = Credit(date(2026, 6, 2), Cents(gift.amount_cents), "Erna", code)
    record_bank_transfer(fund.provider, credit, recorded_by=None, now=NOW)
    gift.refresh_from_db()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            say_who_gave(gift, "joint", "Steht im Brief", by=treasurer, actor=hand(treasurer), now=NOW)
            running = pool.submit(at_another_connection, "receipts.note_payers", NOW)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done()
        running.result(timeout=60)
    note = PayerNote.objects.get()
    assert (note.verdict, note.reason, note.decided_by) == ("joint", "Steht im Brief", treasurer)
