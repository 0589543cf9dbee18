"""Where time is short more people are proposed than there are places: the faster answer counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np

from volunteers.matching.problem import Ints
from volunteers.matching.remaining import Remaining, remaining
from volunteers.selectors.match_inputs import MatchInputs
from volunteers.selectors.waves import in_haste
from volunteers.services.match_plan import Proposal, best_for_role, possible
from volunteers.services.waves import asked_together


def in_waves(
    inputs: MatchInputs,
    proposals: Iterable[Proposal],
    now: datetime,
    opportunity_ids: Collection[int] | None = None,
) -> list[Proposal]:
    """Return `proposals`, shared where time is short, and who is asked beside them, the best first.

    A group shares with nobody, and nobody is asked beside it. Looks at these tasks alone (None: at all). Who
    is asked together for a place already counts.
    """
    found = list(proposals)
    haste = in_haste(now, opportunity_ids)
    columns = np.flatnonzero(np.isin(inputs.tasks, list(haste))).tolist()
    if not columns:
        return found
    shared = [each.shared(is_urgent=each.opportunity_id in haste) for each in found]
    together = asked_together([int(inputs.roles[column]) for column in columns])
    new, left = Counter(each.role_id for each in shared if each.is_shared), remaining(inputs.problem)
    for column in columns:
        role = int(inputs.roles[column])
        kept, people = together.get(role, (0, 0))
        most = (kept + new[role]) * haste[int(inputs.tasks[column])].people
        if (more := most - people - new[role]) > 0:
            rows = _free(inputs, left, column, [each.pledge_id for each in shared])
            beside = best_for_role(inputs, column, rows, more)
            shared += [each.shared(is_urgent=True) for each in beside]
    return shared


def _free(inputs: MatchInputs, left: Remaining, column: int, asked: Collection[int]) -> Ints:
    """Rows of those who could do it as well, alone, are asked nothing else now and wish for no sibling."""
    places = left.places.copy()
    places[column] = max(1, int(places[column]))
    rows = possible(inputs.problem, replace(left, places=places), column)
    rows = rows[inputs.problem.volunteers.needed[rows] == 1]
    siblings = np.flatnonzero(inputs.tasks == inputs.tasks[column])
    elsewhere = np.isin(inputs.wanted, siblings[siblings != column])
    return rows[~(elsewhere | np.isin(inputs.pledges, list(asked)))[rows]]
