"""Logs of a product that runs for weeks."""

import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from workshop.runner.log_files import DailyLogs
from workshop.runner.processes import spawn

MONDAY = date(2026, 11, 23)


@pytest.fixture
def logs(tmp_path: Path) -> DailyLogs:
    return DailyLogs(tmp_path, MONDAY)


def text(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_on_the_next_day_it_begins_anew_and_the_writer_notices_nothing(logs: DailyLogs) -> None:
    with (logs.folder / "web.log").open("a") as web:
        web.write("monday\n")
        web.flush()
        logs.turn(MONDAY)
        assert text(logs.folder) == {"web.log": "monday\n"}
        logs.turn(MONDAY + timedelta(days=1))
        web.write("tuesday\n")
        web.flush()
    assert text(logs.folder) == {"web.log": "tuesday\n", "web.log.2026-11-23": "monday\n"}


def test_after_seven_days_it_is_forgotten(logs: DailyLogs) -> None:
    (logs.folder / "web.log").write_text("")
    for day in range(1, 20):
        logs.turn(MONDAY + timedelta(days=day))
    asides = [name for name in text(logs.folder) if name != "web.log"]
    assert asides[0] == "web.log.2026-12-05"
    assert asides[-1] == "web.log.2026-12-11"
    assert len(asides) == 7


def test_what_an_earlier_run_left_is_forgotten_at_the_start(tmp_path: Path) -> None:
    for name in ("web.log.2026-11-15", "web.log.2026-11-16", "notes.txt", "postgres.log"):
        (tmp_path / name).write_text("x")
    DailyLogs(tmp_path, MONDAY)
    assert set(text(tmp_path)) == {"web.log.2026-11-16", "notes.txt", "postgres.log"}


def test_a_second_start_on_the_same_day_adds_to_what_was_put_aside(logs: DailyLogs) -> None:
    for line in ("early\n", "late\n"):
        (logs.folder / "web.log").write_text(line)
        DailyLogs(logs.folder, MONDAY).turn(MONDAY + timedelta(days=1))
    assert text(logs.folder)["web.log.2026-11-23"] == "early\nlate\n"


def test_nobody_else_reads_them(logs: DailyLogs) -> None:
    before = os.umask(0)
    try:
        log = logs.folder / "child.log"
        spawn(["true"], log=log).wait()
        logs.turn(MONDAY + timedelta(days=1))
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in logs.folder.iterdir()}
    assert modes == {"child.log": 0o600, "child.log.2026-11-23": 0o600}
