"""Settings come from the environment and refuse nonsense."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection
from pytest_django.fixtures import Settings

from wirbrauchensie import env
from wirbrauchensie.brokers import broker
from wirbrauchensie.checks import servers_elsewhere_prove_who_they_are
from wirbrauchensie.databases import postgresql

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "k3yk3yk3y-9f8a7s6d5f4g3h2j1k0l-QWERTZUIOPASDFGHJKL-2026",
    "ALLOWED_HOSTS": "hilfe.example.org",
    "PUBLIC_BASE_URL": "https://hilfe.example.org",
    "DATABASE_URL": "postgresql://app:secret@db/app",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_HOST": "mail.example.org",
}


@pytest.mark.parametrize("value", ["ja", "2", "TRUE!", "oui"])
def test_a_flag_is_on_or_off(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="X must be on or off"):
        env.flag("X", default=False)


@pytest.mark.parametrize("value", ["", "1", "0", "On", "off", "yes", "FALSE"])
def test_a_flag_is_read(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", value)
    assert env.flag("X", default=True) is (value.lower() not in {"0", "off", "false"})


@pytest.mark.parametrize("value", ["ten", "1e3", "-1", "11", "٣", "1.0"])
def test_a_number_stays_within_its_bounds(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="from 0 to 10"):
        env.whole_number("X", 5, least=0, most=10)


def test_an_address_needs_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "ftp://example.org")
    with pytest.raises(ImproperlyConfigured, match="must begin with"):
        env.url("X", None, ("https",))
    monkeypatch.setenv("X", "https://example.org/")
    assert env.url("X", None, ("https",)) == "https://example.org"


def test_what_has_no_default_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X", raising=False)
    with pytest.raises(ImproperlyConfigured, match="X must be set"):
        env.text("X")


def test_a_folder_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("X", str(tmp_path / "file" / "below"))
    with pytest.raises(ImproperlyConfigured, match="cannot be made"):
        env.folder("X")


def test_a_database_address_may_be_a_socket() -> None:
    entry = postgresql("postgresql://post%40gres:p%2Fw@%2Ftmp%2Fsock/app", conn_max_age=0)
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["NAME"]) == (
        "post@gres",
        "p/w",
        "/tmp/sock",
        "app",
    )


@pytest.mark.parametrize("address", ["sqlite:///x.db", "postgresql://host/", "mysql://a@b/c"])
def test_only_postgresql_is_accepted(address: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        postgresql(address, conn_max_age=0)


def load_settings(**changes: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own with a clean environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import wirbrauchensie.settings"],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}:{ROOT / 'base'}", **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "further", [{}, {"SECOND_FACTOR_KEYS": f"{'a1' * 25},{'b2' * 25}", "MAIL_REPORT_SECRET": "c3" * 25}]
)
def test_production_starts_with_settings_of_its_own(further: dict[str, str]) -> None:
    answer = load_settings(**PRODUCTION, **further)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be a secret of your own"),
        (
            {"SECRET_KEY": "demo-only-never-in-production-0123456789-abcdefghijklmnopqrstuvwxyz"},
            "SECRET_KEY must be a secret of your own",
        ),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS must be a secret of your own"),
        (
            {"SECRET_KEY_FALLBACKS": "demo-only-never-in-production-0123456789-abcdefghijklmnopqrstuvwxyz"},
            "SECRET_KEY_FALLBACKS must be a secret of your own",
        ),
        ({"SECOND_FACTOR_KEYS": "short"}, "SECOND_FACTOR_KEYS must be a secret of your own"),
        (
            {"SECOND_FACTOR_KEYS": f"{PRODUCTION['SECRET_KEY']},short"},
            "SECOND_FACTOR_KEYS must be a secret of your own",
        ),
        ({"SECOND_FACTOR_REQUIRED": "off"}, "SECOND_FACTOR_REQUIRED cannot be off in production"),
        ({"MAIL_REPORT_SECRET": "x" * 49}, "MAIL_REPORT_SECRET must be a secret of your own"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the exact hosts"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the exact hosts"),
        ({"PUBLIC_BASE_URL": "http://hilfe.example.org"}, "PUBLIC_BASE_URL must begin with"),
        ({"DEMO": "1"}, "cannot be combined"),
        ({"DEBUG": "1"}, "cannot be combined"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS cannot be off in production"),
        ({"STRIPE_SECRET_KEY": "sk_live_x"}, "STRIPE_WEBHOOK_SECRET must be set"),
        ({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "w"}, "a live key"),
        (
            {
                "STRIPE_SECRET_KEY": "sk_live_x",
                "STRIPE_WEBHOOK_SECRET": "w",
                "STRIPE_ACCOUNTS": "verein",
                "STRIPE_VEREIN_SECRET_KEY": "sk_test_v",
                "STRIPE_VEREIN_WEBHOOK_SECRET": "w",
            },
            "live keys, or all of them test keys",
        ),
        (
            {
                "STRIPE_SECRET_KEY": "sk_live_x",
                "STRIPE_WEBHOOK_SECRET": "w",
                "STRIPE_API_BASE": "http://127.0.0.1:9",
            },
            "its own address",
        ),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be json or plain"),
        ({"REDIS_URL": "http://redis"}, "REDIS_URL must begin with"),
    ],
)
def test_production_refuses_demo_values_and_nonsense(change: dict[str, str], sentence: str) -> None:
    answer = load_settings(**{**PRODUCTION, **change})
    assert answer.returncode != 0
    assert sentence in answer.stderr


def test_a_text_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("  of my own \n")
    monkeypatch.delenv("X", raising=False)
    monkeypatch.setenv("X_FILE", str(file))
    assert env.text("X") == "of my own"
    file.write_text("a, b,\n")
    assert env.names("X") == ["a", "b"]
    file.write_text("redis://h/0/\n")
    assert env.url("X", None, ("redis",)) == "redis://h/0"


def test_an_empty_file_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    monkeypatch.delenv("X", raising=False)
    assert env.text("X", "default") == "default"
    assert env.names("X") == []
    monkeypatch.setenv("X", "here")
    assert env.text("X") == "here"


def test_a_file_that_is_not_there_or_contradicts_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("X_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match=r"^X_FILE: .*nothing' cannot be read"):
        env.text("X", "default")
    (tmp_path / "nothing").write_bytes(b"\xff\xfe")
    with pytest.raises(ImproperlyConfigured, match=r"^X_FILE: .*cannot be read"):
        env.names("X")
    (tmp_path / "nothing").write_text("one")
    monkeypatch.setenv("X", "another")
    with pytest.raises(ImproperlyConfigured, match="X and X_FILE must not both be set"):
        env.text("X")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://app@db/app", "postgresql://app:p%2Fw%40%3A@db/app"),
        ("postgresql://app@%2Ftmp%2Fs/app", "postgresql://app:p%2Fw%40%3A@%2Ftmp%2Fs/app"),
        ("redis://redis:6379/0", "redis://:p%2Fw%40%3A@redis:6379/0"),
    ],
)
def test_a_password_comes_into_its_address(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: str
) -> None:
    monkeypatch.delenv("X", raising=False)
    assert env.with_password(address, "X") == address
    monkeypatch.setenv("X", "p/w@:")
    assert env.with_password(address, "X") == expected
    with pytest.raises(ImproperlyConfigured, match="holds a password already"):
        env.with_password(expected, "X")


def test_the_password_of_the_database_arrives_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "p/w@:%41")
    entry = postgresql(env.with_password("postgresql://app@db:5432/app", "X"), conn_max_age=0)
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == (
        "app",
        "p/w@:%41",
        "db",
        "5432",
    )


def test_tls_can_be_demanded_of_the_database() -> None:
    address = "postgresql://app@db/app?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&sslcert=/etc/own&sslkey=/etc/own"
    options = postgresql(address, conn_max_age=0)["OPTIONS"]
    assert {name: value for name, value in options.items() if name != "options"} == {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
        "sslcert": "/etc/own",
        "sslkey": "/etc/own",
    }
    assert "sslmode" not in postgresql("postgresql://app@db/app", conn_max_age=0)["OPTIONS"]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("rediss://broker:6379/0", {}),
        ("rediss://:p%2Fw@broker/0?ssl_ca_certs=/etc/ca", {"ssl_ca_certs": "/etc/ca"}),
        (
            "rediss://broker:6379/0?ssl_ca_certs=/etc/ca&ssl_certfile=%2Fetc%2Fown&ssl_keyfile=/etc/key",
            {"ssl_ca_certs": "/etc/ca", "ssl_certfile": "/etc/own", "ssl_keyfile": "/etc/key"},
        ),
    ],
)
def test_with_tls_the_broker_must_prove_its_name(address: str, named: dict[str, str]) -> None:
    """Without a word about it kombu would take any certificate."""
    tls = Connection(broker(address)).ssl
    assert tls == {**named, "ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}


@pytest.mark.parametrize("wish", ["ssl_cert_reqs=none", "ssl_check_hostname=false", "virtual_host=1"])
def test_the_broker_is_not_taken_unproved(wish: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=r"^After \? REDIS_URL may say ssl_ca_certs, ssl_certfile,"
    ):
        broker(f"rediss://broker/0?{wish}")


@pytest.mark.parametrize("address", ["redis://:p@broker:6379/0", "redis+socket:///tmp/s?virtual_host=4"])
def test_a_broker_without_tls_is_named_as_ever(address: str) -> None:
    assert broker(address) == address


@pytest.mark.parametrize(
    ("database", "broker_address", "warned"),
    [
        ("postgresql://app@db/app?sslmode=verify-full", "rediss://broker/0", []),
        ("postgresql://app@%2Ftmp%2Fs/app", "redis+socket:///tmp/s", []),
        ("postgresql://app@127.0.0.1:5432/app", "redis://localhost:6379/0", []),
        ("postgresql://app@db/app", "rediss://broker/0", ["DATABASE_URL"]),
        ("postgresql://app@db/app?sslmode=require", "redis://broker/0", ["DATABASE_URL", "REDIS_URL"]),
    ],
)
def test_a_check_names_servers_elsewhere_that_prove_nothing(
    database: str, broker_address: str, warned: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in postgresql(database, conn_max_age=0).items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)
    settings.REDIS_URL = broker(broker_address)
    assert named_servers() == warned


def named_servers() -> list[str]:
    found = servers_elsewhere_prove_who_they_are()
    assert {each.id for each in found} <= {"wirbrauchensie.W002"}
    return [each.msg.split()[0] for each in found]


@pytest.mark.parametrize(
    ("host", "asked", "at_once", "warned"),
    [
        ("127.0.0.1", False, False, []),
        ("mail.example.org", True, False, []),
        ("mail.example.org", False, True, []),
        ("mail.example.org", False, False, ["EMAIL_HOST"]),
    ],
)
def test_it_names_a_mail_server_elsewhere_that_may_be_spoken_to_in_the_clear(
    host: str, asked: bool, at_once: bool, warned: list[str], settings: Settings
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = host, asked, at_once
    assert named_servers() == warned


@pytest.mark.parametrize("wish", ["sslmod=require", "options=-c%20x", "sslmode=require&host=elsewhere"])
def test_a_wish_that_nobody_would_fulfil_is_refused(wish: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="may say sslcert, sslkey, sslmode, sslrootcert, nothing"):
        postgresql(f"postgresql://app@db/app?{wish}", conn_max_age=0)
