"""Passwords that many people take, as far as they are long enough to be taken here."""

import pytest
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.common_passwords import NotCommon
from accounts.models import User

OLD = "lange-genug-fuer-alle-7"


@pytest.mark.parametrize(
    "password", ["severodvinsk", "Mailcreated5240", "fussballverruckte", " Senbonzakura "]
)
def test_one_of_them_is_refused_however_it_is_written(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert [each.code for each in refused.value.error_list] == ["password_too_common"]


def test_more_than_three_thousand_are_known_that_the_other_rules_let_through() -> None:
    """What is refused for its length anyhow is no part of the list that ASVS 6.2.4 asks for."""
    (common,) = [each for each in get_default_password_validators() if isinstance(each, NotCommon)]
    assert sum(len(each) >= 12 for each in common.passwords) == 5_082
    assert {each for each in common.passwords if each != each.lower()} == set()


@pytest.mark.django_db
def test_the_page_says_why_and_changes_nothing(client: Client) -> None:
    user = User.objects.create_user("anna@example.org", OLD)
    client.force_login(user)
    new = {"oldpassword": OLD, "password1": "severodvinsk", "password2": "severodvinsk"}
    answer = client.post(reverse("account_change_password"), new)
    assert "Dieses Passwort ist zu üblich." in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)
