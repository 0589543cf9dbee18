"""No text comes in beside the door: every column and every form field says what becomes of it."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.free_texts import FreeText
from programs.domain.screening import Policy
from wirbrauchensie.free_texts import COLUMNS, LETTERS

OURS = ("foundation", "outbox", "accounts", "citizens", "programs", "figures", "volunteers", "donations")
LABELS = (*OURS, "receipts")
TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)
# Fields of a fixed shape or that are never stored; everything else that takes letters is a free text.
SHAPED = {
    ("AccountForm", "iban"),
    ("AgreementForm", "amount"),
    ("AssignForm", "amount"),
    ("ContributionFilterForm", "suche"),
    ("ContributionForm", "postcode"),
    ("ContributionForm", "value"),
    ("CorrectionForm", "amount"),
    ("CountAgainForm", "amount"),
    ("CountForm", "amount"),
    ("CorrectionForm", "code"),
    ("CreditForm", "amount"),
    ("CreditForm", "counterparty_name"),
    ("CreditForm", "remittance"),
    ("GoodsForm", "postcode"),
    ("GoodsForm", "value"),
    ("GoodsForm", "vat"),
    ("AskByLetterForm", "postcode"),
    ("GuardianLetterForm", "postcode"),
    ("IssuerForm", "assessed_until"),
    ("IssuerForm", "code"),
    ("IssuerForm", "postcode"),
    ("IssuerForm", "tax_number"),
    ("ListForm", "q"),
    ("NewGiftForm", "amount"),
    ("OneOfSeveralForm", "text_read"),
    ("OwnAddressForm", "postcode"),
    ("PartForm", "amount"),
    ("ProgramFilter", "q"),
    ("PersonForm", "phone"),
    ("ProveAgainForm", "code"),
    ("PromiseSearchForm", "suche"),
    ("ProposalForm", "amount"),
    ("RegisterCheckForm", "iban"),
    ("RegisterFilterForm", "suche"),
    ("SecondStepForm", "code"),
    ("_TakesPaper", "code"),
    ("ReleaseForm", "text_read"),
    ("ServicesAsked", "search"),
    ("TakedownForm", "address"),
    ("TakenPledgeForm", "phone"),
    ("TakenPledgeForm", "postcode"),
    ("WaiverForm", "postcode"),
    ("WaiverForm", "value"),
    ("WebhookForm", "url"),
    ("WhatForm", "own_amount"),
    ("WhatForm", "role"),
    ("WhatForm", "role"),
    ("WhatForm", "wanted"),
    ("WhoForm", "phone"),
    ("WhoForm", "postcode"),
    ("WishAddressForm", "postcode"),
    ("SetUpForm", "code"),
}


def text_columns() -> Iterator[tuple[str, Any]]:
    for model in apps.get_models():
        if model._meta.app_label in LABELS:
            for field in model._meta.local_fields:
                if isinstance(field, TEXTS) and not field.choices:
                    yield f"{model._meta.label}.{field.name}", field


def form_fields() -> Iterator[tuple[str, str, forms.Field]]:
    for package in (*OURS, "wirbrauchensie"):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if ".migrations" not in module.name and ".management" not in module.name:
                import_module(module.name)
    for form in _below(forms.BaseForm):
        if form.__module__.partition(".")[0] in (*OURS, "wirbrauchensie") and not issubclass(
            form, forms.BaseModelForm
        ):
            for name, field in form.base_fields.items():
                yield form.__name__, name, field


def _below(form: Any) -> set[Any]:
    return {form, *(below for each in form.__subclasses__() for below in _below(each))}


def test_every_text_column_has_a_declared_policy_and_every_policy_a_column() -> None:
    assert {column for column, _field in text_columns()} == set(COLUMNS)


def test_every_column_that_people_write_is_judged_wherever_a_row_is_validated() -> None:
    guarded = {
        column
        for column, field in text_columns()
        if any(isinstance(each, FreeText) and each.column == column for each in field.validators)
    }
    assert guarded == {
        column for column, declared in COLUMNS.items() if declared and declared.policy != Policy.FOREIGN
    }


def test_every_form_field_that_takes_sentences_names_its_column() -> None:
    free = {
        (form, name): [each.column for each in field.validators if isinstance(each, FreeText)]
        for form, name, field in form_fields()
        if isinstance(field, forms.CharField) and not isinstance(field, (forms.EmailField, forms.UUIDField))
    }
    undeclared = {key for key, columns in free.items() if not columns}
    assert undeclared - SHAPED == {key for key in undeclared if "password" in key[1]}
    named = {column for columns in free.values() for column in columns}
    assert named <= {*COLUMNS, *LETTERS}
    assert {"programs.Opportunity.task", "volunteers.TimePledge.note", "contact.text"} <= named


@pytest.mark.parametrize("column", [column for column, declared in COLUMNS.items() if declared])
def test_no_free_text_is_declared_a_matter_of_machines(column: str) -> None:
    declared = COLUMNS[column]
    assert declared is not None
    assert not any(kind not in ("family", "home", "address") for kind in declared.expected)
