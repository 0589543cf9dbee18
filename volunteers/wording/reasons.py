"""The matcher's reasons in plain German, as they stand in mails and on pages: "dienstags frei", "1,2 km"."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from foundation.choices import TextChoices
from foundation.formats import distance_km, weekday_adverb
from programs.domain.choices import AgeBand, Field, Language, Skill

WANTED = "wanted"
BY_HAND = "by_hand"  # no word for citizens; its values are the gates that were closed
NEAR_METRES = 500


def reason_texts(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a phrase per stored reason {"code", "values"}; codes without words for citizens are left out."""
    return [_TEXTS[reason["code"]](reason["values"]) for reason in reasons if reason["code"] in _TEXTS]


def reason_sentences(reasons: Iterable[Mapping[str, Any]]) -> str:
    """Return the stored reasons as said to the person: "Wir denken an Sie, weil Sie dienstags Zeit haben."

    Empty where none of them has words for citizens.
    """
    told = [(reason["code"], reason["values"]) for reason in reasons]
    clauses = [_CLAUSES[code](values) for code, values in told if code in _CLAUSES]
    because = _("Wir denken an Sie, weil Sie %(clauses)s.") % {"clauses": _and(clauses)} if clauses else ""
    return " ".join(
        filter(None, [because, *(_SENTENCES[code]() for code, _values in told if code in _SENTENCES)])
    )


def _and(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s und %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _labels(choices: type[TextChoices], bits: Iterable[int]) -> str:
    labels = list(choices.labels)
    return _and([str(labels[bit]) for bit in bits])


def _distance(metres: int) -> str:
    """Distances count from the middle of a district, so that small ones say little."""
    return _("in der Nähe") if metres < NEAR_METRES else distance_km(metres / 1000)


def _lives(metres: int) -> str:
    if metres < NEAR_METRES:
        return _("in der Nähe wohnen")
    return _("%(distance)s entfernt wohnen") % {"distance": distance_km(metres / 1000)}


_TEXTS: dict[str, Callable[[list[int]], str]] = {
    WANTED: lambda none: _("diese Aufgabe ausgesucht"),
    "free_on": lambda days: _("%(days)s frei") % {"days": _and([weekday_adverb(day) for day in days])},
    "flexible": lambda none: _("Zeiten nach Absprache"),
    "distance": lambda metres: _distance(metres[0]),
    "field": lambda index: _("Wunschfeld %(field)s") % {"field": _labels(Field, index)},
    "district": lambda index: _("im Wunschstadtteil"),
    "language": lambda bits: _("spricht %(languages)s") % {"languages": _labels(Language, bits)},
    "skill": lambda bits: _("kann %(skills)s") % {"skills": _labels(Skill, bits)},
    "learns": lambda bits: _("möchte lernen: %(skills)s") % {"skills": _labels(Skill, bits)},
    "age_group": lambda bits: _("gern mit dieser Altersgruppe: %(ages)s") % {"ages": _labels(AgeBand, bits)},
    "needs_you": lambda filled_of_places: _("hier fehlen noch Menschen"),
}

_CLAUSES: dict[str, Callable[[list[int]], str]] = {
    WANTED: lambda none: _("sich diese Aufgabe ausgesucht haben"),
    "free_on": lambda days: _("%(days)s Zeit haben") % {"days": _and([weekday_adverb(day) for day in days])},
    "distance": lambda metres: _lives(metres[0]),
    "field": lambda index: _("im Bereich %(field)s helfen möchten") % {"field": _labels(Field, index)},
    "district": lambda index: _("sich diesen Stadtteil gewünscht haben"),
    "language": lambda bits: _("%(languages)s sprechen") % {"languages": _labels(Language, bits)},
    "skill": lambda bits: _("%(skills)s können") % {"skills": _labels(Skill, bits)},
    "learns": lambda bits: _("%(skills)s lernen möchten") % {"skills": _labels(Skill, bits)},
    "age_group": lambda bits: (
        _("gern mit der Altersgruppe %(ages)s zu tun haben") % {"ages": _labels(AgeBand, bits)}
    ),
}
_SENTENCES: dict[str, Callable[[], str]] = {
    "flexible": lambda: _("Die Zeiten sprechen Sie miteinander ab."),
    "needs_you": lambda: _("Hier fehlen noch Menschen."),
}
