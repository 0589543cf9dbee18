"""Distances within a city: flat earth, whole metres, so that every later step computes in integers."""

from __future__ import annotations

import numpy as np

from volunteers.matching.problem import Floats, Ints, Opportunities, Problem

METRES_PER_DEGREE = 111_320.0


def flat(lat: Floats, lon: Floats, opportunities: Opportunities) -> tuple[Floats, Floats]:
    """Metres to the north and to the east on a plane that touches the earth amid the opportunities."""
    known = opportunities.lat[~np.isnan(opportunities.lat)]
    middle = float(np.median(known)) if len(known) else 0.0
    return lat * METRES_PER_DEGREE, lon * (METRES_PER_DEGREE * np.cos(np.radians(middle)))


def metres_between(problem: Problem, volunteer: Ints, opportunity: Ints) -> Ints:
    """Whole metres per pair, -1 where one of the two positions is unknown."""
    volunteers, opportunities = problem.volunteers, problem.opportunities
    north, east = flat(volunteers.lat, volunteers.lon, opportunities)
    there_north, there_east = flat(opportunities.lat, opportunities.lon, opportunities)
    distance = np.hypot(
        north[volunteer] - there_north[opportunity], east[volunteer] - there_east[opportunity]
    )
    return np.where(np.isnan(distance), -1, np.rint(np.nan_to_num(distance))).astype(np.int64)
