"""The favoured purposes of §§ 52, 53 AO that can stand on a Zuwendungsbestätigung (RULES §2.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Purpose:
    """A purpose in the words of the law: after "zur Förderung", after "wir fördern", and where it stands."""

    furthering: str
    promoted: str
    law: str


def _paragraph_52(number: int) -> str:
    return f"§ 52 Abs. 2 Satz 1 Nr. {number} AO"


PURPOSES: Mapping[str, Purpose] = {
    "52-4": Purpose("der Jugend- und Altenhilfe", "die Jugend- und Altenhilfe", _paragraph_52(4)),
    "52-5": Purpose("von Kunst und Kultur", "Kunst und Kultur", _paragraph_52(5)),
    "52-7": Purpose(
        "der Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe",
        "die Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe",
        _paragraph_52(7),
    ),
    "52-9": Purpose("des Wohlfahrtswesens", "das Wohlfahrtswesen", _paragraph_52(9)),
    "52-19": Purpose("des Schutzes von Ehe und Familie", "den Schutz von Ehe und Familie", _paragraph_52(19)),
    "52-21": Purpose("des Sports", "den Sport", _paragraph_52(21)),
    "52-25": Purpose(
        "des bürgerschaftlichen Engagements zugunsten gemeinnütziger, mildtätiger und kirchlicher Zwecke",
        "das bürgerschaftliche Engagement zugunsten gemeinnütziger, mildtätiger und kirchlicher Zwecke",
        _paragraph_52(25),
    ),
    "53": Purpose("mildtätiger Zwecke", "mildtätige Zwecke", "§ 53 AO"),
}


def furthering(keys: Iterable[str]) -> str:
    """Return what follows "zur Förderung": the purposes, each once, in the order of the law."""
    return _listed(f"{each.furthering} ({each.law})" for each in _named(keys))


def promoted(keys: Iterable[str]) -> str:
    """Return what follows "wir fördern nach unserer Satzung"."""
    return _listed(f"{each.promoted} ({each.law})" for each in _named(keys))


def _named(keys: Iterable[str]) -> list[Purpose]:
    wanted = set(keys)
    return [purpose for key, purpose in PURPOSES.items() if key in wanted]


def _listed(texts: Iterable[str]) -> str:
    named = list(texts)
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} und {named[-1]}"
