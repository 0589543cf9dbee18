"""The second factor: set up, asked for, required, lost."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Membership
from tests.access.doors import COORDINATION, PROGRAMS, TREASURY
from tests.access.people import Who
from tests.access.scene import make_scene
from tests.access.walks import address_of
from tests.accounts.signing_in import (
    PASSWORD,
    code_of,
    enter_code,
    give_second_factor,
    is_signed_in,
    sign_in,
    sign_in_with_code,
)

pytestmark = pytest.mark.django_db

ACTIVATE = "/konto/2fa/totp/activate/"
DEACTIVATE = "/konto/2fa/totp/deactivate/"


def prove(client: Client) -> None:
    """Answer the question for the password before something that matters."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def set_up(client: Client) -> str:
    """Set up the app and return its secret."""
    page = client.get(ACTIVATE).content.decode()
    secret = re.search(r"<strong>([A-Z2-7]{32})</strong>", page)
    assert secret, page
    assert client.post(ACTIVATE, {"code": code_of(secret[1])}).status_code == 200
    return secret[1]


class TestSettingUp:
    def test_asks_for_the_password_first(self, client: Client, coordinator: User) -> None:
        sign_in(client, coordinator)
        answer = client.get(ACTIVATE)
        assert unquote(answer["Location"]) == f"{reverse('account_reauthenticate')}?next={ACTIVATE}"
        wrong = client.post(reverse("account_reauthenticate"), {"password": "falsch"})
        assert wrong.status_code == 422
        assert "Das Passwort stimmt nicht." in wrong.content.decode()

    def test_shows_a_picture_and_takes_the_code(
        self, client: Client, coordinator: User, run_commits: Callable[..., Any]
    ) -> None:
        sign_in(client, coordinator)
        prove(client)
        page = client.get(ACTIVATE).content.decode()
        assert 'src="data:image/svg+xml;base64,' in page
        with run_commits(execute=True):
            set_up(client)
        kinds = set(Authenticator.objects.filter(user=coordinator).values_list("type", flat=True))
        assert kinds == {"totp", "recovery_codes"}
        assert Message.objects.filter(template="account_totp_activated", to_email=coordinator.email).exists()

    def test_is_open_to_an_address_that_nobody_has_verified(self, client: Client, coordinator: User) -> None:
        EmailAddress.objects.create(user=coordinator, email=coordinator.email, verified=False)
        sign_in(client, coordinator)
        prove(client)
        set_up(client)
        assert Authenticator.objects.filter(user=coordinator, type="totp").exists()

    def test_refuses_a_wrong_code(self, client: Client, coordinator: User) -> None:
        sign_in(client, coordinator)
        prove(client)
        client.get(ACTIVATE)
        answer = client.post(ACTIVATE, {"code": "000000"})
        assert answer.status_code == 422
        assert "Der Code stimmt nicht." in answer.content.decode()
        assert not Authenticator.objects.exists()

    def test_uses_up_the_code_that_was_typed(self, client: Client, coordinator: User) -> None:
        """Whoever looks over a shoulder has half a minute for the password."""
        sign_in(client, coordinator)
        prove(client)
        secret = set_up(client)
        watcher = Client()
        sign_in(watcher, coordinator)
        assert enter_code(watcher, code_of(secret)).status_code == 422
        assert not is_signed_in(watcher)

    def test_can_be_undone_where_it_is_not_required(self, client: Client, coordinator: User) -> None:
        sign_in(client, coordinator)
        prove(client)
        set_up(client)
        assert "Ausschalten" in client.get(DEACTIVATE).content.decode()
        assert client.post(DEACTIVATE).status_code == 302
        assert not Authenticator.objects.exists()
        assert Message.objects.filter(template="account_totp_deactivated").exists()

    def test_cannot_be_undone_where_it_is_required(self, client: Client, coordinator: User, settings) -> None:
        sign_in(client, coordinator)
        prove(client)
        set_up(client)
        settings.SECOND_FACTOR_REQUIRED = True
        page = client.get(DEACTIVATE).content.decode()
        assert "Der zweite Faktor bleibt eingeschaltet" in page
        assert client.post(DEACTIVATE).status_code == 422
        assert Authenticator.objects.filter(type="totp").exists()


class TestSigningIn:
    def test_password_alone_is_not_enough(self, client: Client, coordinator: User) -> None:
        give_second_factor(coordinator)
        answer = sign_in(client, coordinator, wanted="/koordination/einsaetze/")
        assert answer["Location"].startswith(reverse("mfa_authenticate"))
        assert not is_signed_in(client)
        assert client.get("/koordination/").status_code == 302
        assert client.get("/verwaltung/").status_code == 302

    def test_code_opens_and_leads_to_the_wanted_page(self, client: Client, coordinator: User) -> None:
        secret = give_second_factor(coordinator)
        sign_in(client, coordinator, wanted="/koordination/einsaetze/")
        assert enter_code(client, code_of(secret))["Location"] == "/koordination/einsaetze/"
        assert is_signed_in(client)

    def test_wrong_code_is_refused_and_tries_are_few(self, client: Client, coordinator: User) -> None:
        secret = give_second_factor(coordinator)
        sign_in(client, coordinator)
        for _try in range(6):
            answer = enter_code(client, "123456")
            assert answer.status_code == 422
        assert "zu viele Versuche" in answer.content.decode()
        assert enter_code(client, code_of(secret)).status_code == 422
        assert not is_signed_in(client)

    def test_code_works_once(self, client: Client, coordinator: User) -> None:
        secret = give_second_factor(coordinator)
        code = code_of(secret)
        sign_in(client, coordinator)
        assert enter_code(client, code).status_code == 302
        other = Client()
        sign_in(other, coordinator)
        assert enter_code(other, code).status_code == 422

    @pytest.mark.parametrize("later", [-2, -1, 1, 2])
    def test_code_of_another_half_minute_is_refused(
        self, client: Client, coordinator: User, later: int
    ) -> None:
        """A used one is remembered for its own half minute: good for longer, it would be good twice."""
        secret = give_second_factor(coordinator)
        sign_in(client, coordinator)
        assert enter_code(client, code_of(secret, later)).status_code == 422
        assert not is_signed_in(client)

    @pytest.mark.parametrize(
        "posted", [{}, {"credential": "{}"}, {"code": ""}, {"code": "\x00"}, {"code": "9" * 9999}]
    )
    def test_whatever_else_is_sent_comes_back(
        self, client: Client, coordinator: User, posted: dict[str, str]
    ) -> None:
        give_second_factor(coordinator)
        sign_in(client, coordinator)
        assert client.post(reverse("mfa_authenticate"), posted).status_code == 422
        assert not is_signed_in(client)

    def test_a_new_password_is_no_way_around_it(self, client: Client, coordinator: User) -> None:
        give_second_factor(coordinator)
        client.post("/konto/password/reset/", {"email": coordinator.email})
        link = re.search(r"/konto/password/reset/key/\S+", Message.objects.get().body_text)
        assert link
        form = client.get(link[0])["Location"]
        client.post(form, {"password1": "Malen-am-Freitag-27", "password2": "Malen-am-Freitag-27"})
        assert not is_signed_in(client)
        sign_in(client, coordinator, "Malen-am-Freitag-27")
        assert not is_signed_in(client)


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    @pytest.mark.parametrize(
        "who", [Who.COORDINATOR, Who.OFFICER, Who.TREASURER, Who.YOUTH_OFFICE, Who.OPERATOR]
    )
    def test_without_it_every_page_for_staff_leads_to_its_setting_up(self, who: Who) -> None:
        scene = make_scene(utc_now())
        client = scene.client(who)
        names = [name for name in {**COORDINATION, **PROGRAMS, **TREASURY} if name.startswith("coordination")]
        addresses = [address_of(name, scene, who) for name in names]
        addresses += [
            "/verwaltung/",
            "/verwaltung/login/",
            "/verwaltung/accounts/user/",
            "/verwaltung/outbox/message/",
        ]
        assert len(addresses) > 20
        for address in addresses:
            for answer in (client.get(address), client.post(address)):
                assert (answer.status_code, answer["Location"]) == (302, ACTIVATE), address

    def test_setting_it_up_opens_the_pages(self, client: Client, coordinator: User) -> None:
        sign_in(client, coordinator)
        prove(client)
        set_up(client)
        assert client.get("/koordination/").status_code == 200

    def test_with_it_nobody_is_asked_again(self, client: Client, coordinator: User) -> None:
        secret = give_second_factor(coordinator)
        sign_in_with_code(client, coordinator, secret)
        assert client.get("/koordination/").status_code == 200

    def test_citizens_need_none(self, client: Client) -> None:
        assert client.get("/").status_code == 200
        assert client.get("/zeit/").status_code == 200

    def test_one_can_still_leave(self, client: Client, coordinator: User) -> None:
        sign_in(client, coordinator)
        client.post(reverse("account_logout"))
        assert not is_signed_in(client)


def test_account_page_tells_what_there_is(client: Client, coordinator: User) -> None:
    cache.clear()
    assert Membership.objects.filter(user=coordinator).exists()
    sign_in(client, coordinator)
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Einrichten" in page
    assert "Ersatzcodes" not in page
    give_second_factor(coordinator)
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Sie haben noch 10 Ersatzcodes" in page
