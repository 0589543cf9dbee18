import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.runner.console import Refusal
from workshop.runner.instance import holder, only_instance
from workshop.runner.processes import identify

HOLD = (
    "import pathlib, time; from workshop.runner.instance import only_instance\n"
    "with only_instance(pathlib.Path({!r}), 'run'):\n"
    "    print('held', flush=True); time.sleep(600)"
)


@pytest.mark.live
def test_a_second_instance_is_told_who_holds_the_folder(
    tmp_path: Path, python_child: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    first = python_child(HOLD.format(str(tmp_path)))
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    assert holder(tmp_path) == identify(first.pid)
    with pytest.raises(Refusal) as refusal, only_instance(tmp_path, "run"):
        pass
    assert str(refusal.value) == (
        f"./dev run already runs in this folder (process {first.pid}); ./dev stop ends it."
    )
    assert holder(tmp_path) == identify(first.pid)


@pytest.mark.live
def test_a_killed_holder_frees_the_folder(
    tmp_path: Path, python_child: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    first = python_child(HOLD.format(str(tmp_path)))
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert holder(tmp_path) is None
    with only_instance(tmp_path, "run"):
        assert holder(tmp_path) == identify(os.getpid())
    assert holder(tmp_path) is None


def test_nobody_holds_a_folder_without_a_lock(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
