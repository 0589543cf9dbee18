"""`./dev bench`: a benchmark is a module beside the apps, not a script whose folder hides them."""

import subprocess
import sys
from typing import Any

import pytest

from workshop.runner.commands import bench
from workshop.runner.place import ROOT


def test_a_benchmark_is_run_as_a_module_and_its_result_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """benchmarks/outbox.py is named like an app: as a script it would stand before it."""
    asked: list[tuple[list[Any], dict[str, Any]]] = []

    def run(arguments: list[Any], **more: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append((arguments, more))
        return subprocess.CompletedProcess(arguments, 3)

    monkeypatch.setattr(subprocess, "run", run)
    assert bench.main(["outbox", "--mails", "5"]) == 3
    command = [sys.executable, "-m", "benchmarks.outbox", "--mails", "5"]
    (((started, told)),) = asked
    assert (started, told["cwd"], told["check"]) == (command, ROOT, False)
