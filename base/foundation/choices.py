"""Lists of fixed words, for rules that know no framework: each word has a value and a name on the screen.

The names are marked with `noop` and translated when somebody reads them, by whoever `translate_with` named.
"""

from collections.abc import Callable
from enum import EnumType, IntEnum, StrEnum, nonmember
from typing import Any, Self

Translator = Callable[[str], Any]
_translators: dict[str, Translator] = {"now": str, "later": str}


def translate_with(now: Translator, later: Translator) -> None:
    """Name who translates: `now` returns text, `later` something that becomes text when it is shown."""
    _translators.update(now=now, later=later)


def noop(text: str) -> str:
    """Mark `text` for translation and return it as it is."""
    return text


class _Words(EnumType):
    """What models and forms ask of a list of words."""

    @property
    def choices(cls) -> list[tuple[Any, Any]]:
        """Value and name of every word, in their order."""
        words: list[Any] = list(cls)
        return [(each.value, _translators["later"](each.word)) for each in words]

    @property
    def labels(cls) -> list[Any]:
        """The names, in their order."""
        return [name for _value, name in cls.choices]

    @property
    def values(cls) -> list[Any]:
        """The values, in their order."""
        return [value for value, _name in cls.choices]


class TextChoices(StrEnum, metaclass=_Words):
    """Words whose value is text: `EDUCATION = "education", noop("Bildung")`."""

    word: str
    do_not_call_in_templates = nonmember(True)

    def __new__(cls, value: str, word: str = "") -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.word = word
        return made

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return str(_translators["now"](self.word))


class IntegerChoices(IntEnum, metaclass=_Words):
    """Words whose value is a number: `MONDAY = 0, noop("Montag")`."""

    word: str
    do_not_call_in_templates = nonmember(True)

    def __new__(cls, value: int, word: str = "") -> Self:
        made = int.__new__(cls, value)
        made._value_ = value
        made.word = word
        return made

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return str(_translators["now"](self.word))
