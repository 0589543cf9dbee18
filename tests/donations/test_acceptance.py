"""A large gift to the city: who gave how much in a year, two people who write down what was decided."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from donations.domain.facts import PaymentFacts, RefundFact
from donations.domain.identities import identity
from donations.models import AcceptanceRule, BankTransaction, Donation, Donor, Payment, Proposal, Refund
from donations.receipts.services.contributions import ContributionRefused, Said, confirm, write_down
from donations.selectors.ledger import faults
from donations.selectors.purposes import money_of
from donations.selectors.row_faults import row_faults
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.books.reconciliation import reconcile
from donations.services.online.payments import record
from donations.services.personal_data import erase_giver, stored_about
from donations.services.treasury.acceptance import NotAwaiting
from donations.services.treasury.proposals import (
    SamePerson,
    decline,
    propose_acceptance,
    propose_correction,
    recall,
    release,
)
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import decide_acceptance, make_donation, make_donor
from tests.donations.statements.test_import import line, take
from tests.donations.statements.written import camt, entry, item
from tests.donations.visits import give, newest, text
from tests.factories import make_fund, make_provider, make_user
from tests.lists.test_files import cells

HAND = system("test")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=20)
REASON = "Hauptausschuss, Beschluss vom 12. März"
LIST = "/koordination/spenden/annahmen/"
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


def came(fund: Fund, cents: int, donor: Donor, at: datetime = AT, **more: Any) -> Donation:
    """A gift by card that is here, as Stripe tells it."""
    donation = make_donation(fund, amount_cents=cents, donor=donor)
    name = identity(fund.provider.stripe_account or fund.provider.slug, f"pi_{donation.pk}")
    facts = PaymentFacts(name, "succeeded", Cents(cents), at, fee_cents=Cents(50), **more)
    record(donation.pk, facts, at, page_is_over=False)
    donation.refresh_from_db()
    return donation


@pytest.fixture
def large(fund: Fund) -> Donation:
    return came(fund, 150_000, make_donor())


def available(fund: Fund) -> int:
    fund.refresh_from_db()
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    return money.available_cents


def mails() -> list[str]:
    return sorted(Message.objects.exclude(template="transfer_data").values_list("template", flat=True))


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert reconcile(LATER) == []


def test_gifts_of_one_giver_in_one_year_count_together(fund: Fund) -> None:
    ada, ben = make_donor(), make_donor()
    silvester = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    found = [
        came(fund, 60_000, ada, datetime(2025, 12, 31, 22, 59, tzinfo=UTC)),
        came(fund, 60_000, ada, datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
        came(fund, 60_000, ben),
        came(make_fund(provider=fund.provider), 39_999, ada),
        came(make_fund(provider=make_provider("Verein", kind="club")), 500_000, ada),
        came(make_fund(provider=fund.provider), 1, ada, silvester),
        came(fund, 1, ada, silvester),
        came(fund, 60_000, ada, datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
    ]
    said = [gift.acceptance for gift in found]
    assert said == [*["not_needed"] * 5, "awaiting", "awaiting", "not_needed"]
    assert {gift.status for gift in found} == {"received"}


def test_what_went_back_or_was_not_accepted_counts_no_more(fund: Fund) -> None:
    ada = make_donor()
    came(fund, 60_000, ada, refunds=(RefundFact("re_1", Cents(20_001), AT),))
    assert came(fund, 60_000, ada).acceptance == "not_needed"
    third = came(fund, 1, ada)
    assert third.acceptance == "awaiting"
    decide_acceptance(third, AT, is_accepted=False)
    assert came(fund, 1, ada).acceptance == "awaiting"
    Donation.objects.filter(pk=third.pk).update(amount_cents=90_000_000)
    assert came(fund, 1, make_donor()).acceptance == "not_needed"


def test_the_rule_of_the_day_decides(fund: Fund) -> None:
    rules = [(date(2026, 1, 1), 500_000), (date(2026, 3, 3), 20_000), (date(2027, 1, 1), 1)]
    for valid_from, cents in rules:
        AcceptanceRule.objects.create(
            provider=fund.provider, from_cents=cents, valid_from=valid_from, source="Zuständigkeitsordnung"
        )
    before_midnight, after = (datetime(2026, 3, 2, hour, 59, tzinfo=UTC) for hour in (22, 23))
    assert came(fund, 499_999, make_donor(), before_midnight).acceptance == "not_needed"
    assert came(fund, 500_000, make_donor(), before_midnight).acceptance == "awaiting"
    assert came(fund, 20_000, make_donor(), after).acceptance == "awaiting"
    assert came(fund, 19_999, make_donor(), after).acceptance == "not_needed"
    for wrong in ({"from_cents": 0, "valid_from": date(2026, 5, 1)}, {"valid_from": date(2026, 3, 3)}):
        with pytest.raises(IntegrityError, match="acceptance_rule_"), transaction.atomic():
            AcceptanceRule.objects.create(
                **{"provider": fund.provider, "from_cents": 5, "source": "x", **wrong}
            )


def test_two_people_accept_and_only_then_the_money_can_be_used(
    large: Donation, fund: Fund, one: User, other: User
) -> None:
    proposal = propose_acceptance(large, REASON, is_accepted=True, by=one, now=AT)
    large.refresh_from_db()
    assert (large.acceptance, available(fund), mails()) == ("awaiting", 0, ["gift_thanks"])
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=LATER)
    assert release(proposal.pk, by=other, now=LATER) is True
    large.refresh_from_db()
    assert (large.status, large.acceptance, large.acceptance_at, large.acceptance_by) == (
        "received",
        "accepted",
        LATER,
        other,
    )
    assert (available(fund), mails()) == (150_000, ["gift_accepted", "gift_thanks"])
    hand = Event.objects.get(model="donation", to_status="accepted")
    assert (hand.from_status, hand.actor_user, hand.actor_role) == ("awaiting", other.pk, "treasurer")
    with pytest.raises(NotAwaiting):
        propose_acceptance(large, REASON, is_accepted=False, by=one, now=LATER)
    in_order()


def test_what_is_not_accepted_goes_back_and_the_giver_is_told_kindly(
    large: Donation, fund: Fund, one: User, other: User
) -> None:
    proposal = propose_acceptance(large, REASON, is_accepted=False, by=one, now=AT)
    assert Refund.objects.count() == 0
    assert release(proposal.pk, by=other, now=LATER) is True
    large.refresh_from_db()
    refund = Refund.objects.get(proposal=proposal)
    assert (large.status, large.acceptance, large.acceptance_by) == ("received", "refused", other)
    assert (refund.status, refund.amount_cents, available(fund)) == ("pending", 150_000, 0)
    mail = Message.objects.get(template="gift_not_accepted")
    assert "Das liegt nicht an Ihnen" in mail.body_text
    assert "Wir geben Ihnen 1.500\u00a0€ zurück" in mail.body_text
    assert REASON not in mail.body_text
    assert recall(proposal.pk, by=one, now=LATER) is False
    in_order()
    facts = PaymentFacts(f"pi_{large.pk}", "succeeded", Cents(150_000), AT, fee_cents=Cents(50))
    for failed_at, status in ((None, "refunded"), (LATER, "received")):
        back = RefundFact("re_1", Cents(150_000), LATER, failed_at=failed_at, order=str(proposal.pk))
        record(large.pk, replace(facts, refunds=(back,)), LATER, page_is_over=False)
        large.refresh_from_db()
        assert (large.status, large.acceptance, available(fund)) == (status, "refused", 0)
        in_order()
    assert mails() == ["gift_not_accepted", "gift_thanks", "refund_done", "refund_failed"]


def test_a_transfer_goes_back_by_the_code_of_the_proposal(
    tmp_path: Path, browser: Client, fund: Fund, one: User, other: User
) -> None:
    give(browser, what={"betrag": "own", "eigener_betrag": "1000"}, method="transfer")
    gift = newest()
    code = gift.transfer_reference.reference
    record_bank_transfer(
        fund.provider, Credit(date(2026, 3, 2), Cents(100_000), "", code), recorded_by=None, now=AT
    )
    gift.refresh_from_db()
    proposal = propose_acceptance(gift, REASON, is_accepted=False, by=one, now=AT)
    assert release(proposal.pk, by=other, now=LATER) is True
    browser.force_login(one)
    page = text(browser.get("/koordination/spenden/buecher/"))
    assert proposal.grouped_reference in page
    assert "Zurückziehen" not in page
    take(tmp_path, fund, camt(line("1000.00", proposal.reference, bank="B1", sign="DBIT")))
    gift.refresh_from_db()
    assert (gift.status, gift.acceptance, Refund.objects.get().status) == ("refunded", "refused", "succeeded")
    in_order()


def test_of_a_gift_that_is_partly_gone_the_rest_goes_back(fund: Fund, one: User, other: User) -> None:
    gift = came(fund, 150_000, make_donor(), refunds=(RefundFact("re_1", Cents(50_000), AT),))
    assert (gift.status, gift.acceptance, available(fund)) == ("partly_refunded", "awaiting", 0)
    decide_acceptance(gift, LATER, is_accepted=False)
    assert Refund.objects.get(status="pending").amount_cents == 100_000
    assert available(fund) == 0
    in_order()


def test_about_one_gift_there_is_one_open_proposal(large: Donation, one: User, other: User) -> None:
    first = propose_acceptance(large, REASON, is_accepted=True, by=one, now=AT)
    with pytest.raises(NotAwaiting):
        propose_acceptance(large, REASON, is_accepted=False, by=other, now=AT)
    with pytest.raises(IntegrityError, match="proposal_one_about_acceptance"), transaction.atomic():
        Proposal.objects.create(
            kind="refusal",
            provider=first.provider,
            donation=large,
            amount_cents=1,
            reason="x",
            proposed_by=other,
            proposed_at=AT,
            status_changed_at=AT,
        )
    assert decline(first.pk, by=other, now=AT) is True
    large.refresh_from_db()
    assert large.acceptance == "awaiting"
    assert propose_acceptance(large, REASON, is_accepted=True, by=other, now=AT).kind == "acceptance"


def test_small_gifts_promises_and_disputed_ones_wait_for_nothing(fund: Fund, one: User) -> None:
    gone = came(fund, 150_000, make_donor(), refunds=(RefundFact("re_1", Cents(150_000), AT),))
    assert gone.acceptance == "awaiting"
    for gift in (came(fund, 500, make_donor()), make_donation(fund, amount_cents=500_000), gone):
        with pytest.raises(NotAwaiting):
            propose_acceptance(gift, REASON, is_accepted=True, by=one, now=AT)
    assert Proposal.objects.count() == 0


def test_a_gift_that_was_corrected_away_is_not_accepted_any_more(
    browser: Client, fund: Fund, one: User, other: User
) -> None:
    give(browser, what={"betrag": "own", "eigener_betrag": "10"}, method="transfer")
    gift = newest()
    typed = Credit(date(2026, 3, 2), Cents(100_000), "", gift.transfer_reference.reference)
    row, _is_new = record_bank_transfer(fund.provider, typed, recorded_by=one, now=AT)
    gift.refresh_from_db()
    waiting = propose_acceptance(gift, REASON, is_accepted=True, by=one, now=AT)
    slip = propose_correction(row, Cents(1000), gift, "vertippt", gift=gift, by=one, now=AT)
    assert release(slip.pk, by=other, now=LATER) is True
    gift.refresh_from_db()
    assert (gift.amount_cents, gift.acceptance) == (1000, "not_needed")
    with pytest.raises(NotAwaiting):
        release(waiting.pk, by=other, now=LATER)
    gift.refresh_from_db()
    waiting.refresh_from_db()
    assert (gift.acceptance, waiting.status, "gift_accepted" in mails()) == ("not_needed", "proposed", False)
    in_order()


def test_what_was_decided_goes_with_the_money_that_was_corrected_away(
    browser: Client, fund: Fund, one: User, other: User
) -> None:
    give(browser, what={"betrag": "own", "eigener_betrag": "1500"}, method="transfer")
    gift = newest()
    typed = Credit(date(2026, 3, 2), Cents(150_000), "", gift.transfer_reference.reference)
    row, _is_new = record_bank_transfer(fund.provider, typed, recorded_by=one, now=AT)
    decide_acceptance(gift, AT)
    assert (gift.acceptance, gift.acceptance_at, gift.acceptance_by is None) == ("accepted", AT, False)
    slip = propose_correction(row, None, None, "vertippt", gift=gift, by=one, now=AT)
    release(slip.pk, by=other, now=LATER)
    gift.refresh_from_db()
    assert (gift.status, gift.amount_cents, gift.received_at) == ("pledged", 150_000, None)
    assert (gift.acceptance, gift.acceptance_at, gift.acceptance_by) == ("not_needed", None, None)
    in_order()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("acceptance = 'nonsense'", "donation_acceptance_known"),
        ("acceptance = 'accepted'", "donation_acceptance_known"),
        ("acceptance_at = now()", "donation_acceptance_known"),
        ("received_at = NULL, status = 'lapsed'", "donation_acceptance_of_what_came"),
    ],
)
def test_the_database_knows_how_it_may_stand(large: Donation, change: str, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE donations_donation SET {change}")


def test_an_acceptance_that_two_people_never_released_is_a_fault(large: Donation, one: User) -> None:
    propose_acceptance(large, REASON, is_accepted=True, by=one, now=AT)
    Donation.objects.filter(pk=large.pk).update(acceptance="accepted", acceptance_at=AT, acceptance_by=one)
    assert row_faults() == [f"gift {large.public_id}: acceptance is accepted, expected awaiting"]


def test_the_pages_ask_what_was_decided_and_a_second_person(
    browser: Client, large: Donation, fund: Fund, one: User, other: User
) -> None:
    address = f"/koordination/spenden/{large.pk}/annehmen/"
    browser.force_login(one)
    assert f'href="{address}"' in text(browser.get(f"/koordination/?offen=annahmen-{large.pk}"))
    page = text(browser.get(address))
    assert "Von derselben Person im Jahr 2026" in page
    assert "Annahme nötig ab 1.000,00 € im Jahr" in page
    said = {"decision": "annehmen", "reason": REASON, "pending_matter": "yes"}
    for lacking in ("reason", "decision", "pending_matter"):
        wrong = {name: value for name, value in said.items() if name != lacking}
        assert browser.post(address, wrong).status_code == 422
    for wrong in ({**said, "decision": "vielleicht"}, {**said, "pending_matter": "vielleicht"}):
        assert browser.post(address, wrong).status_code == 422
    assert Proposal.objects.count() == 0
    answer = text(browser.post(address, said, follow=True))
    assert "Bis eine zweite Person es freigibt, ist nichts gebucht" in answer
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.donation, proposal.reason) == ("acceptance", large, REASON)
    assert "schon entschieden oder ein Vorschlag gemacht" in text(browser.get(address, follow=True))
    assert address not in text(browser.get("/koordination/spenden/"))
    browser.force_login(other)
    assert "Laufende Angelegenheit mit der Stadt: Ja." in text(browser.get("/koordination/spenden/buecher/"))
    decide = f"/koordination/spenden/vorschlag/{proposal.pk}/"
    assert "Freigegeben." in text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    page = text(browser.get("/koordination/spenden/"))
    assert "angenommen" in page
    assert "1 Spende" in text(browser.get("/koordination/spenden/?ansicht=alle"))
    assert "Keine Spenden in dieser Auswahl" in text(browser.get("/koordination/spenden/?ansicht=annahme"))


def test_who_gave_sees_that_it_is_not_accepted(browser: Client, large: Donation) -> None:
    decide_acceptance(large, LATER, is_accepted=False)
    page = text(browser.get(f"/spenden/danke/{large.public_id}/"))
    assert "Das Geld geht zurück" in page
    assert "Das liegt nicht an Ihnen" in page


def test_a_year_of_decisions_is_taken_away_as_a_table(browser: Client, fund: Fund, one: User) -> None:
    silvester, new_year = (datetime(2025, 12, 31, hour, 30, tzinfo=UTC) for hour in (22, 23))
    named = came(fund, 150_000, make_donor("ada@example.org"), new_year)
    Donation.objects.filter(pk=named.pk).update(donor_name="Ada Muster")
    decide_acceptance(named, AT)
    refused = came(fund, 200_000, make_donor("ben@example.org"))
    decide_acceptance(refused, LATER, is_accepted=False)
    unknown = came(fund, 100_000, make_donor(), AT + timedelta(hours=1))
    Donation.objects.filter(pk=unknown.pk).update(donor=Donor.objects.create(created_at=AT))
    came(fund, 100_000, make_donor("vorjahr@example.org"), silvester)
    came(fund, 99_999, make_donor("klein@example.org"))
    city = make_provider("Andere Stadt", kind="city")
    came(make_fund(provider=city), 100_000, make_donor("fremd@example.org"))
    browser.force_login(one)

    def rows(**query: str) -> list[str]:
        answer: Any = browser.get(f"{LIST}liste.csv", query)
        return [line.replace("\xa0", " ") for line in answer.getvalue().decode("utf-8-sig").splitlines()]

    head = "Eingegangen;Von;Betrag;Spendenzweck;Entscheidung;Eingetragen;Wer entschieden hat, und wann;Stand"
    board, name = "Hauptausschuss, Beschluss", fund.name
    ada = f"01.01.2026;Ada Muster;1500,00 €;{name};angenommen;02.03.2026;{board};eingegangen"
    ben = f"02.03.2026;ben@example.org;2000,00 €;{name};nicht angenommen;22.03.2026;{board};eingegangen"
    nobody = f"02.03.2026;anonym;1000,00 €;{name};Annahme vorbehalten;;;eingegangen"
    assert rows(jahr="2026") == [head, ada, ben, nobody]
    assert rows(jahr="2026", entscheidung="refused") == [head, ben]
    before = f"31.12.2025;vorjahr@example.org;1000,00 €;{name};Annahme vorbehalten;;;eingegangen"
    assert rows(jahr="2025") == [head, before]
    assert rows() == [head, before, ada, ben, nobody]
    book: Any = browser.get(f"{LIST}liste.xlsx", {"jahr": "2026"})
    givers = [row[1][1] for row in cells(book.getvalue())]
    assert givers == ["Von", "Ada Muster", "ben@example.org", "anonym"]
    page = text(browser.get(LIST, {"jahr": "2026"}))
    assert "3 große Spenden" in page
    assert f"{board}</td>" in page
    assert "vorjahr@" not in page
    assert f'href="{LIST}"' in text(browser.get("/koordination/spenden/"))
    club = make_user(Role.TREASURER, make_provider("Verein", kind="club"))
    browser.force_login(club)
    assert "Keine große Spende" in text(browser.get(LIST))


def test_what_the_giver_said_of_a_pending_matter_is_not_asked_again(
    browser: Client, large: Donation, fund: Fund, one: User
) -> None:
    Donation.objects.filter(pk=large.pk).update(pending_matter="yes")
    browser.force_login(one)
    address = f"/koordination/spenden/{large.pk}/annehmen/"
    page = text(browser.get(address))
    assert "Laufende Angelegenheit mit der Stadt</dt><dd" in page
    assert 'name="pending_matter"' not in page
    browser.post(address, {"decision": "annehmen", "reason": REASON, "pending_matter": "no"})
    large.refresh_from_db()
    assert (large.pending_matter, Proposal.objects.count()) == ("yes", 1)
    decline(Proposal.objects.get().pk, by=one, now=AT)
    propose_acceptance(large, REASON, "no", is_accepted=True, by=one, now=AT)
    large.refresh_from_db()
    assert large.pending_matter == "yes"
    with pytest.raises(IntegrityError, match="donation_matter_known"), transaction.atomic():
        Donation.objects.filter(pk=large.pk).update(pending_matter="maybe")


@pytest.mark.parametrize(
    ("iban", "cents", "waits", "country"),
    [
        ("NL91ABNA0417164300", "1000.01", True, "NL"),
        ("TR330006100519786457841326", "1000.01", True, "TR"),
        ("NL91ABNA0417164300", "1000.00", False, "NL"),
        ("DE02120300000000202051", "1000.01", False, "DE"),
        ("12030000/202051", "1000.01", False, ""),
    ],
)
def test_much_from_an_account_abroad_waits_for_two_and_only_its_country_is_kept(
    tmp_path: Path, db: None, browser: Client, iban: str, cents: str, waits: bool, country: str
) -> None:
    club = make_fund(provider=make_provider("Verein", kind="club"))
    club.provider.iban = "DE02500105170137075030"
    club.provider.save()
    of = f"<Id><IBAN>{iban}</IBAN></Id>" if country else f"<Id><Othr><Id>{iban}</Id></Othr></Id>"
    party = f"<RltdPties><Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr><DbtrAcct>{of}</DbtrAcct></RltdPties>"
    take(tmp_path, club, camt(entry(cents, "CRDT", item(party)), iban=club.provider.iban))
    row = BankTransaction.objects.get()
    assert (row.counterparty_country, row.counterparty_name) == (country, "Ada")
    assert iban not in " ".join(str(each) for each in BankTransaction.objects.values_list().get())
    one = make_user(Role.TREASURER, club.provider)
    gift = gift_from_line(row.pk, club, Cents(row.amount_cents), Giver("Ada"), by=one, now=AT)
    assert gift.awaits_acceptance is waits
    if waits:
        browser.force_login(one)
        page = text(browser.get(f"/koordination/spenden/{gift.pk}/annehmen/"))
        assert (
            f'Konto oder Karte im Ausland</dt><dd class="kern-description-list-item__value">{country}<br>'
            in page
        )
        assert 'name="pending_matter"' not in page


@pytest.mark.parametrize(
    ("cents", "country", "waits"),
    [(100_001, "NL", True), (100_000, "NL", False), (100_001, "DE", False), (100_001, "", False)],
)
def test_much_by_an_account_or_card_from_abroad_waits_for_two_too(
    browser: Client, db: None, cents: int, country: str, waits: bool
) -> None:
    club = make_fund(provider=make_provider("Verein", kind="club"))
    gift = came(club, cents, make_donor(), country=country)
    assert gift.awaits_acceptance is waits
    if waits:
        browser.force_login(make_user(Role.TREASURER, club.provider))
        page = text(browser.get(f"/koordination/spenden/{gift.pk}/annehmen/"))
        assert 'Konto oder Karte im Ausland</dt><dd class="kern-description-list-item__value">NL<br>' in page
    mailbox = gift.donor.mailbox
    assert mailbox is not None
    assert stored_about(mailbox)["spenden"][0]["land_des_kontos"] == country
    erase_giver(mailbox, LATER)
    assert Payment.objects.get().country == ""


def test_a_year_of_money_and_goods_is_one_table(browser: Client, fund: Fund, one: User, other: User) -> None:
    this = local_day(utc_now()).replace(month=1, day=2)
    noon = datetime(this.year, 1, 2, 11, tzinfo=UTC)
    large = came(fund, 150_000, make_donor("ada@example.org"), noon + timedelta(days=1))
    Donation.objects.filter(pk=large.pk).update(
        donor_name="Ada Muster", hide_name_public=False, pending_matter="yes"
    )
    came(fund, 99_999, make_donor(), noon)
    said: dict[str, Any] = {
        "kind": "goods",
        "name": "Ben Beispiel",
        "street": "Musterweg 1",
        "postcode": "52349",
        "town": "Düren",
        "given_on": this,
        "value_cents": 200_000,
        "description": "Lastenrad",
        "basis": "Rechnung",
        "age": "neu",
        "condition": "gut",
        "purchase_price": "2.000 €",
        "origin": "private",
        "accepted_on": this,
        "accepted_by": "Hauptausschuss",
        "pending_matter": "unknown",
    }
    for wrong in ({"pending_matter": ""}, {"accepted_on": None}):
        with pytest.raises(ContributionRefused):
            write_down(fund, Said(**{**said, **wrong}), email="", by=one, actor=HAND, now=noon)
    row = write_down(fund, Said(**said), email="", by=one, actor=HAND, now=noon)
    browser.force_login(other)

    def rows(year: int = this.year) -> list[str]:
        answer: Any = browser.get(f"{LIST}jahr/{year}.csv")
        assert answer.status_code == 200
        return [line.replace("\xa0", " ") for line in answer.getvalue().decode("utf-8-sig").splitlines()]

    head = (
        "Tag;Art;Von;Name öffentlich;Betrag oder Wert;Spendenzweck;Laufende Angelegenheit;Entscheidung;"
        "Eingetragen;Wer entschieden hat, und wann"
    )
    days = [f"0{day}.01.{this.year}" for day in (2, 3)]
    bike = f"{days[0]};Sachspende;{row.name};nein;2000,00 €;{fund.name};Nicht bekannt;"
    money = f"{days[1]};Karte;Ada Muster;ja;1500,00 €;{fund.name};Ja;Annahme vorbehalten;;"
    board = f"Hauptausschuss, {days[0]}"
    assert rows() == [head, f"{bike}wartet auf die zweite Person;;{board}", money]
    confirm(row.pk, by=other, actor=HAND, now=noon)
    assert rows() == [head, f"{bike}angenommen;{days[0]};{board}", money]
    assert rows(this.year - 1) == [head]
    for nowhere in (f"{this.year + 1}.csv", f"{this.year - 10}.csv", f"{this.year}.pdf"):
        assert browser.get(f"{LIST}jahr/{nowhere}").status_code == 404
    assert f'href="{LIST}jahr/{this.year}.xlsx"' in text(browser.get(LIST))
    assert browser.get(f"{LIST}jahr/{this.year}.xlsx").status_code == 200
    browser.force_login(make_user(Role.TREASURER, make_provider("Verein", kind="club")))
    assert rows() == [head]


@pytest.mark.django_db
def test_a_large_transfer_of_nobody_known_waits_for_two_at_every_body(browser: Client) -> None:
    club = make_fund(provider=make_provider("Verein", kind="club"))
    one, other = (make_user(Role.TREASURER, club.provider) for _ in range(2))

    def gift(cents: int, *, of: int | None = None, giver: Giver | None = None) -> Donation:
        credit = Credit(date(2026, 3, 2), Cents(of or cents), "", f"{cents} {of} {giver}")
        row, _is_new = record_bank_transfer(club.provider, credit, recorded_by=None, now=AT)
        return gift_from_line(row.pk, club, Cents(cents), giver or Giver(), by=one, now=AT)

    named, mailed = (Giver("Ada Muster"), Giver("", "ben@example.org"))
    small = [gift(100_000), gift(100_001, giver=named), gift(100_001, giver=mailed)]
    assert [each.acceptance for each in small] == ["not_needed"] * 3
    part, large = gift(500, of=100_001), gift(100_001)
    assert [part.acceptance, large.acceptance] == ["awaiting", "awaiting"]
    assert available(club) == 300_002
    address = f"/koordination/spenden/{large.pk}/annehmen/"
    browser.force_login(one)
    assert f'href="{address}"' in text(browser.get(f"/koordination/?offen=annahmen-{large.pk}"))
    assert "von Unbekannt für" in text(browser.get("/koordination/spenden/"))
    page = text(browser.get(address))
    assert "Niemand weiß, wer gegeben hat." in page
    assert "mehr als 1.000,00 €" in page
    assert "Von derselben Person" not in page
    answer = browser.post(
        address, {"decision": "annehmen", "reason": "Die Bank kennt das Konto"}, follow=True
    )
    assert "Unbekannt, Spende vom 02.03.2026 über 1.000,01 €" in text(answer)
    proposal = Proposal.objects.get()
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=LATER)
    assert release(proposal.pk, by=other, now=LATER) is True
    decide_acceptance(part, LATER, is_accepted=False)
    large.refresh_from_db()
    assert (large.acceptance, large.acceptance_by, available(club)) == ("accepted", other, 400_003)
    assert [each.amount_cents for each in Refund.objects.all()] == [500]
    assert mails() == ["gift_thanks"]
    in_order()


def lines_of(purpose: Fund, *, to: Giver, by: User) -> Any:
    """Makes gifts of transfers: cents, the payer's name at the bank, the day."""

    def gift(cents: int, payer: str, on: date = date(2026, 3, 2), giver: Giver = to) -> str:
        number = BankTransaction.objects.count()
        row, _is_new = record_bank_transfer(
            purpose.provider, Credit(on, Cents(cents), payer, f"Nr {number}"), recorded_by=None, now=AT
        )
        made = gift_from_line(row.pk, purpose, Cents(cents), giver, by=by, now=AT)
        return str(made.acceptance)

    return gift


def test_transfers_of_one_unknown_payer_count_together_for_acceptance(
    browser: Client, fund: Fund, one: User
) -> None:
    """Three of 400 € and one of 1 cent beside 600 € of a namesake with an address; each by its own line."""
    gift = lines_of(fund, to=Giver(), by=one)
    assert gift(40_000, "Ada Beispiel") == "not_needed"
    assert gift(59_999, "ADA BEISPIEL", date(2026, 12, 31)) == "not_needed"
    assert gift(99_999, "Ada Beispiel", date(2025, 12, 31)) == "not_needed"
    assert gift(99_999, "Ben Beispiel") == "not_needed"
    assert gift(99_999, "") == gift(1, "") == "not_needed"
    assert gift(1, "Ada Beispiel") == "awaiting"
    other = make_fund(provider=make_provider("Zweite Stadt", kind="city", iban="DE02500105170137075030"))
    assert lines_of(other, to=Giver(), by=one)(40_000, "Ada Beispiel") == "not_needed"
    browser.force_login(one)
    waits = Donation.objects.get(acceptance="awaiting", amount_cents=1)
    Donation.objects.filter(pk=waits.pk).update(donor_name="Ada Beispiel")
    page = text(browser.get(f"/koordination/spenden/{waits.pk}/annehmen/"))
    assert (
        'Von derselben Person im Jahr 2026</dt><dd class="kern-description-list-item__value">1.000,00 €'
        in page
    )


def test_a_name_written_down_and_the_same_name_at_the_bank_are_one_giver_with_or_without_address(
    fund: Fund, one: User
) -> None:
    known, named = Giver("Ada Beispiel", "ada@example.org"), Giver("Ada Beispiel")
    gift = lines_of(fund, to=Giver(), by=one)
    assert gift(50_000, "Ada und Ben", giver=named) == "not_needed"
    assert gift(30_000, "Ada Beispiel") == "not_needed"
    assert gift(20_000, "Sparkonto", giver=known) == "awaiting"
    assert gift(20_000, "Ada Beispiel", giver=Giver("Cem")) == "awaiting"
    two = Giver("Ada Beispiel", "other@example.org")
    assert gift(20_000, "Sparkonto", giver=two) == "awaiting"  # beside what no address tells
    Donation.objects.filter(donor__mailbox=None).update(donor_name="Dora")
    BankTransaction.objects.update(counterparty_name="")
    assert gift(50_000, "Sparkonto", giver=two) == "not_needed"  # two addresses are two givers


def test_other_spellings_count_and_what_may_be_the_same_person_is_shown_to_who_decides(
    browser: Client, fund: Fund, one: User
) -> None:
    gift = lines_of(fund, to=Giver(), by=one)
    assert gift(30_000, "MUELLER JUERGEN") == "not_needed"
    assert gift(30_000, "Sparkonto", giver=Giver("Dr. Jürgen Müller")) == "not_needed"
    assert gift(20_000, "Girokonto", giver=Giver("J. Müller")) == "not_needed"
    assert gift(90_000, "Girokonto2", giver=Giver("Petra Müller")) == "not_needed"
    assert gift(19_999, "Girokonto4", giver=Giver("Jürgen Müller")) == "not_needed"
    assert gift(1, "Girokonto5", giver=Giver("Müller, Jürgen")) == "awaiting"
    waits = Donation.objects.get(acceptance="awaiting", amount_cents=1)
    assert gift(90_000, "Girokonto3", giver=Giver("Jürgen Müller", "jm@example.org")) == "awaiting"
    browser.force_login(one)
    page = text(browser.get(f"/koordination/spenden/{waits.pk}/annehmen/"))
    assert "200,00 € am 02.03.2026: J. Müller" in page
    assert "900,00 € am 02.03.2026: Jürgen Müller (andere E-Mail-Adresse)" in page
    assert "Petra Müller" not in page


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("M. Kurz", "Maximilian Kurz"),
        ("Maximilian Kurz", "M. Kurz"),
        ("M. A. Kurz", "Kurz, Maximilian Alexander"),
        ("Groß, Jürgen", "Jürgen Groß"),
        ("Jürgen Gross", "Groß, Jürgen"),
    ],
)
def test_which_of_two_spellings_came_first_does_not_matter(
    fund: Fund, one: User, first: str, second: str
) -> None:
    """Neither told by an address; the bank names other accounts, then nobody writes a name down."""
    by_giver = lines_of(fund, to=Giver(), by=one)
    assert by_giver(60_000, "Sparkonto", giver=Giver(first)) == "not_needed"
    assert by_giver(40_000, "Girokonto", giver=Giver(second)) == "awaiting"


def test_two_spellings_of_a_payer_whom_only_the_bank_names_count_together(fund: Fund, one: User) -> None:
    gift = lines_of(fund, to=Giver(), by=one)
    assert gift(60_000, "Groß, Jürgen") == "not_needed"
    assert gift(20_000, "JUERGEN GROSS") == "not_needed"
    assert gift(20_000, "Jürgen Gross") == "awaiting"


@pytest.mark.parametrize(
    ("before", "payer", "waits"),
    [
        ((60_000, 40_000), "Ada Beispiel", False),
        ((60_000, 40_000, 1), "Ada Beispiel", True),
        ((60_000, 40_000, 1), "", False),
    ],
)
@pytest.mark.django_db
def test_an_unknown_payer_who_divides_a_large_gift_is_looked_at_by_two_at_every_body(
    before: tuple[int, ...], payer: str, waits: bool
) -> None:
    club = make_fund(provider=make_provider("Verein", kind="club"))
    one = make_user(Role.TREASURER, club.provider)
    gift = lines_of(club, to=Giver(), by=one)
    assert gift(99_999, "Ada Beispiel", giver=Giver("Ada Beispiel")) == "not_needed"  # she is known by name
    *earlier, last = [gift(cents, payer) for cents in before]
    assert (earlier, last) == (["not_needed"] * (len(before) - 1), "awaiting" if waits else "not_needed")
    assert gift(100_000, "Ben Beispiel") == "not_needed"
