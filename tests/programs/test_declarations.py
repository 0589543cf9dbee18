"""Texts that people sign: one person of the youth office writes them, a second releases what they read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.history import lines_of
from programs.models import Declaration, Membership, Provider
from tests.factories import make_declaration, make_user, make_youth_office

pytestmark = pytest.mark.django_db
SIGNED, AGREED = "selbstverpflichtung", "einverstaendnis"
OLD, NEW = "Ich achte jedes Kind.", "Ich achte jedes Kind und jedes Nein."


@pytest.fixture
def office() -> Provider:
    return make_youth_office()


@pytest.fixture
def writer(office: Provider) -> User:
    return make_user(Membership.Role.SAFEGUARDING_OFFICER, office)


@pytest.fixture
def second(office: Provider) -> User:
    return make_user(Membership.Role.SAFEGUARDING_OFFICER, office)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(kind: str = SIGNED, step: str = "") -> str:
    return reverse(f"coordination_declaration{step}", args=[kind])


def write(person: User, text: str = NEW, kind: str = SIGNED, source: str = "Beschluss 2026") -> None:
    answer = signed_in(person).post(page(kind, "_edit"), {"text": text, "source": source})
    assert (answer.status_code, answer["Location"]) == (302, page(kind))


def let_hold(person: User, read: str | None = None) -> Any:
    client = signed_in(person)
    if read is None:
        read = client.get(page()).context["read"]
    return client.post(page(step="_release"), {"read": read})


def texts(kind: str = SIGNED) -> list[tuple[int, str, str]]:
    versions = Declaration.objects.filter(kind=kind).order_by("number")
    return list(versions.values_list("number", "status", "text"))


def hands(number: int) -> list[tuple[str, str, int | None]]:
    lines = lines_of(Declaration.objects.get(kind=SIGNED, number=number)).order_by("pk")
    return list(lines.values_list("from_status", "to_status", "actor_user"))


def test_a_second_person_releases_and_the_old_text_is_replaced(writer: User, second: User) -> None:
    make_declaration(text=OLD)
    write(writer)
    assert texts() == [(1, "in_force", OLD), (2, "draft", NEW)]
    refused = let_hold(writer)
    assert refused.status_code == 422
    assert "Vier Augen" in refused.content.decode()
    assert texts() == [(1, "in_force", OLD), (2, "draft", NEW)]
    assert let_hold(second).status_code == 302
    assert texts() == [(1, "replaced", OLD), (2, "in_force", NEW)]
    assert Declaration.objects.get(number=2).released_by == second
    assert hands(1)[-1] == ("in_force", "replaced", second.pk)
    assert hands(2)[-1] == ("draft", "in_force", second.pk)
    assert let_hold(second).status_code == 422


def test_what_changed_since_it_was_read_is_not_released(writer: User, second: User) -> None:
    write(writer)
    read = signed_in(second).get(page()).context["read"]
    for change in ({"text": OLD}, {"source": "Beschluss 2027"}):
        write(writer, **change)
        assert let_hold(second, read).status_code == 422
    assert texts() == [(1, "draft", NEW)]
    write(writer)
    assert let_hold(second, read).status_code == 302


def test_whoever_changed_a_word_is_a_writer_and_who_only_saved_is_not(writer: User, second: User) -> None:
    write(writer)
    write(second)
    draft = Declaration.objects.get()
    assert draft.writers == [writer.pk]
    write(second, source="Beschluss 2027")
    draft.refresh_from_db()
    assert (draft.number, draft.source) == (1, "Beschluss 2027")
    assert draft.writers == sorted([writer.pk, second.pk])
    assert let_hold(second).status_code == 422


def test_a_discarded_draft_is_gone_and_nothing_else(writer: User, second: User) -> None:
    make_declaration(text=OLD)
    write(writer)
    write(writer, "Ich bin einverstanden.", AGREED)
    assert signed_in(second).post(page(step="_discard")).status_code == 302
    assert texts() == [(1, "in_force", OLD), (2, "discarded", NEW)]
    assert texts(AGREED) == [(1, "draft", "Ich bin einverstanden.")]
    assert hands(2)[-1] == ("draft", "discarded", second.pk)
    assert signed_in(second).post(page(step="_discard")).status_code == 422
    write(writer)
    assert texts()[-1] == (3, "draft", NEW)
