"""The benchmark runs as documented and compares real runs."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.outbox import PRODUCT_QUEUE
from foundation.sweeps import run_sweep
from outbox.services.queue import SEND_DUE
from tests.database import template
from tests.processes import ROOT, environment, wait_until
from workshop.runner.processes import Identity, identify, is_running


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
def test_the_last_line_is_the_report_whatever_nudges_others_have_left() -> None:
    for queue in (None, PRODUCT_QUEUE):
        run_sweep.apply_async(kwargs={"name": SEND_DUE}, queue=queue)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.outbox", "--mails", "30", "--repeat", "1", "--round-trip-ms", "1"],
        cwd=ROOT,
        env=environment(MIGRATED_DATABASE=template(connection.settings_dict)),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["mails"], report["round_trip_ms"]) == (30, 1.0)
    assert report["ratio"] == pytest.approx(report["baseline_seconds"] / report["seconds"], rel=0.5)
    assert min(report["seconds"], report["two_workers_seconds"], report["second_worker_gain"]) > 0


def below(pid: int) -> set[Identity]:
    """Return who runs under `pid`, however far down; nobody if it has just ended."""
    found = set()
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                known = identify(child)
                found |= ({known} if known else set()) | below(child)
    return found


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("way", "told"),
    [
        (["benchmarks.outbox"], signal.SIGKILL),
        (["benchmarks.outbox"], signal.SIGTERM),
        (["workshop.runner", "bench", "outbox"], signal.SIGKILL),
    ],
)
def test_who_ends_it_ends_its_workers_and_its_mail_server(
    way: list[str], told: signal.Signals, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", *way, "--mails", "20000"],
            cwd=ROOT,
            env=environment(MIGRATED_DATABASE=template(connection.settings_dict)),
            stdout=output,
            stderr=output,
        ) as running,
    ):
        try:
            wait_until(
                lambda: running.poll() is not None or len(below(running.pid)) >= 5 + len(way) // 2,
                what="two workers, their children and a mail server",
            )
            assert running.poll() is None, log.read_text()
            family = below(running.pid)
        finally:
            os.kill(running.pid, told)
    wait_until(lambda: not any(map(is_running, family)), what="the end of all of them")
