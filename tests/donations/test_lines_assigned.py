"""Several bank lines given to their promises in one go: only what fits alone, and only what was looked at."""

from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from donations.models import BankTransaction, Donation
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.gifts.pledging import donor_for
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
LIST, ASSIGN = "/koordination/spenden/bewegungen/", "/koordination/spenden/bewegungen/zuordnen/"
DAY = date(2026, 3, 2)


@pytest.fixture
def house() -> Fund:
    return make_fund(slug="eigen", provider=make_provider("Haus"))


@pytest.fixture
def treasurer(house: Fund) -> Client:
    client = Client()
    client.force_login(make_user(Membership.Role.TREASURER, house.provider))
    return client


def promise(fund: Fund, name: str, cents: int, now: datetime) -> Donation:
    donor = donor_for(f"{name.split()[0].lower()}@example.org", now)
    return make_donation(
        fund,
        amount_cents=cents,
        donor=donor,
        donor_name=name,
        method="transfer",
        status="pledged",
        pledged_at=now,
    )


def line(fund: Fund, name: str, cents: int, now: datetime) -> BankTransaction:
    credit = Credit(DAY, Cents(cents), name, "Spende fuer Kinder")
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=now)[0]


def post(client: Client, lines: list[BankTransaction], **more: Any) -> tuple[int, str]:
    answer = client.post(ASSIGN, {"chosen": [each.pk for each in lines], "back": LIST, **more})
    return answer.status_code, unescape(answer.content.decode())


def test_what_fits_alone_is_shown_and_then_booked(house: Fund, treasurer: Client, now: datetime) -> None:
    ada, ben = promise(house, "Ada Lange", 2500, now), promise(house, "Ben Kurz", 4000, now)
    promise(house, "Eva Gross", 1000, now)
    promise(house, "Eva Gross", 1000, now)
    of_ada, of_ben = line(house, "LANGE, ADA", 2500, now), line(house, "Kurz, Ben", 4000, now)
    twice, nobody = line(house, "Eva Gross", 1000, now), line(house, "Ida Fremd", 2500, now)
    lines = [of_ada, of_ben, twice, nobody]
    assert treasurer.get(LIST).content.decode().count('name="chosen"') == 4
    status, page = post(treasurer, lines)
    assert (status, page.count("Zusage von"), page.count("Dank an")) == (200, 2, 2)
    assert "Zusage von Ada Lange" in page
    assert "Dank an ben@example.org" in page
    assert f"/{twice.pk}/" in page
    assert not Donation.objects.exclude(status="pledged").exists()
    assert not Message.objects.exists()

    shown = [f"{of_ada.pk}-{ada.pk}", f"{of_ben.pk}-{ben.pk}"]
    assert post(treasurer, lines, sure="1", pair=shown)[0] == 303
    assert "2 Eingänge sind zugeordnet.<" in treasurer.get(LIST).content.decode()
    assert set(Donation.objects.filter(status="received")) == {ada, ben}
    assert {each.to_email for each in Message.objects.all()} == {"ada@example.org", "ben@example.org"}
    assert post(treasurer, lines, sure="1", pair=shown)[0] == 303
    assert Message.objects.count() == 2


def test_what_fits_otherwise_since_it_was_looked_at_is_left(
    house: Fund, treasurer: Client, now: datetime
) -> None:
    ada = promise(house, "Ada Lange", 2500, now)
    one, other = line(house, "Ada Lange", 2500, now), line(house, "Ada Kurz", 900, now)
    late = promise(house, "Ada Kurz", 900, now)
    assert (
        post(treasurer, [one, other], sure="1", pair=[f"{one.pk}-{late.pk}", f"{other.pk}-{ada.pk}"])[0]
        == 303
    )
    told = treasurer.get(LIST).content.decode()
    assert "0 Eingänge sind zugeordnet. 2 blieben, wie sie waren: Hier hat sich" in told
    assert not Donation.objects.exclude(status="pledged").exists()


def test_two_lines_for_one_promise_and_parts_are_left_to_a_closer_look(
    house: Fund, treasurer: Client, now: datetime
) -> None:
    promise(house, "Ada Lange", 2500, now)
    first = line(house, "Ada Lange", 2500, now)
    second = BankTransaction.objects.get(
        pk=record_bank_transfer(
            house.provider, Credit(DAY, Cents(2500), "Ada Lange", "noch eine"), recorded_by=None, now=now
        )[0].pk
    )
    assert post(treasurer, [first, second])[0] == 303
    assert "genau eine passende Zusage" in treasurer.get(LIST).content.decode()
    assert post(treasurer, [first])[0] == 200


def test_lines_of_other_houses_are_not_there(treasurer: Client, now: datetime) -> None:
    foreign = make_fund(slug="fremd")
    gift = promise(foreign, "Ada Lange", 2500, now)
    theirs = line(foreign, "Ada Lange", 2500, now)
    assert post(treasurer, [theirs], sure="1", pair=[f"{theirs.pk}-{gift.pk}"])[0] == 303
    gift.refresh_from_db()
    assert gift.status == "pledged"
    assert Client().post(ASSIGN, {"chosen": [theirs.pk]}).status_code == 302
