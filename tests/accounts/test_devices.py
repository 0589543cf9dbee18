"""Angemeldete Geräte: told in plain words, ended one by one or all, and by what changes the proof."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse

from accounts.devices import device_of
from accounts.models import Session, User
from accounts.services.sessions import running_sessions
from foundation.history import lines_of
from tests.accounts.signing_in import (
    PASSWORD,
    code_of,
    give_second_factor,
    is_signed_in,
    sign_in,
)

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605 Version/18 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox auf Windows"),
        (SAFARI, "Safari auf iPhone"),
        (EDGE, "Edge auf Windows"),
        (CHROME, "Chrome auf Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 OPR/120.0", "Opera auf Windows"),
        (
            "(Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Safari",
            "Samsung Internet auf Android",
        ),
        ("(iPhone; CPU iPhone OS 18_5 like Mac OS X) FxiOS/140.0 Safari/605.1", "Firefox auf iPhone"),
        ("(iPad; CPU OS 18_5 like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome auf iPad"),
        ("(Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari auf Mac"),
        ("(X11; CrOS x86_64 14541.0.0) Chrome/140.0 Safari/537.36", "Chrome auf Chromebook"),
        ("(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox auf Linux"),
        ("(Nintendo Switch) Firefox/140.0", "Firefox"),
        ("curl/8.5", "Ein anderer Browser"),
        ("", "Ein anderer Browser"),
    ],
)
def test_a_device_is_called_in_plain_words(user_agent: str, words: str) -> None:
    assert device_of(user_agent) == words


@pytest.fixture
def desk(coordinator: User) -> Client:
    """The browser the owner sits at."""
    return signed_in(coordinator, FIREFOX)


@pytest.fixture
def telephone(coordinator: User) -> Client:
    return signed_in(coordinator, SAFARI)


def signed_in(user: User, user_agent: str) -> Client:
    client = Client(headers={"user-agent": user_agent})
    sign_in(client, user)
    return client


def listed(client: Client) -> list[str]:
    page = client.get(reverse("account_devices")).content.decode()
    return re.findall(r'<th scope="row">(.*?)</th>', page)


def end(client: Client, **answers: str) -> None:
    """Send the form, and prove once more who one is, as the page asks."""
    answer = client.post(reverse("account_device_end"), answers)
    if answer.status_code == 302 and "/reauthenticate/" in answer["Location"]:
        client.post(answer["Location"], {"password": PASSWORD})


def handle_of(client: Client) -> str:
    return client.session["handle"]


def happened(user: User) -> list[str]:
    return list(lines_of(user).filter(kind="access").order_by("pk").values_list("reason", flat=True))


def test_all_devices_are_listed_and_this_one_is_marked(desk: Client, telephone: Client) -> None:
    assert sorted(listed(desk)) == ["Firefox auf Windows", "Safari auf iPhone"]
    page = desk.get(reverse("account_devices")).content.decode()
    assert page.count("dieses Gerät") == 1
    assert page.count('name="handle"') == 1
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page


def test_one_device_is_ended_after_a_second_proof(desk: Client, telephone: Client, coordinator: User) -> None:
    answer = desk.post(reverse("account_device_end"), {"handle": handle_of(telephone)})
    assert "/konto/reauthenticate/" in answer["Location"]
    assert is_signed_in(telephone)
    desk.post(answer["Location"], {"password": PASSWORD})
    assert not is_signed_in(telephone)
    assert is_signed_in(desk)
    assert telephone.get("/koordination/").status_code == 302
    assert happened(coordinator)[-1] == "session_ended"


def test_a_device_of_somebody_else_is_nobody_s_to_end(desk: Client, operator: User) -> None:
    other = signed_in(operator, CHROME)
    end(desk, handle=handle_of(other))
    end(desk, handle="")
    assert is_signed_in(other)
    assert is_signed_in(desk)


def test_all_others_end_at_once(desk: Client, telephone: Client, operator: User) -> None:
    stranger = signed_in(operator, CHROME)
    end(desk, others="1")
    assert (is_signed_in(desk), is_signed_in(telephone), is_signed_in(stranger)) == (True, False, True)
    assert listed(desk) == ["Firefox auf Windows"]


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (0, "Es war kein anderes Gerät angemeldet."),
        (1, "Ein anderes Gerät ist abgemeldet."),
        (2, "2 andere Geräte sind abgemeldet."),
    ],
)
def test_how_many_ended_is_told(desk: Client, coordinator: User, others: int, told: str) -> None:
    for _each in range(others):
        signed_in(coordinator, SAFARI)
    end(desk, others="1")
    if others == 0:
        desk.post(reverse("account_device_end"), {"others": "1"})
    assert told in desk.get(reverse("account_devices")).content.decode()


def test_what_is_over_is_no_device_and_the_last_used_comes_first(coordinator: User, now: datetime) -> None:
    """An hour without a page and twelve hours in all end a session."""

    def opened(handle: str, *, seen: float, began: float, expires: float = 1) -> None:
        Session.objects.create(
            session_key=handle,
            user=coordinator,
            handle=handle,
            seen_at=now - timedelta(minutes=seen),
            began_at=now - timedelta(minutes=began),
            expire_date=now + timedelta(minutes=expires),
        )

    opened("b-now", seen=0, began=60)
    opened("c-long", seen=59.9, began=719.9)
    opened("a-short", seen=10, began=10)
    opened("a-now", seen=0, began=0)
    opened("idle", seen=60, began=61)
    opened("all-day", seen=0, began=720)
    opened("gone", seen=0, began=0, expires=0)
    shown = [session.handle for session in running_sessions(coordinator, now)]
    assert shown == ["a-now", "b-now", "a-short", "c-long"]


def test_a_session_that_ended_meanwhile_is_not_written_again(desk: Client) -> None:
    session = desk.session
    Session.objects.all().delete()
    session["more"] = "late"
    assert desk.get("/koordination/").status_code == 302
    assert not Session.objects.filter(user__isnull=False).exists()


def test_a_new_password_ends_the_others(desk: Client, telephone: Client, coordinator: User) -> None:
    new = "Spazieren-am-Sonntag-2027"
    answers = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    desk.post(reverse("account_change_password"), answers)
    assert listed(desk) == ["Firefox auf Windows"]
    assert Session.objects.filter(user=coordinator).count() == 1


def test_a_second_factor_ends_the_others(desk: Client, telephone: Client, run_commits: Any) -> None:
    set_up = reverse("mfa_activate_totp")
    answer = desk.get(set_up)
    if answer.status_code == 302:
        desk.post(answer["Location"], {"password": PASSWORD})
    secret = desk.get(set_up).context["form"].secret
    with run_commits(execute=True):
        assert desk.post(set_up, {"code": code_of(secret)}).status_code == 200
    assert (is_signed_in(desk), is_signed_in(telephone)) == (True, False)


@pytest.mark.parametrize("action", ["sign_out", "forget_second_factor"])
def test_the_operator_ends_all_of_somebody(
    desk: Client, coordinator: User, operator: User, action: str
) -> None:
    give_second_factor(coordinator)
    client = Client()
    client.force_login(operator)
    address = reverse("admin:accounts_user_changelist")
    client.post(address, {"action": action, "_selected_action": [coordinator.pk]})
    assert not is_signed_in(desk)
    assert is_signed_in(client)
    assert happened(coordinator)[-1] == "sessions_ended"
    line = lines_of(coordinator).filter(reason="sessions_ended").get()
    assert (line.actor_user, line.actor_role) == (operator.pk, "operator")


def test_who_loses_a_right_signs_in_anew(desk: Client, coordinator: User, operator: User) -> None:
    User.objects.filter(pk=coordinator.pk).update(is_staff=True)
    client = Client()
    client.force_login(operator)
    address = reverse("admin:accounts_user_change", args=[coordinator.pk])
    client.post(address, {"email": coordinator.email, "name": "Mara", "is_active": "on", "is_staff": "on"})
    assert is_signed_in(desk)
    client.post(address, {"email": coordinator.email, "name": "Mara", "is_active": "on"})
    assert not is_signed_in(desk)


def test_sessions_stand_in_no_administration() -> None:
    assert Session not in site._registry


def test_a_guess_is_on_record_at_the_account_and_bounded(coordinator: User) -> None:
    for network in range(3):
        guesser = Client(REMOTE_ADDR=f"203.0.{network}.9")
        for number in range(8):
            sign_in(guesser, coordinator, f"geraten-und-falsch-{number}")
    assert happened(coordinator) == ["sign_in_failed"] * 20
    sign_in(Client(REMOTE_ADDR="198.51.100.7"), "niemand@example.org", "geraten-und-falsch")
    assert happened(User(pk=0)) == ["sign_in_failed"]
