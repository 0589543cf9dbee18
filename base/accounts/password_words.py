"""Passwords that somebody who knows this place would try first (OWASP ASVS 5.0, 6.1.2 and 6.2.11)."""

import re
from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = (
    "wirbrauchensie",
    "wirbrauchen",
    "brauchensie",
    "jugendamt",
    "kinderarmut",
    "kinderfonds",
    "kinder",
    "zeitschenken",
    "geldgeben",
    "engagement",
    "ehrenamt",
    "freiwillige",
    "koordination",
    "spenden",
    "spende",
    "traeger",
    "passwort",
    "kennwort",
    "geheim",
    "hallo",
    "admin",
)
LETTERS_OF_ONES_OWN = 6
_FOLDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "0": "o", "1": "i", "3": "e", "5": "s", "@": "a", "$": "s"}
)


class NotOfThisPlace:
    """Refuses what is little more than words of the product and the city with figures and signs between."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        known = {_letters(word) for word in (*WORDS, *words)}
        self._words = re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError unless something of one's own is left."""
        if self._words.search(letters := _letters(password)):
            own = self._words.sub("", letters)
            if len(own) < LETTERS_OF_ONES_OWN:
                raise ValidationError(self.get_help_text(), code="password_of_this_place")

    def get_help_text(self) -> str:
        return _(
            "Das Passwort besteht fast nur aus Wörtern, die hier jeder kennt. "
            "Nehmen Sie eigene dazu, am besten mehrere."
        )


def _letters(text: str) -> str:
    """Return the letters of a text, figures and signs that stand for one taken as that letter."""
    return re.sub(r"[\W\d_]", "", text.casefold().translate(_FOLDED))
