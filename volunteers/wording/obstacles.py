"""What stands between a person and the task they picked, in plain German.

The codes and values are those of the matcher's obstacles. What is missing is a phrase that follows "es fehlt
noch:"; what only time changes is a sentence.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.choices import TextChoices
from foundation.formats import distance_km, hours, time_range, weekday_adverb
from foundation.units import MinuteOfDay, QuarterHours, minutes_of, time_of_week
from programs.domain.choices import AgeBand, Language, Skill

BUSY, OVER, RESTING = "busy", "over", "resting"


@dataclass(frozen=True)
class Waiting:
    """What only time changes, or nothing: a sentence for the person, a phrase for those who coordinate.

    `beside`: the sentence where the person would have to change something as well, if it is another.
    """

    sentence: str | Promise
    phrase: str | Promise
    beside: str | Promise = ""


WAITING: dict[str, Waiting] = {
    OVER: Waiting(
        gettext_lazy("Hier wird niemand mehr gesucht. Wir suchen etwas Ähnliches für Sie."),
        gettext_lazy("hier wird niemand mehr gesucht"),
    ),
    RESTING: Waiting(
        gettext_lazy("Hier wird gerade niemand gesucht. Geht es weiter, sehen wir wieder nach, ob es passt."),
        gettext_lazy("hier wird gerade niemand gesucht"),
    ),
    "forbidden": Waiting(
        gettext_lazy("Danach haben wir Sie schon gefragt; so bald fragen wir nicht noch einmal."),
        gettext_lazy("danach schon gefragt"),
    ),
    "paused": Waiting(
        gettext_lazy("Sie machen gerade Pause oder sind abwesend. Danach fragen wir wieder."),
        gettext_lazy("macht Pause oder ist abwesend"),
    ),
    "contact_budget": Waiting(
        gettext_lazy("Sie haben gerade genug Fragen von uns bekommen. Später fragen wir weiter."),
        gettext_lazy("genug gefragt für jetzt"),
    ),
    "no_placement_left": Waiting(
        gettext_lazy("Sie haben gerade so viele Fragen oder Einsätze, wie Sie möchten."),
        gettext_lazy("hat so viele Fragen oder Einsätze, wie gewünscht"),
    ),
    BUSY: Waiting(
        gettext_lazy("Ein anderer Einsatz oder eine andere Frage liegt gerade zu derselben Zeit."),
        gettext_lazy("zu dieser Zeit schon im Einsatz oder gefragt"),
    ),
    "contact_with_minors": Waiting(
        gettext_lazy("Danach fragen wir Sie zurzeit nicht. Wir suchen etwas anderes für Sie."),
        gettext_lazy("passt zurzeit nicht"),
    ),
    "no_place_left": Waiting(
        gettext_lazy("Im Moment sind hier alle Plätze vergeben. Wird einer frei, fragen wir Sie."),
        gettext_lazy("alle Plätze vergeben"),
        gettext_lazy(
            "Im Moment sind hier alle Plätze vergeben. Wird einer frei und fehlt dann nichts mehr,"
            " fragen wir Sie."
        ),
    ),
    "clearance": Waiting(
        gettext_lazy(
            "Hier braucht jede einzelne Person eigene Unterlagen, etwa ein Führungszeugnis. Als Gruppe geht"
            " das nicht; wir suchen etwas anderes für Sie."
        ),
        gettext_lazy("jede Person braucht eigene Unterlagen, für Gruppen nicht möglich"),
    ),
    "too_few_places": Waiting(
        gettext_lazy(
            "Im Moment sind hier nicht genug Plätze für Sie alle frei. Sind es genug, fragen wir Sie."
        ),
        gettext_lazy("nicht genug Plätze für alle frei"),
        gettext_lazy(
            "Im Moment sind hier nicht genug Plätze für Sie alle frei. Sind es genug und fehlt dann nichts"
            " mehr, fragen wir Sie."
        ),
    ),
}


@dataclass(frozen=True)
class Missing:
    """What somebody would have to change: a phrase, and the id of the control that changes it."""

    code: str
    text: str
    control: str

    @property
    def is_about_person(self) -> bool:
        """Whether it stands with the person and not with the pledge."""
        return self.code == "age"


def missing(code: str, values: Sequence[int]) -> Missing:
    """Return the obstacle in words. Raises KeyError for a code of `WAITING`."""
    text, control = _MISSING[code]
    return Missing(code, text(values), control(values))


def _or(words: list[str]) -> str:
    return _(" oder ").join(words)


def _labels(choices: type[TextChoices], bits: Sequence[int]) -> list[str]:
    labels = list(choices.labels)
    return [str(labels[bit]) for bit in bits]


def _skills(bits: Sequence[int]) -> str:
    names = ", ".join(_("„%(skill)s“") % {"skill": label} for label in _labels(Skill, bits))
    return (_("Fähigkeit %(names)s") if len(bits) == 1 else _("Fähigkeiten %(names)s")) % {"names": names}


def _languages(bits: Sequence[int]) -> str:
    return _("Sprache %(names)s") % {"names": _or(_labels(Language, bits))}


def _times(ends: Sequence[int]) -> str:
    return _("Zeit %(times)s") % {"times": ", ".join(_slots(ends))}


def _slots(ends: Sequence[int]) -> Iterator[str]:
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        weekday, first = time_of_week(QuarterHours(start))
        last = MinuteOfDay(first + minutes_of(QuarterHours(end - start)))
        yield f"{weekday_adverb(weekday)} {time_range(first, last)}"


def _effort(quarters: Sequence[int]) -> str:
    effort = minutes_of(QuarterHours(quarters[0]))
    return _("mindestens %(hours)s in der Woche") % {"hours": hours(effort)}


def _control(prefix: str, choices: type[TextChoices]) -> Callable[[Sequence[int]], str]:
    return lambda bits: f"id_{prefix}_{choices.values[bits[0]]}_0"


def _same(control: str) -> Callable[[Sequence[int]], str]:
    return lambda values: control


_Words = Callable[[Sequence[int]], str]
_MISSING: dict[str, tuple[_Words, _Words]] = {
    "time": (_times, _same("id_times_0_morning")),
    "hours": (
        _effort,
        _same("id_hours_per_week"),
    ),
    "distance": (
        lambda metres: _("ein Weg von %(distance)s") % {"distance": distance_km(metres[0] / 1000)},
        _same("id_max_distance_km"),
    ),
    "clearance": (lambda none: _("eigene Unterlagen jeder einzelnen Person"), _same("id_group_name")),
    "age": (lambda years: _("Alter ab %(years)d Jahren") % {"years": years[0]}, _same("id_is_adult_0")),
    "age_group": (
        lambda bits: _("Kinder im Alter von %(ages)s") % {"ages": _or(_labels(AgeBand, bits))},
        _same("id_age_bands_0"),
    ),
    "skill": (_skills, _control("can", Skill)),
    "language": (_languages, _control("speaks", Language)),
}
