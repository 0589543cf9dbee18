"""Who owns the work of a house, who stands in, and who sees it when nobody is there."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.clock import local_day, utc_now
from foundation.sweeps import run
from foundation.units import Cents
from foundation.working_days import working_days_later
from programs.models import Absence, Membership, Provider
from tests.factories import make_opportunity, make_provider, make_user, make_youth_office
from tests.today.reading import HERE, numbers, page, signed_in
from tests.volunteers.pledging import mails, make_placement, make_pledge

pytestmark = pytest.mark.django_db
Role = Membership.Role
DAY = timedelta(days=1)
AWAY = "/koordination/abwesend/"


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus der Familie")


def today() -> date:
    return local_day(utc_now())


def person(role: Role, house: Provider, *, deputy: bool = False) -> User:
    user = make_user(role, house)
    Membership.objects.filter(user=user).update(is_deputy=deputy)
    return user


def away(user: User, first: int, last: int) -> None:
    Absence.objects.create(user=user, from_on=today() + first * DAY, until_on=today() + last * DAY)


def somebody_said_yes(house: Provider) -> None:
    make_placement(
        make_pledge(utc_now()), make_opportunity(provider=house), utc_now(), "awaiting_confirmation"
    )


def test_a_deputy_sees_the_work_exactly_while_nobody_who_owns_it_is_there(house: Provider) -> None:
    owner, deputy = person(Role.COORDINATOR, house), person(Role.COORDINATOR, house, deputy=True)
    somebody_said_yes(house)
    assert (numbers(owner), numbers(deputy)) == ({"zusagen": 1}, {})
    html = page(deputy)
    assert ("Als Vertretung sehen Sie" in html, 'href="?vertretung=1"' in html) == (True, True)
    assert "Als Vertretung sehen Sie" not in page(owner)
    standing_in = page(deputy, f"{HERE}?vertretung=1")
    assert "Zusagen bestätigen" in standing_in
    assert "/koordination/?art=zusagen&amp;vertretung=1" in standing_in
    assert "1 Eintrag" in page(deputy, f"{HERE}?art=zusagen&vertretung=1")
    for first, last, seen in ((-3, -1, {}), (1, 5, {}), (-1, 0, {"zusagen": 1})):
        Absence.objects.all().delete()
        away(owner, first, last)
        assert numbers(deputy) == seen, (first, last)
    second = person(Role.COORDINATOR, house)
    assert numbers(deputy) == {}
    second.is_active = False
    second.save()
    assert numbers(deputy) == {"zusagen": 1}


def test_what_nobody_of_a_house_looks_after_the_youth_office_sees(house: Provider) -> None:
    office = person(Role.COORDINATOR, make_youth_office())
    owner, deputy = person(Role.COORDINATOR, house), person(Role.COORDINATOR, house, deputy=True)
    somebody_said_yes(house)
    assert "zusagen" not in numbers(office)
    away(owner, 0, 0)
    assert "zusagen" not in numbers(office)
    away(deputy, 0, 2)
    assert numbers(office)["zusagen"] == 1


def test_a_treasurers_deputy_and_the_offices_deputy_rest_as_well(house: Provider) -> None:
    owner, deputy = person(Role.TREASURER, house), person(Role.TREASURER, house, deputy=True)
    record_bank_transfer(house, Credit(today(), Cents(700), "", "x"), recorded_by=None, now=utc_now())
    assert (numbers(owner), numbers(deputy)) == ({"eingaenge": 1}, {})
    away(owner, 0, 1)
    assert numbers(deputy) == {"eingaenge": 1}
    office = make_youth_office()
    first, second = person(Role.COORDINATOR, office), person(Role.COORDINATOR, office, deputy=True)
    pledge = make_pledge(utc_now())
    pledge.answer_due_at = utc_now() - DAY
    pledge.save()
    assert (numbers(first)["anrufen"], "anrufen" in numbers(second)) == (1, False)
    away(first, 0, 0)
    assert numbers(second)["anrufen"] == 1


def test_who_is_away_gets_no_mail_and_the_deputy_does(house: Provider) -> None:
    owner, deputy = person(Role.COORDINATOR, house), person(Role.COORDINATOR, house, deputy=True)
    somebody_said_yes(house)
    workday = working_days_later(today(), 1)
    morning = utc_now() + (workday - today())
    run("today.morning_mail", morning)
    assert {mail.to_email for mail in mails("today_morning")} == {owner.email}
    mails("today_morning").delete()
    Absence.objects.create(user=owner, from_on=workday, until_on=workday)
    run("today.morning_mail", morning)
    assert {mail.to_email for mail in mails("today_morning")} == {deputy.email}


def test_holidays_are_entered_and_taken_back_by_oneself(house: Provider) -> None:
    owner, deputy = person(Role.COORDINATOR, house), person(Role.COORDINATOR, house, deputy=True)
    client = signed_in(owner)
    assert str(deputy) in client.get(AWAY).content.decode()
    days = {"from_on": (today() + DAY).isoformat(), "until_on": (today() + 9 * DAY).isoformat()}
    for _each in range(2):
        assert client.post(AWAY, days)["Location"] == AWAY
    absence = Absence.objects.get()
    assert (absence.user, absence.until_on) == (owner, today() + 9 * DAY)
    address = f"{AWAY}{absence.pk}/loeschen/"
    assert signed_in(deputy).post(address).status_code == 404
    assert client.post(address)["Location"] == AWAY
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (3, 2, "Der letzte Tag liegt vor dem ersten."),
        (-9, -1, "in den nächsten zwölf Monaten"),
        (0, 400, "in den nächsten zwölf Monaten"),
        (None, 1, "Noch offen: "),
    ],
)
def test_days_that_make_no_sense_are_refused(house: Provider, first: Any, last: int, words: str) -> None:
    owner = person(Role.COORDINATOR, house)
    days = {"from_on": "" if first is None else today() + first * DAY, "until_on": today() + last * DAY}
    answer = signed_in(owner).post(AWAY, days)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Absence.objects.exists()


def test_a_holiday_never_ends_before_it_begins(house: Provider) -> None:
    owner = person(Role.COORDINATOR, house)
    with pytest.raises(IntegrityError, match="staff_away_ends"), transaction.atomic():
        away(owner, 2, 1)
