import pytest

from workshop.runner.commands.check import CHECKS, check
from workshop.runner.console import Refusal
from workshop.runner.place import ROOT

pytestmark = pytest.mark.live


def test_failed_checks_are_named_and_shown_after_all_have_ended(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refusal) as refusal:
        check(
            {
                "names": (["sh", "-c", "echo a name is wrong; exit 1"], {}),
                "order": (["true"], {}),
                "words": (["sh", "-c", 'echo "$WORD"; exit 2'], {"WORD": "utils"}),
            }
        )
    assert str(refusal.value) == "Failed: names, words."
    assert capsys.readouterr().err.splitlines() == [
        "Checking …",
        "  FAILED  names",
        "    a name is wrong",
        "  ok      order",
        "  FAILED  words",
        "    utils",
    ]


def test_passed_checks_say_nothing_more_than_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    check({"order": (["sh", "-c", "echo much"], {})})
    first, second, last = capsys.readouterr().err.splitlines()
    assert (first, second) == ("Checking …", "  ok      order")
    assert last.startswith("All checks passed in ")


def test_the_folder_platform_is_looked_at_first() -> None:
    title, (command, _) = next(iter(CHECKS.items()))
    assert (title, command) == (
        "platform/ is a folder, not a package",
        ["test", "!", "-e", "platform/__init__.py"],
    )
    assert not (ROOT / "platform/__init__.py").exists()
