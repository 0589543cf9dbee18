"""The layout rules that a linter of imports cannot see."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
HEIGHT = {
    "foundation": 0,
    "outbox": 1,
    "accounts": 2,
    "citizens": 3,
    "programs": 4,
    "figures": 5,
    "volunteers": 6,
    "donations": 6,
    "receipts": 7,
    "wirbrauchensie": 8,
    "demo": 9,
}


def test_platform_is_a_folder_and_never_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("label", sorted(HEIGHT))
def test_foreign_keys_point_downwards_only(label: str) -> None:
    for model in apps.get_app_config(label).get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or target._meta.app_label not in HEIGHT:
                continue
            other = target._meta.app_label
            assert other == label or HEIGHT[other] < HEIGHT[label], f"{model.__name__}.{field.name} → {other}"


def test_every_own_app_has_its_height() -> None:
    own = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT)
        and ".venv" not in config.path
        and not Path(config.path).is_relative_to(ROOT / "tests")
    }
    assert own == set(HEIGHT)


def test_no_job_that_is_out_of_time_goes_on() -> None:
    """Celery says so by `SoftTimeLimitExceeded`, an Exception: whoever takes every Exception lets it pass."""
    swallowed = []
    for folder in ("platform", "base", "programs", "figures", "volunteers", "donations"):
        for path in (ROOT / folder).rglob("*.py"):
            blocks = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Try)]
            swallowed += [f"{path.relative_to(ROOT)}:{block.lineno}" for block in blocks if takes_all(block)]
    assert swallowed == []


def takes_all(block: ast.Try) -> bool:
    """Whether a handler takes every Exception for good, and none before it has let those out of time pass."""
    for handler in block.handlers:
        names = ast.walk(handler.type) if handler.type else [ast.Name("BaseException")]
        taken = {each.id for each in names if isinstance(each, ast.Name)}
        last = handler.body[-1]
        if isinstance(last, ast.Raise) and last.exc is None:
            if taken & {"SoftTimeLimitExceeded", "Exception", "BaseException"}:
                return False
        elif taken & {"Exception", "BaseException"}:
            return True
    return False


def test_only_the_edges_read_the_clock() -> None:
    inner = re.compile(r"/(domain|models|selectors|services|matching)/")
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("platform", "base", "programs", "figures", "volunteers", "donations")
        for path in (ROOT / folder).rglob("*.py")
        if inner.search(str(path)) and re.search(r"\butc_now\(|\.now\(|date\.today\(", path.read_text())
    ]
    assert readers == ["base/outbox/services/sending.py"]
