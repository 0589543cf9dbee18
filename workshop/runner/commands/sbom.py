"""`./dev sbom`: the list of parts (SBOM) as CycloneDX 1.6, on standard output.

Made of what is shipped and nothing else: the lock of the product and the base images. Licences, and which
part asks for which, are read from the installed parts by CycloneDX's own reader. The same locks give the same
text, so two lists can be compared, and one made twice proves nothing was added by hand.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workshop.runner.console import Refusal
from workshop.runner.installation import RUN_LOCK
from workshop.runner.place import ROOT

IMAGE_FILES = ("Dockerfile", "docker-compose.yml")
PRODUCT = "wir-brauchen-sie"
_PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\\n]+)(?: ;[^\\\n]*)?(?P<hashes>(?: ?\\\n +--hash=\S+)*)",
    re.MULTILINE,
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_IMAGE = re.compile(
    r"^(?:FROM| +image:) +(?P<name>[^\s:$]+):(?P<version>[^\s@$]+)(?:@sha256:(?P<digest>\w+))?", re.MULTILINE
)


def main(arguments: list[str]) -> int:
    """Print the list. Raises Refusal on arguments: it has none."""
    if arguments:
        raise Refusal("./dev sbom takes no arguments; it writes to standard output: ./dev sbom > sbom.json")
    sys.stdout.write(json.dumps(sbom(ROOT), indent=1) + "\n")
    return 0


def sbom(root: Path) -> dict[str, Any]:
    """Return the list of parts of the product in `root`, in the shape that CycloneDX 1.6 asks for."""
    lock = (root / RUN_LOCK.name).read_text(encoding="utf-8")
    images = "\n".join((root / name).read_text(encoding="utf-8") for name in IMAGE_FILES)
    parts = {part["bom-ref"]: part for part in [*_packages(lock), *_images(images)]}
    installed, asks_for = _installed()
    for name in parts.keys() & installed.keys():
        parts[name] |= {"licenses": installed[name]} if installed[name] else {}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": PRODUCT, "name": PRODUCT},
        },
        "components": [parts[name] for name in sorted(parts)],
        "dependencies": [
            {"ref": PRODUCT, "dependsOn": sorted(_asked_for_by_us(root, parts))},
            *(
                {"ref": name, "dependsOn": sorted(asks_for.get(name, set()) & parts.keys())}
                for name in sorted(parts)
            ),
        ],
    }


def _installed() -> tuple[dict[str, list[Any]], dict[str, set[str]]]:
    """By the address of each installed part: its licences, and the addresses of what it asks for.

    A part of the lock that is for another system is not among them.
    """
    reader = [sys.executable, "-m", "cyclonedx_py", "environment", "--no-validate", "--output-reproducible"]
    told = json.loads(subprocess.run([*reader, sys.executable], capture_output=True, check=True).stdout)
    address = {part["bom-ref"]: _address(part["name"], part["version"]) for part in told["components"]}
    licences = {address[part["bom-ref"]]: part.get("licenses", []) for part in told["components"]}
    asks_for = {
        address[each["ref"]]: {address[name] for name in each.get("dependsOn", ())}
        for each in told["dependencies"]
        if each["ref"] in address
    }
    return licences, asks_for


def _asked_for_by_us(root: Path, parts: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What requirements.in names, and the images."""
    wanted = (root / "requirements.in").read_text(encoding="utf-8")
    names = {_canonical(name) for name in re.findall(r"^[\w.-]+", wanted, re.MULTILINE)}
    return (
        key for key, part in parts.items() if part["type"] == "container" or _canonical(part["name"]) in names
    )


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _address(name: str, version: str) -> str:
    return f"pkg:pypi/{_canonical(name)}@{quote(version)}"


def _packages(lock: str) -> Iterator[dict[str, Any]]:
    """Each with the hash of every file that may be installed for it."""
    for found in _PIN.finditer(lock):
        address = _address(found["name"], found["version"])
        files = [
            {"type": "distribution", "url": address, "hashes": [{"alg": "SHA-256", "content": each}]}
            for each in _HASH.findall(found["hashes"])
        ]
        yield {
            "type": "library",
            "bom-ref": address,
            "name": found["name"],
            "version": found["version"],
            "purl": address,
            "externalReferences": files,
        }


def _images(text: str) -> Iterator[dict[str, Any]]:
    """The product's own image stands under a variable and is none of its parts."""
    for found in _IMAGE.finditer(text):
        tag = quote(found["version"])
        place = tag if found["digest"] is None else f"sha256%3A{found['digest']}?tag={tag}"
        address = f"pkg:docker/{found['name']}@{place}"
        yield {
            "type": "container",
            "bom-ref": address,
            "name": found["name"],
            "version": found["version"],
            "purl": address,
        }
