"""The reasons given for a pair."""

from __future__ import annotations

import pytest

from tests.matching.building import Need, Person, at, pairs_of, problem_of
from volunteers.matching import Obstacle, Problem, Reason, ReasonCode, Refusal, obstacles, reasons


def why(person: Person, need: Need, **more: object) -> tuple[Reason, ...]:
    (found,) = reasons(problem_of([person], [need], **more), pairs_of([(0, 0)]))  # type: ignore[arg-type]
    return found


def test_every_reason_is_given_with_its_values() -> None:
    person = Person(
        fields=0b110,
        districts=0b1000,
        languages=0b011,
        skills=0b101,
        age_groups=0b110,
        lat=50.8043 + 1.2 / 111.32,
    )
    need = Need(
        slots=(at(1, 16, 2), at(3, 16, 2)),
        field=2,
        district=3,
        languages=0b110,
        skills=0b100,
        age_groups=0b010,
        places=4,
    )
    assert why(person, need) == (
        Reason(ReasonCode.FREE_ON, (1, 3)),
        Reason(ReasonCode.DISTANCE, (1200,)),
        Reason(ReasonCode.FIELD, (2,)),
        Reason(ReasonCode.DISTRICT, (3,)),
        Reason(ReasonCode.LANGUAGE, (1,)),
        Reason(ReasonCode.SKILL, (2,)),
        Reason(ReasonCode.AGE_GROUP, (1,)),
        Reason(ReasonCode.NEEDS_YOU, (0, 4)),
    )


def test_what_nobody_chose_is_no_reason() -> None:
    filled = [(0, 0)]
    assert why(Person(), Need(slots=(), lat=float("nan"), lon=float("nan")), confirmed=filled) == (
        Reason(ReasonCode.FLEXIBLE),
    )


def test_needs_you_is_said_while_at_most_half_the_places_are_filled() -> None:
    people = [Person() for _ in range(4)]
    for filled, said in ((2, True), (3, False)):
        problem = problem_of(people, [Need(places=4)], confirmed=[(i, 0) for i in range(filled)])
        (found,) = reasons(problem, pairs_of([(3, 0)]))
        assert (Reason(ReasonCode.NEEDS_YOU, (filled, 4)) in found) is said


def test_a_weekday_with_two_slots_is_named_once() -> None:
    need = Need(slots=(at(4, 10, 1), at(4, 14, 1), at(0, 14, 1)))
    assert why(Person(), need)[0] == Reason(ReasonCode.FREE_ON, (0, 4))


def test_reasons_come_in_the_order_of_the_pairs() -> None:
    problem = problem_of([Person(fields=1), Person(fields=2)], [Need(field=0), Need(field=1)])
    found = reasons(problem, pairs_of([(1, 1), (0, 1), (0, 0)]))
    assert [[reason.code for reason in line].count(ReasonCode.FIELD) for line in found] == [1, 0, 1]
    assert reasons(problem, pairs_of([])) == []


def test_what_is_said_of_many_pairs_alike_is_made_once() -> None:
    problem = problem_of([Person(fields=1), Person(fields=3)], [Need(field=0), Need(field=1)])
    one, other, third = reasons(problem, pairs_of([(0, 0), (1, 0), (1, 1)]))
    assert one == other
    assert all(mine is yours for mine, yours in zip(one, other, strict=True))
    assert (Reason(ReasonCode.FIELD, (0,)) in one, Reason(ReasonCode.FIELD, (1,)) in third) == (True, True)


def test_a_skill_to_learn_is_a_reason_of_its_own_and_none_once_it_is_there() -> None:
    need = Need(skills=0b11)
    learner = Person(skills=0b01, learning=0b111)
    assert Reason(ReasonCode.SKILL, (0,)) in why(learner, need, chosen=[(0, 0)])
    assert Reason(ReasonCode.LEARNS, (1,)) in why(learner, need, chosen=[(0, 0)])
    assert ReasonCode.LEARNS not in {reason.code for reason in why(Person(skills=3, learning=3), need)}


def in_the_way(problem: Problem) -> tuple[Obstacle, ...]:
    (found,) = obstacles(problem, pairs_of([(0, 0)]))
    return found


@pytest.mark.parametrize(
    ("person", "need", "obstacle"),
    [
        (Person(skills=0b01), Need(skills=0b111), Obstacle(Refusal.SKILL, (1, 2))),
        (Person(languages=0b1), Need(languages=0b1010), Obstacle(Refusal.LANGUAGE, (1, 3))),
        (Person(age_groups=0b1), Need(age_groups=0b100), Obstacle(Refusal.AGE_GROUP, (2,))),
        (Person(age=16), Need(min_age=18), Obstacle(Refusal.AGE, (18,))),
        (Person(hours_limit=8), Need(effort=9), Obstacle(Refusal.HOURS, (9,))),
        (Person(max_km=1, lat=50.8043 + 1.2 / 111.32), Need(), Obstacle(Refusal.DISTANCE, (1200,))),
        (Person(paused=True), Need(), Obstacle(Refusal.PAUSED)),
        (
            Person(windows=(at(1, 15, 3),)),
            Need(slots=(at(1, 16, 2), at(3, 22, 2), at(4, 0, 1))),
            Obstacle(Refusal.TIME, (*at(3, 22, 2), *at(4, 0, 1))),
        ),
    ],
)
def test_an_obstacle_tells_what_is_missed(person: Person, need: Need, obstacle: Obstacle) -> None:
    assert in_the_way(problem_of([person], [need])) == (obstacle,)


def test_of_a_chosen_task_only_the_skill_said_not_to_be_there_is_missed() -> None:
    person, need = Person(skills=0b001, learning=0b010, lacking=0b100), Need(skills=0b1111)
    assert in_the_way(problem_of([person], [need])) == (Obstacle(Refusal.SKILL, (1, 2, 3)),)
    chosen = problem_of([person], [need], chosen=[(0, 0)])
    assert in_the_way(chosen) == (Obstacle(Refusal.SKILL, (2,)),)


def test_obstacles_come_in_the_order_of_the_pairs_and_a_possible_one_has_none() -> None:
    problem = problem_of([Person(), Person(age=16)], [Need(min_age=18), Need(places=0)])
    found = obstacles(problem, pairs_of([(1, 0), (0, 0), (1, 1)]))
    assert [[each.refusal for each in line] for line in found] == [
        [Refusal.AGE],
        [],
        [Refusal.NO_PLACE_LEFT],
    ]
