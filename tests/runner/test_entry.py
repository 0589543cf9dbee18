"""The script ./dev with the Pythons of a bare machine, and the commands it refuses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.runner.place import ROOT

HINT = "; on Debian: apt-get install python3 python3-pip\n"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with the tools of POSIX and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "cut"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


def dev(tools: Path | None, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = {"PATH": str(tools)} if tools else {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [ROOT / "dev", *arguments], env={**path, **environment}, cwd="/", capture_output=True, text=True
    )


def fake_python(tools: Path, name: str, says: str) -> None:
    script = tools / name
    script.write_text(f'#!/bin/sh\ncase "$1" in --version) echo "{says}";; *) exit 1;; esac\n')
    script.chmod(0o755)


def test_a_machine_without_python_is_told_what_to_install(tools: Path) -> None:
    result = dev(tools, "run")
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr == f"./dev needs Python 3.11 or newer with pip 22.3 or newer (found no python3){HINT}"
    )


def test_an_old_python_is_named(tools: Path) -> None:
    fake_python(tools, "python3", "Python 3.9.2")
    result = dev(tools, "run")
    assert result.returncode == 1
    assert result.stderr == (
        f"./dev needs Python 3.11 or newer with pip 22.3 or newer (found Python 3.9.2, no pip){HINT}"
    )


def test_a_newer_python_beside_an_old_one_is_found(tools: Path) -> None:
    fake_python(tools, "python3", "Python 3.9.2")
    base = Path(sys.base_prefix) / "bin" / "python3"
    (tools / "python3.11").write_text(f'#!/bin/sh\nexec {base} "$@"\n')
    (tools / "python3.11").chmod(0o755)
    result = dev(tools, "help")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.startswith("Usage: ./dev COMMAND [ARGUMENTS]\n")


def test_an_activated_environment_is_looked_behind() -> None:
    path = os.environ["PATH"].removeprefix(f"{sys.prefix}/bin:")
    result = dev(None, "help", PATH=f"{sys.prefix}/bin:{path}", VIRTUAL_ENV=sys.prefix)
    assert result.returncode == 0


def test_help_names_every_command() -> None:
    lines = dev(None, "help").stderr.splitlines()
    assert [line.split()[0] for line in lines[2:]] == [
        "run",
        "stop",
        "test",
        "check",
        "mutate",
        "bench",
        "manage",
        "backup",
        "restore",
        "sbom",
        "servers",
    ]
    assert dev(None).stderr.splitlines() == lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fly"], "./dev knows no command 'fly'; ./dev help lists them.\n"),
        (
            ["run", "now"],
            "./dev run takes no arguments; HOST, PORT and all settings are read from the environment.\n",
        ),
        (["stop", "now"], "./dev stop takes no arguments.\n"),
        (["check", "all"], "./dev check takes no arguments.\n"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(arguments: list[str], sentence: str) -> None:
    result = dev(None, *arguments)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", sentence)


@pytest.mark.parametrize("name", ["", "nonsense", "../manage", "matching.py"])
def test_a_benchmark_that_is_not_written_is_refused(name: str) -> None:
    result = dev(None, "bench", name)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"There is no benchmark {name!r}; there are: ")


def test_what_is_compiled_is_kept_whatever_the_machine_says(tools: Path) -> None:
    script = tools / "python3"
    script.write_text(
        '#!/bin/sh\n[ "$1" = -c ] || echo "${PYTHONDONTWRITEBYTECODE-nothing} $PYTHONSAFEPATH $*"\n'
    )
    script.chmod(0o755)
    result = dev(tools, "run", PYTHONDONTWRITEBYTECODE="1")
    assert (result.returncode, result.stdout) == (0, "nothing 1 -m workshop.runner run\n")
