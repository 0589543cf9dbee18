import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NAMES = ("requirements", "requirements-dev", "requirements-fast")
PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)( ;[^\\]*)?(?P<hashes>( ?\\\n    --hash=\S+)*)", re.MULTILINE
)


def pins(root: Path, name: str) -> dict[str, str]:
    text = (root / f"{name}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(found["name"]): found["version"] for found in PIN.finditer(text)}


def wishes(root: Path, name: str) -> list[Requirement]:
    lines = (root / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


@pytest.mark.parametrize("name", NAMES)
def test_the_lock_fulfils_every_wish(root: Path, name: str) -> None:
    locked = pins(root, name)
    wanted = [*wishes(root, "requirements"), *wishes(root, name)]
    assert [
        str(wish)
        for wish in wanted
        if not wish.specifier.contains(locked.get(canonicalize_name(wish.name), "0"), prereleases=True)
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_pinned_by_hash_and_comes_from_no_fixed_address(root: Path, name: str) -> None:
    text = (root / f"{name}.txt").read_text(encoding="utf-8")
    assert [found["name"] for found in PIN.finditer(text) if "--hash=sha256:" not in found["hashes"]] == []
    assert "://" not in text
    assert not re.search(r"^\s*(--index-url|--extra-index-url|--find-links)", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements-dev", "requirements-fast"])
def test_the_bigger_locks_contain_the_run_lock_unchanged(root: Path, name: str) -> None:
    small, big = pins(root, "requirements"), pins(root, name)
    assert {part: version for part, version in small.items() if big.get(part) != version} == {}
