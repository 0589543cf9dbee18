"""What is stored can be taken along, and erased over all apps without a trace but the books."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import settings

from citizens.models import LinkRequest, Mailbox
from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from citizens.services.parts import NotNow
from donations.models import BankTransaction, Donation, Donor, ReceiptAddress, RecurringDonation
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.gifts.pledging import Address, Choice, pledge_gift
from foundation.clock import local_day, utc_now
from foundation.sweeps import all_sweeps, run
from outbox.models import Message
from programs.models import Fund
from tests.donations.gifts import gift_of, make_donor
from tests.factories import make_fund, make_opportunity, make_provider
from tests.volunteers.pledging import TUESDAY_AFTERNOON, make_placement, make_pledge
from volunteers.models import Clearance, HoursEntry, TimePledge, Volunteer
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes

CANARY = "Kanarienfeder"
ADDRESS = "kanarienfeder@example.org"


@pytest.fixture
def fund(db: None) -> Fund:
    provider = make_provider(account_holder_name="Haus", iban="DE02120300000000202051")
    return make_fund("Ranzen", provider=provider)


def give(fund: Fund, email: str, **more: object) -> Donation:
    choice = Choice(
        visit=uuid.uuid4(),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=2500,
        method="transfer",
        email=email,
        **more,
    )
    return pledge_gift(choice, client=None, now=utc_now())


def arrive(donation: Donation, name: str) -> None:
    reference = donation.transfer_reference.reference
    credit = Credit(local_day(utc_now()), donation.amount_cents, name, f"Spende {name} {reference}")
    record_bank_transfer(donation.fund.provider, credit, recorded_by=None, now=utc_now())


def pledge_as(name: str, email: str) -> TimePledge:
    person = Person(name, email, last_name=f"von {name}", phone="02421 4711")
    wishes = Wishes(times=[TUESDAY_AFTERNOON], skills=["music"], note=f"{name} spielt Klavier")
    pledge = record_pledge(person, wishes, now=utc_now())
    assert confirm_pledge(pledge, now=utc_now())
    return pledge


def somebody(fund: Fund, name: str = CANARY, email: str = ADDRESS) -> Mailbox:
    """Somebody who gives time and money, wants a receipt, and has typed a second pledge."""
    pledge_as(name, email)
    record_pledge(Person(name, email), Wishes(times=[]), now=utc_now())
    gift = give(fund, email, name=name, address=Address(f"{name}weg 1", "52349", "Düren"))
    arrive(gift, name)
    give(fund, email, name=name)
    LinkRequest.objects.create(email=email, requested_at=utc_now())
    return Mailbox.objects.get(email=email)


def texts() -> Iterator[tuple[str, str]]:
    """Yield table and content of every row of every table, as the database writes it."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT each::text FROM "{table}" AS each')
            yield from ((table, row[0]) for row in cursor.fetchall())


def traces(*secrets: str) -> list[tuple[str, str]]:
    return [
        (table, text) for table, text in texts() if any(secret.lower() in text.lower() for secret in secrets)
    ]


def ledger(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("dump_ledger")
    return capsys.readouterr().out


@pytest.mark.django_db
class TestTakingAlong:
    def test_the_file_holds_time_money_and_mails_of_this_mailbox_only(
        self, client: Client, fund: Fund
    ) -> None:
        mailbox = somebody(fund)
        somebody(fund, "Fremd", "fremd@example.org")
        answer = client.get(reverse("my_data_file", args=[my_page_token(mailbox, utc_now())]))
        assert answer["Content-Disposition"] == 'attachment; filename="meine-daten.json"'
        assert answer["Cache-Control"] == "no-store, private"
        data = json.loads(answer.content)
        assert data["postfach"]["email"] == ADDRESS
        assert [person["vorname"] for person in data["zeit"]["personen"]] == [CANARY]
        assert data["zeit"]["zusagen"][0]["anmerkung"] == f"{CANARY} spielt Klavier"
        assert [gift["betrag_cent"] for gift in data["geld"]["spenden"]] == [2500, 2500]
        assert data["geld"]["spenden"][0]["anschrift"] == f"{CANARY}weg 1, 52349 Düren"
        assert len(data["nachrichten"]) == Message.objects.filter(to_email=ADDRESS).count() > 0
        assert "fremd" not in answer.content.decode().lower()

    def test_placements_hours_and_that_a_certificate_was_seen_are_in_it(
        self, client: Client, fund: Fund
    ) -> None:
        pledge = make_pledge(utc_now())
        task = make_opportunity("Vorlesen")
        Clearance.objects.create(
            volunteer=pledge.volunteer, opportunity=task, certificate_on=date(2026, 1, 2)
        )
        placement = make_placement(pledge, task, utc_now(), "active", from_on=date(2026, 1, 5))
        HoursEntry.objects.create(
            placement=placement, worked_on=date(2026, 1, 6), minutes=90, created_at=utc_now()
        )
        token = my_page_token(pledge.volunteer.mailbox, utc_now())
        time = json.loads(client.get(reverse("my_data_file", args=[token])).content)["zeit"]
        assert (time["einsaetze"][0]["aufgabe"], time["stunden"][0]["minuten"]) == ("Vorlesen", 90)
        assert time["einsichtnahmen"] == [
            "Vorlesen: Führungszeugnis eingesehen, das Datum nennt Ihnen der Träger"
        ]
        assert "2026-01-02" not in str(time)

    def test_why_the_last_collection_of_a_monthly_gift_failed_is_in_it(
        self, client: Client, fund: Fund
    ) -> None:
        donor, now = make_donor(), utc_now()
        for number, failure in enumerate(["funds", ""]):
            RecurringDonation.objects.create(
                donor=donor,
                fund=fund,
                amount_cents=1000,
                method="sepa_debit",
                status="past_due" if failure else "active",
                status_changed_at=now,
                created_at=now + timedelta(seconds=number),
                stripe_subscription_id=f"sub_{number}",
                failure=failure,
            )
        file = client.get(reverse("my_data_file", args=[my_page_token(donor.mailbox, now)]))
        monthly = json.loads(file.content)["geld"]["dauerspenden"]
        assert [each["letzter_fehlschlag"] for each in monthly] == [
            "Ihre Bank nennt als Grund: Das Konto war nicht ausreichend gedeckt.",
            "",
        ]

    def test_the_page_says_the_same_in_words(self, client: Client, fund: Fund) -> None:
        mailbox = somebody(fund)
        page = client.get(reverse("my_data", args=[my_page_token(mailbox, utc_now())])).content.decode()
        assert f"Anmerkung: {CANARY} spielt Klavier" in page
        assert f"{CANARY}weg 1, 52349 Düren" in page
        assert f"Vorname: {CANARY}" in page
        assert "volljährig: ja" in page
        assert "Sprache: Deutsch" in page
        assert "Betrag: 25,00\u00a0€" in page
        told = " ".join(re.findall(r"<li>([^<]*)</li>", page))
        assert not re.findall(r"\b[a-z]+_[a-z_]+:|UTC|True|False|None", told)


@pytest.mark.django_db
class TestErasing:
    def test_leaves_no_trace_in_any_table(self, fund: Fund) -> None:
        mailbox = somebody(fund)
        assert len({table for table, _text in traces(CANARY)}) >= 6
        erase(mailbox, utc_now())
        assert traces(CANARY, "4711") == []
        mailbox.refresh_from_db()
        assert mailbox.erased_at is not None
        assert mailbox.email == f"postfach-{mailbox.pk}@erased.invalid"

    def test_leaves_the_books_as_they_were(self, fund: Fund, capsys: pytest.CaptureFixture[str]) -> None:
        mailbox = somebody(fund)
        before = ledger(capsys)
        assert "2500" in before
        erase(mailbox, utc_now())
        assert ledger(capsys) == before
        received, promised = Donation.objects.order_by("pk")
        assert (received.status, received.amount_cents, received.purpose_text) == (
            "received",
            2500,
            fund.purpose,
        )
        assert (received.donor_name, received.wants_receipt) == ("", False)
        assert promised.status == "lapsed"
        line = BankTransaction.objects.get()
        assert (line.amount_cents, gift_of(line), line.counterparty_name) == (2500, received, "")
        assert ReceiptAddress.objects.count() == 0
        assert Donor.objects.count() == 1

    def test_a_transfer_that_comes_all_the_same_finds_its_gift_and_writes_to_nobody(self, fund: Fund) -> None:
        mailbox = somebody(fund)
        promised = Donation.objects.latest("pk")
        erase(mailbox, utc_now())
        mailed = Message.objects.count()
        arrive(promised, "Jemand")
        promised.refresh_from_db()
        assert promised.status == "received"
        assert Message.objects.count() == mailed

    def test_nothing_is_written_afterwards_whatever_sweep_runs(self, fund: Fund) -> None:
        mailbox = somebody(fund)
        erase(mailbox, utc_now())
        for later in (timedelta(), timedelta(days=20), timedelta(days=70)):
            for each in all_sweeps():
                if not each.name.startswith(("foundation.", "volunteers.match")):
                    run(each.name, utc_now() + later)
        assert not Message.objects.filter(to_email__contains="erased").exists()
        assert traces(CANARY) == []

    def test_touches_nobody_else(self, fund: Fund) -> None:
        mailbox = somebody(fund)
        somebody(fund, "Fremd", "fremd@example.org")
        before = traces("Fremd")
        erase(mailbox, utc_now())
        assert traces("Fremd") == before

    def test_the_same_address_begins_anew_as_somebody_else(self, fund: Fund) -> None:
        first = somebody(fund)
        erase(first, utc_now())
        second = somebody(fund)
        assert second.pk != first.pk
        assert second.volunteers.filter(confirmed_at__isnull=False).count() == 1
        assert second.donor.donations.count() == 2

    def test_a_monthly_gift_that_cannot_be_ended_stops_everything(
        self, client: Client, fund: Fund, settings
    ) -> None:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:9"
        donor = make_donor(ADDRESS)
        monthly = RecurringDonation.objects.create(
            donor=donor,
            fund=fund,
            amount_cents=1000,
            method="card",
            status="active",
            status_changed_at=utc_now(),
            created_at=utc_now(),
            stripe_subscription_id="sub_1",
        )
        somebody(fund)
        before = traces(CANARY)
        with pytest.raises(NotNow):
            erase(donor.mailbox, utc_now())
        answer = client.post(reverse("my_page_erase", args=[my_page_token(donor.mailbox, utc_now())]))
        assert answer.status_code == 503
        assert "noch nichts gelöscht" in answer.content.decode()
        assert traces(CANARY) == before
        monthly.refresh_from_db()
        assert monthly.status == "active"

    def test_twice_is_once(self, fund: Fund) -> None:
        mailbox = somebody(fund)
        moment = utc_now()
        erase(mailbox, moment)
        erase(mailbox, moment + timedelta(days=1))
        mailbox.refresh_from_db()
        assert (mailbox.erased_at, mailbox.link_version) == (moment, 2)


MANY = min(settings.default.max_examples, 1000)


@pytest.mark.django_db
def test_many_people_leave_without_a_name_and_without_a_cent(
    fund: Fund, capsys: pytest.CaptureFixture[str]
) -> None:
    """RELIABILITY §3.20: a thousand in the profile `deep`, a hundred and fifty in every run of all tests."""
    for number in range(MANY):
        _make_one_of_many(fund, number)
        if number % 100 == 0:
            _let_the_database_know_its_size()
    before = ledger(capsys)
    assert len(traces(CANARY)) > 3 * MANY
    for mailbox in Mailbox.objects.order_by("pk"):
        erase(mailbox, utc_now())
    assert traces(CANARY) == []
    assert ledger(capsys) == before
    assert Mailbox.objects.filter(erased_at__isnull=False).count() == MANY
    assert Donation.objects.count() == sum(number % 3 > 0 for number in range(MANY))
    assert not Volunteer.objects.exclude(first_name="").exists()


def _let_the_database_know_its_size() -> None:
    """Nothing counts rows that are not committed, and without a count whole tables are read for each.

    Tables of this database only: those that all databases of a server share would be locked for the others.
    """
    tables = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _make_one_of_many(fund: Fund, number: int) -> None:
    """A third gives time, a third money, a third both."""
    email, name = f"{CANARY}-{number}@example.org".lower(), f"{CANARY} {number}"
    if number % 3 != 1:
        pledge_as(name, email)
    if number % 3 != 0:
        gift = give(fund, email, name=name)
        if number % 2:
            arrive(gift, name)
