"""The statement around a line, the function a fault changes, and the living function with its faulty code."""

import gc
from collections.abc import Callable

import pytest

from workshop.runner.live_code import changed_function, exchange, living, place_of, statement

TEXT = """\
LEAST = (
    25
)


def fee(
    cents,
    least=LEAST,
):
    if (
        cents
        < least
    ):
        return 1
    else:
        total = sum(
            [cents, 2]
        )
    return total


class Gift:
    limit = 3

    def is_small(self):
        return 1
"""


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (1, range(1, 4)),
        (2, range(1, 4)),
        (4, range(4, 5)),
        (8, range(6, 10)),
        (12, range(10, 14)),
        (14, range(14, 15)),
        (17, range(16, 19)),
        (19, range(19, 20)),
        (23, range(23, 24)),
        (25, range(25, 26)),
    ],
)
def test_a_statement_is_whole_and_without_those_inside_it(line: int, lines: range) -> None:
    assert statement(TEXT, line) == lines


SOUND = """\
def outer(cents):
    return [each + 1 for each in cents]


class Gift:
    limit = 3

    @property
    def is_small(self):
        def under(cents):
            return cents < 5
        return under(self.limit)
"""


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("each + 1", "each + 2", "outer"),
        ("cents < 5", "cents <= 5", "Gift.is_small"),
        ("under(self.limit)", "under(self.limits)", "Gift.is_small"),
        ("limit = 3", "limit = 4", None),
        ("outer(cents)", "outer(cents=None)", None),
    ],
)
def test_the_outermost_function_with_the_fault_is_exchanged(old: str, new: str, name: str | None) -> None:
    codes = changed_function(SOUND, SOUND.replace(old, new), "gifts.py")
    assert (codes and [each.co_qualname for each in codes]) == (name and [name, name])


def compiled(text: str, file: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(text, file, "exec"), names)
    return names


def wrapped(function: Callable[[], int]) -> Callable[[], int]:
    return lambda: function()


def test_whoever_holds_the_function_gets_the_fault() -> None:
    text = "def fee():\n    return 1\n"
    held = compiled(text, "held.py")["fee"]
    elsewhere = compiled(text, "elsewhere.py")["fee"]
    assert callable(held)
    assert callable(elsewhere)
    codes = changed_function(text, text.replace("1", "2"), "held.py")
    assert codes is not None
    assert exchange(living(), *codes)
    assert (wrapped(held)(), elsewhere()) == (2, 1)


def test_what_is_taken_out_of_the_collectors_sight_is_found_too() -> None:
    """As `tests/conftest.py` does with all that the run has imported."""
    gc.freeze()
    mine = (test_whoever_holds_the_function_gets_the_fault, living)
    assert all(each in living()[place_of(each.__code__)] for each in mine)


def test_what_a_decorator_has_made_already_gets_the_fault_too() -> None:
    text = "def guard(fee):\n    def guarded():\n        return fee() + 1\n    return guarded\n"
    make = compiled(text, "guards.py")["guard"]
    assert callable(make)
    made = make(lambda: 10)
    codes = changed_function(text, text.replace("+ 1", "+ 2"), "guards.py")
    assert codes is not None
    assert exchange(living(), *codes)
    assert (made(), make(lambda: 20)()) == (12, 22)


def test_a_function_that_nobody_holds_cannot_be_exchanged() -> None:
    text = "def fee():\n    return 1\n"
    codes = changed_function(text, text.replace("1", "2"), "nowhere.py")
    assert codes is not None
    assert place_of(codes[0]) == ("nowhere.py", "fee", 1)
    assert not exchange(living(), *codes)
