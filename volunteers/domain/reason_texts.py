"""The matcher's reasons in plain German, as they stand in mails and on pages: "dienstags frei", "1,2 km"."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from foundation.formats import distance_km, weekday_adverb
from programs.domain.choices import AgeBand, Field, Language, Skill

WANTED = "wanted"


def reason_texts(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a phrase per stored reason {"code", "value"}; codes without words for citizens are left out."""
    return [_TEXTS[reason["code"]](reason["value"]) for reason in reasons if reason["code"] in _TEXTS]


def _and(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s und %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _labels(choices: type[TextChoices], bits: Iterable[int]) -> str:
    labels = list(choices.labels)
    return _and([str(labels[bit]) for bit in bits])


_TEXTS: dict[str, Callable[[Any], str]] = {
    WANTED: lambda value: _("Sie haben sich diese Aufgabe ausgesucht"),
    "time": lambda days: _("%(days)s frei") % {"days": _and([weekday_adverb(day) for day in days])},
    "distance": lambda metres: distance_km(metres / 1000),
    "language": lambda bits: _("spricht %(languages)s") % {"languages": _labels(Language, bits)},
    "skill": lambda bits: _("kann: %(skills)s") % {"skills": _labels(Skill, bits)},
    "field": lambda bit: _("Wunschfeld %(field)s") % {"field": _labels(Field, [bit])},
    "age_group": lambda bits: _("gern mit %(ages)s") % {"ages": _labels(AgeBand, bits)},
}
