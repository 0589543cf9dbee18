import os
import shutil
import subprocess
from pathlib import Path

import pytest

from workshop.runner.console import Refusal
from workshop.runner.programs import (
    installed_programs,
    is_same_tree,
    postgres_program,
    readable_copy,
    valkey_program,
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return readable_copy(installed_programs(), tmp_path_factory.mktemp("copies"))


def test_the_copied_programs_run_where_they_are(copy: Path) -> None:
    for program in (
        postgres_program(copy, "postgres"),
        postgres_program(copy, "initdb"),
        valkey_program(copy),
    ):
        assert program.is_relative_to(copy)
        result = subprocess.run([program, "--version"], capture_output=True, text=True)
        assert result.returncode == 0
        assert not result.stderr


def test_a_complete_copy_is_used_again(copy: Path) -> None:
    before = copy.stat().st_ino
    assert readable_copy(installed_programs(), copy.parent) == copy
    assert copy.stat().st_ino == before
    assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name]


def test_a_copy_that_lost_a_file_is_made_anew(copy: Path) -> None:
    postgres_program(copy, "initdb").unlink()
    assert not is_same_tree(installed_programs(), copy)
    assert readable_copy(installed_programs(), copy.parent) == copy
    assert is_same_tree(installed_programs(), copy)


def test_others_may_read_the_copy_but_not_write_to_it(copy: Path) -> None:
    modes = {path.stat().st_mode & 0o777 for path in [copy, *copy.rglob("*")]}
    assert all(mode & 0o044 == 0o044 and not mode & 0o022 for mode in modes)


def test_a_copy_that_somebody_else_could_have_made_is_refused(tmp_path: Path) -> None:
    made = readable_copy(installed_programs(), tmp_path)
    made.chmod(0o777)
    with pytest.raises(Refusal) as refusal:
        readable_copy(installed_programs(), tmp_path)
    assert str(refusal.value) == (
        f"{made} belongs to somebody else; remove it, the server programs are copied there."
    )
    shutil.rmtree(made)
    os.symlink(installed_programs(), made)
    with pytest.raises(Refusal):
        readable_copy(installed_programs(), tmp_path)
    assert made.is_symlink()
