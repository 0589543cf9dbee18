"""The tests that may take longer, each with a reason that a person has read: tests/slow.txt."""

import ast
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from workshop.runner.console import say
from workshop.runner.place import ROOT

LIST = ROOT / "tests" / "slow.txt"
SECONDS = 3.0


def listed(text: str) -> dict[str, str]:
    """Return the reason of every test on the list; lines are `path::test | reason`, `#` begins a comment."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    entries = [line.partition("|") for line in lines]
    return {name.strip(): reason.strip() for name, _bar, reason in entries}


def faults(entries: Mapping[str, str], root: Path) -> list[str]:
    """Return a sentence for every entry without reason and for every one whose test is gone."""
    gone = [f"{name}: there is no such test." for name in entries if not exists(name, root)]
    return gone + [f"{name}: no reason is given." for name, reason in entries.items() if not reason]


def exists(name: str, root: Path) -> bool:
    path, *names = name.split("::")
    if not (root / path).is_file():
        return False
    body: list[ast.stmt] = ast.parse((root / path).read_text(encoding="utf-8")).body
    for each in names:
        found = [
            node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == each
        ]
        if not found:
            return False
        body = found[0].body
    return bool(names)


def unlisted(seconds: Mapping[str, float], entries: Iterable[str]) -> list[tuple[str, float]]:
    """Return the tests that took longer than allowed and are not on the list, slowest first.

    `seconds` has an entry per case, `path::test[parameters]`; the list names a test once for all its cases.
    """
    slowest: dict[str, float] = {}
    for case, took in seconds.items():
        name = case.partition("[")[0]
        slowest[name] = max(took, slowest.get(name, 0.0))
    found = [(name, took) for name, took in slowest.items() if took > SECONDS and name not in set(entries)]
    return sorted(found, key=lambda each: -each[1])


def main() -> int:
    """Exit code 1 when the list names what does not exist or says not why."""
    found = faults(listed(LIST.read_text(encoding="utf-8")), ROOT)
    for sentence in found:
        say(sentence)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
