"""Who imports a module: the tests of those run what a table or a constant of it decides."""

import ast
from collections.abc import Iterable
from pathlib import Path

ROOTS = ("platform", "base")  # folders on the path, no packages
LEFT_OUT = {"migrations", "benchmarks", "node_modules"}


def importers(paths: Iterable[Path], root: Path) -> dict[Path, list[Path]]:
    """Return who imports each of these files (relative to `root`) themselves, product and tests."""
    texts = {path: (root / path).read_text(encoding="utf-8") for path in sources(root)}
    return {path: sorted(who for who, text in texts.items() if imports(text, module(path))) for path in paths}


def sources(root: Path) -> list[Path]:
    folders = [each for each in root.iterdir() if each.is_dir() and not each.name.startswith(".")]
    found = [path.relative_to(root) for folder in folders for path in folder.rglob("*.py")]
    return [path for path in found if LEFT_OUT.isdisjoint(path.parts)]


def module(path: Path) -> str:
    """Return the name under which this file is imported: base/outbox/models.py is outbox.models."""
    parts = [*path.with_suffix("").parts]
    return ".".join(part for part in (parts[1:] if parts[0] in ROOTS else parts) if part != "__init__")


def imports(text: str, name: str) -> bool:
    return name.rpartition(".")[2] in text and name in names_in(text)


def names_in(text: str) -> set[str]:
    """Return every module this text imports; `from a import b` may mean a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found
