"""Between the containers: who proves what by which certificate, and what is refused without."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.db import connection
from django.db.utils import ConnectionHandler
from kombu import Connection
from kombu.exceptions import OperationalError

from foundation import sweeps
from foundation.models import SweepRun
from tests.deploy.test_image import free_port
from tests.deploy.tls_door import tls_door
from tests.processes import wait_until
from wirbrauchensie import certificates
from wirbrauchensie.brokers import broker
from wirbrauchensie.dashboard.night_watch import watched
from wirbrauchensie.databases import postgresql
from workshop.runner.account import server_account
from workshop.runner.programs import find_programs, postgres_program

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl, which issue calls, is not here"
)

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
PURPOSES = {"postgres": SERVER, "redis": SERVER} | dict.fromkeys(("app", "product", "worker", "beat"), CLIENT)
# Debian's server speaks TLS; the embedded one was built without.
WITH_TLS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def issue(folder: Path, root: Path) -> dict[str, str]:
    """Make the files as docs/operations.md says; return to whom chown gave what, which only root may do."""
    programs = folder.with_name(f"{folder.name}-programs")
    programs.mkdir(exist_ok=True)
    (programs / "chown").write_text(f'#!/bin/sh\necho "$1 $(basename "$2")" >> {programs}/given\n')
    (programs / "chown").chmod(0o755)
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [str(root / "deploy/tls/issue"), str(folder)],
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    pairs = [line.split() for line in (programs / "given").read_text().splitlines()]
    return {name: number for number, name in pairs}


@pytest.fixture(scope="module")
def owners(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("issued") / "secrets"
    return folder, issue(folder, root)


@pytest.fixture(scope="module")
def issued(owners: tuple[Path, dict[str, str]]) -> Path:
    return owners[0]


@pytest.fixture(scope="module")
def foreign(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody made who has our script but no way to our folder."""
    folder = tmp_path_factory.mktemp("foreign") / "secrets"
    issue(folder, root)
    return folder


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def test_each_file_can_be_read_by_the_one_who_shows_it_alone(
    owners: tuple[Path, dict[str, str]], compose: dict[str, Any], dockerfile: list[tuple[str, str]]
) -> None:
    folder, given = owners
    ours = next(rest for name, rest in reversed(dockerfile) if name == "USER")
    shown = {
        each if isinstance(each, str) else each["source"]: service.get("user", ours)
        for service in compose["services"].values()
        for each in service.get("secrets", [])
    }
    named = {name: user for name, user in shown.items() if name.startswith("tls_") and name != "tls_ca"}
    assert given == named
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "tls_ca": 0o444,
        **dict.fromkeys(named, 0o400),
    }


def test_nobody_can_sign_another_one(issued: Path) -> None:
    authority = certificate(issued / "tls_ca").public_key()
    for name in PURPOSES:
        key = load_pem_private_key((issued / f"tls_{name}").read_bytes(), password=None)
        assert key.public_key() != authority
        assert key.public_key() == certificate(issued / f"tls_{name}").public_key()
    assert b"PRIVATE" not in (issued / "tls_ca").read_bytes()
    assert len(list(issued.iterdir())) == len(PURPOSES) + 1


@pytest.mark.parametrize(("name", "purpose"), PURPOSES.items())
def test_a_certificate_names_its_owner_its_purpose_and_its_end(
    issued: Path, name: str, purpose: x509.ObjectIdentifier
) -> None:
    found = certificate(issued / f"tls_{name}")
    found.verify_directly_issued_by(certificate(issued / "tls_ca"))
    assert [each.value for each in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [name]
    assert list(found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [purpose]
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = [each.value for each in found.extensions if isinstance(each.value, x509.SubjectAlternativeName)]
    assert [each.get_values_for_type(x509.DNSName) for each in names] == (
        [[name]] if purpose == SERVER else []
    )
    assert found.not_valid_after_utc - found.not_valid_before_utc == timedelta(days=400)


def test_what_is_issued_again_ends_what_was_issued_before(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "secrets"
    issue(folder, root)
    (folder / "secret_key").write_text("stays")
    old = certificate(folder / "tls_product")
    issue(folder, root)
    certificate(folder / "tls_product").verify_directly_issued_by(certificate(folder / "tls_ca"))
    with pytest.raises((InvalidSignature, ValueError)):
        old.verify_directly_issued_by(certificate(folder / "tls_ca"))
    assert (folder / "secret_key").read_text() == "stays"


def at_home(address: str, secrets: Path, service: Path) -> str:
    """The address of the compose file, with the files of its container at their places here."""
    placed = address.replace("/run/secrets/tls_ca", str(secrets / "tls_ca"))
    return placed.replace("/run/secrets/tls", str(service))


def to_database() -> socket.socket:
    host, port = connection.settings_dict["HOST"], connection.settings_dict["PORT"] or 5432
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)))
    found = socket.socket(socket.AF_UNIX)
    found.connect(f"{host}/.s.PGSQL.{port}")
    return found


@pytest.fixture
def ask_database(
    db: None, compose: dict[str, Any], issued: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., bool | None]]:
    """Connect with the address of the compose file, as Django does, to a server that shows tls_postgres."""
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.1")
    with tls_door(issued / "tls_postgres", issued / "tls_ca", to_database, asks_first=True) as port:

        def ask(secrets: Path, own: Path, host: str = "postgres", mode: str = "verify-full") -> bool | None:
            address = at_home(compose["services"]["web"]["environment"]["DATABASE_URL"], secrets, own)
            address = address.replace("@postgres/", f"@{host}:{port}/").replace("verify-full", mode)
            entry = postgresql(address, conn_max_age=0)
            mine = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD")}
            database = ConnectionHandler({"default": {**entry, **mine}})["default"]
            try:
                database.ensure_connection()
                return database.connection.pgconn.ssl_in_use
            finally:
                database.close()

        yield ask


@pytest.mark.django_db
def test_the_database_is_believed_by_its_certificate_only(
    ask_database: Callable[..., bool | None], issued: Path, foreign: Path
) -> None:
    own = issued / "tls_product"
    assert ask_database(issued, own) is True
    with pytest.raises(Exception, match="certificate verify failed"):
        ask_database(foreign, own)
    with pytest.raises(Exception, match='for "postgres" does not match host name "localhost"'):
        ask_database(issued, own, host="localhost")
    with pytest.raises(Exception, match="unknown ca"):
        ask_database(issued, foreign / "tls_product")
    with pytest.raises(Exception, match="connection"):
        ask_database(issued, own, mode="disable")


@pytest.fixture
def ask_broker(
    settings: Any, compose: dict[str, Any], issued: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., bool]]:
    """Connect with the address of the compose file, as Celery does, to a server that shows tls_redis."""
    path = settings.REDIS_URL.removeprefix("redis+socket://").split("?")[0]
    resolve = socket.getaddrinfo

    def to_broker() -> socket.socket:
        found = socket.socket(socket.AF_UNIX)
        found.connect(path)
        return found

    def resolved(host: str, *arguments: Any, **more: Any) -> Any:
        return resolve("127.0.0.1" if host == "redis" else host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with tls_door(issued / "tls_redis", issued / "tls_ca", to_broker, asks_first=False) as port:

        def ask(secrets: Path, own: Path, host: str = "redis", *, plain: bool = False) -> bool:
            address = at_home(compose["services"]["beat"]["environment"]["REDIS_URL"], secrets, own)
            address = address.replace("redis:6379", f"{host}:{port}")
            if plain:
                address = address.replace("rediss://", "redis://").partition("?")[0]
            hasty = {"max_retries": 0, "socket_connect_timeout": 10, "socket_timeout": 10}
            with Connection(broker(address), transport_options=hasty) as way:
                return bool(way.default_channel.client.ping())

        yield ask


def test_the_broker_is_believed_by_its_certificate_only(
    ask_broker: Callable[..., bool], issued: Path, foreign: Path
) -> None:
    own = issued / "tls_beat"
    assert ask_broker(issued, own) is True
    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
        ask_broker(foreign, own)
    with pytest.raises(OperationalError, match=r"CERTIFICATE_VERIFY_FAILED.*'localhost'"):
        ask_broker(issued, own, host="localhost")
    with pytest.raises(OperationalError):
        ask_broker(issued, foreign / "tls_beat")
    with pytest.raises(OperationalError):
        ask_broker(issued, own, plain=True)


def test_whom_the_system_believes_is_not_believed_beside_whom_is_named(
    ask_broker: Callable[..., bool], issued: Path, foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(issued / "tls_ca"))
    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
        ask_broker(foreign, issued / "tls_beat")


def test_a_month_before_the_end_somebody_is_told(
    issued: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the files that this process names, of authorities only when the last one ends."""
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {})
    end = certificate(issued / "tls_product").not_valid_after_utc
    settings.REDIS_URL = "redis://redis:6379/0"
    assert certificates.look_at_all(end) == 0
    settings.REDIS_URL = f"rediss://redis:6379/0?ssl_ca_certs={issued}/tls_ca&ssl_certfile={issued}/tls_beat"
    tls = {"sslmode": "verify-full", "sslrootcert": f"{issued}/tls_ca", "sslcert": f"{issued}/tls_product"}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", tls)
    assert certificates.look_at_all(end - timedelta(days=31)) == 3
    with pytest.raises(certificates.CertificateEnds, match=f"/tls_beat ends on {end:%Y-%m-%d}$"):
        certificates.look_at_all(end - timedelta(days=29))
    old_and_new = issued.with_name("authorities")
    old_and_new.write_bytes((issued / "tls_ca").read_bytes() * 2)
    tls["sslrootcert"] = str(old_and_new)
    assert len(certificates.ends()) == 4


@pytest.mark.django_db
def test_the_night_watch_says_what_to_do_before_nothing_works_any_more(issued: Path, settings: Any) -> None:
    settings.REDIS_URL = f"rediss://redis:6379/0?ssl_ca_certs={issued}/tls_ca&ssl_certfile={issued}/tls_beat"
    end = certificate(issued / "tls_beat").not_valid_after_utc
    name = "connections.look_at_certificates"
    sweeps.run(name, end - timedelta(days=31))
    assert SweepRun.objects.get(name=name).failed_at is None
    with pytest.raises(certificates.CertificateEnds):
        sweeps.run(name, end - timedelta(days=29))
    [told] = [each for each in watched(end) if each.name == name]
    assert told.state == "failed"
    assert "Der Betrieb stellt neue aus (docs/operations.md, „Certificates“)" in told.advice


@contextmanager
def server(
    programs: Path, initdb: list[str], command: list[str], root: Path, files: Path, known_by: str = "cert"
) -> Iterator[tuple[Path, int]]:
    """A new database started as its container starts it, without archive; its socket's folder and port."""
    with tempfile.TemporaryDirectory(prefix="wbs-test-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield from started(folder, programs, initdb, command, root, files, known_by)


def started(
    folder: Path,
    programs: Path,
    initdb: list[str],
    command: list[str],
    root: Path,
    files: Path,
    known_by: str,
) -> Iterator[tuple[Path, int]]:
    account = server_account(folder / "data")
    as_server = cast("Any", {"cwd": "/", **(account.as_subprocess_arguments() if account else {})})
    lines = (root / "deploy/postgres/pg_hba.conf").read_text(encoding="utf-8")
    (folder / "pg_hba.conf").write_text(re.sub(r"\bcert$", known_by, lines, flags=re.MULTILINE))
    (folder / "data").mkdir(mode=0o700)
    for name in ("tls_ca", "tls_postgres"):
        shutil.copy(files / name, folder / name)
    for path in [folder, *folder.iterdir()]:
        if account:
            account.own(path)
    port = free_port()
    here = [f"port={port}", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1"]
    options = [
        part.replace("/deploy", str(folder)).replace("/run/secrets", str(folder))
        for part in [*command[1:], *here]
        if part != "-c" and not part.startswith("archive_")
    ]
    subprocess.run(
        [str(programs / "initdb"), "--username=app", "--no-sync", *initdb, str(folder / "data")],
        check=True,
        capture_output=True,
        **as_server,
    )
    arguments = [part for option in options for part in ("-c", option)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(folder / "data"), *arguments],
            stdout=log,
            stderr=log,
            **as_server,
        )
    try:
        wait_until(
            lambda: process.poll() is not None or b"ready to accept" in (folder / "log").read_bytes(),
            what="a database",
        )
        assert process.poll() is None, (folder / "log").read_text()
        with psycopg.connect(
            host=str(folder), port=port, user="app", dbname="postgres", autocommit=True
        ) as way:
            way.execute("CREATE DATABASE app")
            for role in ("product", "worker"):
                way.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'letters'")
        yield folder, port
    finally:
        process.terminate()
        process.wait()


@pytest.mark.live
def test_nobody_comes_in_over_the_network_unencrypted(
    compose: dict[str, Any], root: Path, issued: Path
) -> None:
    """The volume is made with the words of the image; by the socket only the owner comes in.

    The embedded server knows no certificates; here who encrypts would be let in without one.
    """
    programs = postgres_program(find_programs(server_account(issued)), "postgres").parent
    given = compose["services"]["postgres"]
    initdb = shlex.split(given["environment"]["POSTGRES_INITDB_ARGS"])
    command = [part for part in given["command"] if not part.startswith("ssl")]
    with server(programs, initdb, command, root, issued, known_by="trust") as (folder, port):
        for role in ("product", "worker", "app"):
            with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry .*no encryption"):
                psycopg.connect(host="127.0.0.1", port=port, user=role, dbname="app", password="letters")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry for host"):
            psycopg.connect(host=str(folder), port=port, user="product", dbname="app", password="letters")
        with psycopg.connect(host=str(folder), port=port, user="app", dbname="app") as way:
            letters = way.execute(
                "SELECT current_setting('server_encoding'), datcollate, datlocale FROM pg_database"
                " WHERE datname = 'app'"
            ).fetchone()
    assert letters == ("UTF8", "C", "C.UTF-8")


@pytest.mark.live
@pytest.mark.skipif(not WITH_TLS, reason="no PostgreSQL here that was built with TLS")
def test_a_role_comes_in_by_the_certificate_made_out_to_it(
    compose: dict[str, Any], root: Path, issued: Path, foreign: Path
) -> None:
    command = compose["services"]["postgres"]["command"]
    with server(WITH_TLS[-1].parent, ["--encoding=UTF8"], command, root, issued) as (
        _folder,
        port,
    ):

        def enter(role: str, own: Path, **more: str) -> tuple[Any, ...] | None:
            words = {"hostaddr": "127.0.0.1", "sslmode": "verify-full", **more}
            words["sslrootcert"] = str(issued / "tls_ca")
            if own.exists():
                words |= {"sslcert": str(own), "sslkey": str(own)}
            with psycopg.connect(
                host="postgres", port=port, user=role, dbname="app", **cast("Any", words)
            ) as way:
                return way.execute(
                    "SELECT current_user, version, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                ).fetchone()

        assert enter("product", issued / "tls_product") == ("product", "TLSv1.3", "/CN=product")
        assert enter("app", issued / "tls_app") == ("app", "TLSv1.3", "/CN=app")
        assert enter("worker", issued / "tls_worker") == ("worker", "TLSv1.3", "/CN=worker")
        for role, own, said in [
            ("app", issued / "tls_product", 'certificate authentication failed for user "app"'),
            ("worker", issued / "tls_product", 'certificate authentication failed for user "worker"'),
            ("product", issued / "tls_worker", 'certificate authentication failed for user "product"'),
            ("product", issued / "tls_beat", 'certificate authentication failed for user "product"'),
            ("product", issued / "nothing", "connection requires a valid client certificate"),
            ("product", foreign / "tls_product", "unknown ca"),
        ]:
            with pytest.raises(psycopg.OperationalError, match=said):
                enter(role, own)
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry .*no encryption"):
            enter("product", issued / "tls_product", sslmode="disable")
        with pytest.raises(psycopg.OperationalError):
            enter("product", issued / "tls_product", ssl_max_protocol_version="TLSv1.2")
