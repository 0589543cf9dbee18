"""The calendar file and the letter, by signed link."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rruleset, rrulestr
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from citizens.services.erasure import erase
from citizens.services.links import my_page_token, revoke_kinds
from foundation.actors import system
from foundation.clock import LOCAL_ZONE, utc_now
from foundation.links import sign
from foundation.sweeps import run
from programs.domain.rhythms import Rhythm, rule_of
from programs.models import Provider, SchoolHoliday, Shift
from programs.services.closures import close_days, open_again
from programs.services.publishing import close
from programs.services.seats import take_seat
from programs.services.series import change_series
from programs.services.shifts import follow_series
from tests.factories import make_opportunity, make_provider, make_shift, make_user, retime, role_of
from tests.volunteers.pledging import end_without_a_word, make_consent, make_placement, make_pledge
from volunteers.documents.local_zone import local_zone
from volunteers.domain.links import PLACEMENT_CALENDAR
from volunteers.models import Assignment, Clearance, Placement, Volunteer
from volunteers.services.absences import add_absence, come_after_all, remove_absence, skip_date
from volunteers.services.assignments import assign_coming_shifts, hold_coming_dates
from volunteers.services.calendar import person_calendar, placement_calendar
from volunteers.services.links import person_calendar_url, placement_calendar_url, placement_letter_url
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db

TUESDAY_AND_THURSDAY = [(1, 15 * 60, 16 * 60 + 30), (3, 10 * 60, 12 * 60)]


def make_active(now: datetime, **values: object) -> Placement:
    opportunity = make_opportunity(
        "Vorlesen", slots=TUESDAY_AND_THURSDAY, site="Haus 3", clearance_required=False, **values
    )
    follow_series(opportunity, now=now)
    placement = make_placement(
        make_pledge(now), opportunity, now, Placement.Status.ACTIVE, from_on=date(2026, 3, 4)
    )
    assign_coming_shifts(now, placement=placement)
    return placement


def events(placement: Placement, now: datetime) -> list:
    placement = Placement.objects.select_related("opportunity", "pledge").get(pk=placement.pk)
    return list(Calendar.from_ical(placement_calendar(placement, now)).walk("VEVENT"))


def path_of(address: str) -> str:
    return address.split("8000", 1)[1]


EXPECTED = """BEGIN:VEVENT
SUMMARY:Vorlesen
DTSTART;TZID=Europe/Berlin:20260310T150000
DTEND;TZID=Europe/Berlin:20260310T163000
DTSTAMP:20260302T090000Z
UID:serie-{tuesday}.{uid}
SEQUENCE:4
RRULE:FREQ=WEEKLY;UNTIL=20260331T215900Z;BYDAY=TU
EXDATE;TZID=Europe/Berlin:20260324T150000
DESCRIPTION:Lesefreunde
LOCATION:Haus 3
END:VEVENT
BEGIN:VEVENT
SUMMARY:Vorlesen
DTSTART;TZID=Europe/Berlin:20260317T150000
DTEND;TZID=Europe/Berlin:20260317T163000
DTSTAMP:20260302T090000Z
UID:serie-{tuesday}.{uid}
RECURRENCE-ID;TZID=Europe/Berlin:20260317T150000
SEQUENCE:4
DESCRIPTION:Lesefreunde
LOCATION:Haus 3
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
SUMMARY:Vorlesen
DTSTART;TZID=Europe/Berlin:20260305T100000
DTEND;TZID=Europe/Berlin:20260305T120000
DTSTAMP:20260302T090000Z
UID:serie-{thursday}.{uid}
SEQUENCE:3
RRULE:FREQ=WEEKLY;UNTIL=20260331T215900Z;BYDAY=TH
EXDATE;TZID=Europe/Berlin:20260326T100000
DESCRIPTION:Lesefreunde
LOCATION:Haus 3
END:VEVENT
END:VCALENDAR
"""


def test_the_file_is_exactly_this(now: datetime) -> None:
    """A period that ends after the clock change, a cancelled date, a week in which the person is away."""
    placement = make_active(now, ends_on=date(2026, 3, 31), provider=make_provider("Lesefreunde"))
    add_absence(placement.pledge, from_on=date(2026, 3, 23), until_on=date(2026, 3, 28), now=now)
    closed = date(2026, 3, 17)
    close_days(placement.opportunity, from_on=closed, until_on=closed, reason="illness", now=now)
    tuesday, thursday = placement.opportunity.series.order_by("pk").values_list("pk", flat=True)
    placement = Placement.objects.select_related("opportunity__provider", "pledge").get()

    text = placement_calendar(placement, now).replace("\r\n", "\n")

    head, _zone, body = text.partition("END:VTIMEZONE\n")
    assert head.startswith(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//WIR BRAUCHEN SIE//Einsatz//DE\n"
        "CALSCALE:GREGORIAN\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
    )
    assert body == EXPECTED.format(tuesday=tuesday, thursday=thursday, uid=placement.calendar_uid)


def test_weekly_times_become_rules_in_local_time(now: datetime) -> None:
    tuesday, thursday = events(make_active(now), now)
    assert tuesday["DTSTART"].dt == datetime(2026, 3, 10, 15, 0, tzinfo=LOCAL_ZONE)
    assert tuesday["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    assert thursday["DTSTART"].dt == datetime(2026, 3, 5, 10, 0, tzinfo=LOCAL_ZONE)


def test_the_same_is_given_whenever_it_is_fetched(now: datetime) -> None:
    """Else an absence that is over would come back into the calendar."""
    placement = make_active(now)
    add_absence(placement.pledge, from_on=date(2026, 3, 23), until_on=date(2026, 3, 28), now=now)
    first = [event.to_ical().replace(b"20260302T090000Z", b"") for event in events(placement, now)]
    later = now + timedelta(days=40)
    again = [event.to_ical().replace(b"20260411T090000Z", b"") for event in events(placement, later)]
    assert first == again


def test_a_moved_series_keeps_its_uid_and_counts_up(now: datetime) -> None:
    placement = make_active(now)
    before = events(placement, now)[0]
    retime(placement.opportunity, [(4, 900, 960), TUESDAY_AND_THURSDAY[1]], now)
    after = next(each for each in events(placement, now) if each["UID"] == before["UID"])
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt == datetime(2026, 3, 6, 15, 0, tzinfo=LOCAL_ZONE)


def test_a_series_that_is_gone_is_cancelled_as_a_whole_and_its_past_dates_stay(now: datetime) -> None:
    """Else whoever has imported the file keeps it for ever."""
    placement = make_active(now)
    task = placement.opportunity
    retime(task, [(1, 930, 990), TUESDAY_AND_THURSDAY[1]], now)
    assign_coming_shifts(now)
    gone, stays = (str(event["UID"]) for event in events(placement, now))
    later = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
    retime(task, [TUESDAY_AND_THURSDAY[1]], later)
    been = task.shifts.get(starts_at=datetime(2026, 3, 10, 14, 30, tzinfo=UTC))
    assert [
        (str(event["UID"]), event.get("STATUS"), event["SEQUENCE"], event["DTSTART"].dt, "RRULE" in event)
        for event in events(placement, later)
    ] == [
        (stays, None, 0, datetime(2026, 3, 5, 10, 0, tzinfo=LOCAL_ZONE), True),
        (gone, "CANCELLED", 3, datetime(2026, 3, 17, 15, 30, tzinfo=LOCAL_ZONE), False),
        (
            f"termin-{been.pk}.{placement.calendar_uid}",
            None,
            1,
            datetime(2026, 3, 10, 15, 30, tzinfo=LOCAL_ZONE),
            False,
        ),
    ]
    stop_placement(placement, reason="on_request", actor=system("test"), now=later)
    given_back = placement.assignments.filter(status="cancelled").count()
    assert given_back == 13
    assert [(str(each["UID"]), each["SEQUENCE"]) for each in events(placement, later)] == [
        (stays, 1 + given_back),
        (gone, 4 + given_back),
        (f"termin-{been.pk}.{placement.calendar_uid}", 2 + given_back),
    ]


def test_a_placement_that_began_later_hears_nothing_of_a_series_that_is_gone(now: datetime) -> None:
    first = make_active(now, places=2)
    task = first.opportunity
    retime(task, [TUESDAY_AND_THURSDAY[1]], now)
    pledge = make_pledge(now, email="zita@example.org")
    second = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 4))
    assign_coming_shifts(now, placement=second)
    assert [len(events(first, now)), len(events(second, now))] == [2, 1]


def test_one_skipped_date_is_left_out(now: datetime) -> None:
    placement = make_active(now)
    skipped = placement.assignments.get(shift__starts_at=datetime(2026, 3, 17, 14, 0, tzinfo=UTC))
    assert skip_date(skipped, now=now)
    tuesday, thursday = events(placement, now)
    assert tuesday["EXDATE"].dts[0].dt == datetime(2026, 3, 17, 15, 0, tzinfo=LOCAL_ZONE)
    assert "EXDATE" not in thursday


def test_days_away_from_today_on_leave_the_date_of_this_morning_where_it_was(now: datetime) -> None:
    placement = make_active(now)
    evening = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)  # the date was from 9 to 11 UTC
    _tuesday, before = events(placement, evening)
    add_absence(placement.pledge, from_on=date(2026, 3, 12), until_on=date(2026, 3, 19), now=evening)
    tuesday, after = events(placement, evening)
    assert "EXDATE" not in before
    assert [each.dt for each in after["EXDATE"].dts] == [datetime(2026, 3, 19, 10, 0, tzinfo=LOCAL_ZONE)]
    assert [each.dt for each in tuesday["EXDATE"].dts] == [datetime(2026, 3, 17, 15, 0, tzinfo=LOCAL_ZONE)]


def test_an_ended_placement_ends_its_events(now: datetime) -> None:
    placement = make_active(now)
    later = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
    stop_placement(placement, reason="on_request", actor=system("test"), now=later)
    tuesday, thursday = events(placement, later)
    assert tuesday["RRULE"]["UNTIL"] == [datetime(2026, 3, 12, 22, 59, tzinfo=UTC)]
    assert "EXDATE" not in tuesday
    given_back = placement.assignments.filter(status="cancelled").count()
    assert (given_back, tuesday["SEQUENCE"], thursday["SEQUENCE"]) == (12, 13, 13)


def test_one_that_ended_before_its_first_date_is_cancelled(now: datetime) -> None:
    placement = make_active(now)
    later = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    stop_placement(placement, reason="on_request", actor=system("test"), now=later)
    assert [event["STATUS"] for event in events(placement, later)] == ["CANCELLED", "CANCELLED"]


def test_single_dates_stand_for_themselves(now: datetime) -> None:
    placement = make_active(now)
    single = make_shift(placement.opportunity, datetime(2026, 3, 21, 9, 0, tzinfo=UTC), minutes=60)
    event = events(placement, now)[-1]
    assert event["UID"] == f"termin-{single.pk}.{placement.calendar_uid}"
    assert event["DTSTART"].dt == datetime(2026, 3, 21, 10, 0, tzinfo=LOCAL_ZONE)
    assert "RRULE" not in event
    assign_coming_shifts(now, placement=placement)
    Shift.objects.filter(pk=single.pk).update(is_cancelled=True, sequence=1)
    cancelled = events(placement, now)[-1]
    assert (cancelled["UID"], cancelled["STATUS"], cancelled["SEQUENCE"]) == (event["UID"], "CANCELLED", 1)


def told_days(placement: Placement, now: datetime) -> list[date]:
    """The days until the end of June on which a calendar program sees the series of a file."""
    found: list[date] = []
    for event in events(placement, now):
        if "RRULE" not in event:
            continue
        expanded = rruleset()
        expanded.rrule(rrulestr(event["RRULE"].to_ical().decode(), dtstart=event["DTSTART"].dt))
        exdates = event.get("EXDATE", [])
        for each in exdates if isinstance(exdates, list) else [exdates]:
            expanded.exdate(each.dts[0].dt)
        until = datetime(2026, 7, 1, tzinfo=LOCAL_ZONE)
        found += [moment.date() for moment in expanded.between(event["DTSTART"].dt, until, inc=True)]
    return sorted(found)


def tuesdays(*, but: list[date]) -> list[date]:
    """All Tuesdays from 10 March to the end of June."""
    return [day for week in range(17) if (day := date(2026, 3, 10) + timedelta(weeks=week)) not in but]


class TestBeyondTheDatesThatAreRolledOut:
    """Eight weeks ahead there are dates; a calendar looks further."""

    @pytest.fixture
    def placement(self, now: datetime) -> Placement:
        placement = make_active(now)
        retime(placement.opportunity, [TUESDAY_AND_THURSDAY[0]], now)
        assert told_days(placement, now) == tuesdays(but=[])
        return placement

    @pytest.mark.parametrize(
        ("until_on", "but"),
        [(date(2026, 6, 16), [date(2026, 6, 9), date(2026, 6, 16)]), (None, tuesdays(but=[])[13:])],
    )
    def test_closed_days_are_left_out(
        self, placement: Placement, now: datetime, until_on: date | None, but: list[date]
    ) -> None:
        close_days(
            placement.opportunity, from_on=date(2026, 6, 9), until_on=until_on, reason="closed", now=now
        )
        assert told_days(placement, now) == tuesdays(but=but)

    def test_an_absence_is_left_out_and_comes_back(self, placement: Placement, now: datetime) -> None:
        add_absence(placement.pledge, from_on=date(2026, 6, 9), until_on=date(2026, 6, 15), now=now)
        assert told_days(placement, now) == tuesdays(but=[date(2026, 6, 9)])
        remove_absence(placement.pledge, placement.pledge.exceptions.get().pk, now=now)
        assert told_days(placement, now) == tuesdays(but=[])

    def test_nothing_is_told_from_the_day_on_which_the_certificate_counts_no_more(
        self, now: datetime
    ) -> None:
        """Within the dates that are rolled out as well: nobody is given them."""
        task = make_opportunity("Lernen", slots=[TUESDAY_AND_THURSDAY[0]])
        follow_series(task, now=now)
        pledge = make_pledge(now)
        Clearance.objects.create(
            volunteer=pledge.volunteer, opportunity=task, certificate_on=date(2021, 3, 24)
        )
        placement = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 4))
        assign_coming_shifts(now, placement=placement)
        assert told_days(placement, now) == [date(2026, 3, 10), date(2026, 3, 17)]

    def test_a_closed_task_goes_on_for_nobody(self, placement: Placement, now: datetime) -> None:
        later = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
        close(placement.opportunity, by=make_user(), now=later)
        assert told_days(placement, later) == [date(2026, 3, 10), date(2026, 3, 17)]
        event = events(placement, later)[0]
        assert event["RRULE"]["UNTIL"] == [datetime(2026, 3, 18, 22, 59, tzinfo=UTC)]


def test_what_has_been_stays_when_the_series_moves(now: datetime) -> None:
    """Dates before the change are told at the time at which they were, and not at the new one."""
    placement = make_active(now)
    retime(placement.opportunity, [TUESDAY_AND_THURSDAY[0]], now)
    later = datetime(2026, 3, 19, 12, 0, tzinfo=UTC)
    retime(placement.opportunity, [(2, 960, 1020)], later)
    assign_coming_shifts(later)
    assert told_days(placement, later)[:2] == [date(2026, 3, 25), date(2026, 4, 1)]
    single = [event for event in events(placement, later) if str(event["UID"]).startswith("termin")]
    assert [(event["DTSTART"].dt, event.get("STATUS")) for event in single] == [
        (datetime(2026, 3, 10, 15, tzinfo=LOCAL_ZONE), None),
        (datetime(2026, 3, 17, 15, tzinfo=LOCAL_ZONE), None),
    ]


def test_a_cancelled_date_within_an_absence_is_left_out_and_nothing_else(now: datetime) -> None:
    placement = make_active(now)
    add_absence(placement.pledge, from_on=date(2026, 3, 17), until_on=date(2026, 3, 17), now=now)
    close_days(
        placement.opportunity,
        from_on=date(2026, 3, 17),
        until_on=date(2026, 3, 17),
        reason="closed",
        now=now,
    )
    tuesday, _thursday = events(placement, now)
    assert tuesday["EXDATE"].dts[0].dt == datetime(2026, 3, 17, 15, 0, tzinfo=LOCAL_ZONE)


def test_dates_on_hold_are_no_dates(now: datetime) -> None:
    """While somebody may not come, their calendar does not say that they do."""
    placement = make_active(now)
    hold_coming_dates(placement, now)
    Placement.objects.filter(pk=placement.pk).update(status=Placement.Status.AWAITING_CLEARANCE)
    assert [day for day in told_days(placement, now) if day < date(2026, 4, 20)] == []


def test_single_dates_are_cancelled_where_the_person_does_not_come_and_when_it_is_over(now: datetime) -> None:
    placement = make_active(now)
    days = (date(2026, 3, 7), date(2026, 3, 14), date(2026, 3, 21))
    change_series(placement.opportunity, [Rhythm("", 600, 660, days)], now=now)
    assign_coming_shifts(now)
    first, skipped, _last = placement.assignments.filter(shift__series__rrule="").order_by("shift__starts_at")
    counted = sum(each["SEQUENCE"] for each in singles(placement, now))
    assert skip_date(skipped, now=now)
    assert [each.get("STATUS") for each in singles(placement, now)] == [None, "CANCELLED", None]
    assert come_after_all(Assignment.objects.get(pk=skipped.pk), now=now)
    assert [each.get("STATUS") for each in singles(placement, now)] == [None, None, None]
    assert sum(each["SEQUENCE"] for each in singles(placement, now)) == counted + 2 * len(days)
    later = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
    assert first.shift.starts_at < later
    stop_placement(placement, reason="on_request", actor=system("test"), now=later)
    assert [each.get("STATUS") for each in singles(placement, later)] == [None, "CANCELLED", "CANCELLED"]


def singles(placement: Placement, now: datetime) -> list:
    """The events of single dates that no series repeats."""
    found = [each for each in events(placement, now) if str(each["UID"]).startswith("termin")]
    return [each for each in found if each["DTSTART"].dt.weekday() == 5]


def test_who_stands_in_counts_up_with_each_no_and_each_yes(now: datetime) -> None:
    task = make_opportunity("Vorlesen", slots=[TUESDAY_AND_THURSDAY[0]], clearance_required=False)
    follow_series(task, now=now)
    shift, pledge = task.shifts.order_by("starts_at")[0], make_pledge(now)
    assert take_seat(shift.pk, role_of(task).pk)
    stands_in = Assignment.objects.create(
        volunteer=pledge.volunteer, shift=shift, role=role_of(task), status_changed_at=now
    )

    def told() -> tuple[int, str | None]:
        (event,) = Calendar.from_ical(person_calendar(pledge.volunteer, now)).walk("VEVENT")
        return event["SEQUENCE"], event.get("STATUS")

    assert told() == (0, None)
    assert skip_date(stands_in, now=now)
    assert told() == (1, "CANCELLED")
    assert come_after_all(Assignment.objects.get(pk=stands_in.pk), now=now)
    assert told() == (2, None)


def test_the_zone_is_told_by_rules_that_say_what_the_clocks_do() -> None:
    """Outlook reads no RDATE there; each day of forty years is looked at."""
    zone = local_zone()
    assert zone.to_ical().decode().replace("\r\n", "\n") == ZONE
    told = zone.to_tz()
    noon = datetime(2000, 1, 1, 12)  # noqa: DTZ001
    for day in range(40 * 365):
        moment = noon + timedelta(days=day)
        assert moment.replace(tzinfo=told).utcoffset() == moment.replace(tzinfo=LOCAL_ZONE).utcoffset()


ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


class TestTheFeed:
    def test_has_a_name_and_says_how_often_to_ask(self, now: datetime) -> None:
        """A file has neither; the address of the feed is a secret, and stood where calendars show a name."""
        placement = make_active(now)
        feed = Calendar.from_ical(person_calendar(placement.volunteer, now))
        assert (feed["X-WR-CALNAME"], feed["REFRESH-INTERVAL"].to_ical(), feed["X-PUBLISHED-TTL"]) == (
            "WIR BRAUCHEN SIE",
            b"PT1H",
            "PT1H",
        )
        assert "X-WR-CALNAME" not in placement_calendar(placement, now)

    def test_holds_all_that_a_person_is_expected_to(self, client: Client) -> None:
        now = utc_now()
        first = make_active(now)
        other = make_opportunity("Kochen", slots=[(4, 900, 960)], clearance_required=False)
        follow_series(other, now=now)
        make_placement(first.pledge, other, now, Placement.Status.ACTIVE, from_on=date(2026, 3, 4))
        make_placement(first.pledge, make_opportunity("Wartet"), now, Placement.Status.AWAITING_CLEARANCE)
        jonas = make_pledge(now, first_name="Jonas")
        make_placement(
            jonas,
            make_opportunity("Für Jonas", clearance_required=False),
            now,
            "active",
            from_on=date(2026, 3, 4),
        )
        path = path_of(person_calendar_url(first.volunteer, now))
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        found = [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
        assert found == ["Vorlesen", "Vorlesen", "Kochen"]
        assert "no-store" in answer["Cache-Control"]

    def test_stands_on_the_persons_page_and_can_be_made_void_alone(self, client: Client) -> None:
        now = utc_now()
        placement = make_active(now)
        mine = reverse("my_page", args=[my_page_token(placement.volunteer.mailbox, now)])
        found = re.search(r'href="http://127.0.0.1:8000(/termine/[^"]+)"', client.get(mine).content.decode())
        assert found is not None
        assert client.get(found[1]).status_code == 200
        revoke_kinds(placement.volunteer.mailbox, "person_calendar")
        assert client.get(found[1]).status_code == 404
        assert client.get(mine).status_code == 200

    def test_of_an_erased_person_does_not_exist(self, client: Client) -> None:
        now = utc_now()
        placement = make_active(now)
        path = path_of(person_calendar_url(placement.volunteer, now))
        erase(placement.volunteer.mailbox, now)
        assert client.get(path).status_code == 404

    def test_lets_go_of_what_ended_long_ago(self, now: datetime) -> None:
        placement = make_active(now)
        ended = now + timedelta(days=10)
        stop_placement(placement, reason="on_request", actor=system("test"), now=ended)
        person = placement.volunteer
        assert "BEGIN:VEVENT" in person_calendar(person, ended + timedelta(days=90))
        assert "BEGIN:VEVENT" not in person_calendar(person, ended + timedelta(days=91))


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
    assert "§\u00a030a Abs.\u00a02" in page
    assert "<strong>Maria Muster</strong>" in page
    assert "Verein Lesen" in page
    assert ("Wir bitten um Befreiung von der Gebühr" in page) == is_free
    assert ("bitten wir, wenn der Nachweis beiliegt" in page) != is_free
    assert ("§\u00a030 Abs.\u00a05 BZRG" in page, "§\u00a030 Abs.\u00a04 BZRG" in page) == (
        kind == "city",
        kind != "city",
    )


def test_letter_ends_with_the_placement(client: Client) -> None:
    now = utc_now()
    placement = make_active(now)
    address = path_of(placement_letter_url(placement, now))
    end_without_a_word(placement)
    assert client.get(address).status_code == 404


def test_links_name_the_public_address(now: datetime) -> None:
    placement = make_active(now)
    assert placement_calendar_url(placement, now).startswith("http://127.0.0.1:8000/einsatz/")


class TestEveryRhythm:
    """What a calendar program makes of the file is what the dates are."""

    @pytest.mark.parametrize(
        ("rhythm", "rule", "left_out"),
        [
            (
                Rhythm(rule_of("fortnightly", 1), 900, 960, (), (), True, True),
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
                [date(2026, 3, 31)],
            ),
            (
                Rhythm(rule_of("weekly", 0), 900, 960, (), (date(2026, 3, 16),), True),
                "FREQ=WEEKLY;BYDAY=MO",
                [date(2026, 3, 16), date(2026, 4, 6), date(2026, 5, 25)],
            ),
            (Rhythm(rule_of("-1", 5), 1320, 1560), "FREQ=MONTHLY;BYDAY=-1SA", []),
            (Rhythm(rule_of("weekly", 6), 120, 180), "FREQ=WEEKLY;BYDAY=SU", []),
        ],
    )
    def test_is_one_event_whose_days_are_the_dates(
        self, now: datetime, rhythm: Rhythm, rule: str, left_out: list[date]
    ) -> None:
        SchoolHoliday.objects.create(
            name="Osterferien", first_on=date(2026, 3, 30), last_on=date(2026, 4, 11)
        )
        placement = make_active(now, starts_on=date(2026, 3, 2), ends_on=date(2026, 5, 30))
        change_series(placement.opportunity, [rhythm], now=now)
        run("programs.roll_out_shifts", now + timedelta(days=35))
        series = placement.opportunity.series.get()
        repeating = [each for each in events(placement, now) if str(each["UID"]).startswith("serie")]
        (event,) = [each for each in repeating if "STATUS" not in each]
        recur = event["RRULE"].to_ical().decode()
        assert set(recur.split(";")) == {*rule.split(";"), "UNTIL=20260530T215900Z"}
        exdates = event.get("EXDATE", [])
        listed = [each.dts[0].dt for each in (exdates if isinstance(exdates, list) else [exdates])]
        assert [moment.date() for moment in listed] == left_out

        start, end = event["DTSTART"].dt, event["DTEND"].dt
        expanded = rruleset()
        expanded.rrule(rrulestr(recur, dtstart=start))
        for moment in listed:
            expanded.exdate(moment)
        shifts = list(series.shifts.filter(starts_at__gte=start).values_list("starts_at", "ends_at"))
        length = end.replace(tzinfo=None) - start.replace(tzinfo=None)
        assert [moment.astimezone(UTC) for moment in expanded] == [begin for begin, _end in shifts]
        assert [(begin.astimezone(LOCAL_ZONE) + length).astimezone(UTC) for begin, _end in shifts] == [
            finish for _begin, finish in shifts
        ]

    def test_single_days_are_an_event_each_that_moves(self, now: datetime) -> None:
        placement = make_active(now)
        task = placement.opportunity
        days = (date(2026, 3, 7), date(2026, 11, 14))
        change_series(task, [Rhythm("", 1200, 1560, days)], now=now)
        assign_coming_shifts(now, placement=placement)
        single = {str(each["UID"]): each for each in events(placement, now) if "STATUS" not in each}
        assert [each["DTSTART"].dt for each in single.values()] == [
            datetime(2026, 3, 7, 20, tzinfo=LOCAL_ZONE),
            datetime(2026, 11, 14, 20, tzinfo=LOCAL_ZONE),
        ]
        assert [each["DTEND"].dt.day for each in single.values()] == [8, 15]
        change_series(task, [Rhythm("", 1200, 1560, (days[0], date(2026, 11, 21)))], now=now)
        moved = {str(each["UID"]): each for each in events(placement, now) if "STATUS" not in each}
        assert moved.keys() == single.keys()
        assert [each["SEQUENCE"] for each in moved.values()] == [0, 1]
        assert list(moved.values())[1]["DTSTART"].dt == datetime(2026, 11, 21, 20, tzinfo=LOCAL_ZONE)


class TestTheNightsOfTheClockChanges:
    """A night watch from 23 to 6 on Saturdays: seven hours, but six in March and eight in October."""

    @pytest.mark.parametrize("first", [date(2026, 3, 7), date(2026, 3, 28)])
    def test_are_as_long_in_the_file_as_on_the_page(self, now: datetime, first: date) -> None:
        task = make_opportunity("Wache", slots=[(5, 23 * 60, 30 * 60)], clearance_required=False)
        follow_series(task, now=now)
        placement = make_placement(make_pledge(now), task, now, "active", from_on=first)
        assign_coming_shifts(now, placement=placement)
        series, *nights = events(placement, now)
        assert span(series) == timedelta(hours=7)
        told = {each["RECURRENCE-ID"].dt.date(): span(each) for each in nights}
        assert {day: hours for day, hours in told.items() if day.year == 2026} == {
            date(2026, 3, 28): timedelta(hours=6),
            date(2026, 10, 24): timedelta(hours=8),
        }
        for each in nights:
            assert each["RECURRENCE-ID"].dt == each["DTSTART"].dt
            assert (each["DTSTART"].dt.hour, each["DTEND"].dt.hour) == (23, 6)
            assert each["UID"] == series["UID"]
        shift = placement.assignments.get(shift__starts_at=datetime(2026, 3, 28, 22, tzinfo=UTC)).shift
        assert shift.ends_at - shift.starts_at == told[date(2026, 3, 28)]

    def test_a_night_that_is_left_out_is_no_event(self, now: datetime) -> None:
        task = make_opportunity("Wache", slots=[(5, 23 * 60, 30 * 60)], clearance_required=False)
        follow_series(task, now=now)
        placement = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 7))
        assign_coming_shifts(now, placement=placement)
        add_absence(placement.pledge, from_on=date(2026, 3, 28), until_on=date(2026, 3, 28), now=now)
        series, *nights = events(placement, now)
        assert left_out(series) == [date(2026, 3, 28)]
        assert date(2026, 3, 28) not in {each["RECURRENCE-ID"].dt.date() for each in nights}


def span(event: Any) -> timedelta:
    """How long an event lasts."""
    if "DURATION" in event:
        return timedelta(seconds=event["DURATION"].dt.total_seconds())
    length: timedelta = event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC)
    return length


class TestACountThatRisesWithEveryChange:
    """Whoever put the file into a calendar replaces it by the next one: RFC 5545 §3.8.7.4."""

    def told(self, placement: Placement, now: datetime) -> list[tuple[int, list[date]]]:
        """Of each event how often it was changed, and on which days nobody is expected."""
        return [(int(each["SEQUENCE"]), left_out(each)) for each in events(placement, now)]

    def test_where_a_date_yields_from_the_day_it_is_rolled_out(self, now: datetime) -> None:
        placement = make_active(now)
        elsewhere = make_opportunity("Fahrt", slots=[], clearance_required=False)
        at_the_same_time = datetime(2026, 6, 9, 13, 0, tzinfo=UTC)
        shift = make_shift(elsewhere, at_the_same_time)
        assert take_seat(shift.pk, role_of(elsewhere).pk)
        Assignment.objects.create(
            volunteer=placement.volunteer,
            role=role_of(elsewhere),
            shift=shift,
            status="confirmed",
            status_changed_at=now,
        )
        before = self.told(placement, now)
        for later in (now + timedelta(days=50), now + timedelta(days=70)):
            run("programs.roll_out_shifts", later)
            assign_coming_shifts(later)
        assert placement.assignments.filter(status="released").count() == 1
        (tuesday_was, away_before), _thursday = before
        (tuesday_is, away), _thursday = self.told(placement, later)
        assert (away_before, away) == ([], [date(2026, 6, 9)])
        assert tuesday_is > tuesday_was

    def test_where_days_away_lie_beyond_the_dates_that_are_rolled_out(self, now: datetime) -> None:
        placement = make_active(now)
        numbers = [self.told(placement, now)]
        days = {"from_on": date(2026, 11, 2), "until_on": date(2026, 11, 8)}
        assert add_absence(placement.pledge, **days, now=now)
        numbers.append(self.told(placement, now))
        remove_absence(placement.pledge, placement.pledge.exceptions.get().pk, now=now)
        numbers.append(self.told(placement, now))
        assert [tuesday for (_number, tuesday), _thursday in numbers] == [[], [date(2026, 11, 3)], []]
        first, second, third = (number for (number, _days), _thursday in numbers)
        assert first < second < third

    def test_where_days_are_closed_beyond_them(self, now: datetime) -> None:
        placement = make_active(now)
        numbers = [self.told(placement, now)]
        day = date(2026, 11, 3)
        closure = close_days(placement.opportunity, from_on=day, until_on=day, reason="illness", now=now)
        numbers.append(self.told(placement, now))
        open_again(closure, now=now)
        numbers.append(self.told(placement, now))
        assert [tuesday for (_number, tuesday), _thursday in numbers] == [[], [day], []]
        first, second, third = (number for (number, _days), _thursday in numbers)
        assert first < second < third

    def test_closing_days_that_are_rolled_out_counts_once(self, now: datetime) -> None:
        placement = make_active(now)
        (_before, _days), thursday = self.told(placement, now)
        day = date(2026, 3, 17)
        close_days(placement.opportunity, from_on=day, until_on=day, reason="illness", now=now)
        assert self.told(placement, now)[-1] == thursday

    def test_dates_too_late_for_a_minor_are_left_out_before_they_are_rolled_out(self, now: datetime) -> None:
        late = make_opportunity("Spät", slots=[(1, 21 * 60, 22 * 60 + 30)], clearance_required=False)
        follow_series(late, now=now)
        pledge = make_pledge(now)
        Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=False, born_in=date(2009, 5, 1))
        waiting = make_placement(pledge, late, now, "awaiting_clearance")
        make_consent(waiting, now)
        Placement.objects.filter(pk=waiting.pk).update(status="active", from_on=date(2026, 3, 4))
        (event,) = events(waiting, now)
        assert {date(2026, 3, 10), date(2026, 11, 3)} <= set(left_out(event))


def left_out(event: Any) -> list[date]:
    """Return the days an event leaves out."""
    if "EXDATE" not in event:
        return []
    found = event["EXDATE"]
    return [each.dt.date() for one in (found if isinstance(found, list) else [found]) for each in one.dts]
