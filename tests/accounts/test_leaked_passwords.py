"""No password that was in a leak, where the operator has a list of them."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse

from accounts.leaked_passwords import NotLeaked
from accounts.models import User
from wirbrauchensie import env

OLD = "lange-genug-fuer-alle-7"
LEAKED = [f"gestohlen und verkauft {number}" for number in range(99)]


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def written(place: Path, passwords: list[str], *, end: str = "\n") -> NotLeaked:
    """As they are given away: by hash, with how often each was seen, of any width."""
    lines = sorted(f"{sha1(each)}:{len(each) ** (number % 9)}" for number, each in enumerate(passwords))
    place.write_bytes(end.join(lines).encode() + (end.encode() if lines else b""))
    return NotLeaked(str(place))


def is_taken(list_of: NotLeaked, password: str) -> bool:
    try:
        list_of.validate(password)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("size", [0, 1, 2, 3, 99])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_line_is_found_and_nothing_else(tmp_path: Path, size: int, end: str) -> None:
    leaked = written(tmp_path / "leaked", LEAKED[:size], end=end)
    assert [each for each in LEAKED[:size] if is_taken(leaked, each)] == []
    others = [OLD, *LEAKED[size:], *(f"noch nie gesehen {number}" for number in range(99))]
    assert [each for each in others if not is_taken(leaked, each)] == []


def test_the_last_line_may_lack_its_end_and_its_count(tmp_path: Path) -> None:
    place = tmp_path / "leaked"
    place.write_text("\n".join(sorted(map(sha1, LEAKED))))
    assert not any(is_taken(NotLeaked(str(place)), each) for each in LEAKED)


def test_letters_that_are_not_english_are_hashed_as_they_are_given_away(tmp_path: Path) -> None:
    assert not is_taken(written(tmp_path / "leaked", ["Schöne Grüße aus Düren"]), "Schöne Grüße aus Düren")


def test_without_a_list_everything_is_taken() -> None:
    assert is_taken(NotLeaked(), LEAKED[0])
    validate_password(LEAKED[0])


def test_a_list_that_is_not_there_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert env.existing_file("LEAKED_PASSWORDS") == ""
    for wrong in (tmp_path / "nowhere", tmp_path):
        monkeypatch.setenv("LEAKED_PASSWORDS", str(wrong))
        with pytest.raises(ImproperlyConfigured, match="LEAKED_PASSWORDS"):
            env.existing_file("LEAKED_PASSWORDS")
    written(tmp_path / "leaked", LEAKED)
    monkeypatch.setenv("LEAKED_PASSWORDS", str(tmp_path / "leaked"))
    assert env.existing_file("LEAKED_PASSWORDS") == str(tmp_path / "leaked")


@pytest.mark.django_db
def test_the_page_says_why_and_changes_nothing(client: Client, tmp_path: Path, settings: Any) -> None:
    written(tmp_path / "leaked", LEAKED)
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "accounts.leaked_passwords.NotLeaked", "OPTIONS": {"file": str(tmp_path / "leaked")}}
    ]
    user = User.objects.create_user("anna@example.org", OLD)
    client.force_login(user)
    new = {"oldpassword": OLD, "password1": LEAKED[5], "password2": LEAKED[5]}
    answer = client.post(reverse("account_change_password"), new)
    assert "Liste gestohlener Passwörter" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)
