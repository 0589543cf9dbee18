"""The question for the one answer that would open many more tasks."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.formats import hours, time_range, weekday_adverb
from foundation.times_of_week import WeeklyTime
from foundation.units import minutes_in
from programs.domain.choices import AgeBand, Language, Skill
from volunteers.domain.steps_of_wishes import WHOLE_CITY_KM


def asks_for_skill(skill: str) -> str:
    return _("Können Sie das: „%(skill)s“?") % {"skill": Skill(skill).label}


def asks_for_language(language: str) -> str:
    return _("Sprechen Sie %(language)s?") % {"language": Language(language).label}


def asks_for_time(time: WeeklyTime) -> str:
    when = {"day": weekday_adverb(time.weekday), "times": time_range(time.start_minute, time.end_minute)}
    return _("Hätten Sie auch %(day)s %(times)s Zeit?") % when


def asks_for_ages(band: str) -> str:
    return _("Wäre Ihnen auch dieses Alter der Kinder recht: %(ages)s?") % {"ages": AgeBand(band).label}


def asks_for_kilometres(kilometres: int) -> str:
    if kilometres == WHOLE_CITY_KM:
        return _("Dürfte der Weg auch durch die ganze Stadt gehen?")
    return _("Dürfte der Weg auch %(km)d km weit sein?") % {"km": kilometres}


def asks_for_hours(number: int) -> str:
    return _("Hätten Sie in der Woche auch %(hours)s Zeit?") % {"hours": hours(minutes_in(number))}


def question(asked: str, task_count: int) -> str:
    """Return what is asked, and why."""
    why = ngettext(
        "Mit dieser Antwort käme %(count)d Aufgabe mehr für Sie infrage.",
        "Mit dieser Antwort kämen %(count)d Aufgaben mehr für Sie infrage.",
        task_count,
    )
    return f"{asked} {why % {'count': task_count}}"
