"""The office hears the same day of debits that failed or went back, and sees how each Dauerspende stands."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from donations.models import Dispute, Donation, RecurringDonation
from foundation.clock import utc_now
from programs.models import Fund, Membership
from tests.donations.deliveries import deliver_all
from tests.donations.gifts import make_donation, make_donor
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_online_gifts import intent_of
from tests.donations.visits import give, newest
from tests.factories import make_fund, make_provider, make_user
from tests.today.reading import listed, numbers, page, signed_in

LIST = "/koordination/spenden/dauerspenden/"
DAY = timedelta(days=1)


@pytest.fixture
def treasurer(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


@pytest.fixture
def stranger(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, make_provider("Fremder"))


def read(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("\xa0", " ")))


def test_a_debit_that_failed_is_in_today_at_once_and_a_page_left_unpaid_never(
    browser: Client, fund: Fund, stripe: StripeProcess, treasurer: User, stranger: User
) -> None:
    stripe.pay(give(browser, method="sepa_debit")["Location"], "sepa_debit")
    failed = newest()
    deliver_all(stripe, str(failed.public_id))
    give(browser, email="andere@example.org")
    left = newest()
    stripe.request("POST", f"{stripe.url}/v1/checkout/sessions/{left.checkout_session_id}/expire", {})
    deliver_all(stripe, str(left.public_id))
    left.refresh_from_db()
    assert (left.status, left.failed_at) == ("lapsed", None)
    assert numbers(treasurer) == {}
    payment = intent_of(stripe, failed)
    stripe.lever(f"payment_intents/{payment}/settle", outcome="failed", failure_code="insufficient_funds")
    deliver_all(stripe, str(failed.public_id))
    failed.refresh_from_db()
    assert (failed.status, failed.failure) == ("lapsed", "funds")
    assert numbers(treasurer) == {"geplatzt": 1}
    assert listed(treasurer, "geplatzt").keys == [f"geplatzt-spende-{failed.pk}"]
    assert "Konto nicht gedeckt, für Kinderfonds" in read(page(treasurer))
    assert numbers(stranger) == {}
    Donation.objects.filter(pk=failed.pk).update(failed_at=utc_now() - 3 * DAY)
    assert numbers(treasurer) == {}


def test_what_a_bank_took_back_for_good_is_told_too(fund: Fund, treasurer: User, stranger: User) -> None:
    now = utc_now()
    gift = make_donation(fund, status="lost", received_at=now)
    facts = {"donation": gift, "amount_cents": 2500, "lost_cents": 2500, "opened_at": now - 4 * DAY}
    new = Dispute.objects.create(
        external_id="dp_1", outcome="lost", **facts | {"opened_at": now - DAY}, reason="insufficient_funds"
    )
    decided = Dispute.objects.create(external_id="dp_2", outcome="lost", **facts, closed_at=now)
    Dispute.objects.create(external_id="dp_3", outcome="lost", **facts)
    Dispute.objects.create(external_id="dp_4", outcome="won", **facts | {"lost_cents": 0}, closed_at=now)
    keys = [f"geplatzt-rueckgabe-{each.pk}" for each in (new, decided)]
    assert listed(treasurer, "geplatzt").keys == keys
    assert "von der Bank zurückgeholt, für Kinderfonds" in read(page(treasurer))
    assert numbers(stranger) == {}


def recurring(fund: Fund, number: int, **values: Any) -> RecurringDonation:
    now = utc_now()
    facts = {
        "donor": make_donor(f"geberin-{number}@example.org"),
        "fund": fund,
        "amount_cents": 1000 + number,
        "method": "card",
        "status": "active",
        "status_changed_at": now - 9 * DAY,
        "created_at": now - number * DAY,
        "stripe_subscription_id": f"sub_{number}",
        **values,
    }
    return RecurringDonation.objects.create(**facts)


def test_each_dauerspende_stands_in_the_list_as_it_is(fund: Fund, treasurer: User, stranger: User) -> None:
    now = utc_now()
    recurring(fund, 1, next_on=date(2026, 12, 1))
    recurring(fund, 2, paused_at=now, resumes_on=date(2027, 2, 1), rhythm="quarter")
    failing = recurring(fund, 3, failed_invoice_id="in_3", failure="expired", failed_at=now)
    due = recurring(fund, 4, status="past_due", failure="funds")
    recurring(fund, 5, status="cancelled", failure="")
    recurring(fund, 6, status="starting", stripe_subscription_id=None)
    recurring(make_fund(provider=make_provider("Dritter")), 7, status="past_due")

    def rows(**query: str) -> list[list[str]]:
        answer: Any = signed_in(treasurer).get(f"{LIST}liste.csv", query)
        lines = answer.getvalue().decode("utf-8-sig").splitlines()[1:]
        return [[each.strip('"') for each in line.split(";")] for line in lines]

    assert [(row[4], row[2], row[7], row[8]) for row in rows()] == [
        ("geberin-1@example.org", "im Monat", "läuft", ""),
        ("geberin-2@example.org", "im Vierteljahr", "pausiert bis 01.02.2027", ""),
        ("geberin-3@example.org", "im Monat", "Einzug misslungen", "Karte abgelaufen"),
        ("geberin-4@example.org", "im Monat", "Einzug misslungen", "Konto nicht gedeckt"),
    ]
    chosen = {
        "misslungen": [3, 4],
        "pausiert": [2],
        "beendet": [5],
        "begonnen": [6],
        "alle": [1, 2, 3, 4, 5, 6],
    }
    for state, expected in chosen.items():
        assert [row[4] for row in rows(stand=state)] == [f"geberin-{each}@example.org" for each in expected]
    assert [row[4] for row in rows(rhythmus="quarter")] == ["geberin-2@example.org"]
    said = read(signed_in(treasurer).get(LIST).content.decode())
    assert "4 Dauerspenden" in said
    assert "pausiert bis 01.02.2027" in said
    assert LIST in page(treasurer, "/koordination/spenden/")
    assert "geberin-" not in read(signed_in(stranger).get(LIST, {"stand": "alle"}).content.decode())

    keys = [f"dauerspenden-{each.pk}" for each in (due, failing)]
    assert listed(treasurer, "dauerspenden").keys == keys
    assert numbers(treasurer) == {"dauerspenden": 2}
    RecurringDonation.objects.filter(pk=due.pk).update(status="cancelled")
    assert listed(treasurer, "dauerspenden").keys == keys[1:]
