"""Deciding rows of "Heute" as a person does: what the row offers, sent from where it stands."""

import re
from dataclasses import dataclass
from html import unescape

from django.test import Client

from tests.today.reading import HERE

_FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Offered:
    """One form of a row: where it goes, and what it sends along."""

    action: str
    hidden: dict[str, str]


def offered(html: str, key: str) -> list[Offered]:
    """Return the forms of the row `key` on a page, from top to bottom."""
    row = html.partition(f'id="{key}"')[2]
    row = re.split(r'<li class="panel stack--small" id=|<h2 id="eben"', row)[0]
    return [Offered(found[1], _hidden(found[0])) for found in _FORM.finditer(row)]


def undo_offered(html: str) -> list[Offered]:
    """Return what can be taken back, the latest first."""
    done = html.partition('<h2 id="eben"')[2]
    return [Offered(found[1], _hidden(found[0])) for found in _FORM.finditer(done)]


def _hidden(form: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}


def send(client: Client, form: Offered, **answers: object) -> str:
    """Send a form of the list and return the list as it stands then."""
    answer = client.post(form.action, {**form.hidden, **answers})
    assert (answer.status_code, answer["Location"].startswith(HERE)) == (303, True), answer
    return client.get(answer["Location"]).content.decode()
