"""Each legal body has accounts of its own, and no booking touches another's, whoever tries."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any, get_args

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from donations.domain import accounts as domain
from donations.domain.accounts import Owner
from donations.domain.identities import identity
from donations.domain.ledger import fee, gift, unclear
from donations.models import BankTransaction, LedgerAccount, LedgerEntry, LedgerTransaction
from donations.selectors.ledger import faults
from donations.services.bank.booking import book_waiting
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.accounts import OfAnotherBody, accounts_of
from donations.services.books.ledger import book, post
from foundation.units import Cents
from programs.models import Fund, Provider
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_provider

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def sql(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def parish(db: None) -> Fund:
    """A purpose of another legal body."""
    church = make_provider(
        "Gemeinde", slug="gemeinde", kind=Provider.Kind.CHURCH, iban="DE89 3704 0044 0532 0130 00"
    )
    return make_fund("Mittagstisch", slug="mittagstisch", provider=church)


@pytest.fixture
def both(fund: Fund, parish: Fund) -> tuple[Fund, Fund]:
    """A gift of 25 € to each, by Stripe, with a fee of 50 cents; the same name at both accounts."""
    for number, purpose in enumerate((fund, parish)):
        donation, account = make_donation(purpose), ("default", "gemeinde")[number]
        post(gift(identity(account, "pi_1"), Cents(2500), AT, "stripe"), donation, AT)
        post(fee(identity(account, "pi_1"), Cents(50), AT), donation, AT)
    return fund, parish


def balances() -> list[list[str]]:
    out = StringIO()
    call_command("dump_ledger", "--balances", stdout=out)
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_no_account_at_stripe_is_opened_that_nobody_named(fund: Fund) -> None:
    found = accounts_of(Owner(fund.provider_id, fund.pk))
    assert set(LedgerAccount.objects.values_list("kind", flat=True)) == set(found)
    assert "stripe" not in found


def test_three_bodies_share_neither_stripe_nor_bank(both: tuple[Fund, Fund]) -> None:
    fund, parish = both
    for purpose, cents in ((fund, 4000), (parish, 700)):
        credit = Credit(date(2026, 3, 2), Cents(cents), "Ada", "ohne Code")
        record_bank_transfer(purpose.provider, credit, recorded_by=None, now=AT)
    assert balances() == [
        ["bank", "-", "gemeinde/DE89370400440532013000", "700"],
        ["fees", "-", "gemeinde", "50"],
        ["fund", "mittagstisch", "gemeinde", "-2500"],
        ["stripe", "-", "gemeinde/gemeinde", "2450"],
        ["unclear", "-", "gemeinde", "-700"],
        ["bank", "-", "stadt-dueren/DE02120300000000202051", "4000"],
        ["fees", "-", "stadt-dueren", "50"],
        ["fund", "kinderfonds", "stadt-dueren", "-2500"],
        ["stripe", "-", "stadt-dueren", "2450"],
        ["unclear", "-", "stadt-dueren", "-4000"],
    ]
    assert faults() == []


def test_a_new_account_at_the_bank_is_an_account_of_its_own(fund: Fund) -> None:
    town = fund.provider
    book(unclear("bank:1", Cents(500), AT), Owner(town.pk), AT)
    Provider.objects.filter(pk=town.pk).update(iban="DE02 5001 0517 0137 0750 30")
    book(unclear("bank:2", Cents(300), AT), Owner(town.pk), AT)
    assert balances() == [
        ["bank", "-", "stadt-dueren/DE02120300000000202051", "500"],
        ["bank", "-", "stadt-dueren/DE02500105170137075030", "300"],
        ["unclear", "-", "stadt-dueren", "-800"],
    ]


def test_accounts_are_opened_once(both: tuple[Fund, Fund]) -> None:
    fund, _parish = both
    before = LedgerAccount.objects.count()
    first = accounts_of(Owner(fund.provider_id, fund.pk), "default")
    assert accounts_of(Owner(fund.provider_id, fund.pk), "default") == first
    assert set(first) == {*get_args(domain.BodyAccount), *get_args(domain.PurposeAccount)}
    assert LedgerAccount.objects.count() == before == 2 * len(first)


def test_a_purpose_of_another_body_opens_nothing_and_books_nothing(fund: Fund, parish: Fund) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        book(gift("pi_1", Cents(2500), AT, "stripe"), Owner(fund.provider_id, parish.pk), AT)
    assert (LedgerTransaction.objects.count(), LedgerEntry.objects.count()) == (0, 0)
    assert not LedgerAccount.objects.filter(fund=parish).exists()


@pytest.mark.parametrize("name", ["pi_9", "gemeinde/pi_9"])
def test_what_came_to_the_account_of_another_body_is_not_booked(both: tuple[Fund, Fund], name: str) -> None:
    purpose, account = (both[1], "default") if name == "pi_9" else (both[0], "gemeinde")
    with pytest.raises(OfAnotherBody, match=f"^{account}$"), transaction.atomic():
        post(gift(name, Cents(2500), AT, "stripe"), make_donation(purpose), AT)
    assert LedgerEntry.objects.count() == 8


def _head(key: str) -> int:
    head = LedgerTransaction.objects.create(key=key, kind="gift", happened_at=AT, recorded_at=AT)
    return head.pk


def _account(kind: str, provider: Provider, **more: Any) -> int:
    return LedgerAccount.objects.get(kind=kind, provider=provider, **more).pk


def test_one_body_never_stands_against_another(both: tuple[Fund, Fund]) -> None:
    """Balanced to the cent, and refused: what came to the city would be owed by the parish."""
    fund, parish = both
    sides = (_account("stripe", fund.provider), _account("fund", parish.provider))
    with pytest.raises(IntegrityError, match="of 2 legal bodies"), transaction.atomic():
        sql(
            "INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)"
            " SELECT %s, account, cents FROM (VALUES (%s, 100), (%s, -100)) AS side (account, cents)",
            _head("x"),
            *sides,
        )
    assert LedgerEntry.objects.count() == 8


def test_a_gift_on_accounts_of_another_body_is_a_fault(both: tuple[Fund, Fund]) -> None:
    fund, parish = both
    book(gift("gemeinde/pi_9", Cents(100), AT, "stripe"), Owner(parish.provider_id, parish.pk), AT,
         donation_id=make_donation(fund).pk)  # fmt: skip
    assert faults() == ["gift:gemeinde/pi_9: on accounts of another legal body"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE donations_ledgeraccount SET provider_id = {other}",
        "UPDATE donations_ledgeraccount SET kind = 'cash' WHERE kind = 'bank'",
        "DELETE FROM donations_ledgeraccount",
    ],
)
def test_whose_an_account_is_never_changes(both: tuple[Fund, Fund], statement: str) -> None:
    before = list(LedgerAccount.objects.order_by("pk").values_list())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement.format(other=both[0].provider_id))
    assert list(LedgerAccount.objects.order_by("pk").values_list()) == before


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("'nonsense', {provider}, NULL", "account_kind_known"),
        ("'fund', {provider}, NULL", "account_fund_exactly_for_purposes"),
        ("'shortfall', {provider}, NULL", "account_fund_exactly_for_purposes"),
        ("'stripe', {provider}, {fund}", "account_fund_exactly_for_purposes"),
        ("'stripe', {provider}, NULL", "account_once|account_at_stripe_of_one_body"),
        ("'stripe', {other}, NULL", "account_at_stripe_of_one_body"),
        ("'fund', {provider}, {fund}", "account_once"),
        ("'stripe', NULL, NULL", "provider_id"),
    ],
)
def test_impossible_accounts_are_impossible(both: tuple[Fund, Fund], values: str, constraint: str) -> None:
    fund, parish = both
    row = values.format(provider=fund.provider_id, fund=fund.pk, other=parish.provider_id)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        sql(
            "INSERT INTO donations_ledgeraccount (kind, provider_id, fund_id, external_reference)"
            f" VALUES ({row}, '')"
        )


def test_a_line_counts_only_on_the_bank_account_of_its_body(
    fund: Fund, parish: Fund, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """Two hundred lines of two bodies, as a killed import leaves them, are booked in few statements."""
    BankTransaction.objects.bulk_create(
        BankTransaction(
            provider=(fund, parish)[number % 2].provider,
            fingerprint=f"{number:064}"[::-1],
            booked_on=date(2026, 3, 2),
            amount_cents=100 + number,
            recorded_at=AT,
        )
        for number in range(200)
    )
    with django_assert_max_num_queries(14):
        assert book_waiting(AT) == 200
    assert [row for row in balances() if row[0] == "bank"] == [
        ["bank", "-", "gemeinde/DE89370400440532013000", str(sum(range(101, 300, 2)))],
        ["bank", "-", "stadt-dueren/DE02120300000000202051", str(sum(range(100, 300, 2)))],
    ]
