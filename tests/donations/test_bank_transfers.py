"""Transfers: what the statement says finds its gift, whatever the amount, and once."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from accounts.models import User
from donations.domain.references import grouped
from donations.models import BankTransaction, Donation, LedgerTransaction, Payment
from donations.selectors.ledger import faults
from donations.services.bank.transfers import (
    AlreadyAssigned,
    Credit,
    ForeignGift,
    assign_transfer,
    fingerprint,
    record_bank_transfer,
)
from foundation.models import Event
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership, Provider
from tests.donations.gifts import decide_acceptance, gift_of
from tests.donations.visits import give, newest, text
from tests.factories import make_fund, make_provider, make_user

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer."""
    give(browser, method="transfer")
    return newest()


@pytest.fixture
def treasurer(town: Provider) -> User:
    return make_user(Membership.Role.TREASURER, town)


def reference(donation: Donation) -> str:
    return str(donation.transfer_reference.reference)


def credit(remittance: str, amount_cents: int = 2500, **more: object) -> Credit:
    return Credit(DAY, amount_cents, "Ada Beispiel", remittance, **more)  # type: ignore[arg-type]


def record(provider: Provider, line: Credit) -> tuple[BankTransaction, bool]:
    return record_bank_transfer(provider, line, recorded_by=None, now=NOW)


def templates() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def test_a_transfer_with_its_reference_is_booked_and_thanked_for(promised: Donation, fund: Fund) -> None:
    line, is_new = record(fund.provider, credit(f"SPENDE {grouped(reference(promised))}"))
    promised.refresh_from_db()
    fund.refresh_from_db()
    assert (is_new, gift_of(line)) == (True, promised)
    assert (promised.status, promised.amount_cents) == ("received", 2500)
    assert promised.received_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    booked = LedgerTransaction.objects.get()
    assert sorted(booked.entries.values_list("account__kind", "amount_cents")) == [
        ("bank", 2500),
        ("fund", -2500),
    ]
    assert (fund.received_cents, fund.balance_cents, fund.gift_count) == (2500, 2500, 1)
    assert templates() == ["gift_thanks", "transfer_data"]
    assert faults() == []


def test_the_same_line_is_booked_once_however_it_is_spaced(promised: Donation, fund: Fund) -> None:
    record(fund.provider, credit(f"spende {reference(promised)}"))
    line, is_new = record(fund.provider, credit(f"SPENDE  {grouped(reference(promised))}"))
    assert (is_new, gift_of(line)) == (False, promised)
    assert BankTransaction.objects.count() == LedgerTransaction.objects.count() == 1
    assert templates() == ["gift_thanks", "transfer_data"]


def test_what_names_a_line_stays_as_the_rows_of_earlier_versions_have_it() -> None:
    line = Credit(date(2026, 3, 2), Cents(2500), " Ada  von Beispiel", "Spende abc 1")
    known = "72409a70a7fa52048e686ef5968a840b8808b1e96d00da6da7c60880d8409953"
    assert fingerprint(Provider(pk=7), line) == known


@pytest.mark.parametrize("cents", [1, 2000, 3000])
def test_what_came_is_what_is_booked(promised: Donation, fund: Fund, cents: int) -> None:
    record(fund.provider, credit(reference(promised), cents))
    promised.refresh_from_db()
    fund.refresh_from_db()
    assert (promised.status, promised.amount_cents, fund.received_cents) == ("received", cents, cents)
    event = Event.objects.get(model="donation")
    assert event.reason == f"2500 Cent zugesagt, {cents} Cent eingegangen"


def test_a_transfer_after_it_was_let_go_still_finds_its_gift(promised: Donation, fund: Fund) -> None:
    Donation.objects.update(status="lapsed")
    record(fund.provider, credit(reference(promised)))
    promised.refresh_from_db()
    assert promised.status == "received"


def test_who_uses_the_reference_again_gives_again(promised: Donation, fund: Fund) -> None:
    record(fund.provider, credit(reference(promised)))
    second, _is_new = record(fund.provider, credit(reference(promised), occurrence=2))
    again = gift_of(second)
    assert again is not None
    assert (again.donor, again.status, again.repeats) == (promised.donor, "received", promised)
    fund.refresh_from_db()
    assert (fund.received_cents, fund.gift_count) == (5000, 2)
    assert templates() == ["gift_thanks", "gift_thanks", "transfer_data"]
    assert faults() == []


@pytest.mark.parametrize("remittance", ["", "Spende", "RF00 0000 0000 0000 00", "Weihnachten für Kinder"])
def test_without_a_reference_it_waits_for_a_human(promised: Donation, fund: Fund, remittance: str) -> None:
    line, _is_new = record(fund.provider, credit(remittance))
    promised.refresh_from_db()
    assert gift_of(line) is None
    assert promised.status == "pledged"
    assert [(booked.kind, booked.donation) for booked in LedgerTransaction.objects.all()] == [
        ("unclear", None)
    ]
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.gift_count) == (0, 0)


def test_two_references_in_one_text_wait_for_a_human(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer", email="a@example.org")
    one = newest()
    give(browser, method="transfer", email="b@example.org")
    line, _is_new = record(fund.provider, credit(f"{reference(one)} {reference(newest())}", 4999))
    assert gift_of(line) is None


def test_money_on_the_wrong_account_is_not_booked_on_a_foreign_gift(promised: Donation, fund: Fund) -> None:
    line, _is_new = record(make_provider(), credit(reference(promised)))
    promised.refresh_from_db()
    assert (gift_of(line), promised.status) == (None, "pledged")


def test_a_human_assigns_once(promised: Donation, fund: Fund, treasurer: User) -> None:
    line, _is_new = record(fund.provider, credit("Spende Ada"))
    assign_transfer(line.pk, promised.pk, assigned_by=treasurer, now=NOW)
    with pytest.raises(AlreadyAssigned):
        assign_transfer(line.pk, promised.pk, assigned_by=treasurer, now=NOW)
    promised.refresh_from_db()
    assert promised.status == "received"
    event = Event.objects.get(model="donation")
    assert (event.actor_kind, event.actor_user, event.actor_role) == ("user", treasurer.pk, "treasurer")
    assert Payment.objects.count() == 1


def test_a_gift_to_another_provider_cannot_be_assigned(promised: Donation, treasurer: User) -> None:
    line, _is_new = record(make_provider(), credit("Spende"))
    with pytest.raises(ForeignGift):
        assign_transfer(line.pk, promised.pk, assigned_by=treasurer, now=NOW)
    assert Payment.objects.count() == 0


# --- The treasurer's pages --------------------------------------------------------------------------------


@pytest.fixture
def desk(browser: Client, treasurer: User) -> Client:
    browser.force_login(treasurer)
    return browser


def entered(provider: Provider, text_on_statement: str) -> dict[str, str]:
    return {
        "provider": str(provider.pk),
        "booked_on": "2026-11-20",
        "amount": "25,00",
        "counterparty_name": "Ada Beispiel",
        "remittance": text_on_statement,
        "occurrence": "1",
    }


NEW = "/koordination/spenden/eingang/"


def test_a_treasurer_enters_a_transfer(desk: Client, promised: Donation, town: Provider) -> None:
    assert desk.get(NEW).status_code == 200
    answer = desk.post(NEW, entered(town, reference(promised)))
    promised.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, "/koordination/spenden/")
    assert promised.status == "received"
    assert "der Spende zugeordnet" in text(desk.get(answer["Location"]))


def test_the_same_line_again_is_asked_about(desk: Client, promised: Donation, town: Provider) -> None:
    form = entered(town, reference(promised))
    desk.post(NEW, form)
    again = desk.post(NEW, form)
    assert again.status_code == 422
    assert "schon erfasst" in text(again)
    assert 'name="occurrence" value="2"' in again.content.decode()
    assert BankTransaction.objects.count() == 1
    twin = {**form, "occurrence": "2"}
    assert desk.post(NEW, twin).status_code == 303
    assert desk.post(NEW, twin).status_code == 422
    assert BankTransaction.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "NaN"},
        {"amount": ""},
        {"booked_on": "2099-01-01"},
        {"booked_on": "gestern"},
        {"booked_on": ""},
        {"provider": "999999"},
        {"provider": "x"},
        {"occurrence": "0"},
        {"remittance": "x" * 501},
    ],
)
def test_nonsense_is_refused_and_nothing_recorded(
    desk: Client, town: Provider, changes: dict[str, str]
) -> None:
    answer = desk.post(NEW, {**entered(town, "Spende"), **changes})
    assert answer.status_code == 422
    assert BankTransaction.objects.count() == 0


def test_an_open_line_is_listed_and_assigned(desk: Client, promised: Donation, town: Provider) -> None:
    answer = desk.post(NEW, entered(town, "Danke für alles"))
    page = answer["Location"]
    listed = text(desk.get("/koordination/spenden/"))
    assert "Danke für alles" in listed
    assert "25,00 € zuordnen" in listed
    assert desk.get(page).status_code == 200
    assert desk.post(page, {}).status_code == 422
    assert desk.post(page, {"donation": "999999", "amount": "25"}).status_code == 422
    assert desk.post(page, {"donation": str(promised.pk), "amount": "25"}).status_code == 303
    promised.refresh_from_db()
    assert promised.status == "received"
    assert "Danke für alles" not in text(desk.get("/koordination/spenden/"))
    assert desk.post(page, {"donation": str(promised.pk), "amount": "25"}).status_code == 303
    assert Payment.objects.count() == 1


def test_large_gifts_to_the_city_are_accepted_by_hand(desk: Client, fund: Fund) -> None:
    give(desk, what={"betrag": "own", "eigener_betrag": "1000"}, method="transfer")
    donation = newest()
    record(fund.provider, credit(reference(donation), 100_000))
    donation.refresh_from_db()
    assert (donation.status, donation.acceptance) == ("received", "awaiting")
    assert "Annahme von 1.000,00 € eintragen" in text(desk.get("/koordination/spenden/"))
    decide_acceptance(donation, NOW)
    assert (donation.status, donation.acceptance, donation.acceptance_at) == ("received", "accepted", NOW)
    assert templates() == ["gift_accepted", "gift_thanks", "transfer_data"]


def test_one_cent_less_needs_no_acceptance(promised: Donation, fund: Fund) -> None:
    record(fund.provider, credit(reference(promised), 99_999))
    promised.refresh_from_db()
    assert promised.status == "received"


def test_other_recipients_accept_as_they_like(browser: Client, db: None) -> None:
    provider = make_provider(iban="DE02120300000000202051", account_holder_name="Verein")
    make_fund("Verein", slug="verein", provider=provider)
    give(browser, what={"zweck": "verein"}, method="transfer")
    record(provider, credit(reference(newest()), 500_000))
    assert newest().status == "received"
