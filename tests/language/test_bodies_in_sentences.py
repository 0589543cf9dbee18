"""The name of a body after "bei" or "von" stands as its own grammatical data say, never bare."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
TEXT = re.compile(r"\{% blocktranslate(?P<said>[^%]*)%\}(?P<text>.*?)\{% endblocktranslate %\}", re.DOTALL)
BARE = re.compile(r"\b(\w+)=[\w.]*\bprovider(?:\.name)?(?=\s|$)")
BODY = re.compile(r"recipient|provider(?:\.name|\.in_\w+)?(?:$|\|)")
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


def doubled_stops(source: str) -> list[str]:
    """Return every name of a body that ends a sentence and may bring its own dot („Verein Lesen e. V.“)."""
    found = []
    for text in TEXT.finditer(source):
        bound = dict(re.findall(r"\b(\w+)=(\S+)", text["said"]))
        for name in re.findall(r"\{\{ (\w+) \}\}\.(?=[\s<{]|$)", text["text"]):
            value = bound.get(name, name)
            if BODY.search(value) and not value.endswith("|before_stop"):
                found.append(name)
    return found


def test_no_name_of_a_body_brings_a_second_stop() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): names
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in {".html", ".txt"} and (names := doubled_stops(path.read_text()))
    }
    assert found == {}
    assert doubled_stops("{% blocktranslate %}An: {{ recipient }}. Danke{% endblocktranslate %}") == [
        "recipient"
    ]
    told = "{% blocktranslate with by=task.provider.in_dative %}Bei {{ by }}.{% endblocktranslate %}"
    assert doubled_stops(told) == ["by"]


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
