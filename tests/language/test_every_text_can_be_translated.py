"""Every word of the pages goes through translation: seen in a language that marks what did."""

import re

import pytest
from django.urls import reverse

from foundation.clock import utc_now
from tests.access.doors import DOORS, doors_for
from tests.access.people import Who
from tests.access.scene import make_scene
from tests.language.pseudo import speaking_pseudo, stored_texts, unbracketed

pytestmark = pytest.mark.django_db

SECRET_TO_TYPE = "mfa_activate_totp"
NAMES_AND_UNITS = {"WIR BRAUCHEN SIE", "Wir brauchen", "Sie", "km", "Uhr"}


@pytest.mark.parametrize("who", [Who.ANONYMOUS, Who.CITIZEN, Who.YOUTH_OFFICE, Who.TREASURER, Who.OFFICER])
def test_no_text_of_a_page_escapes_translation(who: Who) -> None:
    scene = make_scene(utc_now())
    client, forgotten = scene.client(who), {}
    stored = stored_texts()
    with speaking_pseudo():
        for name in doors_for(who):
            door = DOORS[name]
            answer = client.get(reverse(name, args=door.args(scene, who), query=door.query(scene)))
            if name == SECRET_TO_TYPE or not answer.get("Content-Type", "").startswith("text/html"):
                continue
            left = [text for text in unbracketed(answer.content.decode()) if not is_known(text, stored)]
            if left:
                forgotten[name] = left
    assert forgotten == {}, "\n".join(f"{name}: {left}" for name, left in forgotten.items())


def is_known(text: str, stored: set[str]) -> bool:
    """Whether a text was written by people, or is a name, a unit or an address."""
    words = re.sub(r"\s+", " ", text)
    if words in NAMES_AND_UNITS or any(words in row for row in stored):
        return True
    return not re.search(r"[^\W\d_]{2}", _without(words, stored))


def _without(text: str, stored: set[str]) -> str:
    for row in sorted(stored, key=len, reverse=True):
        if len(row) > 2 and row in text:
            text = text.replace(row, " ")
    for name in NAMES_AND_UNITS:
        text = re.sub(rf"\b{name}\b", " ", text)
    return re.sub(r"\S+@\S+|https?://\S+|\S+\.\S+/\S*", " ", text)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>⟦Guten Tag⟧</p>", []),
        ("<p>⟦Mehr über die <a>Zwecke</a>.⟧ 12</p>", []),
        ("<p>⟦Guten Tag⟧ vergessen</p>", ["vergessen"]),
        ('<p><b translate="no">Name <b>innen</b></b> vergessen</p>', ["vergessen"]),
        ('<img alt="Kinder"><p>⟦außen ⟦innen⟧ außen⟧</p>', ["Kinder"]),
    ],
)
def test_what_stands_outside_brackets_is_found(page: str, said: list[str]) -> None:
    assert unbracketed(page) == said
