"""Which faults are put into code, and which places are left alone."""

from pathlib import Path

import pytest

from workshop.runner.mutants import mutant_at, places, places_in

FILE = Path("base/gifts.py")


def changes(text: str) -> list[str]:
    """Return what each mutant of this text changes."""
    mutants = [mutant_at(place) for place in places_in(FILE, text)]
    return [mutant.change for mutant in mutants if mutant]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("    return cents < 2500", "    return cents <= 2500"),
        ("    return cents < 2500", "    return cents < 2501"),
        ("    return cents == 1 and True", "    return cents == 1 or True"),
        ("    return cents == 1 and True", "    return cents == 1 and False"),
        ("    return not cents", "    return cents"),
        ("    return gifts(pk=1, open=2)", "    return gifts(open=2)"),
        ("    return gifts(pk=1, open=2)", "    return gifts(pk=None, open=2)"),
        ("    x = cents", "    x = None"),
        ("    return 'paid'", "    return 'XXpaidXX'"),
        ("    return 1 if cents else 2", "    return 1 if (cents) and False else 2"),
    ],
)
def test_a_decision_is_turned_around(line: str, fault: str) -> None:
    assert f"- {line.strip()} + {fault.strip()}" in changes(f"def is_small(cents):\n{line}\n")


@pytest.mark.parametrize(
    "text",
    [
        "import gifts\nfrom gifts import paid as received\n",
        "def f(x: 'Gift | None') -> 'dict[str, int]': ...\n",
        '"""Ab 25 Euro."""\n',
        "@rule(25)\ndef f(): ...\n",
        "if TYPE_CHECKING:\n    Someone = User | None\n",
        "def f():\n    return _('Ab 25 Euro')\n",
        "T = TypeVar('T')\n",
        "def f():\n    raise Refused('not an amount')\n",
        "def f(text):\n    raise Refused(f'not an amount: {text}') from error\n",
        "def f():\n    return rows.select_related('donor', 'fund')\n",
        "CENTS = x\n",
        "State = Literal['paid', 'lost']\n",
        "__all__ = ['Gift', 'paid']\n",
    ],
)
def test_what_decides_nothing_is_left_alone(text: str) -> None:
    assert changes(text) == []


def test_a_reason_that_others_read_is_not_left_alone() -> None:
    assert changes("def f():\n    raise Refused('too_late')\n") == [
        "- raise Refused('too_late') + raise Refused(None)",
        "- raise Refused('too_late') + raise Refused('XXtoo_lateXX')",
        "- raise Refused('too_late') + raise Refused('TOO_LATE')",
    ]


def test_what_stands_before_and_behind_a_hint_is_not_left_alone() -> None:
    found = changes("def f():\n    return rows(1).select_related('donor').filter(pk=7)\n")
    assert found == [
        "- return rows(1).select_related('donor').filter(pk=7) + " + instead
        for instead in [
            "return rows(1).select_related('donor').filter(pk=None)",
            "return rows(None).select_related('donor').filter(pk=7)",
            "return rows(2).select_related('donor').filter(pk=7)",
            "return rows(1).select_related('donor').filter(pk=8)",
        ]
    ]


def test_other_lists_of_words_are_not_left_alone() -> None:
    assert changes("ALL = ['Gift']\n") == [
        f"- ALL = ['Gift'] + ALL = ['{word}']" for word in ("XXGiftXX", "gift", "GIFT")
    ]
    assert changes("gifts.__all__ = ['Gift']\n") != []


def test_capitals_are_left_alone_in_a_pattern_that_does_not_look_at_them() -> None:
    text = r"""X = (
    r"(?i:\b(?:asyl[(]"
    r"|heißt"
    r"|(?-i:Rom)"
    r"|taub))"
)"""
    assert changes(text) == [
        r'- r"(?i:\b(?:asyl[(]" + r"XX(?i:\b(?:asyl[(]XX"',
        '- r"|heißt" + r"XX|heißtXX"',
        '- r"|heißt" + r"|HEISST"',
        '- r"|(?-i:Rom)" + r"XX|(?-i:Rom)XX"',
        '- r"|(?-i:Rom)" + r"|(?-i:rom)"',
        '- r"|(?-i:Rom)" + r"|(?-I:ROM)"',
        '- r"|taub))" + r"XX|taub))XX"',
    ]


@pytest.mark.parametrize(
    "pattern", ['r"(?i:asyl)" r"|taub"', 'r"(?:asyl" r"|taub)"', 'r"(?i:asyl" r"\\)|taub"']
)
def test_capitals_are_not_left_alone_in_any_other_pattern(pattern: str) -> None:
    assert f"- X = {pattern} + X = {pattern.replace('taub', 'TAUB')}" in changes(f"X = {pattern}\n")


def test_a_decorated_function_and_a_table_have_their_faults() -> None:
    assert "- return 1 + return 2" in changes("@atomic\ndef f():\n    return 1\n")
    assert '- MOVES = {"open": set()} + MOVES = {"OPEN": set()}' in changes('MOVES = {"open": set()}\n')


def test_a_mutant_has_one_fault_and_knows_its_place(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    text = "# two lines\nLEAST = 1\n\n\ndef f(cents):\n    return cents > LEAST\n"
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    first, second = (mutant_at(place) for place in places([FILE], tmp_path))
    assert first is not None
    assert second is not None
    assert (first.path, first.line, first.text) == (FILE, 2, text.replace("LEAST = 1", "LEAST = 2"))
    assert (second.path, second.line, second.text) == (FILE, 6, text.replace("cents >", "cents >="))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


def test_what_would_be_no_python_is_no_mutant() -> None:
    text = "def f(rows):\n    for row in rows:\n        continue\n"
    assert changes(text) == ["- continue + break"]
    assert changes("for row in rows:\n    break\n") == []
