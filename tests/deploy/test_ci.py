import os
import shutil
import stat
import subprocess
from pathlib import Path


def test_ci_calls_exactly_the_tests_and_passes_their_result_on(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(root / ".ci/run", tmp_path / ".ci/run")
    dev = tmp_path / "dev"
    dev.write_text('#!/bin/sh\necho "$PWD: $(basename "$0") $*"\nexit 7\n')
    dev.chmod(0o755)
    result = subprocess.run([tmp_path / ".ci/run"], cwd="/", capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (7, f"{tmp_path}: dev test\n")


def test_both_scripts_may_be_run(root: Path) -> None:
    assert all(os.stat(root / name).st_mode & stat.S_IXUSR for name in ("dev", ".ci/run"))
