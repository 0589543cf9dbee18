"""Every word of the pages goes through translation: seen in a language that marks what did."""

from io import BytesIO

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.urls import reverse
from rest_framework.exceptions import ParseError

from foundation.parsers import StrictJSONParser
from tests.access.doors import DOORS, doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of
from tests.kept import taken_back
from tests.language.pseudo import OPEN, is_known, speaking_pseudo, stored_texts, unbracketed

pytestmark = pytest.mark.django_db

SECRET_TO_TYPE = "mfa_activate_totp"


@pytest.mark.parametrize("who", [Who.ANONYMOUS, Who.CITIZEN, Who.YOUTH_OFFICE, Who.TREASURER, Who.OFFICER])
def test_no_text_of_a_page_escapes_translation(scene: Scene, who: Who) -> None:
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


@pytest.mark.parametrize("who", [Who.ANONYMOUS, Who.CITIZEN, Who.YOUTH_OFFICE, Who.TREASURER])
def test_no_error_of_a_form_escapes_translation(scene: Scene, who: Who) -> None:
    """Each form is sent empty, and with a sign in every field that means nothing there."""
    client, forgotten, refused = scene.client(who), {}, 0
    stored = stored_texts()
    with speaking_pseudo():
        forms = {name: door for name, door in doors_for(who).items() if door.answers(scene)}
        for name, door in forms.items():
            for typed in ("", "§"):
                with taken_back():
                    answers = dict.fromkeys(door.answers(scene), typed)
                    answer = client.post(address_of(name, scene, who), answers)
                if answer.status_code != 422:
                    continue
                refused += 1
                left = [text for text in unbracketed(answer.content.decode()) if not is_known(text, stored)]
                if left and name != SECRET_TO_TYPE:
                    forgotten[name] = left
    assert refused > 5
    assert forgotten == {}, "\n".join(f"{name}: {left}" for name, left in forgotten.items())


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>⟦Guten Tag⟧</p>", []),
        ("<p>⟦Mehr über die <a>Zwecke</a>.⟧ 12</p>", []),
        ("<p>⟦Guten Tag⟧ vergessen</p>", ["vergessen"]),
        ('<p><b translate="no">Name <b>innen</b></b> vergessen</p>', ["vergessen"]),
        ('<img alt="Kinder"><p>⟦außen ⟦innen⟧ außen⟧</p>', ["Kinder"]),
        ("<title>⟦Spenden⟧ – Zeit</title>", ["– Zeit"]),
        ('<meta property="og:title" content="Zeit"><meta name="viewport" content="width=x">', ["Zeit"]),
    ],
)
def test_what_stands_outside_brackets_is_found(page: str, said: list[str]) -> None:
    assert unbracketed(page) == said


def test_the_administration_names_its_parts_in_the_language_of_the_reader() -> None:
    with speaking_pseudo():
        parts = [
            apps.get_app_config(label)
            for label in sorted({model._meta.app_label for model in site._registry})
        ]
        names = {each.label: str(each.verbose_name) for each in parts}
    assert [name for name in names.values() if not name.startswith(OPEN)] == []
    assert names["outbox"] == "⟦Postausgang⟧"


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"hours": 1e999}', b'{"title": "\\ud800"}'], ids=["deep", "large", "half"]
)
def test_what_is_wrong_with_a_body_of_the_api_is_said_in_the_language_of_the_reader(body: bytes) -> None:
    with speaking_pseudo(), pytest.raises(ParseError) as refused:
        StrictJSONParser().parse(BytesIO(body), parser_context={"encoding": "utf-8"})
    assert str(refused.value).startswith(OPEN)
