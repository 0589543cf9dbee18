"""What two people decide about a gift is decided about the gift as it stands; what is refused goes back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.domain.identities import identity
from donations.domain.references import new_reference
from donations.models import BankTransaction, Donation, Proposal, Refund, TransferReference
from donations.receipts.services.contributions import ContributionRefused, confirm
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.books.reconciliation import reconcile
from donations.services.gifts.pledging import donor_for
from donations.services.online.payments import record
from donations.services.treasury.acceptance import NotAwaiting
from donations.services.treasury.proposals import (
    decline,
    propose_acceptance,
    propose_correction,
    propose_refund,
    release,
)
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.receipts.bodies import hand, written_down
from tests.donations.statements.test_import import line as statement_line
from tests.donations.statements.test_import import take
from tests.donations.statements.written import camt
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user
from tests.today.reading import check

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=20)
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


def promised(fund: Fund, cents: int) -> Donation:
    gift = make_donation(fund, amount_cents=cents, method="transfer")
    TransferReference.objects.create(donation=gift, reference=new_reference())
    return gift


def paid_in(gift: Donation, cents: int, day: int = 2) -> BankTransaction:
    credit = Credit(date(2026, 3, day), Cents(cents), "Ada", gift.transfer_reference.reference)
    return record_bank_transfer(gift.fund.provider, credit, recorded_by=None, now=AT)[0]


def by_card(fund: Fund, cents: int = 150_000, **values: Any) -> tuple[Donation, PaymentFacts]:
    gift = make_donation(fund, amount_cents=cents, **values)
    name = identity(fund.provider.stripe_account or fund.provider.slug, f"pi_{gift.pk}")
    facts = PaymentFacts(name, "succeeded", Cents(cents), AT, fee_cents=Cents(50))
    told(gift, facts)
    return gift, facts


def told(gift: Donation, facts: PaymentFacts, **more: Any) -> None:
    record(gift.pk, replace(facts, **more), LATER, page_is_over=False)
    gift.refresh_from_db()


def released(client: Client, proposal: Proposal, by: User) -> str:
    client.force_login(by)
    address = reverse("coordination_proposal", args=[proposal.pk])
    return text(client.post(address, {"entscheidung": "freigeben"}, follow=True))


def mails() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert reconcile(LATER) == []


def test_what_was_accepted_of_one_amount_is_not_accepted_of_another(
    client: Client, fund: Fund, one: User, other: User
) -> None:
    """1,500 € came and were decided about; the rest of 10,000 € came before the second person released it."""
    gift = promised(fund, 1_000_000)
    paid_in(gift, 150_000)
    early = propose_acceptance(gift, "Beschluss über 1.500 €", is_accepted=True, by=one, now=AT)
    paid_in(gift, 850_000, day=5)
    assert "Diese Spende steht inzwischen anders" in released(client, early, other)
    gift.refresh_from_db()
    assert (gift.acceptance, gift.amount_cents) == ("awaiting", 1_000_000)
    assert decline(early.pk, by=other, now=LATER) is True
    check(other, "annahmen", [gift.pk])
    late = propose_acceptance(gift, "Beschluss über 10.000 €", is_accepted=True, by=one, now=AT)
    assert "Freigegeben." in released(client, late, other)
    gift.refresh_from_db()
    assert gift.acceptance == "accepted"
    in_order()


def test_a_slip_that_was_corrected_meanwhile_is_not_accepted_with_what_is_right(
    fund: Fund, one: User, other: User
) -> None:
    gift = promised(fund, 150_000)
    line = paid_in(gift, 150_000)
    early = propose_acceptance(gift, "Beschluss über 1.500 €", is_accepted=True, by=one, now=AT)
    slip = propose_correction(line, None, None, "gibt es nicht", gift=gift, by=one, now=AT)
    assert release(slip.pk, by=other, now=LATER) is True
    gift.refresh_from_db()
    paid_in(gift, 900_000, day=9)
    with pytest.raises(NotAwaiting):
        release(early.pk, by=other, now=LATER)
    gift.refresh_from_db()
    assert (gift.status, gift.acceptance, gift.amount_cents) == ("received", "awaiting", 900_000)


@pytest.mark.parametrize("is_accepted", [True, False])
def test_about_a_disputed_gift_is_decided_when_its_money_is_back(
    client: Client, fund: Fund, one: User, other: User, *, is_accepted: bool
) -> None:
    gift, facts = by_card(fund)
    proposal = propose_acceptance(gift, "Rat", is_accepted=is_accepted, by=one, now=AT)
    claim = DisputeFact("dp_1", Cents(150_000), "open", LATER)
    told(gift, facts, disputes=(claim,))
    assert "Diese Spende steht inzwischen anders" in released(client, proposal, other)
    assert (Donation.objects.get().acceptance, mails()) == ("awaiting", ["gift_thanks"])
    told(gift, facts, disputes=(replace(claim, outcome="won", closed_at=LATER),))
    assert "Freigegeben." in released(client, proposal, other)
    ordered = list(Refund.objects.values_list("amount_cents", "status"))
    assert ordered == ([] if is_accepted else [(150_000, "pending")])
    in_order()


def test_what_is_refused_and_did_not_arrive_waits_for_the_treasurer_and_its_giver_is_told_rightly(
    fund: Fund, one: User, other: User
) -> None:
    gift, facts = by_card(fund)
    proposal = propose_acceptance(gift, "Rat", is_accepted=False, by=one, now=AT)
    assert release(proposal.pk, by=other, now=LATER) is True
    back = RefundFact("re_1", Cents(150_000), LATER, order=str(proposal.pk))
    told(gift, facts, refunds=(back,))
    check(other, "annahmen", [])
    told(gift, facts, refunds=(replace(back, failed_at=LATER),))
    assert (gift.status, gift.acceptance) == ("received", "refused")
    check(other, "annahmen", [gift.pk])
    mail = Message.objects.get(template="refund_failed")
    for body in (mail.body_text, mail.body_html):
        plain = " ".join(body.replace("\xa0", " ").split())
        assert "deshalb gehört das Geld Ihnen, und wir geben es Ihnen auf anderem Weg zurück." in plain
        assert "bleibt für Ihren Spendenzweck" not in plain
    again = propose_refund(gift, Cents(150_000), "neues Konto", by=one, now=LATER)
    check(other, "annahmen", [])
    assert decline(again.pk, by=one, now=LATER) is True
    in_order()


def test_a_body_that_is_not_the_city_does_not_speak_for_it(client: Client, db: None) -> None:
    """An anonymous giver to a club: two look at it, and no mail and no page says that the city does."""
    fund = make_fund(provider=make_provider("Verein Lesen", kind="club"))
    one, other = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    gifts = [by_card(fund, no_identity=True)[0] for _ in range(2)]
    for gift, is_accepted in zip(gifts, (True, False), strict=True):
        page = text(client.get(reverse("donate_thanks", args=[gift.public_id])))
        assert "Zwei Personen sehen sich große Spenden an" in page
        proposal = propose_acceptance(gift, "bekannt", is_accepted=is_accepted, by=one, now=AT)
        assert release(proposal.pk, by=other, now=LATER) is True
        page += text(client.get(reverse("donate_thanks", args=[gift.public_id])))
        assert "die Stadt" not in page
        assert "Die Stadt" not in page
    said = {mail.template: " ".join(mail.body_text.split()) for mail in Message.objects.all()}
    assert sorted(said) == ["gift_accepted", "gift_not_accepted", "gift_thanks"]
    assert "Große Spenden sehen sich dort zwei Personen an" in said["gift_thanks"]
    assert "kann leider nicht angenommen werden" in said["gift_not_accepted"].replace("\xa0", " ")
    for mail in Message.objects.all():
        for words in (mail.subject, mail.body_text, mail.body_html):
            assert "Die Stadt" not in words
            assert "die Stadt" not in words


def test_money_of_one_body_is_not_corrected_to_a_gift_to_another(fund: Fund, one: User, other: User) -> None:
    abroad = promised(make_fund(provider=make_provider("Verein", kind="club")), 5000)
    credit = Credit(date(2026, 3, 2), Cents(5000), "Ada", "")
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)
    with pytest.raises(NotCorrectable) as refused:
        propose_correction(line, Cents(5000), abroad, "falsch", gift=None, by=one, now=AT)
    assert refused.value.reason == "body"
    sneaked = Proposal.objects.create(
        kind="correction", provider=fund.provider, line=line, target=abroad, amount_cents=5000, reason="x",
        proposed_by=one, proposed_at=AT, status_changed_at=AT,
    )  # fmt: skip
    with pytest.raises(NotCorrectable):
        release(sneaked.pk, by=other, now=LATER)
    abroad.refresh_from_db()
    assert abroad.status == "pledged"


def test_of_two_equal_refunds_the_one_whose_code_left_is_done(
    tmp_path: Path, fund: Fund, one: User, other: User
) -> None:
    gift = promised(fund, 20_000)
    paid_in(gift, 20_000)
    first, second = (propose_refund(gift, Cents(500), why, by=one, now=AT) for why in ("a", "b"))
    for proposal in (first, second):
        assert release(proposal.pk, by=other, now=AT) is True
    take(tmp_path, fund, camt(statement_line("5.00", str(second.reference), bank="B1", sign="DBIT")))
    done = dict(Refund.objects.values_list("proposal", "status"))
    assert done == {first.pk: "pending", second.pk: "succeeded"}
    check(other, "ueberweisen", [first.pk])
    in_order()


class TestUnderOneName:
    """Goods and money of one giver of whom no address is known count together, whoever comes first."""

    def test_goods_that_are_divided(self, fund: Fund, one: User, other: User) -> None:
        for name in ("Ada Beispiel", "Beispiel, Ada"):
            part = written_down(fund, by=one, email="", name=name, value_cents=49_999, pending_matter="no")
            confirm(part.pk, by=other, actor=hand(other), now=LATER.replace(year=2027))
        with pytest.raises(ContributionRefused):
            written_down(fund, by=one, email="", name="ADA BEISPIEL", value_cents=2, pending_matter="no")
        written_down(fund, by=one, email="", name="Ben Beispiel", value_cents=99_999, pending_matter="no")
        written_down(fund, by=one, email="", name="Ada Beispiel", value_cents=1, pending_matter="no")

    def test_money_first_and_goods_then(self, fund: Fund, one: User) -> None:
        by_line(fund, 60_000, Giver("Ada Beispiel"), by=one)
        with pytest.raises(ContributionRefused):
            written_down(fund, by=one, email="", name="Beispiel Ada", value_cents=40_000, pending_matter="no")
        written_down(fund, by=one, email="", name="Beispiel Ada", value_cents=39_999, pending_matter="no")
        with pytest.raises(ContributionRefused):
            written_down(fund, by=one, name="Beispiel Ada", value_cents=40_000, pending_matter="no")

    def test_goods_first_and_money_then(self, client: Client, fund: Fund, one: User, other: User) -> None:
        part = written_down(fund, by=one, email="", value_cents=60_000, pending_matter="no")
        confirm(part.pk, by=other, actor=hand(other), now=LATER.replace(year=2027))
        assert by_line(fund, 39_999, Giver("Kanarienvogel, Ada"), by=one).acceptance == "not_needed"
        waits = by_line(fund, 1, Giver("Ada Kanarienvogel"), by=one)
        assert waits.acceptance == "awaiting"
        client.force_login(one)
        page = text(client.get(reverse("coordination_donation_accept", args=[waits.pk])))
        assert "1.000,00 €<br>davon Sachspenden und Verzichte: 600,00 €<br>" in page
        with_address = Giver("Ada Kanarienvogel", "ak@example.org")
        assert by_line(fund, 1, with_address, by=one).acceptance == "awaiting"

    def test_two_addresses_are_two_people(self, fund: Fund, one: User, other: User) -> None:
        part = written_down(fund, by=one, value_cents=60_000, pending_matter="no")
        confirm(part.pk, by=other, actor=hand(other), now=LATER.replace(year=2027))
        namesake = Giver("Ada Kanarienvogel", "namesake@example.org")
        assert by_line(fund, 60_000, namesake, by=one).acceptance == "not_needed"


def by_line(fund: Fund, cents: int, giver: Giver, *, by: User) -> Donation:
    number = BankTransaction.objects.count()
    credit = Credit(date(2026, 3, 2), Cents(cents), "Sparkonto", f"Nr {number}")
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)
    return gift_from_line(line.pk, fund, Cents(cents), giver, by=by, now=AT)


def test_the_page_of_an_acceptance_does_not_say_whose_an_anonymous_gift_is(
    client: Client, fund: Fund, one: User
) -> None:
    """600 € with her name and 900 € without: neither page tells what both are together."""
    ada = donor_for("ada@example.org", AT)
    hidden, _facts = by_card(fund, 90_000, donor=ada, no_identity=True)
    named, _facts = by_card(fund, 60_000, donor=ada, donor_name="Ada Beispiel")
    assert (hidden.acceptance, named.acceptance) == ("not_needed", "awaiting")
    last, _facts = by_card(fund, 100, donor=ada, no_identity=True)
    client.force_login(one)
    page = text(client.get(reverse("coordination_donation_accept", args=[named.pk])))
    assert "1.500,00" not in page
    assert "600,00 €<br>Annahme nötig ab 1.000,00 € im Jahr" in page
    page = text(client.get(reverse("coordination_donation_accept", args=[last.pk])))
    assert "Von derselben Person" not in page
    assert "Annahme nötig ab 1.000,00 € im Jahr" in page
    for secret in ("600,00", "1.501,00", "901,00", "Ada"):
        assert secret not in page


def test_an_anonymous_gift_is_not_listed_under_the_name_of_its_payer(
    client: Client, fund: Fund, one: User
) -> None:
    hidden = make_donation(fund, amount_cents=90_000, method="transfer", no_identity=True)
    TransferReference.objects.create(donation=hidden, reference=new_reference())
    paid_in(hidden, 90_000)
    named = by_line(fund, 50_000, Giver("Ada"), by=one)
    assert named.acceptance == "awaiting"
    client.force_login(one)
    page = text(client.get(reverse("coordination_donation_accept", args=[named.pk])))
    assert "900,00" not in page
    assert "1.400,00" not in page
    assert "Unter gleichem oder ähnlichem Namen" not in page
