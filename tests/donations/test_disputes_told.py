"""What Stripe tells of a dispute: inquiries, money taken again after it was won, fees whenever they come."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from donations.models import Dispute, Donation, LedgerEntry, LedgerTransaction, StripeEvent
from donations.selectors.ledger import canonical_lines, faults
from donations.selectors.purposes import refundable_cents
from donations.selectors.row_faults import row_faults
from donations.services.books.reconciliation import reconcile
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.canned_stripe import Said, event, intent, speaking
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver
from tests.donations.gifts import make_donation
from tests.donations.visits import text
from tests.factories import make_user
from tests.today.reading import listed, numbers, page

PAID, TAKEN, BACK, AGAIN = (int(datetime(2026, 3, day, 9, tzinfo=UTC).timestamp()) for day in (2, 4, 20, 25))
DUE = int(datetime(2026, 3, 28, 23, 30, tzinfo=UTC).timestamp())
NIGHT = datetime(2026, 3, 26, 5, 15, tzinfo=UTC)


@pytest.fixture
def said(settings: Any) -> Iterator[Said]:
    words: Said = {}
    with speaking(words) as address:
        configure(settings, address)
        yield words


@pytest.fixture
def gift(fund: Fund) -> Donation:
    return make_donation(fund)


def entry(name: str, cents: int, fee: int, at: int, **more: Any) -> Said:
    return {
        "id": f"txn_{name}",
        "object": "balance_transaction",
        "type": "adjustment",
        "amount": cents,
        "fee": fee,
        "net": cents - fee,
        "created": at,
        **more,
    }


TAKE = entry("take", -2500, 2000, TAKEN)
CAME_BACK = entry("back", 2500, -2000, BACK)
TAKE_AGAIN = entry("again", -2500, 2000, AGAIN)


class Teller:
    """Says what Stripe says of one disputed card gift, and lets its event arrive."""

    def __init__(self, said: Said, gift: Donation) -> None:
        self.said, self.gift, self.numbers = said, gift, itertools.count(1)

    def tells(self, status: str, *entries: Said, charge_says: bool = True, is_newest: bool = True) -> None:
        claim = {
            "id": "dp_1",
            "object": "dispute",
            "status": status,
            "amount": 2500,
            "created": TAKEN,
            "reason": "fraudulent",
            "balance_transactions": list(entries),
            "evidence_details": {"due_by": DUE, "has_evidence": False},
        }
        self.said["disputes"] = listed_as("disputes", [claim])
        charge = {"disputed": charge_says, "created": PAID}
        self.said["payment_intents/pi_canned"] = intent(str(self.gift.public_id), **charge)
        own = [
            entry("take_part", 2500, 63, PAID)
            | {"type": "charge", "source": {"id": "ch_canned", "payment_intent": "pi_canned"}},
            *({**each, "source": {"id": "dp_1", "object": "dispute"}} for each in entries),
        ]
        self.said["balance_transactions"] = listed_as("balance_transactions", own)
        for _twice in range(2):
            deliver([event("charge.dispute.updated", next(self.numbers))])
        assert not StripeEvent.objects.exclude(error="").exists()
        assert [*faults(), *row_faults()] == []
        assert not is_newest or reconcile(NIGHT) == []
        self.gift.refresh_from_db()


def listed_as(what: str, rows: list[Said]) -> Said:
    return {"object": "list", "data": rows, "has_more": False, "url": f"/v1/{what}"}


@pytest.fixture
def stripe(said: Said, gift: Donation) -> Teller:
    return Teller(said, gift)


def stands() -> dict[str, int]:
    sums: dict[str, int] = {}
    for kind, cents in LedgerEntry.objects.values_list("account__kind", "amount_cents"):
        sums[kind] = sums.get(kind, 0) + cents
    return {kind: cents for kind, cents in sums.items() if cents}


UNTOUCHED = {"stripe": 2437, "fees": 63, "fund": -2500}


def outcomes() -> list[tuple[str, str]]:
    return list(Dispute.objects.order_by("external_id").values_list("external_id", "outcome"))


def test_an_inquiry_stands_in_today_with_its_deadline_and_moves_nothing(
    browser: Client, fund: Fund, gift: Donation, stripe: Teller
) -> None:
    """Also where Stripe does not call the charge disputed: nothing was taken."""
    stripe.tells("warning_needs_response", charge_says=False)
    assert (gift.status, stands(), outcomes()) == ("received", UNTOUCHED, [("dp_1", "asked")])
    assert Dispute.objects.get().due_at == datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert refundable_cents(gift) == 2500
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    assert listed(treasurer, "rueckbuchungen").keys == [f"rueckbuchungen-{Dispute.objects.get().pk}"]
    today = page(treasurer)
    assert "Rückfrage der Bank, für Kinderfonds" in today
    assert 'bis <span class="nowrap">29. März 2026</span>' in today
    browser.force_login(treasurer)
    gifts = text(browser.get("/koordination/spenden/"))
    assert "für Kinderfonds, Rückfrage der Bank vom 04.03.2026: Das Geld ist noch da." in gifts
    assert "muss bis 29.03.2026, 00:30 Uhr dort sein" in gifts


@pytest.mark.parametrize("status", ["warning_closed", "prevented"])
def test_an_inquiry_ends_with_nothing_booked(fund: Fund, gift: Donation, stripe: Teller, status: str) -> None:
    stripe.tells("warning_needs_response")
    stripe.tells("warning_under_review")
    assert Dispute.objects.get().due_at is None
    stripe.tells(status)
    row = Dispute.objects.get()
    assert (row.outcome, row.due_at, gift.status, stands()) == ("dropped", None, "received", UNTOUCHED)
    assert row.closed_at is not None
    assert numbers(make_user(Membership.Role.TREASURER, fund.provider)) == {}
    stripe.tells("warning_needs_response", is_newest=False)
    assert outcomes() == [("dp_1", "dropped")]


@pytest.mark.parametrize("closed_first", [False, True])
def test_an_inquiry_becomes_a_dispute_of_the_day_on_which_money_was_taken(
    gift: Donation, stripe: Teller, *, closed_first: bool
) -> None:
    stripe.tells("warning_needs_response")
    if closed_first:
        stripe.tells("warning_closed")
    later = entry("take", -2500, 2000, BACK)
    stripe.tells("needs_response", later)
    assert (gift.status, outcomes()) == ("disputed", [("dp_1", "open")])
    assert stands() == {"stripe": -2063, "fees": 2063, "disputed": 2500, "fund": -2500}
    booked = LedgerTransaction.objects.get(kind="dispute")
    assert booked.happened_at == datetime(2026, 3, 20, 9, tzinfo=UTC)
    stripe.tells("warning_needs_response", is_newest=False)
    assert (gift.status, outcomes()) == ("disputed", [("dp_1", "open")])
    stripe.tells("lost", later)
    assert (gift.status, gift.lost_cents) == ("lost", 2500)


LOST_AT_LAST = {"stripe": -2063, "fees": 2063}


def history() -> list[tuple[str, tuple[Said, ...]]]:
    return [
        ("needs_response", (TAKE,)),
        ("won", (TAKE, CAME_BACK)),
        ("under_review", (TAKE, CAME_BACK, TAKE_AGAIN)),
        ("lost", (TAKE, CAME_BACK, TAKE_AGAIN)),
    ]


def test_what_was_won_is_taken_again_and_lost(fund: Fund, gift: Donation, stripe: Teller) -> None:
    for status, entries in history():
        stripe.tells(status, *entries)
    assert (gift.status, gift.lost_cents, stands()) == ("lost", 2500, LOST_AT_LAST)
    assert outcomes() == [("dp_1", "won"), ("dp_1.2", "lost")]
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    lost = Dispute.objects.get(external_id="dp_1.2")
    assert listed(treasurer, "geplatzt").keys == [f"geplatzt-rueckgabe-{lost.pk}"]
    back_once_more = entry("won", 2500, -2000, AGAIN + 60)
    stripe.tells("won", TAKE, CAME_BACK, TAKE_AGAIN, back_once_more)
    assert (gift.status, gift.lost_cents, stands()) == ("received", 0, UNTOUCHED)
    assert outcomes() == [("dp_1", "won"), ("dp_1.2", "won")]


def test_it_is_open_again_while_the_bank_decides_anew(fund: Fund, gift: Donation, stripe: Teller) -> None:
    for status, entries in history()[:3]:
        stripe.tells(status, *entries)
    assert (gift.status, outcomes()) == ("disputed", [("dp_1", "won"), ("dp_1.2", "open")])
    assert stands() == {"stripe": -2063, "fees": 2063, "disputed": 2500, "fund": -2500}
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    assert numbers(treasurer) == {"rueckbuchungen": 1}


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 0, 3, 2), (2, 0, 1, 3), (3, 0, 2, 1)])
def test_readings_in_any_order_give_the_books_of_the_newest(
    gift: Donation, stripe: Teller, order: tuple[int, ...]
) -> None:
    """A reading that was made early and is recorded late has fewer entries, and takes nothing away."""
    steps = history()
    for place in (*order, 3):
        status, entries = steps[place]
        stripe.tells(status, *entries, is_newest=place == 3)
    assert (gift.status, gift.lost_cents, stands()) == ("lost", 2500, LOST_AT_LAST)
    assert outcomes() == [("dp_1", "won"), ("dp_1.2", "lost")]
    kinds = sorted(line.split(":")[0] for line in canonical_lines())
    assert kinds.count("dispute") == 4


CONTEST = entry("contest", 0, 1500, BACK)


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        ([TAKE, CONTEST], 3500),
        ([TAKE, CONTEST, entry("part_back", 0, -500, AGAIN)], 3000),
        ([TAKE, CONTEST, entry("tax", -285, 0, AGAIN, reporting_category="fee")], 3785),
    ],
)
def test_a_fee_that_is_told_later_is_booked_once(
    gift: Donation, stripe: Teller, told: list[Said], cost: int
) -> None:
    for number in range(1, len(told) + 1):
        stripe.tells("under_review", *told[:number])
    assert (gift.status, outcomes()) == ("disputed", [("dp_1", "open")])
    assert stands() == {"stripe": -63 - cost, "fees": 63 + cost, "disputed": 2500, "fund": -2500}
    back = entry("all_back", 2500, -3500, AGAIN + 60)
    stripe.tells("won", *told, back)
    left = 63 + cost - 3500
    assert stands() == {"stripe": 2500 - left, "fees": left, "fund": -2500}
    seen_step_by_step = sorted(canonical_lines())
    assert len(seen_step_by_step) == len(set(seen_step_by_step))


def test_a_fee_for_an_inquiry_is_booked_though_no_money_was_taken(gift: Donation, stripe: Teller) -> None:
    stripe.tells("warning_needs_response", CONTEST)
    assert (gift.status, outcomes()) == ("received", [("dp_1", "asked")])
    assert stands() == {"stripe": 937, "fees": 1563, "fund": -2500}
    stripe.tells("needs_response", CONTEST, entry("take", -2500, 2000, AGAIN))
    assert stands() == {"stripe": -3563, "fees": 3563, "disputed": 2500, "fund": -2500}


def test_a_fee_charged_with_the_money_that_comes_back_is_booked(gift: Donation, stripe: Teller) -> None:
    stripe.tells("won", TAKE, entry("back", 2500, 300, BACK))
    assert stands() == {"stripe": 137, "fees": 2363, "fund": -2500}


def test_what_was_lost_comes_back_in_parts(gift: Donation, stripe: Teller) -> None:
    stripe.tells("lost", TAKE)
    parts = [
        entry("first", 1000, 0, BACK),
        entry("second", 700, -2000, AGAIN),
        entry("last", 800, 0, AGAIN + 60),
    ]
    left = [1500, 800, 0]
    for number, lost in enumerate(left, start=1):
        stripe.tells("lost", TAKE, *parts[:number])
        assert (gift.lost_cents, -stands()["fund"]) == (lost, 2500 - lost)
    assert (gift.status, stands(), outcomes()) == ("received", UNTOUCHED, [("dp_1", "won")])


def test_a_dispute_lost_after_weeks_is_told_on_the_day_we_hear_of_it(
    fund: Fund, gift: Donation, stripe: Teller
) -> None:
    stripe.tells("needs_response", TAKE)
    stripe.tells("lost", TAKE)
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    assert numbers(treasurer) == {"geplatzt": 1}
    assert abs((Dispute.objects.get().told_at or PAID) - utc_now()).total_seconds() < 600


def test_the_giver_of_a_debit_is_told_each_time_that_it_is_taken_back(fund: Fund, said: Said) -> None:
    debit = make_donation(fund, method="sepa_debit")
    stripe = Teller(said, debit)
    for status, entries in [("lost", (TAKE,)), *history()[1:]]:
        stripe.tells(status, *entries)
    told = Message.objects.filter(template="gift_returned").order_by("key")
    assert list(told.values_list("key", flat=True)) == ["gift.returned:dp_1", "gift.returned:dp_1.2"]


def test_a_debit_of_which_a_part_is_taken_back_is_told_with_the_part(fund: Fund, said: Said) -> None:
    debit = make_donation(fund, method="sepa_debit")
    stripe = Teller(said, debit)
    stripe.tells("lost", TAKE, entry("first", 1000, 0, BACK))
    mail = Message.objects.get(template="gift_returned")
    body, html = (each.replace("\xa0", " ") for each in (mail.body_text, mail.body_html))
    part = "Ihre Bank hat von der Lastschrift über 25 € einen Teil zurückgebucht: 15 €."
    assert mail.subject.replace("\xa0", " ") == "Ihre Bank hat 15 € zurückgebucht"
    assert part in body
    assert part in html


def test_a_debit_that_is_taken_back_is_told_whole(fund: Fund, said: Said) -> None:
    Teller(said, make_donation(fund, method="sepa_debit")).tells("lost", TAKE)
    mail = Message.objects.get(template="gift_returned")
    assert mail.subject.replace("\xa0", " ") == "Ihre Bank hat 25 € zurückgebucht"
    assert "Ihre Bank hat die Lastschrift über 25 € zurückgebucht." in mail.body_text.replace("\xa0", " ")
