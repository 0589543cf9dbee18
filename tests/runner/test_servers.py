import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest
import redis

from workshop.runner.console import Refusal
from workshop.runner.processes import identify, is_running, wait_until
from workshop.runner.servers import Servers, clear_sockets, ensure_servers, find_servers
from workshop.runner.sockets import LONGEST_SOCKET_PATH

pytestmark = pytest.mark.live


def up(folder: Path) -> Servers:
    """Servers that spare the disk, where nothing is killed that had been written."""
    return ensure_servers(folder, durable=False)


def write(servers: Servers, value: int) -> None:
    with servers.postgres.connect("app") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS gift (cents int)")
        connection.execute("INSERT INTO gift VALUES (%s)", [value])
    with servers.valkey.connect() as client:
        client.rpush("queue", value)


def read(servers: Servers) -> tuple[list[int], list[bytes]]:
    with servers.postgres.connect("app") as connection:
        rows = [cents for (cents,) in connection.execute("SELECT cents FROM gift ORDER BY cents")]
    with servers.valkey.connect() as client:
        return rows, client.lrange("queue", 0, -1)


def kill(servers: Servers) -> None:
    identities = servers.identities()
    for identity in identities.values():
        os.kill(identity.pid, signal.SIGKILL)
    for process in servers.started.values():
        process.wait()
    assert wait_until(lambda: not any(is_running(each) for each in identities.values()), 5)


def owner_of(pid: int) -> str:
    return pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name


def test_both_servers_answer_under_an_account_that_is_not_root(folder: Path) -> None:
    servers = ensure_servers(folder)
    addresses = servers.environment()
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.info.server_version // 10000 == 18
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SELECT lower('ÄÖÜ'), 'Straße' ILIKE 'STRAß%'").fetchone() == ("äöü", True)
        for extension in ("btree_gist", "pg_trgm", "unaccent", "citext"):
            connection.execute(f"CREATE EXTENSION {extension}")
    with redis.Redis(unix_socket_path=addresses["REDIS_URL"].removeprefix("redis+socket://")) as client:
        assert client.config_get("appendonly", "maxmemory-policy", "port") == {
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "port": "0",
        }
    identities = servers.identities()
    assert set(identities) == {"postgres", "valkey"}
    assert "root" not in {owner_of(identity.pid) for identity in identities.values()}


def test_the_data_stay_in_the_folder_and_the_sockets_are_private_and_short(folder: Path) -> None:
    long_folder = folder / ("x" * 120)
    servers = ensure_servers(long_folder)
    assert (long_folder / "postgres/PG_VERSION").read_text() == "18\n"
    assert (long_folder / "valkey/appendonlydir").is_dir()
    sockets = Path(unquote(servers.environment()["DATABASE_URL"].split("@")[1].rpartition("/")[0]))
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert len(str(sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert stat.S_IMODE((long_folder / "postgres").stat().st_mode) == 0o700
    servers.stop()


def test_test_servers_trade_safety_for_speed(closed_folder: Path) -> None:
    with up(closed_folder).postgres.connect() as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_servers_that_answer_are_reused(folder: Path) -> None:
    first = up(folder)
    write(first, 2500)
    second = up(folder)
    assert second.started == {}
    assert second.identities() == first.identities()
    assert read(second) == ([2500], [b"2500"])


def test_many_callers_at_once_get_the_same_servers(closed_folder: Path) -> None:
    text = (
        "import pathlib, sys; from workshop.runner.servers import ensure_servers\n"
        "servers = ensure_servers(pathlib.Path(sys.argv[1]), database=sys.argv[2], dies_with_us=False)\n"
        "print(sorted(identity.pid for identity in servers.identities().values()))"
    )
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", text, closed_folder, f"app_{n}"], stdout=subprocess.PIPE, text=True
        )
        for n in range(4)
    ]
    answers = {caller.communicate()[0] for caller in callers}
    assert [caller.returncode for caller in callers] == [0, 0, 0, 0]
    assert len(answers) == 1


def test_every_database_has_a_broker_number_of_its_own(closed_folder: Path) -> None:
    servers = up(closed_folder)
    ensure_servers(closed_folder, database="app_anna")
    socket = f"redis+socket://{servers.valkey.socket}"
    names = ("app", "app_anna", "app_ben", "app_anna")
    assert [servers.environment(name)["REDIS_URL"] for name in names] == [
        socket,
        f"{socket}?virtual_host=1",
        f"{socket}?virtual_host=2",
        f"{socket}?virtual_host=1",
    ]
    with servers.postgres.connect("app_anna") as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("app_anna",)


def test_only_the_needed_server_is_started(closed_folder: Path) -> None:
    servers = ensure_servers(closed_folder, needed={"valkey"})
    assert set(servers.identities()) == {"valkey"}
    assert set(servers.environment(needed={"valkey"})) == {"REDIS_URL"}
    assert not (closed_folder / "postgres").exists()


@pytest.mark.parametrize("name", ["", "App", "app;drop", "1app", "app-anna"])
def test_a_nonsensical_database_name_is_refused_before_anything_starts(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="is no name for a database"):
        ensure_servers(tmp_path / "data", database=name)
    assert not (tmp_path / "data").exists()


def test_everything_committed_survives_kill_9(folder: Path) -> None:
    first = ensure_servers(folder)
    write(first, 2500)
    with first.valkey.connect() as client:
        assert client.execute_command("WAITAOF", 1, 0, 5000)[0] == 1
    kill(first)
    assert (folder / "postgres/postmaster.pid").exists()
    assert first.valkey.socket.exists()
    second = ensure_servers(folder)
    assert set(second.started) == {"postgres", "valkey"}
    assert read(second) == ([2500], [b"2500"])


def test_one_killed_server_alone_is_started_again(closed_folder: Path) -> None:
    first = up(closed_folder)
    valkey = first.identities()["valkey"]
    os.kill(valkey.pid, signal.SIGKILL)
    first.started["valkey"].wait()
    second = up(closed_folder)
    assert set(second.started) == {"valkey"}
    assert second.identities()["postgres"] == first.identities()["postgres"]


def test_a_stale_pid_file_that_names_a_foreign_process_is_no_obstacle(closed_folder: Path) -> None:
    first = ensure_servers(closed_folder)
    write(first, 1000)
    kill(first)
    pid_file = closed_folder / "postgres/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert find_servers(closed_folder).postgres.running() is None
    assert read(ensure_servers(closed_folder))[0] == [1000]


def test_an_interrupted_creation_is_begun_anew(closed_folder: Path) -> None:
    half_done = closed_folder / "postgres.new"
    half_done.mkdir(parents=True)
    (half_done / "rest").write_text("half")
    servers = up(closed_folder)
    assert servers.postgres.answers()
    assert not half_done.exists()


def test_stopping_is_clean_and_keeps_the_data(folder: Path) -> None:
    first = up(folder)
    write(first, 1)
    first.stop()
    assert first.identities() == {}
    assert not (folder / "postgres/postmaster.pid").exists()
    assert "database system is shut down" in first.postgres.log.read_text()
    assert read(up(folder)) == ([1], [b"1"])
    assert "was not properly shut down" not in first.postgres.log.read_text()


def test_stopping_leaves_nothing_outside_the_folder(closed_folder: Path) -> None:
    servers = up(closed_folder)
    assert servers.postgres.sockets.is_dir()
    servers.stop()
    assert not servers.postgres.sockets.exists()
    assert not (closed_folder / "sockets").exists()


def test_the_sockets_stay_while_one_server_runs(closed_folder: Path) -> None:
    servers = up(closed_folder)
    servers.valkey.stop(servers.identities()["valkey"])
    clear_sockets(closed_folder)
    assert servers.postgres.answers()


def test_a_lost_socket_folder_is_replaced(closed_folder: Path) -> None:
    first = ensure_servers(closed_folder)
    write(first, 3)
    kill(first)
    shutil.rmtree(first.postgres.sockets)
    second = up(closed_folder)
    assert second.postgres.sockets != first.postgres.sockets
    assert read(second)[0] == [3]


def test_a_socket_folder_that_others_could_open_is_not_used(closed_folder: Path, tmp_path: Path) -> None:
    closed_folder.mkdir()
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    (closed_folder / "sockets").write_text(f"{shared}\n")
    servers = up(closed_folder)
    assert servers.postgres.sockets != shared
    assert list(shared.iterdir()) == []


def test_a_moved_folder_keeps_its_data(tmp_path: Path) -> None:
    first = up(tmp_path / "before")
    write(first, 7)
    first.stop()
    (tmp_path / "before").rename(tmp_path / "after")
    second = up(tmp_path / "after")
    assert read(second)[0] == [7]
    second.stop()


def test_servers_end_cleanly_with_the_process_that_started_them(
    closed_folder: Path, python_child: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    parent = python_child(
        "import pathlib, time; from workshop.runner.servers import ensure_servers\n"
        f"servers = ensure_servers(pathlib.Path({str(closed_folder)!r}))\n"
        "print(*(identity.pid for identity in servers.identities().values()), flush=True)\n"
        "time.sleep(600)"
    )
    assert parent.stdout is not None
    identities = [identify(int(pid)) for pid in parent.stdout.readline().split()]
    assert len(identities) == 2
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    servers = up(closed_folder)
    assert set(servers.started) == {"postgres", "valkey"}
    assert not any(identity and is_running(identity) for identity in identities)


def test_a_server_that_cannot_start_is_refused_with_its_log(closed_folder: Path) -> None:
    servers = up(closed_folder)
    servers.stop()
    with (closed_folder / "postgres/postgresql.conf").open("a") as settings:
        settings.write("max_gifts = many\n")
    with pytest.raises(Refusal) as refusal:
        up(closed_folder)
    first, *log = str(refusal.value).splitlines()
    assert first == f"PostgreSQL did not start; its log {servers.postgres.log} ends with:"
    assert any('unrecognized configuration parameter "max_gifts"' in line for line in log)
