"""Where something is counted, one is told in the singular."""

import ast
from collections.abc import Iterator

from tests.processes import ROOT

FOLDERS = ("base", "platform", "programs", "volunteers", "donations", "figures")
COUNTED = ("%(count)d ", "%(count)s ", "%(rows)d ", "%(rows)s ", "%(places)d P")
ONE_FORM = ("gettext", "gettext_lazy", "_")


def texts_with_one_form(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ONE_FORM:
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def test_whatever_is_counted_has_two_forms() -> None:
    assert list(texts_with_one_form('_("%(count)d Briefe")')) == ["%(count)d Briefe"]
    found = [
        text
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        if any(each in (source := path.read_text(encoding="utf-8")) for each in COUNTED)
        for text in texts_with_one_form(source)
        if any(each in text for each in COUNTED)
    ]
    assert [text for text in found if not text.startswith("  %(count)d × ")] == []
