"""What a bank line gives to gifts: one to several, several to one, in part, and taken back again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from donations.models import Allocation, BankTransaction, Donation, Donor, LedgerTransaction, Payment
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.allocations import MoreThanOpen
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.transfers import (
    AlreadyAssigned,
    Credit,
    ForeignGift,
    assign_transfer,
    record_bank_transfer,
)
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import propose_correction, propose_refund, recall, release
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import decide_acceptance, make_donation
from tests.donations.statements.test_import import line as statement_line
from tests.donations.statements.test_import import reference, take
from tests.donations.statements.written import camt
from tests.donations.test_payouts import counters, stands
from tests.donations.visits import give, newest, text
from tests.factories import make_fund, make_provider, make_user

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
DAY = date(2026, 3, 2)
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def ada(browser: Client, fund: Fund) -> Donation:
    give(browser, method="transfer", email="ada@example.org")
    return newest()


@pytest.fixture
def bert(browser: Client, ada: Donation) -> Donation:
    own = {"betrag": "own", "eigener_betrag": "50"}
    give(browser, what=own, method="transfer", email="bert@example.org")
    return newest()


def typed(fund: Fund, cents: int, said: str, day: date = DAY) -> BankTransaction:
    credit = Credit(day, Cents(cents), "", said)
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)[0]


def gave(line: BankTransaction) -> dict[int, int]:
    line.refresh_from_db()
    return dict(line.allocations.filter(undone_at=None).values_list("donation", "cents"))


def stand(gift: Donation) -> tuple[str, int, int | None]:
    gift.refresh_from_db()
    return gift.status, gift.amount_cents, gift.promised_cents


def thanked() -> list[str]:
    return list(
        Message.objects.filter(template="gift_thanks").order_by("pk").values_list("to_email", flat=True)
    )


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert reconcile(LATER + timedelta(hours=2)) == []


def test_a_line_pays_several_gifts_part_by_part_and_the_rest_stays_unclear(
    ada: Donation, bert: Donation, fund: Fund, one: User
) -> None:
    line = typed(fund, 10_000, "für zwei")
    assign_transfer(line.pk, ada.pk, cents=Cents(2500), assigned_by=one, now=AT)
    assert stands() == {"bank": 10_000, "unclear": -7500, "fund": -2500}
    assign_transfer(line.pk, bert.pk, cents=Cents(5000), assigned_by=one, now=AT)
    assert (gave(line), line.open_cents) == ({ada.pk: 2500, bert.pk: 5000}, 2500)
    assert (stand(ada), stand(bert)) == (("received", 2500, None), ("received", 5000, None))
    assert stands() == {"bank": 10_000, "unclear": -2500, "fund": -7500}
    assert (counters(fund), thanked()) == ((7500, 7500, 2), ["ada@example.org", "bert@example.org"])
    for cents, left in ((2501, 2500), (0, 2500), (-1, 2500)):
        with pytest.raises(MoreThanOpen) as refusal:
            assign_transfer(line.pk, bert.pk, cents=Cents(cents), assigned_by=one, now=AT)
        assert refusal.value.cents == left
    foreign = make_fund(provider=make_provider("Verein"))
    with pytest.raises(ForeignGift):
        gift_from_line(line.pk, foreign, Cents(2500), Giver(), by=one, now=AT)
    assert (Allocation.objects.count(), Donation.objects.count()) == (2, 2)
    in_order()


def test_a_text_with_several_codes_pays_them_if_it_is_exactly_their_sum(
    tmp_path: Path, ada: Donation, bert: Donation, fund: Fund
) -> None:
    said = f"{reference(ada)} und {reference(bert)}"
    take(tmp_path, fund, camt(statement_line("75.00", said, bank="B1")))
    assert gave(BankTransaction.objects.get()) == {ada.pk: 2500, bert.pk: 5000}
    assert (stand(ada)[0], stand(bert)[0], counters(fund)) == ("received", "received", (7500, 7500, 2))
    in_order()
    take(tmp_path, fund, camt(statement_line("75.00", said, bank="B2")))
    assert gave(BankTransaction.objects.latest("pk")) == {}
    assert stands()["unclear"] == -7500
    in_order()


def test_what_is_missing_of_a_promise_completes_its_gift(bert: Donation, fund: Fund) -> None:
    """50 € were promised; 20 € come, then 30 €, then 50 € again as by a standing order."""
    code = reference(bert)
    typed(fund, 2000, code)
    assert stand(bert) == ("received", 2000, 5000)
    rest = typed(fund, 3000, code, date(2026, 3, 20))
    assert (stand(bert), gave(rest)) == (("received", 5000, None), {bert.pk: 3000})
    assert bert.received_at == datetime(2026, 3, 20, 11, 0, tzinfo=UTC)
    assert (counters(fund), Payment.objects.get().amount_cents) == ((5000, 5000, 1), 5000)
    kinds = LedgerTransaction.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["gift", "gift_part"]
    assert thanked() == ["bert@example.org"] * 2
    again = typed(fund, 5000, code, date(2026, 4, 20))
    (gift,) = gave(again)
    assert Donation.objects.get(pk=gift).repeats == bert
    assert counters(fund) == (10_000, 10_000, 2)
    in_order()


@pytest.mark.parametrize(
    ("cents", "day"), [(3001, date(2026, 3, 20)), (3000, date(2027, 1, 2))], ids=["too much", "other year"]
)
def test_more_than_is_missing_or_in_another_year_is_a_gift_of_its_own(
    bert: Donation, fund: Fund, cents: int, day: date
) -> None:
    typed(fund, 2000, reference(bert))
    line = typed(fund, cents, reference(bert), day)
    assert stand(bert) == ("received", 2000, 5000)
    assert bert.pk not in gave(line)
    assert counters(fund) == (2000 + cents, 2000 + cents, 2)
    in_order()


def test_the_rest_of_a_gift_of_which_something_is_to_go_back_is_a_gift_of_its_own(
    bert: Donation, fund: Fund, one: User, other: User
) -> None:
    typed(fund, 2000, reference(bert))
    assert stand(bert) == ("received", 2000, 5000)
    going = propose_refund(bert, Cents(500), "Wunsch", by=one, now=AT)
    assert release(going.pk, by=other, now=AT)
    own = typed(fund, 3000, reference(bert), date(2026, 3, 20))
    assert (stand(bert), bert.pk in gave(own)) == (("received", 2000, 5000), False)
    assert recall(going.pk, by=one, now=AT)
    rest = typed(fund, 3000, reference(bert), date(2026, 3, 21))
    assert (stand(bert), gave(rest)) == (("received", 5000, None), {bert.pk: 3000})
    in_order()


def test_a_part_goes_and_the_gift_stays_counted(bert: Donation, fund: Fund, one: User, other: User) -> None:
    first, second = typed(fund, 2000, reference(bert)), typed(fund, 3000, reference(bert))
    for line, left, stage in ((first, 3000, ("received", 3000, 5000)), (second, 0, ("pledged", 5000, None))):
        proposal = propose_correction(
            line, Cents(line.amount_cents), None, "falsch", gift=bert, by=one, now=AT
        )
        assert release(proposal.pk, by=other, now=LATER) is True
        assert (stand(bert), gave(line)) == (stage, {})
        assert counters(fund) == (left, left, 1 if left else 0)
        in_order()
    assert (stands(), Payment.objects.count()) == ({"bank": 5000, "unclear": -5000}, 0)
    assign_transfer(first.pk, bert.pk, assigned_by=one, now=LATER)
    assert counters(fund) == (2000, 2000, 1)
    in_order()


def test_of_a_line_for_several_one_gift_is_taken_back_by_two_people(
    browser: Client, ada: Donation, bert: Donation, fund: Fund, one: User, other: User
) -> None:
    line = typed(fund, 7500, f"{reference(ada)} {reference(bert)}")
    for cents in (None, Cents(7400)):
        with pytest.raises(NotCorrectable, match=r"^split$"):
            propose_correction(line, cents, None, "falsch", gift=ada, by=one, now=AT)
    browser.force_login(one)
    address = f"/koordination/spenden/eingang/{line.pk}/berichtigen/"
    said = {"fault": "keine", "reason": "gehört nicht dazu"}
    assert browser.post(address, said).status_code == 422
    assert browser.post(address, {**said, "gift": str(ada.pk)}).status_code == 303
    proposal = bert.proposals.first() or ada.proposals.get()
    assert release(proposal.pk, by=other, now=LATER) is True
    assert (gave(line), stand(ada)[0], stand(bert)[0]) == ({bert.pk: 5000}, "pledged", "received")
    assert stands() == {"bank": 7500, "unclear": -2500, "fund": -5000}
    late = propose_correction(line, Cents(7500), ada, "doch", gift=bert, by=one, now=LATER)
    assert release(late.pk, by=other, now=LATER) is True
    assert (gave(line), stand(ada)) == ({ada.pk: 5000}, ("received", 5000, 2500))
    in_order()


def test_money_nobody_promised_becomes_a_gift_with_a_giver_or_without(fund: Fund, one: User) -> None:
    line = typed(fund, 10_000, "Weihnachten")
    ada = gift_from_line(line.pk, fund, Cents(4000), Giver("Ada", "ada@example.org"), by=one, now=AT)
    named = gift_from_line(line.pk, fund, Cents(3000), Giver("Bert Beispiel"), by=one, now=AT)
    nobody = [gift_from_line(line.pk, fund, Cents(1500), Giver(), by=one, now=AT) for _ in range(2)]
    assert [gift.status for gift in (ada, named, *nobody)] == ["received"] * 4
    assert (ada.donor.email, ada.purpose_text, ada.method) == ("ada@example.org", fund.purpose, "transfer")
    assert (named.donor.mailbox, named.donor_name) == (None, "Bert Beispiel")
    assert nobody[0].donor == nobody[1].donor != named.donor
    assert (counters(fund), thanked(), Donor.objects.count()) == ((10_000, 10_000, 4), ["ada@example.org"], 3)
    assert stands() == {"bank": 10_000, "fund": -10_000}
    with pytest.raises(AlreadyAssigned):
        gift_from_line(line.pk, fund, Cents(1), Giver(), by=one, now=AT)
    in_order()


def test_nobody_known_is_nobody_with_an_address_and_nobody_of_another_body(fund: Fund, one: User) -> None:
    nameless = make_donation(fund, method="transfer")
    club = make_fund("Verein", provider=make_provider("Verein"))
    bodies = {fund: one, club: make_user(Role.TREASURER, club.provider)}
    ours, theirs, again = (
        gift_from_line(typed(each, 1000, said).pk, each, Cents(1000), Giver(), by=bodies[each], now=AT)
        for each, said in ((fund, "eins"), (club, "zwei"), (fund, "drei"))
    )
    assert (nameless.donor_name, ours.donor.mailbox, ours.donor == nameless.donor) == ("", None, False)
    assert (theirs.donor == ours.donor, again.donor == ours.donor) == (False, True)


def test_gifts_of_nobody_known_are_not_added_up_for_the_city(fund: Fund, one: User) -> None:
    gifts = [
        gift_from_line(typed(fund, cents, f"{cents}").pk, fund, Cents(cents), Giver(), by=one, now=AT)
        for cents in (60_000, 60_001, 100_000)
    ]
    assert [gift.acceptance for gift in gifts] == ["not_needed", "not_needed", "awaiting"]
    decide_acceptance(gifts[2], AT)
    in_order()


def test_the_pages_split_a_line_and_make_a_gift_of_the_rest(
    browser: Client, ada: Donation, fund: Fund, one: User
) -> None:
    line = typed(fund, 6000, "Danke")
    page = f"/koordination/spenden/eingang/{line.pk}/"
    browser.force_login(one)
    assert 'value="60,00"' in text(browser.get(page))
    said = {"donation": str(ada.pk), "amount": "25"}
    for wrong in ({"donation": str(ada.pk)}, {**said, "amount": "60,01"}, {**said, "amount": "0"}):
        assert browser.post(page, wrong).status_code == 422
    answer = browser.post(page, said, follow=True)
    assert "davon zugeordnet: 25,00" in text(answer)
    assert "als neue Spende buchen" in text(answer)
    assert "35,00 € zuordnen" in text(browser.get("/koordination/spenden/"))
    new = f"{page}neue-spende/"
    assert "Noch offen" in text(browser.get(new))
    gift: dict[str, Any] = {"fund": str(fund.pk), "amount": "35", "name": "", "email": ""}
    foreign = make_fund(provider=make_provider("Verein"))
    for bad in ({**gift, "fund": str(foreign.pk)}, {**gift, "amount": "36"}, {**gift, "name": "<b>"}):
        assert browser.post(new, bad).status_code == 422
    assert Donation.objects.count() == 1
    assert browser.post(new, gift)["Location"] == "/koordination/spenden/"
    assert (stand(ada)[0], newest().amount_cents, newest().donor.mailbox) == ("received", 3500, None)
    listed = text(browser.get("/koordination/spenden/"))
    assert "Buchung von 25,00 € berichtigen" in listed
    assert "zuordnen" not in listed
    for late in (browser.post(page, said), browser.post(new, gift)):
        assert late.status_code in {303, 422}
    assert Allocation.objects.count() == 2
    in_order()


def test_the_database_and_the_check_refuse_what_cannot_be(ada: Donation, fund: Fund) -> None:
    line = typed(fund, 2500, reference(ada))
    part = Allocation.objects.get()
    for wrong in (2501, -1):
        with pytest.raises(IntegrityError, match="bank_line_"), transaction.atomic():
            BankTransaction.objects.filter(pk=line.pk).update(allocated_cents=wrong)
    with pytest.raises(IntegrityError, match="allocation_once"), transaction.atomic():
        Allocation.objects.create(line=line, donation=ada, cents=1, identity="x", allocated_at=AT)
    with pytest.raises(IntegrityError, match="allocation_of_something"), transaction.atomic():
        Allocation.objects.filter(pk=part.pk).update(cents=0)
    Allocation.objects.filter(pk=part.pk).update(cents=2400)
    assert sorted(row_faults()) == [
        f"allocation {part.identity} is 2400, expected 2500",
        f"line {line.pk}: allocated_cents is 2500, expected 2400",
        f"payment {part.identity}: allocations is 2500, expected 2400",
    ]
    Allocation.objects.filter(pk=part.pk).update(cents=2500, undone_at=AT)
    assert [each["what"] for each in reconcile(LATER)] == [
        f"allocation {part.identity}",
        f"line {line.pk}: allocated_cents",
        f"payment {part.identity}: allocations",
    ]
