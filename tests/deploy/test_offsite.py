"""What brings the backups to a store that speaks S3: nothing is written twice, and age alone ends it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.stores import RCLONE, SECRET, Store, running_store

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not RCLONE.exists(), reason="rclone has no wheel for this machine"),
]


@pytest.fixture
def store(root: Path, tmp_path: Path) -> Iterator[Store]:
    with running_store(root / "deploy/s3", tmp_path) as running:
        yield running


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    for name in ("base/20261201T003000Z.tar.gpg", "wal/000000010000000000000001.gpg"):
        put(folder / name, b"encrypted " + name.encode())
    return folder


def put(path: Path, content: bytes, days_old: float = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = time.time() - days_old * 86_400
    os.utime(path, (moment, moment))


def test_only_what_is_whole_and_encrypted_goes_and_comes_back_byte_by_byte(
    store: Store, backups: Path, tmp_path: Path
) -> None:
    whole = {str(path.relative_to(backups)): path.read_bytes() for path in backups.rglob("*.gpg")}
    put(backups / "base/20261202T003000Z.tar.gpg.new", b"half")
    put(backups / "base/20261202T003000Z.begun", b"")
    put(backups / "wal/000000010000000000000001.sha256", b"sum")
    store.copy(backups)
    assert store.names() == set(whole)
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    assert store.call("fetch", str(fetched)).returncode == 0
    assert {str(p.relative_to(fetched)): p.read_bytes() for p in fetched.rglob("*.gpg")} == whole
    assert store.call("fetch", str(fetched)).returncode == 1


def test_what_is_done_to_the_folder_does_not_reach_the_store(store: Store, backups: Path) -> None:
    store.copy(backups)
    held = {name: (store.held / name).read_bytes() for name in store.names()}
    for path in backups.rglob("*.gpg"):
        put(path, b"overwritten by somebody")
    (backups / "wal/000000010000000000000001.gpg").unlink()
    put(backups / "wal/000000010000000000000002.gpg", b"new")
    store.copy(backups)
    held["wal/000000010000000000000002.gpg"] = b"new"
    assert {name: (store.held / name).read_bytes() for name in store.names()} == held


def test_age_ends_what_lies_there_and_never_what_a_kept_copy_needs(store: Store, backups: Path) -> None:
    for days in (15.9, 16.1, 17.1):
        put(store.held / f"base/{days}.tar.gpg", b"old", days)
        put(store.held / f"wal/{days}.gpg", b"old", days)
    store.copy(backups, BACKUP_DAYS="14")
    new = {"base/20261201T003000Z.tar.gpg", "wal/000000010000000000000001.gpg"}
    assert store.names() == {*new, "base/15.9.tar.gpg", "wal/15.9.gpg", "wal/16.1.gpg"}


@pytest.mark.parametrize("case", ["no newer copies", "no right to delete"])
def test_nothing_ends_without_newer_copies_or_where_the_store_does_it(
    store: Store, backups: Path, case: str
) -> None:
    put(store.held / "base/old.tar.gpg", b"the last that is left", 40)
    newest = backups / "base/20261201T003000Z.tar.gpg"
    if case == "no newer copies":
        put(newest, b"three days ago", 3)
    store.copy(backups, S3_DELETE="off" if case == "no right to delete" else "on")
    assert "base/old.tar.gpg" in store.names()


def test_a_key_that_is_refused_is_an_error_and_nobody_reads_the_secret(
    store: Store, backups: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("another secret")
    at_once = {"RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "1"}
    refused = store.call("copy", BACKUPS=str(backups), S3_SECRET_KEY_FILE=str(wrong), **at_once)
    assert refused.returncode != 0
    assert store.names() == set()
    assert SECRET not in refused.stderr
    assert "another secret" not in refused.stderr
    away = store.call("copy", BACKUPS=str(backups), S3_ENDPOINT="")
    assert (away.returncode, "the address of the store" in away.stderr) == (2, True)


def test_no_way_to_a_store_elsewhere_is_in_the_clear(store: Store) -> None:
    """What lies there is encrypted; which files there are, and when, is nobody else's to read."""
    refused = store.call("store", "lsf", ":s3:backups", S3_ENDPOINT="http://store.example")
    assert (refused.returncode, refused.stderr) == (1, "S3_ENDPOINT must begin with https://\n")
