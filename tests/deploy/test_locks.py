import re
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NAMES = ("requirements", "requirements-dev")
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


def test_every_part_of_the_product_says_what_it_is_for(root: Path) -> None:
    """Above it, so that nobody keeps what nothing needs any more."""
    lines = (root / "requirements.in").read_text(encoding="utf-8").splitlines()
    parts = [(above, line) for above, line in pairwise(lines) if line and not line.startswith(("#", "-"))]
    assert len(parts) == len(wishes(root, "requirements"))
    assert [line for above, line in parts if not re.match(r"# [A-Z].*\.$", above)] == []


@pytest.mark.parametrize(
    ("system", "machine", "version", "expected"),
    [
        ("linux", "x86_64", "3.11", True),
        ("linux", "aarch64", "3.14", True),
        ("linux", "riscv64", "3.11", False),
        ("linux", "x86_64", "3.15", False),
        ("darwin", "x86_64", "3.12", False),
    ],
)
def test_the_compiler_is_asked_for_only_where_it_has_a_wheel(
    root: Path, system: str, machine: str, version: str, expected: bool
) -> None:
    """Elsewhere its source would be built, which nobody waits for; the matcher runs without it."""
    place = {
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": version,
        "python_full_version": f"{version}.0",
    }
    for name in NAMES:
        text = (root / f"{name}.txt").read_text(encoding="utf-8")
        markers = re.findall(r"^(?:numba|llvmlite)==\S+ ; (.*?) \\$", text, re.MULTILINE)
        assert [Marker(marker).evaluate(place) for marker in markers] == [expected, expected]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_pinned_by_hash_and_comes_from_no_fixed_address(root: Path, name: str) -> None:
    text = (root / f"{name}.txt").read_text(encoding="utf-8")
    assert [found["name"] for found in PIN.finditer(text) if "--hash=sha256:" not in found["hashes"]] == []
    assert "://" not in text
    assert not re.search(r"^\s*(--index-url|--extra-index-url|--find-links)", text, re.MULTILINE)


def test_the_bigger_lock_contains_the_run_lock_unchanged(root: Path) -> None:
    small, big = pins(root, "requirements"), pins(root, "requirements-dev")
    assert {part: version for part, version in small.items() if big.get(part) != version} == {}
