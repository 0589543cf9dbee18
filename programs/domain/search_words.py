"""The words families use, and the words that the directory uses for the same."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

# What a family types → what stands in descriptions; each line reads in one direction.
_MEANT = {
    "deutschkurs": "sprach deutsch migration integration familienbildung familienzentr",
    "deutsch": "sprach migration integration familienbildung",
    "sprachkurs": "sprach deutsch migration integration familienbildung familienzentr",
    "nachhilfe": "lern hausaufgaben bildung",
    "hausaufgaben": "lern schul",
    "schwimmen": "schwimm",
    "schwimmkurs": "schwimm",
    "straßensozialarbeit": "streetwork straßensozial",
    "jugendzentrum": "jugendheim jugendtreff jugendcafé jugendarbeit",
    "jugendhaus": "jugendheim jugendtreff jugendarbeit",
    "essen": "frühstück mittagessen tafel mahlzeit kochen ernährung",
    "hunger": "frühstück mittagessen tafel mahlzeit",
    "obdachlos": "wohnungslos wohn streetwork",
    "obdachlosigkeit": "wohnungslos wohn streetwork",
    "wohnung": "wohn",
    "kita": "kindertages familienzentr",
    "kindergarten": "kita kindertages",
    "geld": "kosten spenden teilhabe unterstützung",
    "kleidung": "kleider",
    "sport": "sport bewegung",
    "baby": "früh geburt schwanger",
    "schwanger": "früh geburt schwanger",
    "anwalt": "recht strafverfahren",
    "gericht": "strafverfahren recht",
    "ferien": "ferien freizeit",
}
_SHORTEST_TYPO = 5
_LIKENESS = 0.8
_WORD = re.compile(r"[^\W\d_]{4,}")


def spellings(word: str) -> list[str]:
    """Return what is looked for when somebody types `word`: its spellings and what is meant by it."""
    small = word.lower()
    forms = [word, small.replace("ss", "ß"), small.replace("ß", "ss"), *_umlauts(small)]
    meant = [other for form in forms for other in _MEANT.get(form.lower(), "").split()]
    return list(dict.fromkeys([*forms, *meant]))


def meant_by(word: str, vocabulary: Iterable[str]) -> list[str]:
    """Return the words of the directory, and of families, that `word` may be a typing error of."""
    if len(word) < _SHORTEST_TYPO:
        return []
    known = {each.lower() for text in vocabulary for each in _WORD.findall(text)} | _MEANT.keys()
    return get_close_matches(word.lower(), sorted(known), n=3, cutoff=_LIKENESS)


def _umlauts(small: str) -> list[str]:
    """Return the word with „ae“, „oe“, „ue“ as umlauts."""
    changed = small.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")
    return [] if changed == small else [changed]
