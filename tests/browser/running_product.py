"""The whole product on a database of its own, as `./dev run` starts it."""

import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from psycopg import connect, sql

from tests.processes import ROOT, database_address, environment, kill_group, wait_until
from workshop.runner import product
from workshop.runner.configuration import DEMO_STRIPE, Address
from workshop.runner.processes import spawn


@dataclass(frozen=True)
class Product:
    """Where a running product is found."""

    url: str
    double_url: str
    database: str
    mails: Path
    logs: Path


@contextmanager
def fresh_database(name: str, template: str = "template1") -> Iterator[str]:
    """A database beside the one of the tests, empty or a copy of `template`; dropped at the end."""
    identifier = sql.Identifier(name)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(identifier, sql.Identifier(template))
    with connect(database_address("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        server.execute(create)
        try:
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@contextmanager
def running(database: str, folder: Path) -> Iterator[Product]:
    """Bring everything up, from the schema to a `/readyz` that says 200, and kill all of it at the end."""
    address = Address("127.0.0.1", free_port())
    mails, logs = folder / "mails", folder / "logs"
    mails.mkdir()
    env = surroundings(address, database, folder)
    with ExitStack() as stack:

        def start(name: str, command: list[str]) -> None:
            child = spawn(command, log=logs / f"{name}.log", env=env, cwd=ROOT)
            stack.callback(kill_group, child)

        port_file = folder / "stripe-port"
        start("stripe", [*product.stripe_double(address, folder), "--sepa-delay", "1"])
        prepare(env)
        wait_until(port_file.exists, what="the payment double", log=logs / "stripe.log")
        env["STRIPE_API_BASE"] = f"http://127.0.0.1:{port_file.read_text().strip()}"
        start("web", product.web(address))
        start("worker", product.worker())
        start("beat", product.beat(folder))
        wait_until(
            lambda: is_ready(address.url),
            what="/readyz 200",
            log=logs / "web.log",
            every=0.25,
        )
        yield Product(address.url, env["STRIPE_API_BASE"], database, mails, logs)


@contextmanager
def web_alone(database: str, folder: Path) -> Iterator[Product]:
    """Bring up only the web server, with files as they lie there: no worker would know this database."""
    address = Address("127.0.0.1", free_port())
    env = surroundings(address, database, folder, HASHED_STATIC="0")
    log = folder / "web.log"
    child = spawn(product.web(address), log=log, env=env, cwd=ROOT)
    try:
        wait_until(lambda: answers(address.url), what="the home page", log=log, every=0.25)
        yield Product(address.url, address.url, database, folder, folder)
    finally:
        kill_group(child)


def surroundings(address: Address, database: str, folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of the product at `address` on `database`."""
    return environment(
        DATABASE_URL=database_address(database),
        DEMO="1",
        PUBLIC_BASE_URL=address.url,
        EMAIL_FILE_PATH=str(folder / "mails"),
        STATIC_ROOT=str(folder / "static"),
        RATE_LIMITS="off",
        PYTHONUNBUFFERED="1",
        **DEMO_STRIPE,
        **more,
    )


def prepare(env: dict[str, str]) -> None:
    """Bring schema, city and static files up to date."""
    for command in (["migrate", "--no-input"], ["load_city", "dueren"], ["collectstatic", "--no-input"]):
        done = subprocess.run(
            [*product.MANAGE, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(url: str) -> bool:
    return answers(f"{url}/readyz")


def answers(address: str) -> bool:
    """Whether `address` answers with 200."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False
