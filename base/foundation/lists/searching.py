"""Finding what somebody meant: without capitals, accents, umlauts and ß, and with a slip of the hand.

`search_folded` is a function of the database: what is stored and what is typed go through the same one, and
an index can hold it.
"""

from dataclasses import dataclass

from django.db.models import CharField, F, FloatField, Func, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import Contains, GreaterThanOrEqual

WORDS_MAX = 6
_LIKENESS = 0.4
"""Bogadn for Bogdan is 0.43, Maier for Meier 0.5; of two different short names hardly any reaches it."""

_SHORTEST_SLIP = 4


class Folded(Func):
    """Text as it is compared: small letters without marks, ß as ss, ä and ae both as a."""

    function = "search_folded"
    output_field: TextField[str, str] = TextField()


class _Likeness(Func):
    """How much of the first text is somewhere in the second, from 0 to 1, by groups of three letters."""

    function = "word_similarity"
    output_field: FloatField[float, float] = FloatField()


@dataclass(frozen=True)
class Word:
    """One word somebody typed; `is_lenient` once nothing was found as it was written."""

    text: str
    is_lenient: bool = False

    def within(self, column: str | Combinable) -> Q:
        """Return a filter for rows whose text at `column` holds this word."""
        folded = Folded(F(column) if isinstance(column, str) else column)
        typed = Folded(Value(self.text, output_field=CharField()))
        found = Q(Contains(folded, typed))
        if self.is_lenient and len(self.text) >= _SHORTEST_SLIP:
            found |= Q(GreaterThanOrEqual(_Likeness(typed, folded), _LIKENESS))
        return found


def words_in(typed: str, *, is_lenient: bool = False) -> list[Word]:
    """Return the words of a search, the first few of them."""
    return [Word(each, is_lenient) for each in typed.replace("\0", " ").split()[:WORDS_MAX]]
