"""The three screens of pledging: what, when, who. Four answers are needed, none more."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from citizens.forms import MailboxField
from foundation.free_texts import FreeText
from foundation.rendering import Choice
from programs.models import Opportunity, Role
from programs.selectors.visibility import public_roles
from volunteers.forms.fields import NameField, PhoneField
from volunteers.forms.groups import GroupForm
from volunteers.forms.wishes import FieldsForm, StrengthsForm
from volunteers.models import Volunteer
from volunteers.selectors.same_mailbox import namesakes
from volunteers.services.pledges import Person

ADULT = "adult"
AGES = [
    (ADULT, _("18 Jahre oder älter")),
    (
        "16-17",
        Choice(
            _("16 oder 17 Jahre"),
            hint=_("Für den Einsatz fragen wir, wer für Sie sorgeberechtigt ist: meist Mutter oder Vater."),
        ),
    ),
]


def role_of(roles: Sequence[Role], key: str) -> Role:
    """Return the one of a task's `roles` with that key, else the first with a place free, else the first."""
    return next(
        (role for role in roles if str(role.pk) == key),
        next((role for role in roles if role.has_place_free), roles[0]),
    )


class WhatForm(FieldsForm):
    """Screen 1. `wanted` names the task somebody comes from, None if it is not published any more.

    `role` is the key of which of its roles, if there are several.
    """

    wanted = forms.CharField(required=False, widget=forms.HiddenInput)
    role = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_wanted(self) -> Opportunity | None:
        """Return the published opportunity of that slug; a task that is gone is no reason to stop anybody."""
        slug = self.cleaned_data["wanted"]
        named = public_roles().filter(opportunity__slug=slug).order_by("pk")
        of_task = named.select_related("opportunity__district", "opportunity__provider")
        self._roles = list(of_task.prefetch_related("opportunity__series")) if slug else []
        return self._roles[0].opportunity if self._roles else None

    @property
    def wanted_role(self) -> Role | None:
        """Which role of the task the valid form names: the one chosen, else the first with a place free."""
        return role_of(self._roles, self.cleaned_data["role"]) if self._roles else None

    @property
    def is_gone(self) -> bool:
        """Whether the valid form names a task that is not there any more."""
        return bool(self.data.get("wanted")) and self.cleaned_data["wanted"] is None


class AgeField(forms.ChoiceField):
    """Of age or not: all that a gate needs to know. Cleans to True for 18 and older."""

    def __init__(self, **options: Any) -> None:
        own = {"choices": AGES, "widget": forms.RadioSelect, "initial": ADULT, "label": _("Ihr Alter")}
        super().__init__(**{**own, **options})

    def clean(self, value: Any) -> bool:
        return super().clean(value) == ADULT


class WhoForm(GroupForm, StrengthsForm):
    """Screen 3."""

    field_order = ["submission", "first_name", "email", "is_adult", *GroupForm.base_fields]
    submission = forms.UUIDField(
        initial=uuid.uuid4,
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Etwas ist durcheinandergeraten. Bitte laden Sie die Seite neu.")},
    )
    first_name = NameField(
        label=_("Ihr Vorname"),
        max_length=60,
        validators=[FreeText("volunteers.Volunteer.first_name")],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Vornamen an.")},
    )
    email = MailboxField(
        help_text=_("Dorthin schicken wir einen Link zum Bestätigen. Ein Konto brauchen Sie nicht.")
    )
    is_adult = AgeField()
    phone = PhoneField(
        label=_("Telefon"), required=False, help_text=_("Für Rückfragen, wenn es einmal schnell gehen muss.")
    )

    def person(self) -> Person:
        """Return who was typed."""
        answers = self.cleaned_data
        return Person(
            first_name=answers["first_name"],
            email=answers["email"],
            phone=answers["phone"],
            is_adult=answers["is_adult"],
            group_name=answers["group_name"],
            heads=self.heads_said(),
        )


KNOWN_PERSON = "same"


class SharedMailboxForm(forms.Form):
    """Asked where somebody is known at the mailbox that confirms.

    Where only somebody with that first name and another age is known, nothing is ticked beforehand: a
    grandfather must not become his grandchild, nor a minor of age by a namesake.
    """

    person = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Bitte sagen Sie uns, ob Sie das sind.")
        ),
    )

    def __init__(self, typed: Volunteer, known: list[Volunteer], data: QueryDict | None = None) -> None:
        super().__init__(data)
        same = namesakes(typed, known)
        field = cast(forms.ChoiceField, self.fields["person"])
        is_of_another_age = bool(same) and same[0].is_adult != typed.is_adult
        if same:
            field.label = _("Zu diesem Postfach kennen wir schon jemanden mit Ihrem Vornamen. Sind Sie das?")
            hint = _("Dann gilt das Alter, das Sie hier angegeben haben.") if is_of_another_age else ""
        else:
            field.label = _(
                "Zu diesem Postfach kennen wir schon jemanden mit anderem Vornamen. Sind Sie das?"
            )
            hint = _("Dann nennen wir Sie überall so wie hier.")
        field.choices = [
            ("other", _("Nein, wir teilen uns das Postfach")),
            (KNOWN_PERSON, Choice(_("Ja, das bin ich"), hint=hint)),
        ]
        if not is_of_another_age:
            field.initial = KNOWN_PERSON if same else "other"

    @property
    def is_known_person(self) -> bool:
        """Whether they are somebody known there, called as typed from now on."""
        return self.cleaned_data["person"] == KNOWN_PERSON
