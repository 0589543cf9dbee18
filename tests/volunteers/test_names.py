"""The field in which people type their name takes names as they are."""

import pytest
from django.core.exceptions import ValidationError

from volunteers.forms.fields import NameField


@pytest.mark.parametrize(
    "name", ["Ö", "J", "م", "李", "A" * 60, "Anna\u2011Lena", "Anna–Lena", "O’Neill", "J. R."]
)
def test_one_letter_or_sixty_and_every_hyphen_are_a_name(name: str) -> None:
    assert NameField(max_length=60).clean(f" {name} ") == name


def test_sixty_one_letters_are_too_many() -> None:
    with pytest.raises(ValidationError, match="höchstens 60 Zeichen"):
        NameField(max_length=60).clean("A" * 61)
