"""Random small problems, crowded enough that everything collides."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.matching.building import DAY, Need, Person, problem_of
from volunteers.matching import NO_LIMIT, Problem


def intervals(most: int, length: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Up to `most` intervals of up to `length` quarter hours, on Monday and around the midnight after it."""
    starts = st.integers(0, DAY + 8)
    one = st.tuples(starts, st.integers(1, length)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    return st.lists(one, max_size=most)


def apart(slots: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out slots that overlap an earlier one of the same opportunity."""
    kept: list[tuple[int, int]] = []
    for start, end in slots:
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return kept


def people() -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        windows=intervals(3, 60),
        max_placements=st.integers(0, 3),
        offers_left=st.integers(0, 3),
        hours_limit=st.sampled_from([NO_LIMIT, 0, 6, 12, 20]),
        lat=st.sampled_from([50.80, 50.81, 50.83, float("nan")]),
        max_km=st.sampled_from([0.5, 2.5, float("inf")]),
        fields=st.integers(0, 3),
        districts=st.integers(0, 3),
        skills=st.integers(0, 3),
        lacking=st.integers(0, 3),
        age_groups=st.sampled_from([0, 0, 1]),
        age=st.sampled_from([-1, 17, 40]),
        meets=st.integers(0, 3),
        days_since_asked=st.integers(0, 90),
        paused=st.sampled_from([False, False, False, True]),
    )


def needs() -> st.SearchStrategy[Need]:
    return st.builds(
        Need,
        slots=intervals(2, 20).map(apart),
        effort=st.integers(0, 10),
        places=st.integers(0, 3),
        lat=st.sampled_from([50.80, 50.81, float("nan")]),
        field=st.integers(-1, 2),
        district=st.integers(-1, 2),
        skills=st.sampled_from([0, 0, 1, 2]),
        age_groups=st.sampled_from([0, 0, 1, 2]),
        min_age=st.sampled_from([0, 0, 18]),
        requires=st.sampled_from([0, 0, 1, 3]),
        need=st.integers(0, 1000),
    )


@st.composite
def problems(draw: st.DrawFn, most_people: int = 5, most_needs: int = 5) -> Problem:
    """Problems in which some pairs are forbidden and some chosen. Nobody is placed yet."""
    everybody = draw(st.lists(people(), max_size=most_people))
    everything = draw(st.lists(needs(), max_size=most_needs))
    forbidden, chosen = [], []
    if everybody and everything:
        pair = st.tuples(st.integers(0, len(everybody) - 1), st.integers(0, len(everything) - 1))
        forbidden = draw(st.lists(pair, max_size=2))
        chosen = draw(st.lists(pair, max_size=2))
    return problem_of(everybody, everything, forbidden=forbidden, chosen=chosen)
