"""The benchmark runs as documented and compares real runs."""

import json
import subprocess
import sys

import pytest

from tests.processes import ROOT, environment


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
def test_the_last_line_is_the_report() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.outbox", "--mails", "30", "--repeat", "1"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["mails"] == 30
    assert report["ratio"] == pytest.approx(report["baseline_seconds"] / report["seconds"], rel=0.5)
    assert min(report["seconds"], report["two_workers_seconds"], report["second_worker_gain"]) > 0
