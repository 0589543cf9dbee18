"""The benchmark runs as documented and compares real runs."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from benchmarks.outbox import PRODUCT_QUEUE
from foundation.sweeps import run_sweep
from outbox.services.queue import SEND_DUE
from tests.database import template
from tests.processes import ROOT, environment


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
