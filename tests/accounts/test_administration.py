"""The administration: one door, accounts by invitation, nobody's secrets."""

import re
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client

from accounts.models import User
from outbox.models import Message
from tests.accounts.signing_in import PASSWORD, give_second_factor, is_signed_in, sign_in, sign_in_with_code
from tests.factories import make_user
from tests.log_lines import lines

pytestmark = pytest.mark.django_db

DOOR = "/verwaltung/login/"
USERS = "/verwaltung/accounts/user/"


class TestDoor:
    @pytest.mark.parametrize("address", ["/verwaltung/", USERS, f"{USERS}add/"])
    def test_leads_everybody_to_the_one_sign_in_page(self, client: Client, address: str) -> None:
        answer = client.get(address, follow=True)
        assert unquote(answer.redirect_chain[-1][0]) == f"/konto/login/?next={address}"
        assert answer.status_code == 200

    def test_takes_no_password_itself(self, client: Client, operator: User) -> None:
        answers = {"username": operator.email, "password": PASSWORD, "next": "/verwaltung/"}
        assert client.post(DOOR, answers).status_code == 405
        assert not is_signed_in(client)

    def test_takes_no_password_from_somebody_signed_in_either(self, client: Client, operator: User) -> None:
        client.force_login(make_user(is_staff=True))
        client.post(DOOR, {"username": operator.email, "password": PASSWORD, "next": "/verwaltung/"})
        assert client.session["_auth_user_id"] != str(operator.pk)

    def test_second_factor_cannot_be_got_round(self, client: Client, operator: User) -> None:
        secret = give_second_factor(operator)
        client.post(DOOR, {"username": operator.email, "password": PASSWORD})
        sign_in(client, operator, wanted="/verwaltung/")
        assert client.get("/verwaltung/").status_code == 302
        sign_in_with_code(client, operator, secret)
        assert client.get("/verwaltung/").status_code == 200

    def test_lets_staff_through_to_where_they_wanted(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        assert client.get(DOOR)["Location"] == "/verwaltung/"
        assert client.get(f"{DOOR}?next={USERS}")["Location"] == USERS

    @pytest.mark.parametrize(
        "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
    )
    def test_leads_nowhere_else(self, client: Client, operator: User, wanted: str) -> None:
        assert "evil" not in client.get(DOOR, {"next": wanted})["Location"]
        client.force_login(operator)
        assert client.get(DOOR, {"next": wanted})["Location"] == "/verwaltung/"

    def test_is_shut_for_coordinators(self, client: Client, coordinator: User) -> None:
        client.force_login(coordinator)
        assert client.get(DOOR).status_code == 403
        assert client.get("/verwaltung/").status_code == 302


class TestInvitation:
    def test_new_account_is_invited_and_chooses_a_password(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        answers = {"email": "Neu@Example.org", "name": "Nele Neu", "is_active": "on"}
        assert client.post(f"{USERS}add/", answers).status_code == 302

        user = User.objects.get(email="neu@example.org")
        assert not user.has_usable_password()
        message = Message.objects.get(template="account_invitation")
        assert (message.to_email, message.subject) == ("neu@example.org", "Ihr Konto bei WIR BRAUCHEN SIE")
        assert "Guten Tag, Nele Neu," in message.body_text
        link = re.search(r"http://127\.0\.0\.1:8000(/konto/password/reset/key/\S+)", message.body_text)
        assert link

        visitor = Client()
        form = visitor.get(link[1])["Location"]
        assert visitor.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
        assert sign_in(visitor, user).status_code == 302
        assert Client().get(link[1]).status_code == 404

    def test_can_be_sent_again_but_only_to_who_has_no_password(self, client: Client, operator: User) -> None:
        invited, closed = make_user(), make_user(is_active=False)
        client.force_login(operator)
        chosen = [invited.pk, closed.pk, operator.pk]
        client.post(USERS, {"action": "send_invitation", "_selected_action": chosen})
        assert list(Message.objects.values_list("to_email", flat=True)) == [invited.email]

    def test_changing_an_account_invites_nobody(self, client: Client, operator: User) -> None:
        user = make_user()
        client.force_login(operator)
        answers = {"email": user.email, "name": "Anders", "is_active": "on"}
        assert client.post(f"{USERS}{user.pk}/change/", answers).status_code == 302
        user.refresh_from_db()
        assert user.name == "Anders"
        assert not Message.objects.exists()

    def test_another_right_is_told_to_the_log_and_another_name_is_not(
        self, client: Client, operator: User, coordinator: User, caplog: pytest.LogCaptureFixture
    ) -> None:
        client.force_login(operator)
        answers = {"email": coordinator.email, "name": "Anders", "is_active": "on"}
        for rights in ({}, {"is_staff": "on"}, {}, {"is_active": ""}):
            assert client.post(f"{USERS}{coordinator.pk}/change/", answers | rights).status_code == 302
        assert lines(caplog, "accounts.admin", "account", "rights", "by") == [
            ("rights_changed", "warning", coordinator.pk, [right], operator.pk)
            for right in ("is_staff", "is_staff", "is_active")
        ]

    def test_who_begins_with_a_right_is_told_to_the_log_too(
        self, client: Client, operator: User, caplog: pytest.LogCaptureFixture
    ) -> None:
        client.force_login(operator)
        answers = {"email": "neu@example.org", "name": "Nele Neu", "is_active": "on", "is_superuser": "on"}
        assert client.post(f"{USERS}add/", answers).status_code == 302
        user = User.objects.get(email="neu@example.org")
        assert lines(caplog, "accounts.admin", "account", "rights", "by") == [
            ("rights_changed", "warning", user.pk, ["email", "is_superuser"], operator.pk)
        ]

    def test_old_address_opens_nothing_any_more(
        self, client: Client, operator: User, coordinator: User
    ) -> None:
        EmailAddress.objects.create(user=coordinator, email=coordinator.email, verified=True, primary=True)
        client.force_login(operator)
        answers = {"email": "neue.adresse@example.org", "is_active": "on"}
        assert client.post(f"{USERS}{coordinator.pk}/change/", answers).status_code == 302

        assert sign_in(Client(), "mara@example.org").status_code == 422
        Client().post("/konto/password/reset/", {"email": "mara@example.org"})
        assert Message.objects.get().template == "account_unknown_account"
        assert sign_in(Client(), "neue.adresse@example.org").status_code == 302

    def test_address_in_use_is_refused_in_any_case(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        answer = client.post(f"{USERS}add/", {"email": "BO@example.org", "is_active": "on"})
        assert answer.status_code == 200
        assert "errornote" in answer.content.decode()
        assert User.objects.count() == 1

    def test_password_cannot_be_given_to_somebody(
        self, client: Client, operator: User, coordinator: User
    ) -> None:
        client.force_login(operator)
        before = coordinator.password
        client.post(
            f"{USERS}{coordinator.pk}/change/",
            {
                "email": coordinator.email,
                "is_active": "on",
                "password": "x",
                "password1": "y",
                "password2": "y",
            },
        )
        coordinator.refresh_from_db()
        assert coordinator.password == before
        assert client.get(f"{USERS}{coordinator.pk}/password/", follow=True).status_code in (200, 404)


class TestSecrets:
    def test_of_the_second_factor_are_shown_to_nobody(self) -> None:
        assert Authenticator not in admin.site._registry
        assert EmailAddress not in admin.site._registry

    def test_hash_of_a_password_is_on_no_page(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        page = client.get(f"{USERS}{operator.pk}/change/").content.decode()
        assert "argon2" not in page
        assert operator.password not in page

    def test_lost_telephone_is_helped(self, client: Client, operator: User, coordinator: User) -> None:
        give_second_factor(coordinator)
        client.force_login(operator)
        client.post(USERS, {"action": "forget_second_factor", "_selected_action": [coordinator.pk]})
        assert not Authenticator.objects.filter(user=coordinator).exists()
        assert sign_in(Client(), coordinator)["Location"] == "/koordination/"
