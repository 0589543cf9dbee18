import pytest
from django import forms
from django.http import QueryDict

from foundation.times_of_week import WeeklyTime, merged
from foundation.weekly_times import WeeklyAnswer, WeeklyTimesField, answer_for


class TimesForm(forms.Form):
    times = WeeklyTimesField(label="Wann haben Sie Zeit?")


def cleaned(query: str) -> list[WeeklyTime]:
    form = TimesForm(QueryDict(query))
    assert form.is_valid(), form.errors
    return form.cleaned_data["times"]


def refused(query: str) -> str:
    form = TimesForm(QueryDict(query))
    assert not form.is_valid()
    assert "times" not in form.cleaned_data
    return form.errors["times"][0]


def test_ticks_become_windows_and_neighbours_are_joined():
    assert cleaned("times=1-afternoon&times=0-midday&times=0-morning") == [
        WeeklyTime(0, 8 * 60, 15 * 60),
        WeeklyTime(1, 15 * 60, 18 * 60),
    ]


@pytest.mark.parametrize("typed", ["16:30", "16.30", "16:30:00", "16:30 Uhr"])
def test_exact_times_are_understood_as_people_write_them(typed):
    query = QueryDict(mutable=True)
    query.update({"times_3_from": typed, "times_3_to": "18"})
    assert cleaned(query.urlencode()) == [WeeklyTime(3, 16 * 60 + 30, 18 * 60)]


def test_exact_times_join_the_ticks_of_their_day():
    assert cleaned("times=2-morning&times_2_from=11:00&times_2_to=13:30") == [
        WeeklyTime(2, 8 * 60, 13 * 60 + 30)
    ]


def test_midnight_as_an_end_is_the_end_of_the_day_and_shown_as_a_time_input_takes_it():
    assert cleaned("times_4_from=22:00&times_4_to=00:00") == [WeeklyTime(4, 22 * 60, 24 * 60)]
    assert answer_for([WeeklyTime(4, 22 * 60, 24 * 60)]).typed == {4: ("22:00", "00:00")}


def test_an_answer_is_needed():
    assert refused("") == "Bitte wählen Sie mindestens eine Zeit aus."


@pytest.mark.parametrize("tick", ["7-morning", "x-morning", "0-night", "0", "-1-morning"])
def test_ticks_outside_the_grid_are_refused(tick):
    assert refused(f"times=0-morning&times={tick}") == "Bitte wählen Sie nur Zeiten aus dem Wochenplan."


@pytest.mark.parametrize(
    ("start", "end"), [("18:00", ""), ("", "18:00"), ("abends", "20:00"), ("10:75", "12:00"), ("9", "25")]
)
def test_half_or_unreadable_times_are_refused_by_day(start, end):
    message = refused(f"times_1_from={start}&times_1_to={end}")
    assert message == "Dienstag: Bitte geben Sie Beginn und Ende als Uhrzeit an, zum Beispiel 16:30."


def test_an_end_before_its_beginning_is_refused():
    assert refused("times_6_from=18:00&times_6_to=18:00") == "Sonntag: Das Ende muss nach dem Beginn liegen."


def test_what_was_ticked_and_typed_comes_back_on_an_error():
    html = str(TimesForm(QueryDict("times=0-morning&times_1_from=18:00"))["times"])
    assert 'value="0-morning" checked' in html
    assert 'name="times_1_from" value="18:00"' in html
    assert "<details" in html
    assert " open>" in html


def test_every_slot_has_a_name_of_its_own():
    html = str(TimesForm()["times"])
    assert html.count('type="checkbox"') == 28
    assert "Donnerstag, Abend, 18–21 Uhr" in html
    assert "checked" not in html


def test_saved_windows_are_shown_as_the_answer_that_gives_them_back():
    windows = [WeeklyTime(0, 8 * 60, 15 * 60), WeeklyTime(4, 17 * 60, 19 * 60 + 30)]
    assert answer_for(windows) == WeeklyAnswer(frozenset({"0-morning", "0-midday"}), {4: ("17:00", "19:30")})
    html = str(TimesForm(initial={"times": windows})["times"])
    assert 'value="0-midday" checked' in html
    assert 'name="times_4_to" value="19:30"' in html


def test_touching_and_overlapping_windows_are_one_but_days_stay_apart():
    windows = [
        WeeklyTime(1, 60, 120),
        WeeklyTime(0, 90, 200),
        WeeklyTime(0, 60, 100),
        WeeklyTime(0, 200, 210),
    ]
    assert merged(windows) == [WeeklyTime(0, 60, 210), WeeklyTime(1, 60, 120)]
