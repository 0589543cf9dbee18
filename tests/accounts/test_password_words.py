"""Words that everybody here knows make no password."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User

OLD = "lange-genug-fuer-alle-7"


@pytest.mark.parametrize(
    "password",
    [
        "Wir brauchen Sie 2026!",
        "WIRBRAUCHENSIE-2026",
        "Jugendamt-Dueren-1",
        "Jugendamt Düren 52349",
        "Jug3ndamt-Du3r3n!",
        "Kinderfonds-2026-xyz",
        "Passwort-Spende-77",
        "dueren.dueren.dueren",
    ],
)
def test_what_is_made_of_them_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="die hier jeder kennt"):
        validate_password(password)


@pytest.mark.parametrize(
    "word",
    [
        "wirbrauchen",
        "brauchensie",
        "Jugendamt",
        "Kinderarmut",
        "Zeitschenken",
        "Geldgeben",
        "Engagement",
        "Ehrenamt",
        "Freiwillige",
        "Koordination",
        "Träger",
        "Kennwort",
        "Geheim",
        "H@llo",
        "@dm1n",
        "5penden",
        "$pende",
        "K1nder",
        "K00rdinati0n",
        "wirbrauchensie",
    ],
)
def test_each_word_alone_leaves_five_letters_too_few(word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(f"{word}-blume-7246824")
    assert [each.code for each in refused.value.error_list] == ["password_of_this_place"]
    validate_password(f"{word}-blumen-7246824")


@pytest.mark.parametrize(
    "password",
    [
        OLD,
        "Jugendamt-Blumentopf-77",
        "drei Fahrräder in Düren",
        "Regenschirm und Zimtstern",
        "93c4-b8f1-77aa-02de",
        "Кофе по утрам всегда",
    ],
)
def test_what_has_something_of_its_own_is_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.django_db
def test_the_page_says_why_and_changes_nothing(client: Client) -> None:
    user = User.objects.create_user("anna@example.org", OLD)
    client.force_login(user)
    new = {"oldpassword": OLD, "password1": "Wir brauchen Sie 2026!", "password2": "Wir brauchen Sie 2026!"}
    answer = client.post(reverse("account_change_password"), new)
    assert "Wörtern, die hier jeder kennt" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)
