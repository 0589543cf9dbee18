"""Going back on the road of time loses nothing, and leaves nothing about a person for others to find."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Session
from foundation.clock import utc_now
from tests.factories import make_opportunity
from tests.volunteers.reading import Shown, Visitor
from volunteers.models import TimePledge

pytestmark = pytest.mark.django_db
ROAD = "/zeit/zusagen/wer/?fields_wanted=sport&times=0-evening&hours_per_week=2&max_distance_km=5"
TYPED = {
    "first_name": "Zoë",
    "email": "zoe@example.org",
    "is_adult": "16-17",
    "phone": "02421 1234",
    "skills": ["music", "first_aid"],
    "note": "Ich komme\nmit dem Rad.",
}
KEPT = {name: value if isinstance(value, list) else [value] for name, value in TYPED.items()}


def last_screen(visitor: Visitor) -> Shown:
    page = visitor.open(ROAD)
    assert page.status == 200
    return page


def held(page: Shown) -> dict[str, list[str]]:
    """Return what the last screen shows of a person."""
    return {name: page.chosen().get(name, []) for name in TYPED}


@pytest.mark.parametrize(
    ("button", "screen"),
    [
        ("Zurück", "/zeit/zusagen/wann/"),
        ("Ändern wann", "/zeit/zusagen/wann/"),
        ("Ändern was", "/zeit/zusagen/"),
    ],
)
def test_back_and_forth_everything_typed_stands_there_again(button: str, screen: str) -> None:
    visitor = Visitor()
    page = visitor.press(last_screen(visitor), button, **TYPED)
    assert page.address.partition("?")[0] == screen
    assert page.chosen()["times"] == ["0-evening"]
    while not page.address.startswith("/zeit/zusagen/wer/"):
        page = visitor.send(page)
    assert held(page) == KEPT
    visitor.send(page)
    pledge = TimePledge.objects.get()
    assert (pledge.volunteer.first_name, pledge.volunteer.email) == ("Zoë", "zoe@example.org")


def test_what_is_typed_on_the_second_screen_travels_back_as_well() -> None:
    visitor = Visitor()
    when = visitor.press(last_screen(visitor), "Zurück")
    what = visitor.press(when, "Zurück", hours_per_week="8", times=["2-morning", "3-evening"])
    assert what.address.partition("?")[0] == "/zeit/zusagen/"
    again = visitor.send(what)
    assert (again.chosen()["hours_per_week"], again.chosen()["times"]) == (["8"], ["2-morning", "3-evening"])


def test_who_changes_what_hinders_finds_the_rest_as_it_was() -> None:
    make_opportunity("Chor", slug="chor", skills=["music"])
    visitor = Visitor()
    task = visitor.open("/zeit/chor/")
    page = visitor.send(visitor.open(task.link("Hier möchte ich helfen")), can_music="no")
    last = visitor.send(page)
    changed = visitor.press(last, "Ändern: Fähigkeit", first_name="Zoë", email="zoe@example.org")
    assert changed.address.startswith("/zeit/zusagen/aufgabe/?")
    last = visitor.send(visitor.send(changed, can_music="yes"))
    assert "Es fehlt noch" not in last.text
    assert (last.chosen()["first_name"], last.chosen()["email"]) == (["Zoë"], ["zoe@example.org"])


def test_nothing_about_the_person_is_in_an_address() -> None:
    visitor = Visitor()
    page = visitor.press(last_screen(visitor), "Zurück", **TYPED)
    assert not any(word in page.address for word in ("Zo", "zoe", "02421", "Rad", "16-17", "music"))
    assert "zoe@example.org" not in page.source


def test_nobody_else_sees_it_and_sending_or_beginning_anew_ends_it() -> None:
    visitor, stranger = Visitor(), Visitor("198.51.100.2")
    visitor.press(last_screen(visitor), "Zurück", **TYPED)
    assert held(last_screen(stranger))["email"] == [""]
    assert held(last_screen(visitor)) == KEPT
    visitor.send(last_screen(visitor))
    assert held(last_screen(visitor))["email"] == [""]
    visitor.press(last_screen(visitor), "Zurück", **TYPED)
    visitor.open("/zeit/zusagen/")
    assert held(last_screen(visitor))["email"] == [""]


def test_the_page_that_shows_it_again_lies_in_no_cache() -> None:
    browser = Client()
    assert "Cache-Control" not in browser.get(ROAD)
    browser.post(ROAD, {"zurueck": "wann", **TYPED})
    assert browser.get(ROAD)["Cache-Control"] == "no-store, private"


def test_it_is_kept_for_half_an_hour_and_its_session_no_longer() -> None:
    browser = Client()
    browser.post(ROAD, {"zurueck": "wann", **TYPED})
    [session] = Session.objects.all()
    left = session.expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    kept = browser.session
    [name] = [key for key in kept.keys() if key.startswith("typed")]  # noqa: SIM118 - not a mapping
    kept[name] = [int(utc_now().timestamp()), kept[name][1]]
    kept.save()
    assert "zoe@example.org" not in browser.get(ROAD).content.decode()


def test_whoever_sent_it_is_told_to_which_address_was_written_for_half_an_hour() -> None:
    browser, sent = Client(), "/zeit/zusagen/gesendet/"
    assert browser.post(ROAD, {**TYPED, "email": "zoe@example.con"})["Location"] == sent
    answer = browser.get(sent)
    assert 'An: <strong translate="no">zoe@example.con</strong>' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert "zoe" not in Client().get(sent).content.decode()

    kept = browser.session
    kept["written_to"] = [int(utc_now().timestamp()), kept["written_to"][1]]
    kept.save()
    assert "zoe" not in browser.get(sent).content.decode()


@pytest.mark.parametrize(
    "asked", ["", "wer", "//example.org", "wann#//x", "wann#a b", "wann#<b>", "/zeit/", "pledge_time"]
)
def test_only_the_screens_of_the_road_can_be_asked_for(asked: str) -> None:
    answer = Client().post(ROAD, {"zurueck": asked})
    assert (answer.status_code, TimePledge.objects.exists(), Session.objects.exists()) == (422, False, False)


def test_too_much_is_not_kept_and_the_way_back_is_open() -> None:
    browser = Client()
    answer = browser.post(ROAD, {"zurueck": "was", "first_name": "Z", "note": "x" * 6_000})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/zeit/zusagen/")
    assert not Session.objects.exists()


def test_reading_the_road_gives_nobody_a_session() -> None:
    browser = Client()
    for address in ("/zeit/zusagen/", ROAD, "/spenden/"):
        assert browser.get(address).status_code == 200
    assert not Session.objects.exists()
