"""`./dev bench dashboard` compares the figures with queries by hand and tells its target."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from tests.database import template
from tests.processes import ROOT, environment


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
def test_the_last_line_is_the_report_and_the_figures_are_exact() -> None:
    size = ["--people", "300", "--hours", "4000", "--gifts", "5000", "--repeat", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.dashboard", *size],
        cwd=ROOT,
        env=environment(MIGRATED_DATABASE=template(connection.settings_dict)),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["hours"], report["gifts"], report["rollup"]) == (4000, 5000, True)
    assert report["is_exact"] is True
    assert min(report["ratio"], report["range_ratio"], report["month_ratio"]) > 0
    assert report["range_ratio"] == pytest.approx(report["month_read_ms"] / report["grouped_ms"], abs=0.001)
