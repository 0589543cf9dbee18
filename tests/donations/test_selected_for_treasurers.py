# ruff: noqa: F811 - fixtures are imported
"""What stands in the lists of treasurers, in which order, until which moment, and what can still leave."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from donations.models import Allocation, CashCount, Dispute, Donation, Payment, Proposal, Refund
from donations.receipts.selectors.gifts import of_year
from donations.selectors.acceptance import countries_abroad, not_given_back, received_in
from donations.selectors.cash import cash_for, just_confirmed, over, still_here, to_count_again
from donations.selectors.failures import just_kept, undelivered
from donations.selectors.gifts import open_disputes
from donations.selectors.named import named_givers
from donations.selectors.promises import likely_pairs, matching, promises_for
from donations.selectors.proposals import just_decided
from donations.selectors.purposes import money_of, refundable_cents
from donations.services.cash.counts import Counted, confirm, undo, write_down
from donations.services.treasury.proposals import propose_payout, release
from foundation.undoing import UNDO_WITHIN
from foundation.units import Cents
from programs.models import Fund
from tests.donations.gifts import make_donation
from tests.donations.money_scene import CODE, DAY, NOW, Scene, scene, scene_of_module  # noqa: F401

pytestmark = pytest.mark.django_db
GIFTS = Donation.objects.all()


def free(fund: Fund) -> int:
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    return money.available_cents


def refund(gift: Donation, cents: int, status: str, number: int = 1, **values: Any) -> Refund:
    return Refund.objects.create(
        donation=gift,
        external_id=f"re_{gift.pk}_{number}",
        amount_cents=cents,
        status=status,
        refunded_at=NOW,
        status_changed_at=NOW,
        failed_at=NOW if status == "failed" else None,
        **values,
    )


def dispute(gift: Donation, cents: int, outcome: str, number: int = 1, **values: Any) -> Dispute:
    return Dispute.objects.create(
        donation=gift,
        external_id=f"dp_{gift.pk}_{number}",
        amount_cents=cents,
        outcome=outcome,
        **{"opened_at": NOW, **values},
    )


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2025, 12, 31, 22, 59, 59, 999_999, tzinfo=UTC), 2025),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), 2026),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 22, 59, 59, 999_999, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), 2027),
    ],
)
def test_a_year_begins_and_ends_by_the_clock_of_the_town(scene: Scene, at: datetime, year: int) -> None:
    GIFTS.filter(pk=scene.gift.pk).update(received_at=at)
    own = GIFTS.filter(pk=scene.gift.pk)
    years = range(2024, 2029)
    assert [each for each in years if received_in(own, each).exists()] == [year]
    assert [each for each in years if of_year(own, each).exists()] == [year]


def test_of_a_gift_goes_back_what_is_not_gone_ordered_lost_or_disputed(scene: Scene) -> None:
    gift = scene.gift
    assert refundable_cents(gift) == 5000
    assert refundable_cents(scene.promise) == 0
    refund(gift, 1000, "pending", 1)
    refund(gift, 500, "failed", 2)
    refund(gift, 400, "cancelled", 3)
    assert refundable_cents(gift) == 4000
    refund(gift, 700, "succeeded", 4)
    assert refundable_cents(gift) == 3300
    for number, outcome in enumerate(("asked", "dropped", "won")):
        dispute(gift, 100, outcome, number)
    assert refundable_cents(gift) == 3300
    dispute(gift, 300, "open", 7)
    assert refundable_cents(gift) == 3000
    gift.lost_cents = 3001
    assert refundable_cents(gift) == 0


def test_a_purpose_uses_what_is_neither_on_its_way_nor_disputed_nor_waiting(scene: Scene) -> None:
    """50 € and 7.55 € of cash, less 10 € released; the 1,500 € wait for the city and are bound once."""
    assert free(scene.fund) == 4755
    refund(scene.gift, 1000, "pending")
    assert free(scene.fund) == 3755
    dispute(scene.gift, 500, "open")
    assert free(scene.fund) == 3255
    dispute(scene.gift, 900, "asked", 2)
    refund(scene.gift, 900, "failed", 2)
    assert free(scene.fund) == 3255
    refund(scene.large, 150_000, "pending")
    dispute(scene.large, 150_000, "open")
    assert free(scene.fund) == 3255
    GIFTS.filter(pk=scene.large.pk).update(acceptance="accepted", acceptance_at=NOW)
    assert free(scene.fund) == 0
    Refund.objects.filter(donation=scene.large).delete()
    Dispute.objects.filter(donation=scene.large).delete()
    assert free(scene.fund) == 153_255


def test_what_was_decided_can_be_taken_back_for_a_while_by_who_did_it(scene: Scene) -> None:
    cash = scene.cash
    edge = NOW + UNDO_WITHIN
    assert list(just_confirmed(scene.other, edge - timedelta(seconds=1))) == [cash]
    assert list(just_confirmed(scene.other, edge)) == []
    assert list(just_confirmed(scene.one, NOW)) == []
    payout = Proposal.objects.get(kind="payout")
    own = propose_payout(scene.fund, Cents(1), "x", by=scene.other, now=NOW)
    before = just_decided(scene.other, edge - timedelta(seconds=1))
    assert [each.pk for each in before] == [payout.pk, own.pk]
    assert just_decided(scene.other, edge) == []
    assert just_decided(scene.one, NOW) == []
    assert release(own.pk, by=scene.one, now=NOW)
    assert [each.pk for each in just_decided(scene.one, NOW)] == [own.pk]
    undo(cash.pk, "falsch", by=scene.other, now=NOW)
    assert list(just_confirmed(scene.other, NOW)) == []


def test_a_refund_that_did_not_arrive_waits_until_something_is_done(scene: Scene) -> None:
    own = GIFTS.filter(pk=scene.gift.pk)
    failed = refund(scene.gift, 1000, "failed")
    assert list(undelivered(own)) == [failed]
    Refund.objects.filter(pk=failed.pk).update(settled_at=NOW)
    assert list(undelivered(own)) == []
    assert list(just_kept(own, NOW + UNDO_WITHIN - timedelta(seconds=1))) == [failed]
    assert list(just_kept(own, NOW + UNDO_WITHIN)) == []
    Refund.objects.filter(pk=failed.pk).update(settled_at=None)
    own.update(status="disputed")
    assert list(undelivered(own)) == []
    own.update(status="received", acceptance="refused", acceptance_at=NOW)
    assert list(undelivered(own)) == []
    assert list(not_given_back(own)) == [scene.gift]
    refund(scene.gift, 1000, "pending", 3)
    assert list(not_given_back(own)) == []


def test_disputes_stand_by_the_day_until_which_an_answer_counts(scene: Scene) -> None:
    late = dispute(scene.gift, 1, "open", 1, due_at=NOW + timedelta(days=9))
    soon = dispute(scene.gift, 1, "asked", 2, due_at=NOW + timedelta(days=1))
    opened = dispute(scene.large, 1, "open", 3, opened_at=NOW + timedelta(days=5))
    for number, outcome in enumerate(("won", "lost", "dropped"), 4):
        dispute(scene.gift, 1, outcome, number)
    assert list(open_disputes(GIFTS)) == [soon, opened, late]
    assert list(open_disputes(GIFTS.filter(pk=scene.large.pk))) == [opened]


def test_only_who_agreed_and_whose_money_is_here_is_named_once_for_each_purpose(scene: Scene) -> None:
    def named(fund: Fund, name: str, status: str = "received", **values: Any) -> None:
        at = None if status in {"pledged", "processing", "lapsed"} else NOW
        said: dict[str, Any] = {"hide_name_public": False, "received_at": at, **values}
        make_donation(fund, donor_name=name, status=status, **said)

    for fund in (scene.fund, scene.fund, scene.second):
        named(fund, "Zoe Zwei")
    named(scene.fund, "Ada Eins", status="partly_refunded")
    named(scene.fund, "Niemals", hide_name_public=True)
    for status in ("pledged", "processing", "disputed", "lost", "refunded", "lapsed"):
        named(scene.fund, f"Ist {status}", status=status)
    named(scene.fund, "Wartet", acceptance="awaiting")
    named(scene.fund, "Abgelehnt", acceptance="refused", acceptance_at=NOW)
    named(scene.fund, "Angenommen", acceptance="accepted", acceptance_at=NOW)
    found = [(each.fund.name, each.donor_name) for each in named_givers(GIFTS)]
    assert found == [
        ("Mittag", "Zoe Zwei"),
        ("Ranzen", "Ada Eins"),
        ("Ranzen", "Angenommen"),
        ("Ranzen", "Zoe Zwei"),
    ]


def test_the_likeliest_promise_has_the_amount_then_the_name_then_the_time(scene: Scene) -> None:
    def promised(name: str, cents: int, days: int) -> int:
        at = datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=days)
        return make_donation(
            scene.fund, amount_cents=cents, method="transfer", donor_name=name, pledged_at=at
        ).pk

    GIFTS.filter(pk=scene.promise.pk).update(pledged_at=datetime(2025, 1, 1, tzinfo=UTC))
    line = scene.credit
    line.counterparty_name = "Dora Dank"
    none, in_time = promised("Emil", 1, 31), promised("Emil", 1, 30)
    name, amount = promised("Dora Klein", 1, 31), promised("Emil", 2500, 31)
    both = promised("Dora Dank", 2500, 31)
    card = make_donation(scene.fund, amount_cents=2500, donor_name="Dora Dank").pk
    foreign = make_donation(scene.foreign, amount_cents=2500, method="transfer", donor_name="Dora Dank").pk
    found = [each.pk for each in promises_for(line, GIFTS)]
    assert found == [both, amount, name, in_time, none, scene.promise.pk]
    assert not {card, foreign} & set(found)
    assert likely_pairs([line], GIFTS) == [(line, Donation.objects.get(pk=both))]
    assert likely_pairs([line, line], GIFTS) == [(line, None), (line, None)]
    promised("Dora Dank", 2500, 31)
    assert likely_pairs([line], GIFTS) == [(line, None)]


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ("", True),
        ("  ", True),
        ("lange", True),
        ("ADA lange", True),
        ("ada kurz", False),
        (CODE, True),
        (CODE.lower()[:8], True),
        (f"{CODE[:4]} {CODE[4:8]}", True),
        (CODE[4:7], False),
        ("40", True),
        ("40,00 €", True),
        ("40,01", False),
        ("%", False),
        ("_", False),
    ],
)
def test_a_promise_is_found_by_name_code_or_amount(scene: Scene, wanted: str, *, is_found: bool) -> None:
    promises = GIFTS.filter(pk=scene.promise.pk)
    assert matching(promises, wanted).exists() is is_found


def test_of_whom_is_anonymous_no_address_is_found(scene: Scene) -> None:
    promises, email = GIFTS.filter(pk=scene.promise.pk), scene.promise.donor.email
    assert matching(promises, email).exists()
    promises.update(no_identity=True, donor_name="")
    assert not matching(promises, email).exists()


def test_boxes_stand_where_they_are_the_oldest_first_and_what_is_over_the_newest(scene: Scene) -> None:
    counts = CashCount.objects.filter(provider=scene.fund.provider_id)
    older = write_down(
        scene.fund, Counted("Alt", date(2026, 2, 1), Cents(755)), by=scene.one, now=NOW - timedelta(days=1)
    )
    assert list(to_count_again(counts)) == [older, scene.count]
    assert list(still_here(counts)) == [scene.cash]
    confirm(older.pk, Cents(755), by=scene.other, now=NOW)
    assert list(to_count_again(counts)) == [scene.count]
    assert list(still_here(counts)) == [older, scene.cash]
    assert list(over(counts)) == []
    assert set(cash_for(scene.credit)) == {older, scene.cash}
    undo(older.pk, "falsch", by=scene.other, now=NOW)
    assert list(over(counts)) == [older]
    assert set(cash_for(scene.credit)) == {scene.cash}
    assert scene.cash.counted_on == DAY


def test_countries_of_accounts_abroad_are_named_once_and_no_other(scene: Scene) -> None:
    assert countries_abroad(scene.gift) == []
    Payment.objects.filter(donation=scene.gift).update(country="CH")
    line = scene.paid
    for country, said in (("", ["CH"]), ("DE", ["CH"]), ("CH", ["CH"]), ("AT", ["AT", "CH"])):
        type(line).objects.filter(pk=line.pk).update(counterparty_country=country)
        assert countries_abroad(scene.gift) == said
    Allocation.objects.filter(line=line).update(undone_at=NOW)
    assert countries_abroad(scene.gift) == ["CH"]
