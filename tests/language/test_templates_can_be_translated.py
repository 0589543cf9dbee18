"""No template holds a word that is not given to translation, in whatever branch it stands."""

import re
from pathlib import Path

import pytest

from tests.language.pseudo import SPOKEN

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = {"WIR BRAUCHEN SIE", "WIR BRAUCHEN SIE,", "Wir brauchen", "Sie", "www.lbbp.nrw.de/ombudsstelle"}
ONLY_ATTRIBUTES = {"list_swap.html", "_swap.html"}
MACHINES_WORDS = re.compile(
    r"\{#.*?#\}|<!--.*?-->|<(style|script|pre)\b.*?</\1>"
    r"|\{% comment.*?endcomment %\}|\{% block \w+_class %\}.*?\{% endblock %\}"
    r"|<textarea[^>]* translate=\"no\".*?</textarea>",
    re.DOTALL,
)
TRANSLATED = re.compile(
    r'\{% blocktranslate.*?endblocktranslate %\}|\{% translate .*?%\}|_\("[^"]*"\)', re.DOTALL
)
TAG = re.compile(r"\{%(?! (?:url|load|extends|if|elif) ).*?%\}|\{\{.*?\}\}", re.DOTALL)
ANY_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
PATH = re.compile(r"/\w+/")
LETTERS = re.compile(r"[^\W\d_]{2}")
SPOKEN_BY_TAGS = re.compile(
    r'\b(?:title|lead|eyebrow|label|text|body|caption|description|kind_name)="([^"]*)"'
)


def untranslated(source: str) -> list[str]:
    """Return the texts, spoken attributes and texts given to components that no translation sees."""
    source = TRANSLATED.sub("", MACHINES_WORDS.sub("", source))
    given = [text for tag in TAG.findall(source) for text in SPOKEN_BY_TAGS.findall(tag)]
    source = ANY_TAG.sub("", source)
    spoken = [text for name in SPOKEN for text in re.findall(rf'\b{name}="([^"]*)"', source)]
    lines = re.sub(r"<[^>]*>|&\w+;", "\n", source).splitlines()
    found = [text.strip(" \t–") for text in [*given, *spoken, *lines]]
    return [text for text in found if LETTERS.search(text) and text not in NAMES and not PATH.fullmatch(text)]


def test_no_template_holds_a_word_that_no_translation_sees() -> None:
    paths = [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".txt"}]
    paths = [path for path in paths if path.name not in ONLY_ATTRIBUTES]
    assert len(paths) > 500
    found = {str(path.relative_to(TEMPLATES)): untranslated(path.read_text()) for path in paths}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('<p>{% translate "Guten Tag" %}</p>', []),
        (
            "<p>{% if a %}vergessen{% else %}{% blocktranslate %}{{ d }}{% endblocktranslate %}{% endif %}",
            ["vergessen"],
        ),
        ('{% include "x.html" with title="vergessen" label=_("Guten Tag") only %}', ["vergessen"]),
        ('<img alt="vergessen"><img alt="{% translate "Kind" %}"><i class="klein"></i>', ["vergessen"]),
        ('{# ein Wort #}<style>p { color: red }</style>{{ day|date:"j. F" }}', []),
    ],
)
def test_what_no_translation_sees_is_found(source: str, said: list[str]) -> None:
    assert untranslated(source) == said
