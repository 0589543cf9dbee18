"""How somebody stands to the task they picked, as the gates of the matcher say: no rule stands here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db.models import BooleanField, ExpressionWrapper

from foundation.clock import local_day
from programs.models import Opportunity, Role
from programs.selectors.visibility import all_dates_over, has_no_date, is_public
from volunteers.domain.availability import normal_windows
from volunteers.matching import Obstacle, Pairs, Problem, Refusal, obstacles
from volunteers.matching.candidates import candidates
from volunteers.matching.groups import possible_for
from volunteers.matching.problem import Ints
from volunteers.matching.remaining import remaining
from volunteers.matching.score import scores
from volunteers.models import TimePledge
from volunteers.selectors.match_districts import district_bits
from volunteers.selectors.match_inputs import match_inputs
from volunteers.selectors.match_opportunities import RoleRows, role_rows
from volunteers.selectors.match_pledges import free_windows, volunteer_columns
from volunteers.services.wishes import Wishes
from volunteers.wording.obstacles import BUSY, OVER, RESTING, WAITING, Missing, missing

MOST_INSTEAD = 3
_FULL = ((Refusal.NO_PLACE_LEFT.value,), (Refusal.TOO_FEW_PLACES.value,))


@dataclass(frozen=True)
class Standing:
    """What the person would have to change, and codes of what only time changes; empty: nothing hinders."""

    missing: tuple[Missing, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the next run may ask for this task."""
        return not self.missing and not self.waiting

    @property
    def is_on_waiting_list(self) -> bool:
        """Whether all places being taken is the only thing in the way."""
        return not self.missing and self.waiting in _FULL

    @property
    def codes(self) -> set[str]:
        """A word for each obstacle."""
        return {each.code for each in self.missing} | set(self.waiting)

    @property
    def missing_text(self) -> str:
        """All that is missing, as one phrase."""
        return ", ".join(each.text for each in self.missing)

    @property
    def waiting_texts(self) -> list[str]:
        """A sentence for each thing that only time changes; none promises what something missing hinders."""
        told = [WAITING[code] for code in self.waiting]
        return [str((self.missing and each.beside) or each.sentence) for each in told]

    @property
    def waiting_phrases(self) -> list[str]:
        """The same for those who coordinate."""
        return [str(WAITING[code].phrase) for code in self.waiting]


def standings(pledges: Collection[TimePledge], now: datetime) -> dict[int, Standing]:
    """Return by key how each confirmed pledge for a task stands to it, in a fixed number of queries.

    Best read with the task and its provider.
    """
    wanting = {pledge.pk: pledge for pledge in pledges if pledge.wanted_opportunity is not None}
    if not wanting:
        return {}
    inputs = match_inputs(now, only=wanting)
    pairs = inputs.problem.chosen
    keys = inputs.pledges[pairs.volunteer].tolist()
    found = dict(zip(keys, standings_of_pairs(inputs.problem, pairs), strict=True))
    tasks = [(key, pledge.wanted_opportunity) for key, pledge in wanting.items()]
    free = inputs.problem.opportunities.places[pairs.opportunity].tolist()
    seeking = {key for key, places in zip(keys, free, strict=True) if places > 0}
    closed = _without_dates({task.pk for key, task in tasks if task and key not in seeking}, now)
    return {
        key: _unless_closed(task, found.get(key, Standing()), closed, is_public=is_public(task), now=now)
        for key, task in tasks
        if task
    }


def standings_of_pairs(problem: Problem, pairs: Pairs) -> list[Standing]:
    """Return how each pair stands, as far as the gates know: whether a task is over or rests, they do not."""
    alone = obstacles(replace(problem, confirmed=Pairs()), pairs)
    return [_standing(*both) for both in zip(alone, obstacles(problem, pairs), strict=True)]


def standing_of_typed(
    wishes: Wishes, *, is_adult: bool, wanted: Role, now: datetime, heads: int = 1
) -> Standing:
    """Return how somebody nobody knows yet would stand to `wanted`, read with its task and provider."""
    task = wanted.opportunity
    needs = role_rows(now, {}, only=[task.pk])
    column = np.flatnonzero(needs.pks == wanted.pk)
    if not len(column):
        return _unless_closed(task, Standing(), {}, is_public=False, now=now)
    chosen = Pairs(volunteer=np.zeros(1, np.int64), opportunity=column)
    problem = _problem_of_typed(wishes, needs, is_adult=is_adult, heads=heads, chosen=chosen)
    (found,) = obstacles(problem, problem.chosen)
    closed = _without_dates(set() if needs.columns.places[column[0]] > 0 else {task.pk}, now)
    return _unless_closed(task, _standing(found, found), closed, is_public=is_public(task), now=now)


def tasks_instead(wishes: Wishes, *, is_adult: bool, now: datetime, heads: int = 1) -> list[Opportunity]:
    """Return up to three open tasks that fit what was typed, the best first."""
    needs = role_rows(now, district_bits())
    problem = _problem_of_typed(wishes, needs, is_adult=is_adult, heads=heads, chosen=Pairs())
    left = remaining(problem)
    pairs = candidates(problem, left) if heads == 1 else possible_for(problem, left, np.zeros(1, np.int64))
    best: Ints = np.argsort(-scores(problem, pairs), kind="stable")
    tasks = needs.tasks[pairs.opportunity[best]]
    keys = tasks[np.sort(np.unique(tasks, return_index=True)[1])][:MOST_INSTEAD].tolist()
    rows = Opportunity.objects.select_related("district").prefetch_related("series").in_bulk(keys)
    return [rows[key] for key in keys]


def _problem_of_typed(
    wishes: Wishes, needs: RoleRows, *, is_adult: bool, heads: int, chosen: Pairs
) -> Problem:
    home, nobody = wishes.home_district, np.zeros(1, np.int64)
    windows = [(0, *window) for window in normal_windows(wishes.times)]
    people = volunteer_columns(
        {
            "placements_wanted": [wishes.placements_wanted],
            "hours_per_week": [wishes.hours_per_week],
            "home_district__latitude": [home.latitude if home else None],
            "home_district__longitude": [home.longitude if home else None],
            "max_distance_km": [wishes.max_distance_km],
            "fields": [wishes.fields],
            "skills": [wishes.skills],
            "learning_skills": [wishes.learning_skills],
            "lacking_skills": [wishes.lacking_skills],
            "languages": [wishes.languages],
            "age_bands": [wishes.age_bands],
            "volunteer__heads": [heads],
            "volunteer__is_adult": [is_adult],
            "volunteer__is_asked_with_children": [True],
        },
        windows=free_windows(nobody, windows),
        offers_left=np.ones(1, np.int64),
        districts=nobody,
        days=nobody,
        paused=np.zeros(1, np.bool_),
    )
    return Problem(volunteers=people, opportunities=needs.columns, chosen=chosen)


def _standing(alone: tuple[Obstacle, ...], beside: tuple[Obstacle, ...]) -> Standing:
    """`alone`: without what the person does already; `beside`: with it. Nobody is asked the same twice."""
    if any(each.refusal == Refusal.FORBIDDEN for each in beside):
        return Standing(waiting=(Refusal.FORBIDDEN,))
    own = [each for each in alone if each.refusal not in WAITING]
    waiting = [each.refusal.value for each in beside if each.refusal in WAITING]
    taken = {each.refusal for each in beside if each.refusal not in WAITING} - {each.refusal for each in own}
    if taken and Refusal.NO_PLACEMENT_LEFT not in waiting:
        waiting.append(BUSY)
    return Standing(tuple(missing(each.refusal, each.values) for each in own), tuple(waiting))


def _without_dates(task_ids: Collection[int], now: datetime) -> dict[int, str]:
    """Why nobody is sought for those of these tasks that have no date left; no such task has a place free."""
    if not task_ids:
        return {}
    over = ExpressionWrapper(all_dates_over(now), BooleanField())
    tasks = Opportunity.objects.filter(has_no_date(now), pk__in=task_ids).annotate(over=over)
    return {pk: OVER if is_over else RESTING for pk, is_over in tasks.values_list("pk", "over")}


def _unless_closed(
    task: Opportunity, standing: Standing, closed: Mapping[int, str], *, is_public: bool, now: datetime
) -> Standing:
    """What nobody is sought for hinders alone, whatever else would; being asked before still counts."""
    if Refusal.FORBIDDEN in standing.waiting:
        return standing
    is_past = task.ends_on is not None and task.ends_on < local_day(now)
    if task.is_closed or is_past:
        return Standing(waiting=(OVER,))
    if task.pk in closed:
        return Standing(waiting=(closed[task.pk],))
    return standing if is_public else Standing(waiting=(RESTING,))
