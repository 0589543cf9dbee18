"""The words of a city: what its districts, providers, programmes and places are called."""

import re
from collections.abc import Iterable

from programs.domain.screening.lexicon import is_name

_NAME = re.compile(r"[^\W\d_]{2,40}(?:-[^\W\d_]{2,40})*")


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of `texts` in small letters, with „-er“ and „-s“ for places; no single first name.

    A whole chain („josef-schregel-straße“) is one word; its parts alone are not, for they may name somebody.
    """
    found: set[str] = set()
    for text in texts:
        for chain in _NAME.findall(text.lower()):
            found.add(chain)
            if "-" not in chain and not is_name(chain):
                found.update((f"{chain}er", f"{chain}s", f"{chain.removesuffix('e')}er"))
    return frozenset(word for word in found if "-" in word or not is_name(word))
