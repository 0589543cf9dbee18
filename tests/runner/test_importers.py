"""Who imports a module: its own files, under the name they know it by."""

from pathlib import Path

import pytest

from workshop.runner.importers import importers, module, names_in
from workshop.runner.place import ROOT


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("base/outbox/models.py", "outbox.models"),
        ("platform/wirbrauchensie/pages/views.py", "wirbrauchensie.pages.views"),
        ("programs/domain/screening/__init__.py", "programs.domain.screening"),
        ("workshop/runner/place.py", "workshop.runner.place"),
    ],
)
def test_a_file_has_the_name_it_is_imported_by(path: str, name: str) -> None:
    assert module(Path(path)) == name


def test_an_import_may_name_a_module_or_something_in_it() -> None:
    text = "import os.path\ndef f():\n    from programs.domain import ages, german as g\n"
    assert names_in(text) == {
        "os.path",
        "programs.domain",
        "programs.domain.ages",
        "programs.domain.german",
    }


def test_migrations_are_no_importers_and_tests_are(tmp_path: Path) -> None:
    files = {
        "base/gifts/domain.py": "",
        "base/gifts/views.py": "from gifts.domain import fee\n",
        "funds/access.py": "from gifts import domain\n",
        "funds/other.py": "import gifts.domains\n",
        "base/gifts/migrations/0001.py": "from gifts import domain\n",
        "tests/test_gifts.py": "from gifts import domain\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = Path("base/gifts/domain.py")
    assert importers([path], tmp_path) == {
        path: [
            Path("base/gifts/views.py"),
            Path("funds/access.py"),
            Path("tests/test_gifts.py"),
        ]
    }


def test_the_rules_of_shifts_are_known_to_those_who_use_them() -> None:
    path = Path("programs/domain/activities.py")
    assert Path("programs/models/activity.py") in importers([path], ROOT)[path]
