"""What two web processes count is one sum, whichever of them is asked."""

import http.client
import re
import socket
from pathlib import Path

import pytest

from tests.processes import PATIENCE_SECONDS, environment, process, wait_until

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

COUNTED = re.compile(
    r'^django_http_responses_total_by_status_view_method_total\{.*?status="200",view="healthz"\} (\S+)$', re.M
)


def ask(port: int, path: str) -> tuple[int, str]:
    """Ask over a connection of its own, so that the kernel chooses the process anew."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def test_every_process_tells_what_all_have_counted(tmp_path: Path) -> None:
    log, scratch = tmp_path / "web.log", tmp_path / "scratch"
    scratch.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = ["gunicorn", "--config", "python:wirbrauchensie.web_server", "--bind", f"127.0.0.1:{port}"]
    with process(server, environment(TMPDIR=str(scratch)), log) as running:
        wait_until(lambda: ask(port, "/healthz")[0] == 200, what="an answer", log=log)
        for _each in range(30):
            assert ask(port, "/healthz")[0] == 200
        pages = [ask(port, "/metrics")[1] for _each in range(12)]
        [folder] = scratch.glob("wbs-metrics-*")
        processes = {re.findall(r"\d+", path.name)[-1] for path in folder.glob("counter_*.db")}
        assert len(processes) >= 2, "only one process ever answered"
        found = [float(COUNTED.findall(page)[0]) for page in pages]
        assert set(found) == {found[0]}
        assert found[0] >= 31
        assert all("sweeps_late" in page and "outbox_messages" in page for page in pages)
        running.terminate()
        running.wait(PATIENCE_SECONDS)
    assert list(scratch.glob("wbs-metrics-*")) == []
