"""Amounts in words, as they stand on a Zuwendungsbestätigung (BMF 7.11.2013, point 5)."""

from num2words import num2words

from foundation.units import Cents


def amount_in_words(cents: Cents) -> str:
    """Return 132205 as "eintausenddreihundertzweiundzwanzig Euro und fünf Cent"; whole cents, at least one.

    Raises ValueError for anything else: no receipt says nothing, and none says less than nothing.
    """
    if isinstance(cents, bool) or not isinstance(cents, int) or cents < 1:
        raise ValueError(cents)
    whole, rest = divmod(cents, 100)
    parts = [_counted(number, unit) for number, unit in ((whole, "Euro"), (rest, "Cent")) if number]
    return " und ".join(parts)


def _counted(number: int, unit: str) -> str:
    """ "eins" counts alone; before a unit it is "ein"."""
    words = str(num2words(number, lang="de"))
    return f"{words.removesuffix('s') if words.endswith('eins') else words} {unit}"
