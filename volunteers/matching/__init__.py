"""Who helps where: arrays in, proposals, reasons and a certificate out. No Django, no database, no clock."""

from volunteers.matching.board import NO_PRICE
from volunteers.matching.edges import Edges
from volunteers.matching.explanation import Obstacle, Reason, ReasonCode, obstacles, reasons, refusals
from volunteers.matching.gates import Refusal
from volunteers.matching.intervals import grouped, merged_windows
from volunteers.matching.newcomer import Suggestion, best_for_new_volunteer
from volunteers.matching.problem import (
    CONTACT_WITH_MINORS,
    NO_LIMIT,
    NONE,
    REQUIRES_CLEARANCE,
    WEEK,
    Opportunities,
    Pairs,
    Problem,
    Volunteers,
    Weights,
)
from volunteers.matching.solver import Result, solve

__all__ = [
    "CONTACT_WITH_MINORS",
    "NONE",
    "NO_LIMIT",
    "NO_PRICE",
    "REQUIRES_CLEARANCE",
    "WEEK",
    "Edges",
    "Obstacle",
    "Opportunities",
    "Pairs",
    "Problem",
    "Reason",
    "ReasonCode",
    "Refusal",
    "Result",
    "Suggestion",
    "Volunteers",
    "Weights",
    "best_for_new_volunteer",
    "grouped",
    "merged_windows",
    "obstacles",
    "reasons",
    "refusals",
    "solve",
]
