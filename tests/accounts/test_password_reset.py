"""A new password by a link in a mail that leaves through the outbox."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from outbox.models import Message
from tests.accounts.signing_in import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db

NEW = "Malen-am-Freitag-2027"
ASK = "/konto/password/reset/"


def ask(client: Client, email: str, **headers: str) -> int:
    return client.post(ASK, {"email": email}, headers=headers or None).status_code


def link_in(message: Message) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/konto/password/reset/key/\S+)", message.body_text)
    assert found, message.body_text
    return found[1]


def choose(client: Client, link: str, password: str = NEW, again: str | None = None) -> int:
    form = client.get(link)["Location"]
    return client.post(form, {"password1": password, "password2": again or password}).status_code


def test_link_leads_to_a_new_password(client: Client, coordinator: User) -> None:
    assert ask(client, coordinator.email) == 302
    message = Message.objects.get(template="account_password_reset_key")
    assert (message.to_email, message.status) == (coordinator.email, "queued")
    assert message.subject == "Ein neues Passwort wählen"
    assert "Er gilt einmal und 3 Tage lang." in message.body_text
    assert link_in(message) in message.body_html
    assert mail.outbox == []

    assert choose(client, link_in(message)) == 302

    coordinator.refresh_from_db()
    assert coordinator.check_password(NEW)
    assert not is_signed_in(client)
    assert sign_in(client, coordinator, NEW).status_code == 302
    told = Message.objects.get(template="account_password_reset")
    assert told.to_email == coordinator.email
    assert "Waren Sie das nicht?" in told.body_text


def test_opening_the_link_changes_nothing(client: Client, coordinator: User) -> None:
    ask(client, coordinator.email)
    link = link_in(Message.objects.get())
    kept = [field.attname for field in User._meta.concrete_fields] + ["password_hash__value"]
    before = User.objects.values(*kept).get(pk=coordinator.pk)
    for _time in range(3):
        assert client.get(link, follow=True).status_code == 200
    assert User.objects.values(*kept).get(pk=coordinator.pk) == before


def test_link_works_once(client: Client, coordinator: User) -> None:
    ask(client, coordinator.email)
    link = link_in(Message.objects.get())
    choose(client, link)
    again = client.get(link)
    assert again.status_code == 404
    assert "Dieser Link gilt nicht mehr" in again.content.decode()


def test_link_runs_out(client: Client, coordinator: User, settings) -> None:
    ask(client, coordinator.email)
    link = link_in(Message.objects.get())
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    "key", ["1-x", "zzzzzzzzzzzzzzzz-abc-def", "0-set-password", "1-set-password", "-a-b", "1-ä"]
)
def test_invented_link_opens_nothing(client: Client, coordinator: User, key: str) -> None:
    assert client.get(f"/konto/password/reset/key/{key}/").status_code == 404


def test_link_of_one_person_is_no_link_of_another(client: Client, coordinator: User, operator: User) -> None:
    ask(client, coordinator.email)
    _id, _dash, token = link_in(Message.objects.get()).rstrip("/").rpartition("/")[2].partition("-")
    foreign = reverse("account_reset_password_from_key", args=[operator.pk, token])
    assert client.get(foreign).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("kurz", "kurz", "zu kurz"),
        ("mara@example.org", "mara@example.org", "ähnlich"),
        (NEW, NEW + "x", "Die beiden Passwörter sind verschieden."),
    ],
)
def test_weak_or_mistyped_password_is_refused(
    client: Client, coordinator: User, password: str, again: str, words: str
) -> None:
    ask(client, coordinator.email)
    form = client.get(link_in(Message.objects.get()))["Location"]
    answer = client.post(form, {"password1": password, "password2": again})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    coordinator.refresh_from_db()
    assert coordinator.check_password(PASSWORD)


def test_address_in_the_mail_comes_from_a_setting(client: Client, coordinator: User) -> None:
    ask(client, coordinator.email, host="localhost:8000", x_forwarded_host="evil.example")
    assert "evil.example" not in Message.objects.get().body_text
    assert link_in(Message.objects.get()).startswith("/konto/")


def test_unknown_address_gets_a_mail_that_says_so(client: Client) -> None:
    assert ask(client, "niemand@example.org") == 302
    message = Message.objects.get()
    assert (message.template, message.to_email) == ("account_unknown_account", "niemand@example.org")
    assert "kein Konto" in message.body_text


def test_closed_account_gets_no_link(client: Client, coordinator: User) -> None:
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    ask(client, coordinator.email)
    assert Message.objects.get().template == "account_unknown_account"


@pytest.mark.parametrize("email", ["mara@example.org", "niemand@example.org"])
def test_a_mailbox_gets_two_mails_a_day(client: Client, coordinator: User, email: str) -> None:
    local, domain = email.split("@")
    spellings = [email, f"{local}+1@{domain}", f"{local[:2]}.{local[2:]}@{domain}", email.upper()]
    assert [ask(client, spelling) for spelling in spellings] == [302] * 4
    due = list(Message.objects.order_by("due_at").values_list("due_at", flat=True))
    assert [round((at - due[0]).total_seconds() / 3600) for at in due] == [0, 0, 12, 24]
    assert ask(client, email) == 429
    assert Message.objects.count() == 4


def test_other_sessions_end_with_the_old_password(client: Client, coordinator: User) -> None:
    other = Client()
    sign_in(other, coordinator)
    ask(client, coordinator.email)
    choose(client, link_in(Message.objects.get()))
    assert other.get("/koordination/").status_code == 302
