"""`./dev run` in a checkout of its own: first start, second start, kill -9, a dead child."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.processes import PATIENCE_SECONDS
from workshop.runner.instance import holder
from workshop.runner.place import ENVIRONMENT, ROOT
from workshop.runner.processes import Identity, is_running, wait_until

pytestmark = pytest.mark.live
NOT_PART_OF_A_CHECKOUT = shutil.ignore_patterns(".git", ".run", ".venv*", "node_modules", ".*_cache")
TABLES = ("accounts_user", "programs_district", "volunteers_timepledge", "programs_opportunity")
SETTINGS = (
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "REDIS_URL",
    "PYTHONPATH",
    "SECRET_KEY",
    "DEMO",
    "PRODUCTION",
    "EMAIL_FILE_PATH",
)


class Checkout:
    """A copy of this project with the same environment and data of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder / "output"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return {**kept, "PORT": str(self.port), "HOME": str(self.folder / "home")}

    def dev(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment() | extra
        return subprocess.run(
            [self.folder / "dev", *arguments], env=environment, capture_output=True, text=True
        )

    def run(self) -> "subprocess.Popen[bytes]":
        """Start it and return when it says that it is ready, however slow the machine is just now."""
        with self.output.open("wb") as output:
            process = subprocess.Popen(
                [self.folder / "dev", "run"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until(lambda: process.poll() is not None or "Logs: " in self.said(), PATIENCE_SECONDS)
        assert "Logs: " in self.said(), self.said()
        return process

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def readiness(self) -> tuple[int, dict[str, object]]:
        """What it says of itself, asked again: on a busy machine a sweep may be late for a moment."""
        found: list[tuple[int, dict[str, object]]] = []

        def is_ready() -> bool:
            address = f"http://127.0.0.1:{self.port}/readyz"
            try:
                with urllib.request.urlopen(address, timeout=20) as answer:
                    found.append((answer.status, json.load(answer)))
            except urllib.error.HTTPError as error:
                found.append((error.code, json.load(error)))
            return found[-1][0] == 200

        wait_until(is_ready, PATIENCE_SECONDS, every=1)
        return found[-1]

    def processes(self) -> dict[str, Identity]:
        entries = json.loads((self.folder / ".run/processes.json").read_text())
        return {name: Identity(*entry) for name, entry in entries.items()}

    def count(self, table: str) -> int:
        sockets = (self.folder / ".run/sockets").read_text().strip()
        with psycopg.connect(host=sockets, user="postgres", dbname="app") as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index,arg-type]


def payment_address(checkout: Checkout) -> str:
    return f"http://127.0.0.1:{(checkout.folder / '.run/stripe-port').read_text()}".strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: "subprocess.Popen[bytes]", signum: signal.Signals) -> int:
    process.send_signal(signum)
    return process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    folder = tmp_path_factory.mktemp("checkout") / "project"
    shutil.copytree(ROOT, folder, ignore=NOT_PART_OF_A_CHECKOUT, symlinks=True)
    (folder / ".venv").symlink_to(ENVIRONMENT)
    made = Checkout(folder)
    yield made
    made.dev("stop")


@pytest.fixture(autouse=True)
def _nothing_is_left_running(checkout: Checkout) -> Iterator[None]:
    yield
    if holder(checkout.folder / ".run"):
        checkout.dev("stop")


def test_everything_comes_up_says_where_it_is_and_ends_with_ctrl_c(checkout: Checkout) -> None:
    process = checkout.run()
    said = checkout.said()
    address = f"http://127.0.0.1:{checkout.port}"
    assert re.search(rf"^Ready after \d+\.\d s: {re.escape(address)}/$", said, re.MULTILINE)
    assert re.search(r"^\s*\S+@\S+", said, re.MULTILINE)
    assert f"{address}/demo/post/ (files in {checkout.folder / '.run/mails'})" in said
    everything = dict.fromkeys(["database", "migrations", "sweeps", "broker"], "ok")
    assert checkout.readiness() == (200, {"ready": True, "checks": everything})
    assert checkout.get("/healthz")[0] == 200
    assert checkout.get("/")[0] == 200
    assert checkout.get("/demo/post/")[0] == 200
    members = checkout.processes()
    assert set(members) == {"postgres", "valkey", "stripe", "web", "worker", "beat"}
    assert checkout.count("programs_district") > 0

    second = checkout.dev("run")
    assert (second.returncode, second.stderr) == (
        1,
        f"./dev run already runs in this folder (process {process.pid}); ./dev stop ends it.\n",
    )
    code = (
        "from django.conf import settings as s\n"
        "print(s.DATABASES['default']['NAME'], s.STRIPE_API_BASE, s.PUBLIC_BASE_URL)"
    )
    shell = checkout.dev("manage", "shell", "--no-imports", "--command", code, PORT="")
    assert (shell.returncode, shell.stdout) == (0, f"app {payment_address(checkout)} {address}\n")
    assert checkout.readiness()[0] == 200

    file = checkout.folder / "town.dump"
    backup = checkout.dev("backup", str(file))
    assert (backup.returncode, file.exists()) == (0, True), backup.stderr
    restore = checkout.dev("restore", str(file))
    assert (restore.returncode, restore.stderr) == (1, second.stderr)

    sockets = Path((checkout.folder / ".run/sockets").read_text().strip())
    assert sockets.is_dir()
    assert end(process, signal.SIGINT) == 0
    assert checkout.said().endswith("Stopping …\nStopped. All data are kept.\n")
    assert not any(is_running(member) for member in members.values())
    assert not (checkout.folder / ".run/processes.json").exists()
    assert not (checkout.folder / ".run/public-base-url").exists()
    assert not sockets.exists()

    restore = checkout.dev("restore", str(file))
    assert restore.returncode == 0, restore.stderr
    assert re.search(r"DROP DATABASE app_before_\d{8}_\d{6};$", restore.stderr.strip())
    assert not (checkout.folder / ".run/sockets").exists()


def test_kill_9_leaves_nobody_behind_and_the_next_start_finds_all_data(checkout: Checkout) -> None:
    process = checkout.run()
    members = checkout.processes()
    rows = [checkout.count(table) for table in TABLES]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = checkout.run()
    said = checkout.said()
    assert "Creating the database" not in said
    assert "Collecting the static files" not in said
    assert [checkout.count(table) for table in TABLES] == rows
    assert not any(is_running(member) for member in members.values())
    assert checkout.readiness()[0] == 200

    members = checkout.processes()
    stop = checkout.dev("stop")
    assert (stop.returncode, stop.stderr) == (
        0,
        f"Stopping process {again.pid} …\nNothing runs in this folder any more.\n",
    )
    assert again.wait(PATIENCE_SECONDS) == 0
    assert not any(is_running(member) for member in members.values())


def test_if_one_process_dies_all_stop_and_it_is_named(checkout: Checkout) -> None:
    process = checkout.run()
    members = checkout.processes()
    os.kill(members["worker"].pid, signal.SIGKILL)
    assert process.wait(PATIENCE_SECONDS) == 1
    assert "\nThe process 'worker' ended (signal 9), so everything stops; its log " in checkout.said()
    assert not any(is_running(member) for member in members.values())


def test_a_port_in_use_is_refused_before_anything_starts(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", checkout.port)):
        result = checkout.dev("run")
    assert (result.returncode, result.stderr) == (
        1,
        f"Port {checkout.port} on 127.0.0.1 cannot be used (Address already in use); "
        f"choose another one: PORT={checkout.port + 1} ./dev run\n",
    )
    assert not (checkout.folder / ".run/processes.json").exists()


def test_production_is_refused_without_servers_of_its_own(checkout: Checkout) -> None:
    result = checkout.dev("run", PRODUCTION="1")
    assert result.returncode == 1
    assert result.stderr == "In production DATABASE_URL and REDIS_URL must be set.\n"


def test_tests_run_on_servers_of_their_own_and_pass_their_result_on(checkout: Checkout) -> None:
    test = checkout.folder / "tests" / "test_here.py"
    test.write_text(
        "import os, pathlib, psycopg\n"
        "from django.db import connection\n"
        "def test_here():\n"
        f"    sockets = pathlib.Path({str(checkout.folder / '.run/test/sockets')!r}).read_text().strip()\n"
        "    assert connection.settings_dict['HOST'] == sockets\n"
        "    with psycopg.connect(host=sockets, user='postgres', dbname='postgres') as server:\n"
        "        assert server.execute('SELECT 1').fetchone() == (1,)\n"
        "    assert os.environ.get('GOOD') == '1'\n"
    )
    good = checkout.dev("test", "tests/test_here.py", GOOD="1")
    assert (good.returncode, good.stdout.splitlines()[-1][:8]) == (0, "1 passed")
    bad = checkout.dev("test", "tests/test_here.py")
    assert (bad.returncode, bad.stdout.splitlines()[-1][:8]) == (1, "1 failed")
    test.unlink()


def test_stopping_what_does_not_run_is_no_error(checkout: Checkout) -> None:
    stop = checkout.dev("stop")
    assert (stop.returncode, stop.stderr) == (0, "Nothing runs in this folder any more.\n")
