from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest

from foundation import formats


def said(text: str) -> str:
    """The text with the no-break spaces made visible as plain ones."""
    return text.replace(formats.NBSP, " ")


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0 €"),
        (5, "0,05 €"),
        (2500, "25 €"),
        (2550, "25,50 €"),
        (125_000, "1.250 €"),
        (123_456_789, "1.234.567,89 €"),
        (-500, "−5 €"),
        (-1, "−0,01 €"),
    ],
)
def test_euro_leaves_out_empty_cents(cents, text):
    assert said(formats.euro(cents)) == text


def test_euro_keeps_number_and_sign_on_one_line():
    assert formats.euro(2500) == "25\u00a0€"


def test_euro_exact_always_shows_the_cents():
    assert said(formats.euro_exact(2500)) == "25,00 €"
    assert said(formats.euro_exact(-120_005)) == "−1.200,05 €"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (4286, "4.286"), (1_000_000, "1.000.000"), (-12_345, "−12.345")],
)
def test_a_count_has_a_point_at_every_thousand(number, text):
    assert formats.whole_number(number) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 Stunden"),
        (1, "1 Minute"),
        (45, "45 Minuten"),
        (60, "1 Stunde"),
        (90, "1,5 Stunden"),
        (100, "1,7 Stunden"),
        (120, "2 Stunden"),
        (75_000, "1.250 Stunden"),
    ],
)
def test_hours_speak_of_minutes_only_below_one_hour(minutes, text):
    assert said(formats.hours(minutes)) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [(0, "0 %"), (0.424, "42 %"), (0.425, "43 %"), (1, "100 %"), (1.5, "150 %")]
)
def test_percent_rounds_halves_up(ratio, text):
    assert said(formats.percent(ratio)) == text


def test_date_long_names_weekday_and_month():
    assert formats.date_long(date(2026, 3, 3)) == "Dienstag, 3. März 2026"


def test_date_long_takes_a_moment_to_the_local_day():
    assert formats.date_long(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == "Dienstag, 3. März 2026"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 Uhr"),
        (16 * 60, "16 Uhr"),
        (16 * 60 + 5, "16:05 Uhr"),
        (24 * 60, "24 Uhr"),
        (time(9, 30), "9:30 Uhr"),
        (datetime(2026, 1, 5, 15, 0, tzinfo=UTC), "16 Uhr"),
        (datetime(2026, 7, 5, 15, 0, tzinfo=UTC), "17 Uhr"),
    ],
)
def test_slot_time_takes_minutes_times_and_moments(value, text):
    assert formats.slot_time(value) == text


def test_time_range_says_the_unit_once():
    assert formats.time_range(16 * 60, 17 * 60 + 30) == "16–17:30 Uhr"
    assert formats.time_range(time(8), time(12)) == "8–12 Uhr"


def test_weekdays_have_name_short_form_and_adverb():
    assert [formats.weekday_name(n) for n in (0, 6)] == ["Montag", "Sonntag"]
    assert [formats.weekday_short(n) for n in (0, 6)] == ["Mo", "So"]
    assert [formats.weekday_adverb(n) for n in (1, 3)] == ["dienstags", "donnerstags"]


@pytest.mark.parametrize(
    ("kilometres", "text"),
    [
        (0.04, "unter 100 m"),
        (0.1, "0,1 km"),
        (1.24, "1,2 km"),
        (1.25, "1,3 km"),
        (2.0, "2 km"),
        (12.96, "13 km"),
    ],
)
def test_distances_have_one_decimal(kilometres, text):
    assert said(formats.distance_km(kilometres)) == text


def test_the_times_of_a_week_are_told_in_their_order():
    @dataclass
    class Slot:
        weekday: int
        start_minute: int
        end_minute: int

    assert formats.weekly_times([]) == "Zeiten nach Absprache"
    assert formats.weekly_times([Slot(0, 900, 960)]) == "montags 15–16 Uhr"
    both = formats.weekly_times([Slot(4, 570, 660), Slot(6, 0, 30)])
    assert both == "freitags 9:30–11 Uhr, sonntags 0–0:30 Uhr"
