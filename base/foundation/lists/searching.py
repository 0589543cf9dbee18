"""Finding what somebody meant: without capitals, accents, umlauts and ß, and with a slip of the hand.

`search_folded` is a function of the database: what is stored and what is typed go through the same one, and
an index can hold it.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import BooleanField, CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import Contains

WORDS_MAX = 6
_SHORTEST_SLIP = 4


class Folded(Func):
    """Text as it is compared: small letters without marks, ß as ss, ä and ae both as a."""

    function = "search_folded"
    output_field: TextField[str, str] = TextField()


class _Resembles(Func):
    """Whether so much of the second text is somewhere in the first, by groups of three letters.

    How much is told to each connection, `pg_trgm.word_similarity_threshold`: only so an index answers it.
    """

    template = "(%(expressions)s)"
    arg_joiner = " %%> "
    output_field: BooleanField[bool, bool] = BooleanField()


def searched(column: str | Combinable, *, name: str, condition: Q | None = None) -> GinIndex:
    """Return the index called `name` by which words are found at `column`; what is new is in it at once.

    Else PostgreSQL notes new rows in a list beside it, up to 4 MB, which each search reads from end to end,
    or it reads every row instead. It makes a row some 0.3 ms dearer, where few are written at once.
    """
    return GinIndex(OpClass(Folded(column), "gin_trgm_ops"), name=name, condition=condition, fastupdate=False)


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
            found |= Q(_Resembles(folded, typed))
        return found


def words_in(typed: str, *, is_lenient: bool = False) -> list[Word]:
    """Return the words of a search, the first few of them."""
    return [Word(each, is_lenient) for each in typed.replace("\0", " ").split()[:WORDS_MAX]]


def in_any(*found: QuerySet[Any]) -> Q:
    """Return a filter for the rows that are in at least one of `found`.

    Each is looked up by its own index; filters joined by "or" over several tables would read every row.
    """
    first, *others = (each.order_by().values("pk") for each in found)
    return Q(pk__in=first.union(*others, all=True))
