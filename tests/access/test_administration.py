"""The administration: what is in it, for whom, and what can be changed there."""

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import result_headers
from django.test import Client
from django.urls import reverse

from tests.access.people import WITHOUT_ACCOUNT, Who
from tests.access.scene import Scene
from tests.access.writes import recorded_writes
from tests.factories import make_user

pytestmark = pytest.mark.django_db

READ = frozenset[str]()
CHANGE = frozenset({"change"})
CHANGE_AND_DELETE = frozenset({"change", "delete"})
ADD_AND_CHANGE = frozenset({"add", "change"})
EVERYTHING = frozenset({"add", "change", "delete"})
GIFTS = (
    "donation",
    "recurringdonation",
    "donor",
    "payment",
    "refund",
    "dispute",
    "banktransaction",
    "statementimport",
    "ledgertransaction",
    "proposal",
    "stripeevent",
)
HELP = ("volunteer", "timepledge", "matchrun", "offer", "placement", "assignment", "hoursentry")
ALSO_GERMAN = {"name", "text", "version", "iban", "id"}
MODELS = {
    "accounts.user": EVERYTHING,
    "citizens.mailbox": READ,
    "outbox.message": CHANGE,
    "outbox.suppression": EVERYTHING,
    "programs.city": CHANGE,
    "programs.district": CHANGE_AND_DELETE,
    "programs.fund": ADD_AND_CHANGE,
    "programs.helptelephone": EVERYTHING,
    "programs.opportunity": CHANGE,
    "programs.program": EVERYTHING,
    "programs.provider": EVERYTHING,
    "programs.schoolholiday": EVERYTHING,
    "donations.acceptancerule": ADD_AND_CHANGE,
    "donations.methodlimit": ADD_AND_CHANGE,
    "donations.creditorid": ADD_AND_CHANGE,
    **dict.fromkeys([f"donations.{noun}" for noun in GIFTS], READ),
    **dict.fromkeys([f"volunteers.{noun}" for noun in HELP], READ),
}


def addresses() -> list[str]:
    lists = [f"admin:{label.replace('.', '_')}_{page}" for label in MODELS for page in ("changelist", "add")]
    return [reverse(name) for name in ["admin:index", *lists]]


def allowed(client: Client) -> dict[str, frozenset[str]]:
    """Return what the administration lets this person do with each model it knows."""
    request = client.get(reverse("admin:index")).wsgi_request
    return {
        model._meta.label_lower: frozenset(
            name for name, may in options.get_model_perms(request).items() if may and name != "view"
        )
        for model, options in admin.site._registry.items()
    }


def test_holds_what_is_declared_and_no_clearance_no_person_no_secret(scene: Scene) -> None:
    assert allowed(scene.client(Who.OPERATOR)) == MODELS


@pytest.mark.parametrize("who", [each for each in Who if each != Who.OPERATOR])
def test_is_shut_for_everybody_but_the_operator(who: Who, scene: Scene) -> None:
    client = scene.client(who)
    for address in addresses():
        with recorded_writes() as writes:
            answers = (client.get(address), client.post(address, {"action": "delete_selected"}))
        assert [answer.status_code for answer in answers] == [302, 302], address
        assert all(answer["Location"].startswith("/verwaltung/login/") for answer in answers)
        assert writes == []
    assert client.get("/verwaltung/login/").status_code == (302 if who in WITHOUT_ACCOUNT else 403)


def test_being_staff_alone_opens_nothing(scene: Scene) -> None:
    client = Client()
    client.force_login(make_user(is_staff=True))
    index, *others = addresses()
    assert client.get(index).status_code == 200
    assert {client.get(address).status_code for address in others} == {403}


def test_is_open_for_the_operator(scene: Scene) -> None:
    client = scene.client(Who.OPERATOR)
    may = allowed(client)
    for label in MODELS:
        base = f"admin:{label.replace('.', '_')}"
        assert client.get(reverse(f"{base}_changelist")).status_code == 200
        assert client.get(reverse(f"{base}_add")).status_code == (200 if "add" in may[label] else 403)


def test_every_head_filter_and_field_has_a_german_name(scene: Scene) -> None:
    """None is called as Django makes it of the name in the code ("Pledged at")."""
    client = scene.client(Who.OPERATOR)
    shown: list[tuple[str, str, str]] = []
    for model, options in admin.site._registry.items():
        where = model._meta.label_lower
        page = client.get(reverse(f"admin:{where.replace('.', '_')}_changelist"))
        changelist = page.context["cl"]
        heads = [head["text"] for head in result_headers(changelist)]
        shown += [(where, name, head) for name, head in zip(changelist.list_display, heads, strict=True)]
        filters = [(getattr(each, "field_path", ""), each.title) for each in changelist.filter_specs]
        shown += [(where, name, str(title)) for name, title in filters]
        for rows in (model, *(inline.model for inline in options.inlines)):
            shown += [
                (rows._meta.label_lower, field.name, str(field.verbose_name))
                for field in rows._meta.concrete_fields
                if field.name != "id"
            ]
        assert "Django" not in page.content.decode(), where
    assert len(shown) > 500
    words = [each for each in shown if each[1] not in ALSO_GERMAN]
    assert [each for each in words if each[2].casefold() == each[1].replace("_", " ").casefold()] == []
