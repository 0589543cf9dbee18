"""A refund, a dispute or a mistake takes a receipt back; what is left gets a new one."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from django.db import connection

from citizens.services.erasure import erase
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.models import Donation, Donor
from donations.receipts.documents.withdrawal_letter import withdrawal_letter
from donations.receipts.models import Receipt, ReceiptFile, ReceiptItem
from donations.receipts.selectors.gifts import untrue_items
from donations.receipts.selectors.register import to_sign, to_tell
from donations.receipts.services import retention
from donations.receipts.services.issuing import issue
from donations.receipts.services.withdrawal import note_tax_office_told, withdraw_by_hand, withdraw_untrue
from donations.services.online.payments import record
from donations.services.treasury.proposals import propose_reallocation, release
from foundation.actors import system
from foundation.history import lines_of
from foundation.sweeps import run
from foundation.units import Cents
from outbox.models import Message
from programs.access import Role
from programs.models import Fund
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import (
    GIVEN_AT,
    ISSUED_AT,
    details,
    hand,
    make_issuer,
    valid_receipts,
    wished_gift,
)
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
HAND = system("test")
LATER = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def fund() -> Fund:
    fund = make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))
    make_issuer(fund.provider, details(fund))
    return fund


@pytest.fixture
def giver() -> Donor:
    return make_donor("ada@example.org")


def issued(*gifts: Donation) -> Receipt:
    return issue([gift.pk for gift in gifts], actor=HAND, now=ISSUED_AT)


def paid_online(fund: Fund, donor: Donor, name: str = "pi_1") -> Donation:
    """A gift by card that Stripe says has come."""
    gift = wished_gift(fund, donor=donor, method="card", status="pledged")
    Donation.objects.filter(pk=gift.pk).update(received_at=None)
    stripe_says(gift, name)
    gift.refresh_from_db()
    assert gift.status == "received"
    return gift


def stripe_says(gift: Donation, name: str = "pi_1", **more: Any) -> None:
    facts = PaymentFacts(name, "succeeded", Cents(2500), GIVEN_AT, fee_cents=Cents(0), **more)
    record(gift.pk, facts, LATER, page_is_over=False)


def refund(cents: int, failed_at: datetime | None = None) -> tuple[RefundFact, ...]:
    return (RefundFact("re_1", Cents(cents), LATER, failed_at=failed_at),)


def dispute(outcome: str, back: int = 0) -> tuple[DisputeFact, ...]:
    closed = LATER if outcome != "open" else None
    return (DisputeFact("dp_1", Cents(2500), outcome, LATER, closed, back_cents=Cents(back)),)  # type: ignore[arg-type]


def states() -> list[tuple[str, str, int, str]]:
    rows = Receipt.objects.order_by("sequence")
    return list(rows.values_list("number", "status", "total_cents", "withdrawn_for"))


def test_a_true_receipt_stays(fund: Fund, giver: Donor) -> None:
    gift = paid_online(fund, giver)
    issued(gift)
    stripe_says(gift)
    assert withdraw_untrue(LATER) == 0
    assert states() == [("VL-2027-00001", "issued", 2500, "")]


def test_a_full_refund_leaves_none(fund: Fund, giver: Donor) -> None:
    gift = paid_online(fund, giver)
    receipt = issued(gift)
    stripe_says(gift, refunds=refund(2500))
    assert run("receipts.withdraw_untrue", LATER) == 1
    assert run("receipts.withdraw_untrue", LATER) == 0
    assert states() == [("VL-2027-00001", "withdrawn", 2500, "refund")]
    mail = Message.objects.get(template="receipt_withdrawn")
    for part in (
        "die Zuwendungsbestätigung VL-2027-00001 über 25,00 € gilt nicht mehr. Grund: Geld wurde erstattet.",
        "geben Sie sie bitte zurück an: Verein Lesen e. V.",
    ):
        assert part in mail.body_text.replace("\xa0", " ")
    assert "An ihre Stelle" not in mail.body_text
    assert [line.to_status for line in lines_of(receipt).order_by("pk")] == ["issued", "withdrawn"]


def test_a_part_refunded_is_confirmed_anew_over_the_rest(fund: Fund, giver: Donor) -> None:
    gift = paid_online(fund, giver)
    issued(gift)
    stripe_says(gift, refunds=refund(1000))
    assert withdraw_untrue(LATER) == 1
    assert states() == [
        ("VL-2027-00001", "withdrawn", 2500, "refund"),
        ("VL-2027-00002", "issued", 1500, ""),
    ]
    (valid,) = valid_receipts(gift)
    assert valid.replaces is not None
    assert valid.replaces.number == "VL-2027-00001"
    body = Message.objects.get(template="receipt_withdrawn").body_text
    assert "An ihre Stelle tritt die Nummer VL-2027-00002." in body


def test_a_refund_that_failed_is_confirmed_again_in_full(fund: Fund, giver: Donor) -> None:
    gift = paid_online(fund, giver)
    issued(gift)
    stripe_says(gift, refunds=refund(1000))
    withdraw_untrue(LATER)
    stripe_says(gift, refunds=refund(1000, failed_at=LATER))
    assert withdraw_untrue(LATER) == 1
    assert [(status, cents) for _number, status, cents, _reason in states()] == [
        ("withdrawn", 2500),
        ("withdrawn", 1500),
        ("issued", 2500),
    ]


def test_a_dispute_takes_it_back_and_a_won_one_allows_a_new_one(fund: Fund, giver: Donor) -> None:
    gift = paid_online(fund, giver)
    issued(gift)
    stripe_says(gift, disputes=dispute("open"))
    assert withdraw_untrue(LATER) == 1
    assert states() == [("VL-2027-00001", "withdrawn", 2500, "dispute")]
    stripe_says(gift, disputes=dispute("won", back=2500))
    assert withdraw_untrue(LATER) == 0
    assert issued(gift).number == "VL-2027-00002"


def test_of_a_collective_one_the_others_stay_confirmed(fund: Fund, giver: Donor) -> None:
    gone = paid_online(fund, giver)
    others = [wished_gift(fund, donor=giver, cents=cents) for cents in (700, 800)]
    issued(gone, *others)
    stripe_says(gone, disputes=dispute("lost"))
    withdraw_untrue(LATER)
    assert states() == [
        ("VL-2027-00001", "withdrawn", 4000, "dispute"),
        ("VL-2027-00002", "issued", 1500, ""),
    ]
    assert [len(valid_receipts(gift)) for gift in (gone, *others)] == [0, 1, 1]


def test_a_corrected_amount_takes_it_back(fund: Fund, giver: Donor) -> None:
    gift = wished_gift(fund, donor=giver)
    issued(gift)
    Donation.objects.filter(pk=gift.pk).update(amount_cents=2400)
    withdraw_untrue(LATER)
    assert states() == [
        ("VL-2027-00001", "withdrawn", 2500, "correction"),
        ("VL-2027-00002", "issued", 2400, ""),
    ]


def test_by_hand_it_is_replaced_with_what_is_right_now(fund: Fund, giver: Donor) -> None:
    gift = wished_gift(fund, donor=giver)
    receipt = issued(gift)
    Donation.objects.filter(pk=gift.pk).update(donor_name="Ada Richtig")
    assert withdraw_by_hand(receipt.pk, actor=HAND, now=LATER) is True
    assert withdraw_by_hand(receipt.pk, actor=HAND, now=LATER) is False
    old, new = Receipt.objects.order_by("pk")
    assert (old.withdrawn_for, new.snapshot["donor"]["lines"][0]) == ("correction", "Ada Richtig")
    assert old.snapshot["donor"]["lines"][0] == "Ada Kanarienvogel"


def test_where_nobody_may_issue_any_more_none_replaces_it(fund: Fund, giver: Donor) -> None:
    gift = paid_online(fund, giver)
    issued(gift)
    stripe_says(gift, refunds=refund(1000))
    assert withdraw_untrue(datetime(2030, 5, 13, 9, tzinfo=UTC)) == 1
    assert states() == [("VL-2027-00001", "withdrawn", 2500, "refund")]


def test_the_tax_office_is_told_once(fund: Fund, giver: Donor) -> None:
    receipt = issued(wished_gift(fund, donor=giver))
    user = make_user(Role.TREASURER, fund.provider)
    told = {"told_by": user, "actor": hand(user), "now": LATER}
    assert note_tax_office_told(receipt, **told) is False
    withdraw_by_hand(receipt.pk, actor=HAND, now=LATER)
    assert list(to_tell(Receipt.objects.all())) == [receipt]
    assert note_tax_office_told(receipt, **told) is True
    assert note_tax_office_told(receipt, **told) is False
    receipt.refresh_from_db()
    assert (receipt.tax_office_told_by, receipt.tax_office_told_at) == (user, LATER)
    assert list(to_tell(Receipt.objects.all())) == []


def test_the_letter_says_what_to_do(fund: Fund, giver: Donor) -> None:
    receipt = issued(wished_gift(fund, donor=giver))
    withdraw_by_hand(receipt.pk, actor=HAND, now=LATER)
    receipt.refresh_from_db()
    (page,) = pypdf.PdfReader(io.BytesIO(withdrawal_letter(receipt, now=LATER))).pages
    text = " ".join(page.extract_text().replace("\xa0", " ").split())
    for part in (
        "Verein Lesen e. V. Bücherweg 3 52349 Düren Ada Kanarienvogel Musterweg 1 52349 Düren",
        "Rücknahme der Zuwendungsbestätigung VL-2027-00001",
        "vom 03.03.2027 über 25,00 € gilt nicht mehr. Grund: berichtigt.",
        "Bitte geben Sie uns das Original zurück",
        "An ihre Stelle tritt die Zuwendungsbestätigung VL-2027-00002.",
    ):
        assert part in text


class TestForgotten:
    def test_who_is_erased_keeps_a_receipt_that_nobody_is_shown(self, fund: Fund, giver: Donor) -> None:
        gift = paid_online(fund, giver)
        receipt = issued(gift)
        erase(giver.mailbox, LATER)
        receipt.refresh_from_db()
        assert (receipt.status, receipt.restricted_at) == ("issued", LATER)
        assert receipt.snapshot["donor"]["lines"][0] == "Ada Kanarienvogel"
        assert ReceiptFile.objects.filter(receipt=receipt).exists()
        stripe_says(gift, refunds=refund(2500))
        assert withdraw_untrue(LATER) == 1
        assert not Message.objects.filter(template="receipt_withdrawn").exists()
        assert list(to_tell(Receipt.objects.all())) == [receipt]

    def test_a_draft_of_somebody_forgotten_is_signed_by_nobody(self, giver: Donor) -> None:
        by_hand = make_fund("Von Hand", provider=make_provider())
        said = details(by_hand, code="VH", machine_notified_on=None, signature=None)
        make_issuer(by_hand.provider, said)
        draft = issued(wished_gift(by_hand, donor=giver))
        assert list(to_sign(Receipt.objects.all())) == [draft]
        erase(giver.mailbox, LATER)
        assert list(to_sign(Receipt.objects.all())) == []

    def test_after_ten_years_it_goes_and_not_a_day_before(self, fund: Fund, giver: Donor) -> None:
        """The database knows its own year: what it lets go is really old."""
        other = make_fund("Alt", provider=make_provider())
        old = datetime(2015, 3, 1, 9, tzinfo=UTC)
        make_issuer(other.provider, details(other, code="ALT", notice_on=old.date()), old)
        gift = wished_gift(other, donor=giver, at=datetime(2014, 6, 1, tzinfo=UTC))
        first = issue([gift.pk], actor=HAND, now=old)
        withdraw_by_hand(first.pk, actor=HAND, now=old)
        kept = issued(wished_gift(fund, donor=giver))
        assert retention.purge(datetime(2025, 12, 31, 22, 59, tzinfo=UTC)) == 0
        assert retention.purge(datetime(2025, 12, 31, 23, 0, tzinfo=UTC)) == 2
        assert list(Receipt.objects.all()) == [kept]
        assert ReceiptItem.objects.count() == ReceiptFile.objects.count() == 1


def test_nothing_is_untrue_where_nothing_was_issued(fund: Fund) -> None:
    make_donation(fund, status="refunded", received_at=GIVEN_AT)
    assert not untrue_items().exists()


@pytest.mark.parametrize("is_old", [False, True])
def test_a_gift_that_goes_to_another_purpose_takes_its_receipt_back(
    fund: Fund, giver: Donor, is_old: bool
) -> None:
    gift = paid_online(fund, giver)
    receipt = issued(gift)
    if is_old:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE receipts_receiptitem DISABLE TRIGGER receipts_item_guard")
            cursor.execute("UPDATE receipts_receiptitem SET fund_id = NULL")
            cursor.execute("ALTER TABLE receipts_receiptitem ENABLE TRIGGER receipts_item_guard")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert withdraw_untrue(LATER) == 0
    one, other = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    to = make_fund("Hefte", provider=fund.provider)
    proposal = propose_reallocation(gift, to, "Brief vom 3. März", by=one, now=LATER)
    assert release(proposal.pk, by=other, now=LATER) is True
    assert (withdraw_untrue(LATER), withdraw_untrue(LATER)) == (1, 0)
    receipt.refresh_from_db()
    assert (receipt.status, receipt.withdrawn_for) == ("withdrawn", "correction")
    assert valid_receipts(gift) == []
