"""The reasons given for a pair."""

from __future__ import annotations

from tests.matching.building import Need, Person, at, pairs_of, problem_of
from volunteers.matching import Reason, ReasonCode, reasons


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
