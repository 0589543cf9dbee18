"""No engine is needed here: what the Dockerfile says is read, and its steps are taken by hand."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.processes import wait_until

FULL_TAG = re.compile(r"^python:\d+\.\d+\.\d+-slim-[a-z]+@sha256:[0-9a-f]{64}( AS \w+)?$")


@pytest.fixture(scope="module")
def copied(dockerfile: list[tuple[str, str]]) -> dict[str, str]:
    """Source to target of every COPY from the checkout."""
    pairs = [rest.split() for name, rest in dockerfile if name == "COPY" and "--from" not in rest]
    return {source: target for *sources, target in pairs for source in sources}


def test_both_stages_begin_with_the_same_full_version_and_digest(dockerfile: list[tuple[str, str]]) -> None:
    bases = [rest for name, rest in dockerfile if name == "FROM"]
    assert len(bases) == 2
    assert all(FULL_TAG.match(base) for base in bases)
    assert len({base.split()[0] for base in bases}) == 1


def test_the_image_runs_under_a_number_that_is_not_root(dockerfile: list[tuple[str, str]]) -> None:
    last_stage = dockerfile[max(n for n, (name, _) in enumerate(dockerfile) if name == "FROM") :]
    assert [rest for name, rest in last_stage if name == "USER"] == ["10001:10001"]
    names = [name for name, _ in last_stage]
    assert names.index("USER") > max(n for n, name in enumerate(names) if name in ("RUN", "COPY"))


def test_everything_that_is_copied_exists_and_is_let_through(copied: dict[str, str], root: Path) -> None:
    assert [source for source in copied if not (root / source).exists()] == []
    folders = [root / source for source in copied if (root / source).is_dir()]
    assert [folder.name for folder in folders if not any(path.is_file() for path in folder.rglob("*"))] == []
    let_through = (root / ".dockerignore").read_text(encoding="utf-8").split()
    assert {line.removeprefix("!") for line in let_through if line.startswith("!")} == set(copied)


def test_every_package_is_copied_with_what_it_shows(copied: dict[str, str], root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    shown = [name for name in ("templates", "static", "locale") if any((root / name).rglob("*.*"))]
    assert {package.split("/")[0] for package in packages} | set(shown) <= set(copied)


def test_nothing_of_tests_and_workshop_is_in_the_image(copied: dict[str, str]) -> None:
    """Among that the double of Stripe and the demo's people."""
    assert {"tests", "workshop", "benchmarks", "frontend", "docs", "deploy"} & set(copied) == set()


def test_no_secret_is_baked_in(dockerfile: list[tuple[str, str]]) -> None:
    settled = " ".join(rest for name, rest in dockerfile if name in ("ENV", "ARG"))
    assert not re.search(r"SECRET|PASSWORD|KEY", settled)


def run_step(dockerfile: list[tuple[str, str]], beginning: str) -> str:
    return next(rest for name, rest in dockerfile if name == "RUN" and rest.startswith(beginning))


@pytest.fixture(scope="module")
def image(
    dockerfile: list[tuple[str, str]],
    copied: dict[str, str],
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """What the build stage leaves: /srv, with this environment in place of a fresh installation."""
    srv = tmp_path_factory.mktemp("srv")
    app = srv / "app"
    app.mkdir()
    for source, target in copied.items():
        take = shutil.copytree if (root / source).is_dir() else shutil.copy
        take(root / source, app / target)
    environment = srv / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    packages = next(environment.glob("lib/python*/site-packages"))
    installed = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    # Only the parts, not the .pth of this checkout: what is missing in the image must be missing here.
    for part in installed.iterdir():
        if part.name != "wirbrauchensie.pth":
            (packages / part.name).symlink_to(part)
    step = run_step(dockerfile, "printf").replace("/srv/", f"{srv}/")
    step = step.replace('"$(python -c', f'"$({sys.executable} -c')
    result = subprocess.run(
        ["sh", "-ec", step], cwd=app, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return srv


@pytest.mark.live
def test_the_static_files_are_collected_under_names_with_a_hash(image: Path) -> None:
    manifest = json.loads((image / "app/staticfiles/staticfiles.json").read_text(encoding="utf-8"))
    styles = {name: hashed for name, hashed in manifest["paths"].items() if name.endswith(".css")}
    assert styles
    assert all((image / "app/staticfiles" / hashed).is_file() for hashed in styles.values())
    assert all((image / "app/staticfiles" / f"{hashed}.gz").is_file() for hashed in styles.values())


@contextmanager
def container(image: Path, command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """The command as a container would run it: only its own environment, nothing writable but a folder."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=image / "app", env=environment, stdout=output, stderr=output)
        try:
            yield
            assert process.poll() is None, log.read_text()
        finally:
            process.terminate()
            process.wait(30)


def healthy(test: list[str], environment: dict[str, str], cwd: Path) -> bool:
    kind, *rest = test
    command = ["sh", "-c", *rest] if kind == "CMD-SHELL" else rest
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True).returncode == 0


def becomes_healthy(test: list[str], environment: dict[str, str], cwd: Path, log: Path) -> None:
    deadline = time.monotonic() + 40
    while not healthy(test, environment, cwd):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.3)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(inside: dict[str, str], image: Path, settings: Any) -> dict[str, str]:
    """A container's environment, with a broker number nobody else uses; the database is not up yet."""
    broker = settings.REDIS_URL.split("?")[0]
    return {
        **inside,
        "PATH": f"{image / 'venv/bin'}:{os.environ['PATH']}",
        "DATABASE_URL": "postgresql://app@%2Fnonexistent/app",
        "REDIS_URL": f"{broker}?virtual_host=63" if broker.startswith("redis+socket") else broker,
        "HOSTNAME": socket.gethostname(),
    }


@pytest.mark.live
def test_the_web_container_becomes_healthy(
    compose: dict[str, Any],
    image: Path,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    """And answers at its socket to whom the proxy names, as it does at its port."""
    port, way = str(free_port()), tmp_path / "web.sock"
    here = {"0.0.0.0:8000": f"127.0.0.1:{port}", "unix:/run/web/web.sock": f"unix:{way}"}
    command = [here.get(part, part) for part in compose["services"]["web"]["command"]]
    environment |= {"PORT": port, "HOME": str(tmp_path / "nonexistent")}
    test = compose["services"]["web"]["healthcheck"]["test"]
    assert not healthy(test, environment, image / "app")
    with container(image, command, environment, tmp_path / "log"):
        becomes_healthy(test, environment, image / "app", tmp_path / "log")
        with socket.socket(socket.AF_UNIX) as proxy:
            proxy.connect(str(way))
            proxy.sendall(
                b"GET /healthz HTTP/1.1\r\nHost: helfen.example.org\r\nConnection: close\r\n"
                b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n"
            )
            answer = b"".join(iter(lambda: proxy.recv(65536), b""))
        assert (answer.split(b"\r\n")[0], answer[-2:]) == (b"HTTP/1.1 200 OK", b"ok")
        wait_until(lambda: '"ip": "203.0.113.9"' in (tmp_path / "log").read_text(), what="a line of the log")
        assert way.stat().st_mode & 0o777 == 0o777
    assert "[ERROR]" not in (tmp_path / "log").read_text()
    assert not (tmp_path / "nonexistent").exists()
    assert not healthy(test, environment, image / "app")


@pytest.mark.live
@pytest.mark.parametrize("name", ["worker", "beat"])
def test_the_job_containers_become_healthy(
    compose: dict[str, Any], image: Path, environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    service = compose["services"][name]
    test = [
        part.replace("find /tmp", f"find {shlex.quote(str(tmp_path))}")
        for part in service["healthcheck"]["test"]
    ]
    command = [part.replace("/tmp/", f"{tmp_path}/") for part in service["command"]]
    environment |= {variable: value for variable, value in service["environment"].items() if not value}
    assert not healthy(test, environment, image / "app")
    with container(image, command, environment, tmp_path / "log"):
        becomes_healthy(test, environment, image / "app", tmp_path / "log")
