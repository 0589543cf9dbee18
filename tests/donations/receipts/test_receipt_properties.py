"""Gifts come, go back and are fought over in any order: what receipts say is what is left of the gifts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.models import Donation, Donor
from donations.receipts.models import Receipt, ReceiptItem
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.withdrawal import withdraw_by_hand, withdraw_untrue
from donations.receipts.services.yearly import issue_year
from donations.services.online.payments import record
from foundation.actors import system
from foundation.units import Cents
from programs.models import Fund
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import GIVEN_AT, details, make_issuer, wished_gift
from tests.factories import make_fund, make_provider
from tests.profiles import one_in

HAND = system("test")
BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)
GIFTS = 4
Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["pay", "refund", "refund_fails", "dispute", "lose", "win", "issue", "run", "by_hand"]
        ),
        st.integers(0, GIFTS - 1),
        st.integers(1, 2500),
    ),
    min_size=4,
    max_size=14,
)


class World:
    """What Stripe would say of each gift, and what is done about it here."""

    def __init__(self, fund: Fund, givers: list[Donor]) -> None:
        self.gifts = [
            wished_gift(fund, donor=givers[number % 2], method="card", status="pledged").pk
            for number in range(GIFTS)
        ]
        Donation.objects.update(received_at=None)
        self.refunds: dict[int, list[RefundFact]] = {pk: [] for pk in self.gifts}
        self.disputes: dict[int, tuple[DisputeFact, ...]] = {}
        self.paid: set[int] = set()
        self.now = BEGIN

    def act(self, kind: str, number: int, cents: int) -> None:
        self.now += timedelta(hours=1)
        pk = self.gifts[number]
        if kind == "issue":
            self._try(lambda: issue([pk], actor=HAND, now=self.now))
        elif kind == "run":
            issue_year(2026, self.now)
        elif kind == "by_hand":
            for receipt in Receipt.objects.filter(items__donation=pk):
                withdraw_by_hand(receipt.pk, actor=HAND, now=self.now)
        elif kind == "pay" or pk in self.paid:
            self._happen(kind, pk, cents)
            self._tell(pk)

    def _happen(self, kind: str, pk: int, cents: int) -> None:
        gone = sum(each.amount_cents for each in self.refunds[pk] if each.failed_at is None)
        if kind == "pay":
            self.paid.add(pk)
        elif kind == "refund" and pk not in self.disputes and gone + cents <= 2500:
            name = f"re_{pk}_{len(self.refunds[pk])}"
            self.refunds[pk].append(RefundFact(name, Cents(cents), self.now))
        elif kind == "refund_fails" and self.refunds[pk]:
            last = self.refunds[pk][-1]
            self.refunds[pk][-1] = RefundFact(
                last.external_id, last.amount_cents, last.happened_at, failed_at=self.now
            )
        elif kind == "dispute" and not gone and pk not in self.disputes:
            self.disputes[pk] = (self._dispute(pk, "open"),)
        elif kind in {"lose", "win"} and pk in self.disputes:
            self.disputes[pk] = (self._dispute(pk, "lost" if kind == "lose" else "won"),)

    def _dispute(self, pk: int, outcome: str) -> DisputeFact:
        closed, back = (None, 0) if outcome == "open" else (self.now, 2500 if outcome == "won" else 0)
        said: Any = outcome
        return DisputeFact(f"dp_{pk}", Cents(2500), said, GIVEN_AT, closed, back_cents=Cents(back))

    def _tell(self, pk: int) -> None:
        facts = PaymentFacts(
            f"pi_{pk}",
            "succeeded",
            Cents(2500),
            GIVEN_AT,
            fee_cents=Cents(0),
            refunds=tuple(self.refunds[pk]),
            disputes=self.disputes.get(pk, ()),
        )
        record(pk, facts, self.now, page_is_over=False)

    @staticmethod
    def _try(act: Any) -> None:
        try:
            act()
        except IssueRefused:
            return


def check() -> None:
    """What always holds once the sweep has run."""
    valid = ReceiptItem.objects.filter(withdrawn_at=None)
    said = valid.aggregate(total=Sum("cents"))["total"] or 0
    of_gifts = valid.aggregate(
        total=Sum(F("donation__amount_cents") - F("donation__refunded_cents") - F("donation__lost_cents"))
    )["total"]
    of_receipts = Receipt.objects.exclude(status="withdrawn").aggregate(total=Sum("total_cents"))["total"]
    assert said == (of_gifts or 0) == (of_receipts or 0)
    assert set(valid.values_list("donation__status", flat=True)) <= {"received", "partly_refunded"}
    assert valid.count() == valid.values("donation").distinct().count()
    assert not valid.filter(receipt__status="withdrawn").exists()
    numbers = list(Receipt.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


class TestWhatReceiptsSay(TestCase):
    @one_in(5)
    @given(ACTS)
    def test_receipts_say_what_is_left_and_each_gift_stands_on_one(self, acts: list[Act]) -> None:
        fund = make_fund(provider=make_provider())
        make_issuer(fund.provider, details(fund), BEGIN)
        world = World(fund, [make_donor(), make_donor()])
        for each in acts:
            world.act(*each)
            withdraw_untrue(world.now)
            check()
        issue_year(2026, world.now)
        check()
        kept = Donation.objects.filter(status__in=["received", "partly_refunded"])
        wanted = kept.aggregate(total=Sum(F("amount_cents") - F("refunded_cents") - F("lost_cents")))["total"]
        said = ReceiptItem.objects.filter(withdrawn_at=None).aggregate(total=Sum("cents"))["total"]
        assert said == wanted
