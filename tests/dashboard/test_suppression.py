from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from wirbrauchensie.dashboard import suppression
from wirbrauchensie.dashboard.suppression import Cell

FROM = 5
suppressed = partial(suppression.suppressed, shown_from=FROM)
total = partial(suppression.total, shown_from=FROM)


def column(*people: int) -> list[Cell]:
    return [Cell(each, each) for each in people]


def shown(cells: list[Cell]) -> list[int | None]:
    return [cell.shown for cell in cells]


def test_four_people_are_hidden_and_five_are_shown() -> None:
    assert shown(suppressed(column(4, 5, 3, 9))) == [None, 5, None, 9]


def test_nobody_is_a_figure_that_hurts_nobody() -> None:
    assert shown(suppressed(column(0, 7, 0))) == [0, 7, 0]


def test_a_single_hidden_cell_takes_the_next_smallest_along() -> None:
    assert shown(suppressed(column(2, 30, 8, 12))) == [None, 30, None, 12]


def test_hidden_cells_that_are_too_few_together_take_another_along() -> None:
    assert shown(suppressed(column(1, 1, 20, 6))) == [None, None, 20, None]


def test_a_total_that_would_give_a_cell_away_is_hidden() -> None:
    assert total(suppressed(column(2, 0, 0))).shown is None
    assert total(suppressed(column(2, 6, 0))).shown == 8
    assert total(suppressed(column(0, 0))).shown == 0
    assert total(suppressed(column(1, 1))).shown is None
    assert total(suppressed(column(3, 3))).shown == 6


def test_sums_are_hidden_by_the_people_behind_them_not_by_their_size() -> None:
    cells = suppressed([Cell(90_000, 2), Cell(50, 40), Cell(70, 50)])
    assert shown(cells) == [None, None, 70]


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=30))
def test_what_is_hidden_cannot_be_worked_out(people: list[int]) -> None:
    cells = suppressed(column(*people))
    assert [cell.value for cell in cells] == people
    assert not any(cell.shown is not None and 0 < cell.people < FROM for cell in cells)
    sum_cell = total(cells)
    hidden = [cell.people for cell in cells if cell.is_hidden]
    if sum_cell.shown is not None:
        assert not hidden or (len(hidden) >= 2 and sum(hidden) >= FROM)
        assert sum_cell.shown == 0 or sum_cell.people >= FROM
    if not any(0 < each < FROM for each in people):
        assert not hidden
