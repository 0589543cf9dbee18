"""The groups of `./dev test` leave nobody out."""

from tests.processes import ROOT
from workshop.runner.commands.test import GROUPS

ALONE = "pytest.mark." + "alone"


def test_what_needs_the_machine_alone_stands_where_it_is_looked_for() -> None:
    looked_through = [ROOT / each for each in GROUPS["tests that need the machine alone"] if "/" in each]
    files = [each for each in (ROOT / "tests").rglob("*.py") if ALONE in each.read_text(encoding="utf-8")]
    assert files
    assert [each for each in files if not set(looked_through) & set(each.parents)] == []
