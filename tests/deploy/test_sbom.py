"""`./dev sbom` names every part of the lock and every base image, and no other."""

import json
import re
import subprocess
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.processes import ROOT, environment


@pytest.fixture(scope="module")
def parts() -> list[dict[str, Any]]:
    asked = subprocess.run(
        [ROOT / "dev", "sbom"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    told = json.loads(asked.stdout)
    assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
    return list(told["components"])


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
    told = {f"{part['name']}:{part['version']}" for part in parts if part["type"] == "container"}
    assert told == images
    assert len(told) >= 5


def test_no_part_is_told_twice_and_two_lists_are_the_same(parts: list[dict[str, Any]]) -> None:
    references = [part["bom-ref"] for part in parts]
    assert references == sorted(set(references))
    again = subprocess.run(
        [ROOT / "dev", "sbom"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    assert json.loads(again.stdout)["components"] == parts


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
