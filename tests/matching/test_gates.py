"""Every hard gate, alone; the fast search for candidates agrees with the gates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.matching.building import WHOLE_WEEK, Need, Person, at, chosen, possible, problem_of
from tests.matching.random_problems import problems
from volunteers.matching import (
    CONTACT_WITH_MINORS,
    REQUIRES_CLEARANCE,
    Problem,
    Refusal,
    refusals,
    solve,
)

TUESDAY = at(1, 16, 2)
NAN = float("nan")


@pytest.mark.parametrize(
    ("refusal", "person", "need"),
    [
        (Refusal.PAUSED, Person(paused=True), Need()),
        (Refusal.CONTACT_BUDGET, Person(offers_left=0), Need()),
        (Refusal.NO_PLACEMENT_LEFT, Person(max_placements=0), Need()),
        (Refusal.NO_PLACE_LEFT, Person(), Need(places=0)),
        (Refusal.TOO_FEW_PLACES, Person(heads=3), Need(places=2)),
        (Refusal.TOO_FEW_PLACES, Person(heads=3), Need(places=0)),
        (Refusal.TIME, Person(windows=(at(1, 15, 2),)), Need(slots=(TUESDAY,))),
        (Refusal.TIME, Person(windows=(at(1, 16, 1.75),)), Need(slots=(TUESDAY,))),
        (Refusal.TIME, Person(windows=(at(1, 16.25, 2),)), Need(slots=(TUESDAY,))),
        (Refusal.TIME, Person(windows=()), Need()),
        (Refusal.TIME, Person(windows=(TUESDAY,)), Need(slots=(TUESDAY, at(3, 16, 2)))),
        (Refusal.TIME, Person(windows=(at(1, 16, 1), at(1, 17.25, 1))), Need(slots=(TUESDAY,))),
        (Refusal.HOURS, Person(hours_limit=7), Need(effort=8)),
        (Refusal.DISTANCE, Person(max_km=2), Need(lat=50.8243)),
        (Refusal.CLEARANCE, Person(), Need(requires=REQUIRES_CLEARANCE)),
        (Refusal.CONTACT_WITH_MINORS, Person(meets=1), Need(requires=CONTACT_WITH_MINORS)),
        (Refusal.AGE, Person(age=17), Need(min_age=18)),
        (Refusal.AGE, Person(age=-1), Need(min_age=1)),
        (Refusal.AGE_GROUP, Person(age_groups=0b011), Need(age_groups=0b100)),
        (Refusal.SKILL, Person(skills=0b01), Need(skills=0b11)),
        (Refusal.LANGUAGE, Person(languages=0b001), Need(languages=0b110)),
    ],
)
def test_a_closed_gate_is_named_and_nothing_is_proposed(refusal: Refusal, person: Person, need: Need) -> None:
    problem = problem_of([person], [need])
    assert refusals(problem, 0, 0) == (refusal,)
    assert chosen(solve(problem)) == []


@pytest.mark.parametrize(
    ("person", "need"),
    [
        (Person(windows=(TUESDAY,)), Need(slots=(TUESDAY,))),
        (Person(windows=(at(1, 16, 1), at(1, 17, 1))), Need(slots=(TUESDAY,))),
        (Person(windows=(at(0, 22, 4),)), Need(slots=(at(0, 23, 2),))),
        (Person(windows=(at(0, 22, 4),)), Need(slots=(at(1, 1, 1),))),
        (Person(windows=(TUESDAY, at(3, 15, 4))), Need(slots=(TUESDAY, at(3, 16, 2)))),
        (Person(windows=()), Need(slots=())),
        (Person(hours_limit=8), Need(effort=8)),
        (Person(max_km=2.3), Need(lat=50.8243)),
        (Person(lat=NAN, lon=NAN, max_km=1), Need()),
        (Person(max_km=1), Need(lat=NAN, lon=NAN)),
        (Person(meets=3), Need(requires=REQUIRES_CLEARANCE | CONTACT_WITH_MINORS)),
        (Person(age=18), Need(min_age=18)),
        (Person(age=-1), Need()),
        (Person(age_groups=0b110), Need(age_groups=0b100)),
        (Person(age_groups=0), Need(age_groups=0b100)),
        (Person(skills=0b111), Need(skills=0b11)),
        (Person(languages=0b100), Need(languages=0b110)),
        (Person(fields=0b10), Need(field=0)),
    ],
)
def test_an_open_pair_is_proposed(person: Person, need: Need) -> None:
    problem = problem_of([person], [need])
    assert refusals(problem, 0, 0) == ()
    assert chosen(solve(problem)) == [(0, 0)]


def test_a_forbidden_pair_is_not_proposed_again() -> None:
    problem = problem_of([Person(), Person()], [Need()], forbidden=[(0, 0)])
    assert refusals(problem, 0, 0) == (Refusal.FORBIDDEN,)
    assert chosen(solve(problem)) == [(1, 0)]


def test_all_closed_gates_are_named() -> None:
    problem = problem_of([Person(windows=(), paused=True)], [Need(min_age=60, skills=1)])
    assert refusals(problem, 0, 0) == (Refusal.PAUSED, Refusal.TIME, Refusal.AGE, Refusal.SKILL)


def test_unmerged_windows_would_have_lost_a_slot_across_both() -> None:
    halves = Person(windows=(at(2, 14, 1), at(2, 15, 1)))
    assert chosen(solve(problem_of([halves], [Need(slots=(at(2, 14.5, 1),))]))) == [(0, 0)]


def test_a_volunteer_far_away_from_all_opportunities_gets_none() -> None:
    munich = Person(lat=48.137, lon=11.575, max_km=30, windows=WHOLE_WEEK)
    assert chosen(solve(problem_of([munich], [Need(), Need(slots=())]))) == []


def test_the_radius_reaches_across_cells_of_the_grid() -> None:
    needs = [
        Need(lat=50.8043 + north / 111.32, lon=6.4823 + east / 70.4)
        for north in (-9, 0, 9)
        for east in (-9, 0, 9)
    ]
    problem = problem_of([Person(max_km=9.2, max_placements=3)], needs)
    near = [j for j in range(9) if not refusals(problem, 0, j)]
    assert near == [1, 3, 4, 5, 7]
    assert sorted(possible(problem).opportunity.tolist()) == near


@given(problems())
def test_candidates_are_exactly_the_pairs_that_pass_every_gate(problem: Problem) -> None:
    edges = possible(problem)
    found = set(zip(edges.volunteer.tolist(), edges.opportunity.tolist(), strict=True))
    rows = range(len(problem.volunteers))
    passing = {(i, j) for i in rows for j in range(len(problem.opportunities)) if not refusals(problem, i, j)}
    assert found == passing


def test_a_problem_cannot_be_changed_by_solving_it() -> None:
    problem = problem_of([Person(max_placements=2)], [Need(), Need(slots=())], confirmed=[(0, 0)])
    before = replace(problem)
    solve(problem)
    assert solve(problem).inputs_hash == solve(before).inputs_hash


class TestATaskThePersonChose:
    @pytest.mark.parametrize(
        ("person", "need"),
        [
            (Person(), Need(skills=0b11)),
            (Person(learning=0b11), Need(skills=0b11)),
            (Person(skills=0b01, learning=0b10), Need(skills=0b11)),
            (Person(lacking=0b100), Need(skills=0b011)),
            (Person(skills=0b1, lacking=0b1), Need(skills=0b1)),
            (Person(age_groups=0b01), Need(age_groups=0b10)),
        ],
    )
    def test_is_not_closed_by_what_is_soft(self, person: Person, need: Need) -> None:
        problem = problem_of([person], [need], chosen=[(0, 0)])
        assert refusals(problem, 0, 0) == ()
        assert chosen(solve(problem)) == [(0, 0)]

    @pytest.mark.parametrize(
        ("refusal", "person", "need"),
        [
            (Refusal.SKILL, Person(lacking=0b10), Need(skills=0b11)),
            (Refusal.SKILL, Person(skills=0b01, lacking=0b10), Need(skills=0b11)),
            (Refusal.LANGUAGE, Person(learning=0b1), Need(languages=0b1)),
            (Refusal.AGE, Person(age=16), Need(min_age=18)),
            (Refusal.HOURS, Person(hours_limit=7), Need(effort=8)),
            (Refusal.TIME, Person(windows=()), Need()),
            (Refusal.NO_PLACE_LEFT, Person(), Need(places=0)),
        ],
    )
    def test_is_closed_by_a_no_and_by_what_is_hard(
        self, refusal: Refusal, person: Person, need: Need
    ) -> None:
        problem = problem_of([person], [need], chosen=[(0, 0)])
        assert refusals(problem, 0, 0) == (refusal,)
        assert chosen(solve(problem)) == []

    def test_opens_it_for_nobody_else(self) -> None:
        problem = problem_of([Person(), Person(learning=1)], [Need(skills=1)], chosen=[(1, 0)])
        assert refusals(problem, 0, 0) == (Refusal.SKILL,)
        assert chosen(solve(problem)) == [(1, 0)]
