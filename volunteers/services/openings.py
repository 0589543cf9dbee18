"""Which one answer more would open many more tasks, as the gates of the matcher say: no rule stands here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from foundation.times_of_week import DAYPARTS, WeeklyTime
from programs.domain.choices import AgeBand, Language, Skill
from volunteers.domain.steps_of_wishes import HOURS_A_WEEK, KILOMETRES
from volunteers.matching import Pairs, Problem
from volunteers.matching.candidates import candidates
from volunteers.matching.groups import possible_for
from volunteers.matching.problem import Ints
from volunteers.matching.remaining import remaining
from volunteers.models import TimePledge
from volunteers.selectors.match_opportunities import RoleRows, role_rows
from volunteers.selectors.match_pledges import free_windows, volunteer_columns
from volunteers.wording import openings as wording

MANY_MORE = 3


@dataclass(frozen=True)
class Opening:
    """A question for an answer nobody has given yet, and the id of the control that takes it."""

    question: str
    control: str


@dataclass(frozen=True)
class _Variant:
    """One answer more of a person; of a ladder of answers the lowest step that helps is asked."""

    asked: str = ""
    control: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    time: WeeklyTime | None = None
    ladder: str = ""


def openings_of(pledges: Iterable[TimePledge], now: datetime) -> dict[int, Opening]:
    """Return by key of the pledge the one answer that opens most tasks, where it opens many more.

    A "no" that was said is not asked again. Best read with the person, their home and their windows.
    """
    found, needs = {}, None
    for pledge in pledges:
        needs = needs or role_rows(now, {})
        if opening := _opening_of(pledge, needs):
            found[pledge.pk] = opening
    return found


def _opening_of(pledge: TimePledge, needs: RoleRows) -> Opening | None:
    variants = [_Variant(), *_variants(pledge)]
    counts = _possible_tasks(pledge, variants, needs)
    best, most, climbed = variants[0], 0, set()
    for variant, count in zip(variants, counts, strict=True):
        more = count - counts[0]
        if more >= MANY_MORE and variant.ladder not in climbed:
            climbed |= {variant.ladder} - {""}
            best, most = (variant, more) if more > most else (best, most)
    return Opening(wording.question(best.asked, most), best.control) if most else None


def _variants(pledge: TimePledge) -> Iterator[_Variant]:
    """Each answer of the form that is not given, alone: what is least to ask for comes first."""
    yield from _strengths(pledge)
    yield from _times(pledge)
    yield from _ages(pledge)
    for kilometres in KILOMETRES:
        if pledge.home_district_id and kilometres > pledge.max_distance_km:
            asked, answers = wording.asks_for_kilometres(kilometres), {"max_distance_km": kilometres}
            yield _Variant(asked, "id_max_distance_km", answers, ladder="kilometres")
    for number in HOURS_A_WEEK:
        if number > pledge.hours_per_week:
            asked, answers = wording.asks_for_hours(number), {"hours_per_week": number}
            yield _Variant(asked, "id_hours_per_week", answers, ladder="hours")


def _strengths(pledge: TimePledge) -> Iterator[_Variant]:
    for number, skill in enumerate(Skill.values):
        if skill not in (*pledge.skills, *pledge.learning_skills, *pledge.lacking_skills):
            answers = {"skills": [*pledge.skills, skill]}
            yield _Variant(wording.asks_for_skill(skill), f"id_skills_{number}", answers)
    for number, language in enumerate(Language.values):
        if language not in pledge.languages:
            answers = {"languages": [*pledge.languages, language]}
            yield _Variant(wording.asks_for_language(language), f"id_languages_{number}", answers)


def _times(pledge: TimePledge) -> Iterator[_Variant]:
    windows = pledge.windows.all()
    for day in range(7):
        for part in DAYPARTS:
            is_free = any(
                each.weekday == day
                and each.start_minute <= part.start_minute
                and part.end_minute <= each.end_minute
                for each in windows
            )
            if not is_free:
                time = WeeklyTime(day, part.start_minute, part.end_minute)
                yield _Variant(wording.asks_for_time(time), f"id_times_{day}_{part.key}", time=time)


def _ages(pledge: TimePledge) -> Iterator[_Variant]:
    """Who named no age is asked for none: all are right then."""
    for number, band in enumerate(AgeBand.values):
        if pledge.age_bands and band not in pledge.age_bands:
            answers = {"age_bands": [*pledge.age_bands, band]}
            yield _Variant(wording.asks_for_ages(band), f"id_age_bands_{number}", answers)


def _possible_tasks(pledge: TimePledge, variants: list[_Variant], needs: RoleRows) -> list[int]:
    """Return how many open tasks there are for each of `variants` of one person."""
    problem = _problem(pledge, variants, needs)
    left = remaining(problem)
    rows = np.arange(len(variants), dtype=np.int64)
    pairs = possible_for(problem, left, rows) if pledge.volunteer.is_group else candidates(problem, left)
    found = np.unique(np.stack([pairs.volunteer, needs.tasks[pairs.opportunity]], axis=1), axis=0)
    counts: list[int] = np.bincount(found[:, 0], minlength=len(variants)).tolist()
    return counts


def _problem(pledge: TimePledge, variants: list[_Variant], needs: RoleRows) -> Problem:
    """Each variant is somebody of their own, so that nobody's gates are written down twice."""
    count = len(variants)
    rows: Ints = np.arange(count, dtype=np.int64)
    home, person = pledge.home_district, pledge.volunteer
    said: dict[str, Any] = {
        "placements_wanted": pledge.placements_wanted,
        "hours_per_week": pledge.hours_per_week,
        "home_district__latitude": home.latitude if home else None,
        "home_district__longitude": home.longitude if home else None,
        "max_distance_km": pledge.max_distance_km,
        "fields": pledge.fields,
        "skills": pledge.skills,
        "learning_skills": pledge.learning_skills,
        "lacking_skills": pledge.lacking_skills,
        "languages": pledge.languages,
        "age_bands": pledge.age_bands,
        "volunteer__heads": person.heads,
        "volunteer__is_adult": person.is_adult,
        "volunteer__is_asked_with_children": person.is_asked_with_children,
    }
    windows = [(each.weekday, each.start_minute, each.end_minute) for each in pledge.windows.all()]
    free = [(row, *window) for row in range(count) for window in windows]
    free += [(row, *each.time) for row, each in enumerate(variants) if each.time]
    people = volunteer_columns(
        {name: [each.answers.get(name, value) for each in variants] for name, value in said.items()},
        windows=free_windows(rows, free),
        offers_left=np.ones(count, np.int64),
        districts=np.zeros(count, np.int64),
        days=np.zeros(count, np.int64),
        paused=np.zeros(count, np.bool_),
    )
    return Problem(volunteers=people, opportunities=needs.columns, chosen=Pairs())
