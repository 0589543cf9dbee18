"""What must not be seen is looked for wherever something can be seen: pages, administration, API, log."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from foundation.sweeps import all_sweeps, run
from outbox.models import Message
from tests.access.doors import DOORS, doors_for
from tests.access.people import Who
from tests.access.scene import GIVER, SURNAME, Scene
from tests.access.walks import Seen, address_of, text_of
from volunteers.models import Clearance

pytestmark = pytest.mark.django_db

NAMES_SHOWN = {
    "coordination_placement": {Who.COORDINATOR, Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_person": {Who.COORDINATOR, Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_people": {Who.COORDINATOR, Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_people_file": {Who.COORDINATOR, Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination": {Who.OFFICER},
    "coordination_clearances": {Who.OFFICER},
    "coordination_clearance": {Who.OFFICER},
    "placement_letter": {Who.CITIZEN},
    "my_person": {Who.CITIZEN},
    "my_page": {Who.CITIZEN},
    "my_data": {Who.CITIZEN},
    "my_data_file": {Who.CITIZEN},
}
GIVERS_SHOWN = {
    "coordination_donations": {Who.TREASURER, Who.OPERATOR},
    "coordination_donations_file": {Who.TREASURER, Who.OPERATOR},
    "coordination_credit": {Who.TREASURER, Who.OPERATOR},
    "coordination_recurring": {Who.TREASURER, Who.OPERATOR},
    "coordination_recurring_file": {Who.TREASURER, Who.OPERATOR},
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything the platform logs, whatever its level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    handler.setFormatter(root.handlers[0].formatter if root.handlers else None)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def spellings(day: date) -> list[str]:
    """Return every way in which a page, an export or a log could write this day."""
    german = ["j. F Y", "d.m.Y", "j.n.Y", "j. M Y", "j. F", "d.m.y"]
    return [day.isoformat(), f"{day:%Y%m%d}", *(date_format(day, form) for form in german)]


def administration(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield address and text of every page of the administration, as the operator sees it."""
    client = scene.client(Who.OPERATOR)
    for model, _options in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{base}_changelist"), reverse(f"{base}_changelist") + f"?q={SURNAME}"]
        for row in model._default_manager.all()[:20]:
            addresses += [
                reverse(f"{base}_{page}", args=[row.pk]) for page in ("change", "history", "delete")
            ]
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in (200, 403), address
            yield address, text_of(answer)


@pytest.mark.parametrize("who", Who)
def test_pages_show_names_where_they_are_needed_and_a_certificate_never(
    who: Who, scene: Scene, seen: Callable[[Who], dict[str, Seen]]
) -> None:
    pages = {name: answer.text for name, answer in seen(who).items()}

    certificates = spellings(scene.certificate_on)
    assert [name for name, text in pages.items() if any(day in text for day in certificates)] == []
    assert {name for name, text in pages.items() if SURNAME in text} == expected(NAMES_SHOWN, who)
    assert {name for name, text in pages.items() if GIVER in text} == expected(GIVERS_SHOWN, who)


def expected(shown: dict[str, set[Who]], who: Who) -> set[str]:
    return {name for name, people in shown.items() if who in people}


def test_administration_shows_no_certificate_and_knows_no_clearance(scene: Scene) -> None:
    assert Clearance not in admin.site._registry
    written = spellings(scene.certificate_on)
    for address, text in administration(scene):
        assert [each for each in written if each in text] == [], address


def test_administration_finds_nobody_by_the_text_of_mails(scene: Scene) -> None:
    message = Message.objects.filter(to_email=GIVER).first()
    assert message is not None
    client = scene.client(Who.OPERATOR)
    page = text_of(client.get(reverse("admin:outbox_message_change", args=[message.pk])))
    assert GIVER not in page
    assert message.subject not in page


def test_api_tells_of_no_person(scene: Scene) -> None:
    client = Client()
    secrets = [SURNAME, GIVER, "Maria", "maria@example.org", *spellings(scene.certificate_on)]
    for name in (name for name in DOORS if name.startswith("api-")):
        text = text_of(client.get(address_of(name, scene, Who.ANONYMOUS)))
        assert [each for each in secrets if each in text] == [], name


def test_log_holds_no_certificate_no_name_and_no_address(scene: Scene, log: io.StringIO) -> None:
    officer = scene.client(Who.OFFICER)
    officer.get(address_of("coordination_clearance", scene, Who.OFFICER))
    officer.post(
        address_of("coordination_clearance", scene, Who.OFFICER),
        {"certificate_on": scene.certificate_on.isoformat()},
    )
    citizen = scene.client(Who.CITIZEN)
    for name in doors_for(Who.CITIZEN):
        citizen.get(address_of(name, scene, Who.CITIZEN))
    citizen.post(reverse("my_page_link"), {"email": GIVER})
    for each in all_sweeps():
        run(each.name, scene.now)

    written = log.getvalue()
    assert "einsichtnahmen" in written
    secrets = [SURNAME, GIVER, "maria@example.org", *spellings(scene.certificate_on)]
    lines = [line for line in written.splitlines() if " FROM " not in line]
    assert [line for line in lines if any(each in line for each in secrets)] == []


def test_a_clearance_is_three_facts_and_hangs_on_nothing_else() -> None:
    assert {field.name for field in Clearance._meta.get_fields()} == {
        "id",
        "volunteer",
        "opportunity",
        "certificate_on",
    }
    pointing: list[Any] = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is Clearance
    ]
    assert pointing == []
