"""A child typed into every field of every form, wherever somebody may type, ends in no table."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import Client

from accounts.models import User
from tests.access.doors import DOORS, Door
from tests.access.scene import Scene
from tests.access.walks import address_of
from tests.kept import taken_back
from tests.searching import tables_with

pytestmark = pytest.mark.django_db
CANARY = "Klein-Xaverinchen Quölz, 6 Jahre"
WORD = "xaverinchen"
FOREIGN = {("coordination_credit_new", "counterparty_name"), ("coordination_credit_new", "remittance")}
"""What the bank says is taken over as it is, masked where it is shown and purged on schedule."""


def typed_fields(context: Any) -> set[str]:
    """Return the names of all fields for letters in the forms of a page."""
    if context is None:
        return set()
    layers = context if isinstance(context, list) else [context]
    shown = [value for layer in layers for value in layer.flatten().values()]
    found = [value for value in shown if isinstance(value, forms.BaseForm)]
    return {bound.html_name for form in found for bound in form if isinstance(bound.field, forms.CharField)}


def _typing_doors(scene: Scene) -> Iterator[tuple[str, Door, Client, str]]:
    for name, door in DOORS.items():
        for who in sorted(door.changes):
            yield name, door, scene.client(who), address_of(name, scene, who)
            break


def test_no_form_lets_a_child_in(scene: Scene) -> None:
    tried = set()
    for name, door, client, address in _typing_doors(scene):
        answers = door.answers(scene)
        fields = typed_fields(client.get(address).context) | {
            key for key, value in answers.items() if isinstance(value, str) and not value.isdigit()
        }
        for field in fields:
            with taken_back():
                client.post(address, {**answers, field: CANARY})
                found = tables_with(WORD)
            if (name, field) not in FOREIGN:
                assert found == [], (name, field)
                tried.add((name, field))
    assert {
        ("contact", "text"),
        ("notice", "text"),
        ("pledge_time_who", "first_name"),
        ("guardian", "name"),
        ("coordination_opportunity_new", "task"),
        ("coordination_declaration_edit", "text"),
        ("coordination_person", "text"),
    } <= tried
    assert len(tried) > 40


def test_no_field_of_the_administration_lets_a_child_in(scene: Scene) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    tried, stored = set(), []
    for model in admin.site._registry:
        row = model._default_manager.first()
        if row is None:
            continue
        below = model._meta.label_lower.replace(".", "/")
        page = client.get(f"/verwaltung/{below}/{row.pk}/change/")
        if page.status_code != 200 or "adminform" not in page.context:
            continue
        values = values_of(page.context)
        for field, kind in fields_of(page.context):
            if isinstance(kind, forms.CharField):
                with taken_back():
                    client.post(page.request["PATH_INFO"], {**values, field: CANARY})
                    stored += [(model._meta.label, field)] if tables_with(WORD) else []
                tried.add(f"{model._meta.label}.{field}")
    assert stored == []
    assert {"programs.Fund.purpose", "programs.Program.description", "programs.Provider.note"} <= tried


def test_every_field_of_a_new_row_in_the_administration_says_no(scene: Scene) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    silent: set[str] = set()
    tried: set[str] = set()
    request = client.get("/verwaltung/").wsgi_request
    for model, manages in admin.site._registry.items():
        address = f"/verwaltung/{model._meta.label_lower.replace('.', '/')}/add/"
        if not manages.has_add_permission(request):
            continue
        context = client.get(address).context
        values = {**values_of(context), **one_more_below(context)}
        for field in new_fields(context):
            answer = client.post(address, {**values, field: CANARY})
            refused = answer.status_code == 200 and field in errors_of(answer.context)
            (tried if refused else silent).add(f"{model._meta.label}.{field}")
    assert silent == set()
    assert {
        "programs.Fund.updates-0-text",
        "donations.AcceptanceRule.source",
        "donations.MethodLimit.source",
    } <= tried


def one_more_below(context: Any) -> dict[str, Any]:
    """Return what a page sends where somebody adds a row below it."""
    prefixes = [each.formset.prefix for each in context["inline_admin_formsets"]]
    return {f"{prefix}-TOTAL_FORMS": "1" for prefix in prefixes}


def new_fields(context: Any) -> list[str]:
    """Return every field for letters of a page, those of an added row below it included."""
    found = [context["adminform"].form]
    for below in context["inline_admin_formsets"]:
        found.append(below.formset.empty_form)
    typed = [bound for form in found for bound in form if isinstance(bound.field, forms.CharField)]
    return [bound.html_name.replace("__prefix__", "0") for bound in typed]


def errors_of(context: Any) -> set[str]:
    found = [context["adminform"].form]
    for below in context["inline_admin_formsets"]:
        found += below.formset.forms
    return {form.add_prefix(name) for form in found for name in form.errors}


def fields_of(context: Any) -> list[tuple[str, forms.Field]]:
    found = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        found += formset.formset.forms
    return [(bound.html_name, bound.field) for form in found for bound in form]


def values_of(context: Any) -> dict[str, Any]:
    found = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        found += [formset.formset.management_form, *formset.formset.forms]
    return {
        bound.html_name: value
        for form in found
        for bound in form
        if (value := bound.value()) is not None and value is not False
    }
