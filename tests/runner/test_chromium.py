import os
from pathlib import Path

import pytest

from workshop.runner.chromium import MISSING, ensure_chromium, find_chromium
from workshop.runner.console import Refusal


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only programs of this machine: none, and so no apt-get either."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def add(programs: Path, name: str, code: int = 0) -> str:
    program = programs / name
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    return str(program)


def test_the_distributions_browser_is_found(programs: Path) -> None:
    browser = add(programs, "chromium-browser")
    assert find_chromium() == browser
    assert ensure_chromium(is_ci=True) == browser


def test_one_that_does_not_start_is_passed_over(programs: Path) -> None:
    add(programs, "chromium", code=1)
    assert find_chromium() is None
    browser = add(programs, "google-chrome")
    assert find_chromium() == browser


def test_the_one_that_is_named_comes_first(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(programs, "chromium")
    mine = add(programs, "mine")
    monkeypatch.setenv("CHROMIUM", mine)
    assert find_chromium() == mine


def test_without_one_a_person_reads_one_line(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ensure_chromium(is_ci=False) is None
    assert capsys.readouterr().err == f"{MISSING}\n"


def test_without_one_ci_fails(programs: Path) -> None:
    with pytest.raises(Refusal, match=r"^There is no Chromium, and CI must not skip the browser tests\.$"):
        ensure_chromium(is_ci=True)


def test_root_installs_it_from_the_distribution(programs: Path, tmp_path: Path) -> None:
    script = programs / "apt-get"
    script.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n'
        f'if [ "$1" = install ]; then printf "#!/bin/sh\\n" > {programs}/chromium; '
        f"/bin/chmod 755 {programs}/chromium; fi\n"
    )
    script.chmod(0o755)
    found = ensure_chromium(is_ci=False)
    calls = (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []
    as_root = [f"{programs}/chromium", ["update -qq", "install -qq -y --no-install-recommends chromium"]]
    assert [found, calls] == (as_root if os.geteuid() == 0 else [None, []])
