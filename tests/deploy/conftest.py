"""The deployment files, read once."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = {
    "ALLOWED_HOSTS": "helfen.example.org",
    "PUBLIC_BASE_URL": "https://helfen.example.org",
    "EMAIL_HOST": "mail",
    "DEFAULT_FROM_EMAIL": "post@helfen.example.org",
    "BACKUP_FOLDER": "/srv/backups",
}
SECRETS = {
    "secret_key": "0123456789abcdef" * 5,
}
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def compose_text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def sample() -> dict[str, str]:
    """What an operator fills in at the least."""
    return SAMPLE


@pytest.fixture(scope="session")
def compose(compose_text: str) -> dict[str, Any]:
    """The compose file as an engine sees it, filled in from the sample."""
    return interpolate(yaml.safe_load(compose_text), SAMPLE)


@pytest.fixture(scope="session")
def inside(compose: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of web in its container, the files of its secrets at a place of this machine.

    What nobody filled in is an empty file.
    """
    folder = tmp_path_factory.mktemp("secrets")
    for name in targets(compose["services"]["web"]):
        (folder / name).write_text(SECRETS.get(name, "") + "\n")
    return {
        name: value.replace("/run/secrets", str(folder))
        for name, value in compose["services"]["web"]["environment"].items()
    }


def targets(service: dict[str, Any]) -> dict[str, str]:
    """The names under which a container finds its secrets, and the names of what they are."""
    pairs = [
        (each, each) if isinstance(each, str) else (each["target"], each["source"])
        for each in service.get("secrets", [])
    ]
    return dict(pairs)


@pytest.fixture(scope="session")
def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile: name and rest, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def interpolate(node: Any, given: dict[str, str]) -> Any:
    """Fill in ${NAME:-default} and ${NAME:?reason}; what an engine would refuse is an error here."""
    if isinstance(node, dict):
        return {key: interpolate(value, given) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolate(value, given) for value in node]
    return VARIABLE.sub(lambda found: fill_in(found, given), node) if isinstance(node, str) else node


def fill_in(found: re.Match[str], given: dict[str, str]) -> str:
    if found[0] == "$$":
        return "$"
    value = given.get(found["name"], "")
    assert value or found["kind"] == "-", f"{found['name']} must be set: {found['rest']}"
    return value or found["rest"]
