"""Refunds that fail after they had succeeded, and those that never did: books, counters, status and mails."""

import itertools
import random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donations.gateways import stripe as gateway
from donations.models import Donation, LedgerTransaction, Refund
from donations.selectors.ledger import canonical_lines, faults
from donations.services.online.payments import read_payment, record
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Fund
from tests.donations.deliveries import deliver, deliver_all
from tests.donations.gifts import decide_acceptance
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_online_gifts import (
    books,
    charge_of,
    counters,
    intent_of,
    mails,
    moves,
    pay,
    standing,
)
from tests.donations.visits import text

BOTH_LEGS = {
    "refund": [("fund", 1000), ("stripe", -1000)],
    "refund_back": [("fund", -1000), ("stripe", 1000)],
}


def refund(stripe: StripeProcess, donation: Donation, **form: Any) -> str:
    return str(stripe.lever(f"charges/{charge_of(stripe, donation)}/refund", **form)["id"])


def ends(stripe: StripeProcess, refund_id: str, outcome: str) -> None:
    stripe.lever(f"refunds/{refund_id}/settle", outcome=outcome)


def told(stripe: StripeProcess, donation: Donation) -> None:
    deliver_all(stripe, intent_of(stripe, donation))


def refunds() -> dict[str, list[tuple[str, int]]]:
    return {key: entries for key, entries in books().items() if key.startswith("refund")}


@pytest.mark.parametrize("outcome", ["failed", "canceled"])
def test_a_refund_that_failed_later_is_booked_back(
    browser: Client, fund: Fund, stripe: StripeProcess, outcome: str
) -> None:
    donation = pay(stripe, browser)
    given_back = refund(stripe, donation, amount=1000)
    told(stripe, donation)
    assert (standing(donation), counters(fund)) == ("partly_refunded", (1500, 1500, 1))
    ends(stripe, given_back, outcome)
    for _ in range(2):
        told(stripe, donation)
    assert standing(donation) == "received"
    assert donation.refunded_cents == 0
    assert counters(fund) == (2500, 2500, 1)
    assert refunds() == BOTH_LEGS
    assert Refund.objects.get().failed_at is not None
    assert moves(donation) == ["received", "partly_refunded", "received"]
    assert mails() == ["gift_thanks", "refund_done", "refund_failed"]
    assert faults() == []


def test_the_giver_reads_what_happened_and_what_to_do(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    given_back = refund(stripe, donation, amount=1000)
    told(stripe, donation)
    ends(stripe, given_back, "failed")
    told(stripe, donation)
    mail = Message.objects.get(template="refund_failed")
    assert (mail.key, mail.to_email) == (f"gift.refund_failed:{given_back}", "geberin@example.org")
    assert mail.subject.replace("\xa0", " ") == "Die Erstattung von 10 € ist nicht bei Ihnen angekommen"
    for body in (mail.body_text, mail.body_html):
        plain = " ".join(body.replace("\xa0", " ").split())
        assert "die Erstattung von 10 € ist nicht bei Ihnen angekommen" in plain
        assert "bleibt für Ihren Spendenzweck: Kinderfonds." in plain
        assert "wenden Sie sich bitte an: Stadt Düren." in plain
    page = text(browser.get(reverse("donate_thanks", args=[donation.public_id])))
    assert "Ihre Spende von 25 € ist bei dem Träger Stadt Düren angekommen." in page
    assert "zurückgezahlt" not in page


def history(stripe: StripeProcess, browser: Client) -> tuple[Donation, list[dict[str, Any]]]:
    """One refund that failed, then one over a part that succeeded; returns all events, none delivered."""
    donation = pay(stripe, browser)
    ends(stripe, refund(stripe, donation), "failed")
    refund(stripe, donation, amount=500)
    return donation, stripe.events(about=intent_of(stripe, donation))


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_repetition_gives_the_same_books(
    browser: Client, fund: Fund, stripe: StripeProcess, seed: int
) -> None:
    donation, events = history(stripe, browser)
    shuffled = [*events, *events]
    random.Random(seed).shuffle(shuffled)
    deliver(shuffled)
    assert standing(donation) == "partly_refunded"
    assert donation.refunded_cents == 500
    assert counters(fund) == (2000, 2000, 1)
    assert sorted(line.split(":")[0] for line in canonical_lines()) == sorted(
        [*["fee"] * 2, *["gift"] * 2, *["refund"] * 4, *["refund_back"] * 2]
    )
    assert mails() == ["gift_thanks", "refund_done", "refund_failed"]
    assert faults() == []


def test_seen_step_by_step_or_at_once_the_books_are_equal(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    given_back = refund(stripe, donation)
    told(stripe, donation)
    ends(stripe, given_back, "failed")
    told(stripe, donation)
    late = pay(stripe, browser)
    ends(stripe, refund(stripe, late), "failed")
    told(stripe, late)
    kinds = {
        each.pk: sorted(
            each.ledger_transactions.values_list("kind", "entries__account__kind", "entries__amount_cents")
        )
        for each in (donation, late)
    }
    assert kinds[donation.pk] == kinds[late.pk]
    assert standing(late) == standing(donation) == "received"
    assert counters(fund) == (5000, 5000, 2)


def test_an_older_reading_recorded_late_does_not_undo_the_failure(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    given_back = refund(stripe, donation, amount=1000)
    older = gateway.payment(intent_of(stripe, donation))
    ends(stripe, given_back, "failed")
    told(stripe, donation)
    after = (list(canonical_lines()), counters(fund), mails())
    record(donation.pk, older, utc_now(), page_is_over=False)
    assert (list(canonical_lines()), counters(fund), mails()) == after
    assert standing(donation) == "received"


@pytest.mark.parametrize("outcome", ["failed", "canceled"])
def test_a_refund_that_never_succeeded_is_nothing(
    browser: Client, fund: Fund, stripe: StripeProcess, outcome: str
) -> None:
    donation = pay(stripe, browser)
    under_way = refund(stripe, donation, status="pending")
    told(stripe, donation)
    assert (standing(donation), donation.refunded_cents, counters(fund)) == ("received", 0, (2500, 2500, 1))
    ends(stripe, under_way, outcome)
    told(stripe, donation)
    assert (standing(donation), donation.refunded_cents, counters(fund)) == ("received", 0, (2500, 2500, 1))
    assert refunds() == {}
    assert not Refund.objects.exists()
    assert mails() == ["gift_thanks"]


def test_a_refund_under_way_counts_once_it_succeeded(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    under_way = refund(stripe, donation, status="pending", amount=1000)
    told(stripe, donation)
    assert mails() == ["gift_thanks"]
    ends(stripe, under_way, "succeeded")
    told(stripe, donation)
    assert (standing(donation), donation.refunded_cents) == ("partly_refunded", 1000)
    assert counters(fund) == (1500, 1500, 1)
    assert mails() == ["gift_thanks", "refund_done"]


def test_money_spent_meanwhile_does_not_hold_up_a_refund_that_failed_before_we_looked(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    told(stripe, donation)
    ends(stripe, refund(stripe, donation), "failed")
    Fund.objects.filter(pk=fund.pk).update(balance_cents=0)
    told(stripe, donation)
    assert standing(donation) == "received"
    assert counters(fund) == (2500, 0, 1)


def test_money_spent_meanwhile_stops_no_refund(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    donation = pay(stripe, browser)
    told(stripe, donation)
    given_back = refund(stripe, donation)
    Fund.objects.filter(pk=fund.pk).update(balance_cents=0)
    read_payment(intent_of(stripe, donation), utc_now())
    assert (standing(donation), Refund.objects.count()) == ("refunded", 1)
    assert mails() == ["gift_thanks", "refund_done"]
    assert counters(fund) == (0, 0, 1)
    shortfall = LedgerTransaction.objects.get(kind="shortfall")
    assert shortfall.key == f"shortfall:refund:{given_back}"
    sides = shortfall.entries.values_list("account__kind", "amount_cents")
    assert sorted(sides) == [("fund", -2500), ("shortfall", 2500)]


@pytest.mark.parametrize("is_accepted", [False, True])
def test_a_large_gift_goes_back_to_where_it_stood(
    browser: Client, fund: Fund, stripe: StripeProcess, is_accepted: bool
) -> None:
    donation = pay(stripe, browser, betrag="own", eigener_betrag="1000")
    told(stripe, donation)
    if is_accepted:
        decide_acceptance(donation, utc_now())
    given_back = refund(stripe, donation)
    told(stripe, donation)
    assert standing(donation) == "refunded"
    ends(stripe, given_back, "failed")
    told(stripe, donation)
    assert standing(donation) == "received"
    donation.refresh_from_db()
    assert donation.acceptance == ("accepted" if is_accepted else "awaiting")
    assert counters(fund) == (100_000, 100_000, 1)


def test_of_several_refunds_only_the_failed_one_comes_back(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    first, *_others = [refund(stripe, donation, amount=amount) for amount in (1000, 700, 800)]
    told(stripe, donation)
    assert standing(donation) == "refunded"
    ends(stripe, first, "failed")
    told(stripe, donation)
    assert (standing(donation), donation.refunded_cents) == ("partly_refunded", 1500)
    assert counters(fund) == (1000, 1000, 1)
    again = refund(stripe, donation, amount=1000)
    told(stripe, donation)
    assert (standing(donation), counters(fund)) == ("refunded", (0, 0, 1))
    assert list(Refund.objects.filter(failed_at=None, external_id=again).values_list("amount_cents")) == [
        (1000,)
    ]
    assert list(itertools.pairwise(moves(donation)))[-1] == ("partly_refunded", "refunded")
    assert faults() == []
