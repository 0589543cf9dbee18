"""The calendar file and the letter, by signed link."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from foundation.clock import LOCAL_ZONE, utc_now
from foundation.links import sign
from programs.models import Provider
from tests.factories import make_opportunity, make_provider, make_shift
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.domain.links import PLACEMENT_CALENDAR
from volunteers.models import Placement
from volunteers.services.calendar import placement_calendar
from volunteers.services.links import placement_calendar_url, placement_letter_url

pytestmark = pytest.mark.django_db

TUESDAY_AND_THURSDAY = [(1, 15 * 60, 16 * 60 + 30), (3, 10 * 60, 12 * 60)]


def make_active(now: datetime, **values: object) -> Placement:
    opportunity = make_opportunity(
        "Vorlesen", slots=TUESDAY_AND_THURSDAY, site="Haus 3", clearance_required=False, **values
    )
    return make_placement(
        make_pledge(now), opportunity, now, Placement.Status.ACTIVE, from_on=date(2026, 3, 4)
    )


def events(placement: Placement, now: datetime) -> list:
    return list(Calendar.from_ical(placement_calendar(placement, now)).walk("VEVENT"))


def path_of(address: str) -> str:
    return address.split("8000", 1)[1]


def test_weekly_times_become_rules_in_local_time(now: datetime) -> None:
    placement = make_active(now)
    tuesday, thursday = events(placement, now)
    assert tuesday["SUMMARY"] == "Vorlesen"
    assert tuesday["LOCATION"] == "Haus 3"
    assert tuesday["DTSTART"].dt == datetime(2026, 3, 10, 15, 0, tzinfo=LOCAL_ZONE)
    assert tuesday["DTEND"].dt == datetime(2026, 3, 10, 16, 30, tzinfo=LOCAL_ZONE)
    assert tuesday["RRULE"].to_ical() == b"FREQ=WEEKLY"
    assert thursday["DTSTART"].dt == datetime(2026, 3, 5, 10, 0, tzinfo=LOCAL_ZONE)


def test_zone_comes_with_the_file(now: datetime) -> None:
    text = placement_calendar(make_active(now), now)
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Europe/Berlin" in text
    assert "DTSTART;TZID=Europe/Berlin:20260310T150000" in text


def test_file_stays_the_same_so_that_a_calendar_replaces_what_it_has(now: datetime) -> None:
    placement = make_active(now)
    first = [event["UID"] for event in events(placement, now)]
    again = [event["UID"] for event in events(placement, now + timedelta(days=30))]
    assert first == again == [f"1-900.{placement.calendar_uid}", f"3-600.{placement.calendar_uid}"]


def test_last_day_ends_the_rule(now: datetime) -> None:
    placement = make_active(now, ends_on=date(2026, 4, 28))
    tuesday, _thursday = events(placement, now)
    assert tuesday["RRULE"]["UNTIL"] == [datetime(2026, 4, 28, 21, 59, tzinfo=UTC)]


def test_cancelled_dates_are_left_out_and_single_dates_added(now: datetime) -> None:
    placement = make_active(now)
    make_shift(placement.opportunity, datetime(2026, 3, 17, 14, 0, tzinfo=UTC), is_cancelled=True)
    make_shift(placement.opportunity, datetime(2026, 3, 24, 14, 0, tzinfo=UTC))
    make_shift(placement.opportunity, datetime(2026, 3, 21, 9, 0, tzinfo=UTC), minutes=60)
    tuesday, _thursday, single = events(placement, now)
    assert tuesday["EXDATE"].dts[0].dt == datetime(2026, 3, 17, 15, 0, tzinfo=LOCAL_ZONE)
    assert single["DTSTART"].dt == datetime(2026, 3, 21, 10, 0, tzinfo=LOCAL_ZONE)
    assert "RRULE" not in single


def test_link_gives_the_file(client: Client) -> None:
    now = utc_now()
    placement = make_active(now)
    answer = client.get(path_of(placement_calendar_url(placement, now)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="einsatz.ics"'
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


def test_calendar_of_a_placement_not_yet_confirmed_does_not_exist(client: Client) -> None:
    now = utc_now()
    placement = make_placement(make_pledge(now), make_opportunity(), now, Placement.Status.AWAITING_CLEARANCE)
    assert client.get(path_of(placement_calendar_url(placement, now))).status_code == 404


@pytest.mark.parametrize("name", ["placement_calendar", "placement_letter"])
def test_dead_links_open_nothing(name: str, client: Client) -> None:
    now = utc_now()
    placement = make_active(now)
    subject = f"{placement.pk}.1"
    purpose = name
    expired = sign(purpose, subject, now=now - timedelta(days=400), valid_for=timedelta(days=365))
    foreign = sign("my_pledges", subject, now=now, valid_for=timedelta(days=1))
    old_version = sign(purpose, f"{placement.pk}.0", now=now, valid_for=timedelta(days=1))
    good = sign(purpose, subject, now=now, valid_for=timedelta(days=1))
    assert PLACEMENT_CALENDAR.purpose == "placement_calendar"
    assert client.get(reverse(name, args=[good])).status_code == 200
    assert client.get(reverse(name, args=[expired])).status_code == 410
    for token in (foreign, old_version, good[:-2], "x"):
        assert client.get(reverse(name, args=[token])).status_code == 404


@pytest.mark.parametrize(
    ("kind", "issuer", "is_free"),
    [("city", "none", True), ("club", "kstg_5_1_9", True), ("club", "none", False)],
)
def test_letter_asks_for_the_certificate_free_of_charge_where_the_law_says_so(
    kind: str, issuer: str, is_free: bool, client: Client
) -> None:
    now = utc_now()
    provider: Provider = make_provider("Verein Lesen", kind=kind, issuer_kind=issuer)
    pledge = make_pledge(now, first_name="Maria")
    pledge.volunteer.last_name = "Muster"
    pledge.volunteer.save()
    placement = make_placement(
        pledge, make_opportunity(provider=provider), now, Placement.Status.AWAITING_CLEARANCE
    )
    page = client.get(path_of(placement_letter_url(placement, now))).content.decode()
    assert "§ 30a Abs. 2" in page
    assert "<strong>Maria Muster</strong>" in page
    assert "Verein Lesen" in page
    assert ("Befreiung von der Gebühr" in page) == is_free


def test_letter_ends_with_the_placement(client: Client) -> None:
    now = utc_now()
    placement = make_active(now)
    address = path_of(placement_letter_url(placement, now))
    Placement.objects.update(status=Placement.Status.ENDED)
    assert client.get(address).status_code == 404


def test_links_name_the_public_address(now: datetime) -> None:
    placement = make_active(now)
    assert placement_calendar_url(placement, now).startswith("http://127.0.0.1:8000/einsatz/")
