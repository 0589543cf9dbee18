"""E-mail address and password."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.signing_in import PASSWORD, is_signed_in, sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SAFE = ["/koordination/einsaetze/", "/koordination/einsaetze/?status=active", "/verwaltung/"]


def test_leads_to_the_morning_list(client: Client, coordinator: User) -> None:
    answer = sign_in(client, coordinator)
    assert (answer.status_code, answer["Location"]) == (302, "/koordination/")
    assert is_signed_in(client)


@pytest.mark.parametrize("wanted", SAFE)
def test_leads_back_to_the_page_somebody_wanted(client: Client, coordinator: User, wanted: str) -> None:
    assert sign_in(client, coordinator, wanted=wanted)["Location"] == wanted


def test_address_may_be_typed_in_any_case(client: Client, coordinator: User) -> None:
    assert sign_in(client, "MARA@Example.org").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [("mara@example.org", "falsch-falsch-falsch"), ("niemand@example.org", PASSWORD)],
)
def test_wrong_credentials_come_back_filled_with_one_and_the_same_sentence(
    client: Client, coordinator: User, email: str, password: str
) -> None:
    answer = sign_in(client, email, password)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "E-Mail-Adresse und Passwort passen nicht zusammen." in page
    assert f'value="{email}"' in page
    assert password not in page
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("answers", "complaints"),
    [({}, 2), ({"login": "keine-adresse", "password": PASSWORD}, 1), ({"login": "a@example.org"}, 1)],
)
def test_what_is_missing_is_asked_for(client: Client, answers: dict[str, str], complaints: int) -> None:
    answer = client.post(reverse("account_login"), answers)
    assert answer.status_code == 422
    assert answer.content.decode().count('<li><a href="#id_') == complaints


def test_invited_person_without_password_gets_in_with_no_password(client: Client) -> None:
    user = make_user()
    for password in ("", " ", user.password, "!"):
        assert sign_in(client, user, password).status_code == 422


def test_closed_account_is_told_so_and_gets_nowhere(client: Client, coordinator: User) -> None:
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    page = client.get(sign_in(client, coordinator)["Location"])
    assert "Dieses Konto ist gesperrt" in page.content.decode()
    assert not is_signed_in(client)


def test_closing_an_account_ends_its_sessions(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert client.get("/koordination/").status_code == 200
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert client.get("/koordination/").status_code == 302


def test_after_ten_tries_for_one_mailbox_there_is_a_pause(client: Client, coordinator: User) -> None:
    statuses = [sign_in(client, coordinator, f"geraten-{number}").status_code for number in range(12)]
    assert set(statuses[:5]) == {422}
    assert statuses[10:] == [429, 429]
    right = sign_in(client, coordinator)
    assert right.status_code == 429
    assert "zu viele Versuche" in right.content.decode()
    assert int(right["Retry-After"]) > 0


def test_limit_counts_the_mailbox_however_it_is_spelt(client: Client, coordinator: User) -> None:
    spellings = ["mara@example.org", "m.ara@example.org", "mara+a@example.org", "MARA@example.org"]
    statuses = [sign_in(client, spellings[n % 4], "geraten").status_code for n in range(12)]
    assert statuses[-1] == 429


def test_without_limits_nobody_waits(client: Client, coordinator: User, settings) -> None:
    settings.RATE_LIMITS_ON = False
    settings.ACCOUNT_RATE_LIMITS = False
    assert {sign_in(client, coordinator, "geraten").status_code for _ in range(15)} == {422}


def test_leaving_takes_a_click(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    assert "Möchten Sie sich abmelden?" in client.get(reverse("account_logout")).content.decode()
    assert is_signed_in(client)
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert not is_signed_in(client)


def test_nobody_signs_up(client: Client) -> None:
    address = reverse("account_signup")
    assert "Konten gibt es auf Einladung" in client.get(address).content.decode()
    answers = {"email": "neu@example.org", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(address, answers)
    assert "Konten gibt es auf Einladung" in page.content.decode()
    assert not User.objects.filter(email="neu@example.org").exists()


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "password/set/", "3rdparty/", "social/signup/", "login/code/", ""]
)
def test_what_nobody_needs_has_no_address(client: Client, coordinator: User, path: str) -> None:
    assert client.get(f"/konto/{path}").status_code == 404
    client.force_login(coordinator)
    assert client.get(f"/konto/{path}").status_code == 404


def test_pages_are_the_only_way_in(client: Client, coordinator: User) -> None:
    answer = client.post(
        reverse("account_login"),
        {"login": coordinator.email, "password": "falsch"},
        headers={"x-requested-with": "XMLHttpRequest", "accept": "application/json"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/html; charset=utf-8")


def test_password_is_changed_by_who_knows_it(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    address, new = reverse("account_change_password"), "Malen-am-Freitag-2027"
    wrong = client.post(address, {"oldpassword": "falsch", "password1": new, "password2": new})
    assert wrong.status_code == 422
    assert "Bitte geben Sie Ihr bisheriges Passwort ein." in wrong.content.decode()
    differ = client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new + "x"})
    assert differ.status_code == 422
    assert "Die beiden Passwörter sind verschieden." in differ.content.decode()

    assert (
        client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new}).status_code == 302
    )

    coordinator.refresh_from_db()
    assert coordinator.check_password(new)
    assert client.get("/koordination/").status_code == 200


@pytest.mark.parametrize(
    "password", [f" {'Ä möglichst långer Satz '.ljust(198, 'x')} ", "nur kleine lettern", "73".ljust(64, "-")]
)
def test_a_password_is_taken_as_it_is_typed(client: Client, coordinator: User, password: str) -> None:
    """Of any length and any signs, blanks at its ends among them (OWASP ASVS 5.0, 6.2.5, 6.2.8, 6.2.9)."""
    sign_in(client, coordinator)
    new = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    for other in (password.swapcase(), f"{password} ", password[:-1], password[:72]):
        if other != password:
            stranger = Client()
            sign_in(stranger, coordinator, other)
            assert not is_signed_in(stranger), other
    again = Client()
    sign_in(again, coordinator, password)
    assert is_signed_in(again)


def test_who_has_no_password_yet_is_led_to_the_link(client: Client) -> None:
    client.force_login(make_user())
    answer = client.get(reverse("account_change_password"))
    assert answer["Location"] == reverse("account_reset_password")
