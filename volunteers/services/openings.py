"""Which one answer more would open many more tasks, as the gates of the matcher say: no rule stands here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from programs.domain.choices import Language, Skill
from volunteers.matching import Pairs, Problem
from volunteers.matching.candidates import candidates
from volunteers.matching.groups import possible_for
from volunteers.matching.problem import Ints
from volunteers.matching.remaining import remaining
from volunteers.models import TimePledge
from volunteers.selectors.match_opportunities import RoleRows, role_rows
from volunteers.selectors.match_pledges import free_windows, volunteer_columns
from volunteers.wording.openings import question

MANY_MORE = 3
_Answers = dict[str, Any]


@dataclass(frozen=True)
class Opening:
    """A question for an answer nobody has given yet, and the id of the control that takes it."""

    question: str
    control: str


@dataclass(frozen=True)
class _Variant:
    """What the person would have said with one answer more."""

    skills: list[str]
    languages: list[str]
    word: str = ""
    control: str = ""


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
    variants = list(_variants(pledge))
    counts = _possible_tasks(pledge, variants, needs)
    best = int(np.argmax(counts))
    more = counts[best] - counts[0]
    return Opening(question(variants[best].word, more), variants[best].control) if more >= MANY_MORE else None


def _variants(pledge: TimePledge) -> Iterator[_Variant]:
    """First what was said, then beside it each skill that was never asked about and each language, alone."""
    yield _Variant(pledge.skills, pledge.languages)
    for number, skill in enumerate(Skill.values):
        if skill not in (*pledge.skills, *pledge.learning_skills, *pledge.lacking_skills):
            yield _Variant([*pledge.skills, skill], pledge.languages, skill, f"id_skills_{number}")
    for number, language in enumerate(Language.values):
        if language not in pledge.languages:
            yield _Variant(pledge.skills, [*pledge.languages, language], language, f"id_languages_{number}")


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
    windows = [(each.weekday, each.start_minute, each.end_minute) for each in pledge.windows.all()]
    same: Mapping[str, Any] = {
        "placements_wanted": pledge.placements_wanted,
        "hours_per_week": pledge.hours_per_week,
        "home_district__latitude": home.latitude if home else None,
        "home_district__longitude": home.longitude if home else None,
        "max_distance_km": pledge.max_distance_km,
        "fields": pledge.fields,
        "learning_skills": pledge.learning_skills,
        "lacking_skills": pledge.lacking_skills,
        "age_bands": pledge.age_bands,
        "volunteer__heads": person.heads,
        "volunteer__is_adult": person.is_adult,
        "volunteer__is_asked_with_children": person.is_asked_with_children,
    }
    people = volunteer_columns(
        {
            **{name: [value] * count for name, value in same.items()},
            "skills": [each.skills for each in variants],
            "languages": [each.languages for each in variants],
        },
        windows=free_windows(rows, [(row, *window) for row in range(count) for window in windows]),
        offers_left=np.ones(count, np.int64),
        districts=np.zeros(count, np.int64),
        days=np.zeros(count, np.int64),
        paused=np.zeros(count, np.bool_),
    )
    return Problem(volunteers=people, opportunities=needs.columns, chosen=Pairs())
