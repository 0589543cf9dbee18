"""The archive of the containers, with a real server: the base backup and the log bring back the last row."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.deploy.stores import RCLONE, running_store
from tests.processes import wait_until
from workshop.runner.account import Account
from workshop.runner.postgres import Postgres
from workshop.runner.programs import POSTGRES
from workshop.runner.servers import find_servers

# The image of the database brings GnuPG along; a machine that only runs the product needs none.
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG, which the container has, is not here"),
]


class Site:
    """A server with the archive of the containers, its backups, and who holds the private key."""

    def __init__(self, folder: Path, scripts: Path) -> None:
        self.folder = folder
        self.server = find_servers(folder / "data", durable=False).postgres
        self.scripts = self.own(shutil.copytree(scripts, folder / "deploy"))
        self.backups, self.home = self.own(folder / "backups"), self.own(folder / "home")
        self.home.chmod(0o700)
        self.key = folder / "backup_public_key"
        self.environment = {
            "PATH": f"{self.server.programs / POSTGRES}:{os.environ['PATH']}",
            "BACKUPS": str(self.backups),
            "BACKUP_KEY": str(self.key),
            "PGHOST": str(self.server.sockets),
            "PGUSER": "postgres",
        }
        nobody_knows = ["--batch", "--passphrase", ""]
        self.gpg(*nobody_knows, "--quick-gen-key", "Backup <backup@example.org>", "future-default")
        self.key.write_bytes(self.gpg("--export"))

    @property
    def account(self) -> Account | None:
        return self.server.account

    def own(self, path: Path) -> Path:
        path.mkdir(exist_ok=True)
        if self.account:
            self.account.own(path)
        return path

    def call(self, *command: str, **extra: str) -> bytes:
        """Run as the account of the server does."""
        as_server = self.account.as_subprocess_arguments() if self.account else {}
        environment = {**self.environment, **extra}
        done = subprocess.run(command, env=environment, cwd="/", capture_output=True, **as_server)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def gpg(self, *arguments: str) -> bytes:
        return self.call("gpg", "--quiet", *arguments, GNUPGHOME=str(self.home))

    def start(self, server: Postgres, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        with (server.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        for name, value in {**self.environment, "GNUPGHOME": str(self.home)}.items():
            monkeypatch.setenv(name, value)
        server.start(dies_with_us=True)

    def segments(self) -> list[Path]:
        return sorted((self.backups / "wal").glob("*.gpg"))


@pytest.fixture
def site(root: Path) -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="wbs-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    made = Site(folder, root / "deploy/postgres")
    yield made
    identity = made.server.running()
    if identity:
        made.server.stop(identity)
    subprocess.run(["gpgconf", "--homedir", str(made.home), "--kill", "all"], check=False)
    shutil.rmtree(made.server.sockets, ignore_errors=True)
    shutil.rmtree(folder)


def write(server: Postgres, *values: int) -> None:
    with server.connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS gift (cents int)")
        for value in values:
            connection.execute("INSERT INTO gift VALUES (%s)", [value])
        connection.execute("SELECT pg_switch_wal()")


def read(server: Postgres) -> list[int]:
    with server.connect() as connection:
        return [cents for (cents,) in connection.execute("SELECT cents FROM gift ORDER BY cents")]


def archive_settings(compose: dict[str, Any], site: Site) -> dict[str, str]:
    """What the container of the database is started with."""
    parts = [part for part in compose["services"]["postgres"]["command"] if part.startswith("archive_")]
    given = dict(part.split("=", 1) for part in parts)
    return {**given, "archive_command": given["archive_command"].replace("/deploy", str(site.scripts))}


@pytest.fixture(params=["folder", "store"])
def lost(
    request: pytest.FixtureRequest, site: Site, root: Path, tmp_path: Path
) -> Iterator[Callable[[], None]]:
    """Beside the server nothing is lost, or the folder of backups too, which then comes back from a store."""
    if request.param == "folder":
        yield lambda: None
        return
    if not RCLONE.exists():
        pytest.skip("rclone has no wheel for this machine")
    with running_store(root / "deploy/s3", tmp_path) as store:

        def lose_the_folder() -> None:
            store.copy(site.backups)
            shutil.rmtree(site.backups)
            site.own(site.backups)
            fetched = store.call("fetch", str(site.backups))
            assert fetched.returncode == 0, fetched.stderr

        yield lose_the_folder


def test_a_lost_server_comes_back_to_its_last_row(
    site: Site, compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch, lost: Callable[[], None]
) -> None:
    site.server.create()
    site.start(site.server, archive_settings(compose, site), monkeypatch)
    write(site.server, 1000)
    file = Path(site.call(str(site.scripts / "base-backup")).decode().strip())
    write(site.server, 2500, 5000)
    with site.server.connect() as connection:
        wanted = connection.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
        last = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn() - 1)").fetchone()
        assert wanted is not None
        assert last is not None
    wait_until(lambda: (site.backups / "wal" / f"{last[0]}.gpg").exists(), what="the last piece")
    assert [path.name for path in site.backups.rglob("*.new")] == []
    identity = site.server.running()
    assert identity is not None
    site.server.stop(identity)
    shutil.rmtree(site.server.data)
    lost()

    (site.folder / "plain.tar").write_bytes(site.gpg("--decrypt", str(file)))
    site.own(site.server.data).chmod(0o700)
    site.call("tar", "-xf", str(site.folder / "plain.tar"), "-C", str(site.server.data))
    (site.server.data / "recovery.signal").touch()
    site.start(site.server, {"restore_command": f"{site.scripts}/fetch %f %p"}, monkeypatch)
    assert read(site.server) == [1000, 2500, 5000]


def test_what_lies_there_cannot_be_read_without_the_private_key(site: Site) -> None:
    secret = b"Geberin Kanarienfeder"
    piece = site.own(site.folder / "pieces") / "piece"
    piece.write_bytes(secret * 1000)
    site.call(str(site.scripts / "archive"), str(piece), "000000010000000000000001")
    [stored] = site.segments()
    assert secret not in stored.read_bytes()
    assert b"BEGIN PGP" not in stored.read_bytes()
    site.call(
        str(site.scripts / "fetch"), "000000010000000000000001", f"{piece}.back", GNUPGHOME=str(site.home)
    )
    assert Path(f"{piece}.back").read_bytes() == secret * 1000
    stranger = site.own(site.folder / "stranger")
    with pytest.raises(AssertionError, match="No secret key"):
        site.call("gpg", "--decrypt", str(stored), GNUPGHOME=str(stranger))


def test_a_piece_may_come_twice_but_never_another_of_its_name(site: Site) -> None:
    piece = site.folder / "piece"
    piece.write_bytes(b"one" * 100)
    archive = [str(site.scripts / "archive"), str(piece), "000000010000000000000001"]
    site.call(*archive)
    before = site.segments()[0].read_bytes()
    site.call(*archive)
    piece.write_bytes(b"two" * 100)
    with pytest.raises(AssertionError):
        site.call(*archive)
    assert [path.read_bytes() for path in site.segments()] == [before]


def test_a_piece_that_cannot_be_encrypted_stays_with_the_server(site: Site) -> None:
    piece = site.folder / "piece"
    piece.write_bytes(b"one" * 100)
    site.key.write_bytes(b"no key")
    with pytest.raises(AssertionError):
        site.call(str(site.scripts / "archive"), str(piece), "000000010000000000000001")
    assert site.segments() == []


def test_old_copies_and_the_log_before_them_go_and_the_newest_stays(
    site: Site, compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.server.create()
    site.start(site.server, archive_settings(compose, site), monkeypatch)
    base, wal = site.own(site.backups / "base"), site.own(site.backups / "wal")
    for name, days in {"20260101T003000Z-old": 40, "20260207T003000Z-kept": 3}.items():
        for file in (base / f"{name}.tar.gpg", base / f"{name}.begun", wal / f"{name}.gpg"):
            site.call("touch", "-d", f"{days} days ago", str(file))
    site.call("touch", "-d", "4 days ago", str(wal / "before-kept.gpg"))
    site.call("touch", "-d", "2 days ago", str(wal / "after-kept.gpg"))
    newest = Path(site.call(str(site.scripts / "base-backup")).decode().strip())
    assert {path.name for path in base.glob("*.tar.gpg")} == {"20260207T003000Z-kept.tar.gpg", newest.name}
    left = {path.name for path in wal.glob("*kept*")} | {path.name for path in wal.glob("*old*")}
    assert left == {"20260207T003000Z-kept.gpg", "after-kept.gpg"}
    with pytest.raises(AssertionError):
        site.call(str(site.scripts / "base-backup"), PGHOST="/nonexistent")
    assert newest.exists()
    with psycopg.connect(site.server.url("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
