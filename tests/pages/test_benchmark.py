"""`./dev bench pages` measures the real page and tells its target."""

import json
import subprocess

import pytest
from django.db import connection

from tests.database import template
from tests.processes import ROOT, environment


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
def test_the_last_line_is_the_report() -> None:
    done = subprocess.run(
        [ROOT / "dev", "bench", "pages", "--tasks", "13", "--repeat", "3"],
        cwd=ROOT,
        env=environment(MIGRATED_DATABASE=template(connection.settings_dict)),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["page"] == "/zeit/"
    assert report["queries"] == 4
    assert 2_000 < report["bytes"] < 10_000
    measured = (
        "list_query_ms",
        "queries_ms",
        "page_ms",
        "processor_ms",
        "ratio_quiet",
        "ratio_list_query",
        "ratio",
    )
    assert min(report[name] for name in measured) > 0
