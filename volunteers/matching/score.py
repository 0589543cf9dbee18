"""How well a possible pair fits, in whole points: integers, so that every machine finds the same."""

from __future__ import annotations

import numpy as np

from volunteers.matching.geography import metres_between
from volunteers.matching.problem import Bools, Ints, Pairs, Problem


def scores(problem: Problem, pairs: Pairs) -> Ints:
    """Points per pair, at least `weights.placed`; see `Weights` for what each part can reach."""
    volunteers, opportunities, weights = problem.volunteers, problem.opportunities, problem.weights
    row, column = pairs.volunteer, pairs.opportunity
    metres = metres_between(problem, row, column)
    effort = np.clip(opportunities.effort, 0, weights.full_hours) * weights.hours // weights.full_hours
    need = np.clip(opportunities.need, 0, 1000) * weights.need // 1000
    waited = np.clip(volunteers.days_since_asked, 0, weights.long_wait_days)
    near = (
        np.where(metres < 0, 0, np.maximum(weights.far_metres - metres, 0))
        * weights.near
        // weights.far_metres
    )
    return (
        weights.placed
        + (effort + need)[column]
        + (waited * weights.waiting // weights.long_wait_days)[row]
        + near
        + weights.field * prefers(volunteers.fields[row], opportunities.field[column], default=True)
        + weights.district * prefers(volunteers.districts[row], opportunities.district[column], default=False)
    )


def prefers(mask: Ints, index: Ints, *, default: bool) -> Bools:
    """Whether bit `index` of `mask` is set; `default` where the mask is empty."""
    chosen = (index >= 0) & ((mask >> np.maximum(index, 0)) & 1 == 1)
    return np.where(mask == 0, default, chosen)
