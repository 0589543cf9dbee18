"""The name of a body after "bei" or "von" stands as its own grammatical data say, never bare."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
TEXT = re.compile(r"\{% blocktranslate(?P<said>[^%]*)%\}(?P<text>.*?)\{% endblocktranslate %\}", re.DOTALL)
BARE = re.compile(r"\b(\w+)=[\w.]*\bprovider(?:\.name)?(?=\s|$)")
AFTER = r"(?i:an|aus|bei|durch|für|gegen|mit|nach|ohne|seit|um|von|zu)"


def bare_names(source: str) -> list[str]:
    """Return every piece of a text in which the plain name of a body follows a preposition."""
    return [
        found[0]
        for text in TEXT.finditer(source)
        for name in BARE.findall(text["said"])
        for found in re.finditer(rf"\b{AFTER} \{{\{{ {name} \}}\}}", text["text"])
    ]


def test_no_template_puts_a_bare_name_after_a_preposition() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): names
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in {".html", ".txt"} and (names := bare_names(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "{% blocktranslate with who=task.provider %}bei {{ who }}{% endblocktranslate %}",
            ["bei {{ who }}"],
        ),
        ("{% blocktranslate with n=provider.name %}Von {{ n }} da{% endblocktranslate %}", ["Von {{ n }}"]),
        ("{% blocktranslate with n=provider.in_dative %}von {{ n }}{% endblocktranslate %}", []),
        ("{% blocktranslate with n=provider.name %}{{ n }} fragt Sie{% endblocktranslate %}", []),
        ("{% blocktranslate with n=fund.name %}für {{ n }}{% endblocktranslate %}", []),
    ],
)
def test_a_bare_name_is_told_from_a_right_one(source: str, found: list[str]) -> None:
    assert bare_names(source) == found
