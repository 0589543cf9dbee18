"""`./dev sbom` names every part of the lock and every base image, and no other."""

import json
import re
import subprocess
from typing import Any

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from tests.processes import ROOT, environment


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    asked = subprocess.run(
        [ROOT / "dev", "sbom"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    told = json.loads(asked.stdout)
    assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
    return dict(told)


@pytest.fixture(scope="module")
def parts(whole: dict[str, Any]) -> list[dict[str, Any]]:
    return list(whole["components"])


def test_it_keeps_to_the_published_schema(whole: dict[str, Any], parts: list[dict[str, Any]]) -> None:
    """Of each part the first two files: all are of one shape, and hundreds would be compared in pairs."""
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    short = [{**part, "externalReferences": part.get("externalReferences", [])[:2]} for part in parts]
    assert validator.validate_str(json.dumps({**whole, "components": short})) is None
    assert validator.validate_str(json.dumps({**whole, "components": [{"type": "part"}]})) is not None


def test_it_names_every_part_of_the_lock_with_the_hashes_of_its_files(parts: list[dict[str, Any]]) -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    joined = re.sub(r"\s*\\\n\s*", " ", lock)
    expected = {}
    for line in joined.splitlines():
        if line and not line.lstrip().startswith("#"):
            wanted, *hashes = line.split(" --hash=sha256:")
            pin = Requirement(wanted)
            [exact] = pin.specifier
            expected[f"pkg:pypi/{pin.name}@{exact.version}"] = hashes
    told = {
        part["purl"]: [each["hashes"][0]["content"] for each in part["externalReferences"]]
        for part in parts
        if part["type"] == "library"
    }
    assert len(told) > 50
    assert told == expected


def test_it_names_every_image_that_comes_from_elsewhere(parts: list[dict[str, Any]]) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    images = {*bases, *(each["image"] for each in services.values() if "VERSION" not in each["image"])}
    told = set()
    for part in parts:
        if part["type"] == "container":
            digest = re.fullmatch(r"pkg:docker/.+@sha256%3A([0-9a-f]{64})\?tag=.+", part["purl"])
            assert digest is not None
            told.add(f"{part['name']}:{part['version']}@sha256:{digest[1]}")
    assert told == images
    assert len(told) >= 5


def test_every_installed_part_tells_its_licence_and_what_it_asks_for(whole: dict[str, Any]) -> None:
    """One part gives no licence; those for other systems are not installed, so nothing is known of them."""
    libraries = {part["name"]: part for part in whole["components"] if part["type"] == "library"}
    licences = {
        name: [each.get("expression") or each["license"].get("id") for each in part["licenses"]]
        for name, part in libraries.items()
        if "licenses" in part
    }
    assert (licences["django"], licences["psycopg"], licences["cryptography"]) == (
        ["BSD-3-Clause"],
        ["LGPL-3.0-only"],
        ["Apache-2.0 OR BSD-3-Clause"],
    )
    elsewhere = {"async-timeout", "colorama"}
    assert set(libraries) - set(licences) <= {"uritemplate", *elsewhere}
    asks_for = {each["ref"]: each["dependsOn"] for each in whole["dependencies"]}
    known = {part["bom-ref"] for part in whole["components"]}
    assert set(asks_for) == {*known, "wir-brauchen-sie"}
    reached = {name for names in asks_for.values() for name in names}
    assert reached <= known
    assert known - reached <= {libraries[name]["bom-ref"] for name in elsewhere}
    django = libraries["django"]["bom-ref"]
    assert libraries["sqlparse"]["bom-ref"] in asks_for[django]
    assert django in asks_for["wir-brauchen-sie"]
    assert libraries["sqlparse"]["bom-ref"] not in asks_for["wir-brauchen-sie"]


def test_no_part_is_told_twice_and_two_lists_are_the_same(
    whole: dict[str, Any], parts: list[dict[str, Any]]
) -> None:
    references = [part["bom-ref"] for part in parts]
    assert references == sorted(set(references))
    again = subprocess.run(
        [ROOT / "dev", "sbom"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    assert json.loads(again.stdout) == whole


def test_it_takes_no_arguments() -> None:
    refused = subprocess.run(
        [ROOT / "dev", "sbom", "file"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "./dev sbom > sbom.json" in refused.stderr
