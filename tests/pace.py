"""How long somebody takes who fills a form in, reckoned at a human pace from the form as it is shown.

Two hundred keys a minute, and one and a half seconds to get to each field, choice and button. What the form
has filled in already costs nothing. Thinking, and what is said on the telephone, is not in it.
"""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

SECONDS_A_KEY = 60 / 200
SECONDS_A_FIELD = 1.5


class _Fields(HTMLParser):
    """The kind of each field by its name, and what is in it before anybody types."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.kinds: dict[str, str] = {}
        self.filled: dict[str, set[str]] = {}
        self._select = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag in ("input", "textarea", "select") and name:
            self.kinds[name] = (said.get("type") or "text") if tag == "input" else tag
        if tag == "input" and (self.kinds.get(name) not in ("radio", "checkbox") or "checked" in said):
            self.filled.setdefault(name, set()).add(value)
        if tag in ("select", "textarea"):
            self._select, self._text = (name, "") if tag == "select" else ("", name)
        if tag == "option" and ("selected" in said or self._select not in self.filled):
            self.filled[self._select] = {value}

    def handle_data(self, data: str) -> None:
        if self._text:
            self.filled.setdefault(self._text, set()).add(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""


def seconds_for(page: str, answers: Mapping[str, Any]) -> float:
    """Return how long the form on `page` takes until it holds `answers` and is sent.

    Raises KeyError where an answer has no field on the page.
    """
    fields = _Fields(page)
    seconds = SECONDS_A_FIELD
    for name, said in answers.items():
        values = said if isinstance(said, list | tuple) else [said]
        if fields.kinds[name] == "hidden":
            continue
        for value in map(str, values):
            if value in fields.filled.get(name, {""}):
                continue
            is_typed = fields.kinds[name] not in ("radio", "checkbox", "select")
            seconds += SECONDS_A_FIELD + (len(value) * SECONDS_A_KEY if is_typed else 0)
    return seconds
