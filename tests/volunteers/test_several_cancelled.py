"""Several dates cancelled in one go: whom it concerns and what they read is shown before, and then sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from citizens.models import Mailbox
from foundation.clock import local_day, utc_now
from foundation.formats import date_long, time_range
from programs.models import Closure, Provider, Shift
from tests.factories import make_coordinator, make_opportunity, make_provider, make_shift, make_youth_office
from tests.lists.rows import client_of
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, Volunteer
from volunteers.selectors.called_off import called_off
from volunteers.services.date_notices import SETTLE, tell_of_changes
from volunteers.views import coordination_cancelling

pytestmark = pytest.mark.django_db
LIST, CANCEL = "/koordination/termine/", "/koordination/termine/absagen/"


@pytest.fixture
def now() -> datetime:
    """Noon, so that dates of one day stay of one day; the pages read the clock themselves."""
    return utc_now().astimezone(UTC).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus")


def dates_of(house: Provider, now: datetime, title: str, days: list[float], *people: str) -> list[Shift]:
    """Make a task with dates, and people who are expected at all of them."""
    task = make_opportunity(title, provider=house, places=5, slots=[], clearance_required=False)
    dates = [make_shift(task, now + timedelta(days=each)) for each in days]
    for name in people:
        pledge = make_pledge(now, first_name=name, email=f"{name.lower()}@example.org")
        placement = make_placement(pledge, task, now, "active", from_on=local_day(now))
        for date in dates:
            Assignment.objects.create(placement=placement, shift=date, status_changed_at=now)
    return dates


def shown(client: Client, keys: list[int], **more: str) -> tuple[int, str]:
    answer = client.post(CANCEL, {"chosen": keys, "back": f"{LIST}?stand=voll", **more})
    return answer.status_code, unescape(answer.content.decode())


def test_very_many_mails_are_told_as_germans_write_numbers(
    house: Provider, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    (date,) = dates_of(house, now, "Fest", [2], "Adile")
    (found,) = called_off([date], now)
    people = {Volunteer(pk=-key, first_name="Alex", mailbox=Mailbox()): [date] for key in range(1, 1533)}
    many = replace(found, people=people)
    monkeypatch.setattr(coordination_cancelling, "called_off", lambda _dates, _now: [many])
    status, page = shown(client_of(make_coordinator(house)), [date.pk])
    assert (status, "Es gehen 1.532 Nachrichten hinaus" in page) == (200, True)


def test_is_shown_with_its_mail_before_it_is_done_and_said_to_those_concerned(
    house: Provider, now: datetime
) -> None:
    first, second, third = dates_of(house, now, "Vorlesen", [2, 2.1, 9], "Adile", "Bruno")
    (other,) = dates_of(house, now, "Fußball", [3])
    (stays,) = dates_of(house, now, "Kochen", [2], "Clara")
    client, keys = client_of(make_coordinator(house)), [first.pk, other.pk]
    assert client.get(LIST).content.decode().count('name="chosen"') == 5

    status, page = shown(client, keys)
    assert (status, "Es gehen 2 Nachrichten hinaus" in page, "Krankheit beim Träger" in page) == (
        200,
        True,
        True,
    )
    assert "fällt aus (" not in page
    assert "Kochen" not in page
    status, page = shown(client, keys, look="1")
    assert (status, "Bitte nennen Sie den Grund." in page) == (422, True)
    status, page = shown(client, keys, look="1", reason="illness")
    assert (status, page.count("fällt aus (Krankheit beim Träger)")) == (200, 1)
    assert "Adile" in page
    assert not Closure.objects.exists()

    done = client.post(
        CANCEL, {"chosen": keys, "reason": "illness", "sure": "1", "back": f"{LIST}?stand=voll"}
    )
    assert (done.status_code, done["Location"]) == (303, f"{LIST}?stand=voll")
    assert "2 Termine sind abgesagt." in client.get(LIST).content.decode()
    assert set(Shift.objects.filter(is_cancelled=True)) == {first, other}
    assert {stays.is_cancelled, second.is_cancelled, third.is_cancelled} == {False}
    days = {(each.opportunity.title, each.reason, each.only) for each in Closure.objects.all()}
    assert days == {("Vorlesen", "illness", first), ("Fußball", "illness", None)}

    assert tell_of_changes(utc_now() + SETTLE) == 2
    told = list(mails("dates_changed"))
    assert sorted(mail.to_email for mail in told) == ["adile@example.org", "bruno@example.org"]
    for mail in told:
        assert mail.body_text.count("fällt aus (Krankheit beim Träger)") == 1
        for line in mail.body_text.splitlines():
            if "fällt aus" in line:
                assert line.removeprefix("- ") in page


def test_of_others_passed_and_cancelled_ones_nothing_happens(house: Provider, now: datetime) -> None:
    (foreign,) = dates_of(make_provider("Fremd"), now, "Fremd", [2], "Adile")
    (past,) = dates_of(house, now, "Vorbei", [-2])
    (gone,) = dates_of(house, now, "Abgesagt", [2])
    Shift.objects.filter(pk=gone.pk).update(is_cancelled=True)
    client, answers = client_of(make_coordinator(house)), {"reason": "illness", "sure": "1"}
    chosen = {"chosen": [foreign.pk, past.pk, gone.pk, "x", "9" * 30]}
    for _try in ("first", "again"):
        assert client.post(CANCEL, {**chosen, **answers})["Location"] == LIST
        assert "Keiner der ausgewählten Termine steht noch bevor." in client.get(LIST).content.decode()
    assert not Closure.objects.exists()
    office = client_of(make_coordinator(make_youth_office()))
    assert office.post(CANCEL, {"chosen": [foreign.pk], **answers}).status_code == 303
    assert Closure.objects.get().opportunity == foreign.opportunity


def test_of_each_passed_or_cancelled_one_it_is_said_why_it_is_left_out(
    house: Provider, now: datetime
) -> None:
    (coming,) = dates_of(house, now, "Vorlesen", [2])
    (past,) = dates_of(house, now, "Vorbei", [-2])
    (gone,) = dates_of(house, now, "Abgesagt", [3])
    (foreign,) = dates_of(make_provider("Fremd"), now, "Fremd", [2])
    Shift.objects.filter(pk=gone.pk).update(is_cancelled=True)
    client, keys = client_of(make_coordinator(house)), [coming.pk, past.pk, gone.pk, foreign.pk]
    left = [
        f"Vorbei, {date_long(past.starts_at)}, {time_range(past.starts_at, past.ends_at)}:"
        " hat schon begonnen oder ist vorbei",
        f"Abgesagt, {date_long(gone.starts_at)}, {time_range(gone.starts_at, gone.ends_at)}:"
        " ist schon abgesagt",
    ]
    for answers in ({}, {"look": "1", "reason": "illness"}):
        _status, page = shown(client, keys, **answers)
        assert [f"<li>{each}</li>" in page for each in left] == [True, True]
        assert "Fremd" not in page
    client.post(CANCEL, {"chosen": keys, "reason": "illness", "sure": "1"})
    told = unescape(client.get(LIST).content.decode())
    assert (
        f"Ein Termin ist abgesagt. Wer kommen wollte, hört es gleich von uns. {left[0]}. {left[1]}." in told
    )
    assert set(Shift.objects.filter(is_cancelled=True)) == {coming, gone}


def test_with_nobody_expected_no_message_is_promised(house: Provider, now: datetime) -> None:
    dates = dates_of(house, now, "Allein", [2])
    _status, page = shown(client_of(make_coordinator(house)), [dates[0].pk], look="1", reason="closed")
    assert "also geht keine Nachricht hinaus" in page
    assert "liest:" not in page
