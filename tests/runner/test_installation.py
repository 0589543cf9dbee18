"""When the environment is good as it is, when it is renewed, and that a moved folder finds itself."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from workshop.runner.console import Refusal
from workshop.runner.installation import (
    DEVELOPMENT_LOCK,
    RUN_LOCK,
    install,
    is_current,
    let_find_the_project,
    runs,
    stamp,
)
from workshop.runner.place import ENVIRONMENT, ROOT


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    folder = tmp_path / ".venv"
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


def test_the_environment_of_these_tests_is_current() -> None:
    record = (ENVIRONMENT / "installed").read_text(encoding="utf-8").splitlines()
    assert stamp(DEVELOPMENT_LOCK) in record
    assert is_current(ENVIRONMENT, DEVELOPMENT_LOCK)
    assert is_current(ENVIRONMENT, RUN_LOCK)


def test_a_changed_lock_is_noticed(tmp_path: Path) -> None:
    changed = tmp_path / RUN_LOCK.name
    changed.write_bytes(RUN_LOCK.read_bytes() + b"\n")
    assert not is_current(ENVIRONMENT, changed)


def test_an_environment_without_its_parts_is_not_current_whatever_its_record_says(environment: Path) -> None:
    (environment / "installed").write_text(stamp(RUN_LOCK))
    assert runs(environment)
    assert not is_current(environment, RUN_LOCK)


def test_what_cannot_be_installed_is_refused_with_the_end_of_the_log(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("nonsense==1 --hash=sha256:00\n")
    with pytest.raises(Refusal) as refusal:
        install(tmp_path / ".venv", lock)
    first, *log = str(refusal.value).splitlines()
    assert first == "The parts of requirements.txt could not be installed:"
    assert log
    assert not is_current(tmp_path / ".venv", lock)


def test_an_environment_whose_python_is_gone_is_made_anew(environment: Path) -> None:
    assert runs(environment)
    (environment / "bin/python").unlink()
    assert not runs(environment)
    (environment / "bin/python").symlink_to("/nonexistent/python3")
    assert not runs(environment)


def test_a_moved_folder_finds_itself(tmp_path: Path) -> None:
    for name in ("before", "after"):
        package = tmp_path / name / "platform" / "wirbrauchensie"
        if name == "before":
            package.mkdir(parents=True)
            (package / "__init__.py").write_text("")
            venv.create(tmp_path / name / ".venv", with_pip=False, symlinks=True)
            let_find_the_project(tmp_path / name / ".venv")
        else:
            (tmp_path / "before").rename(tmp_path / "after")
        found = subprocess.run(
            [
                tmp_path / name / ".venv/bin/python",
                "-c",
                "import wirbrauchensie; print(wirbrauchensie.__file__)",
            ],
            cwd="/",
            capture_output=True,
            text=True,
        )
        assert found.stdout.strip() == str(package / "__init__.py"), found.stderr


def test_the_folder_platform_does_not_hide_the_standard_library() -> None:
    text = "import platform, uuid, wirbrauchensie, programs; print(platform.python_version())"
    found = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.strip() == ".".join(map(str, sys.version_info[:3])), found.stderr
