"""Questions to a group or company: its name, and how many come."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from foundation.name_fields import NameOrLineField
from foundation.names import is_name
from volunteers.models.volunteer import MOST_HEADS

LEAST_HEADS = 2


class GroupNameField(NameOrLineField):
    """The name of a group or company, as it can stand in a mail."""

    default_error_messages = {
        "not_a_name": _("Bitte schreiben Sie nur den Namen, ohne Internetadresse oder Telefonnummer."),
    }

    def __init__(self, **options: Any) -> None:
        own = {
            "label": _("Name der Gruppe oder Firma"),
            "max_length": 80,
            "validators": [FreeText("volunteers.Volunteer.group_name")],
            "widget": forms.TextInput(attrs={"autocomplete": "organization"}),
        }
        super().__init__(**{**own, **options})

    def clean(self, value: Any) -> str:
        name = " ".join(super().clean(value).split())
        if name and not is_name(name):
            raise ValidationError(self.error_messages["not_a_name"], code="not_a_name")
        return name


class HeadsField(forms.IntegerField):
    """How many of a group come, the contact included."""

    def __init__(self, *, least: int = LEAST_HEADS, **options: Any) -> None:
        wrong = _("Bitte geben Sie eine Zahl von %(least)d bis %(most)d an.")
        limits = {"least": least, "most": MOST_HEADS}
        own = {
            "label": _("Wie viele Menschen kommen?"),
            "min_value": least,
            "max_value": MOST_HEADS,
            "widget": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "error_messages": dict.fromkeys(("invalid", "min_value", "max_value"), wrong % limits),
        }
        super().__init__(**{**own, **options})


class GroupForm(forms.Form):
    """Both are left out by whoever comes alone; a group answers both, and all of it is of age."""

    group_name = GroupNameField(required=False)
    heads = HeadsField(required=False, help_text=_("Sie selbst eingerechnet."))

    @property
    def group_open(self) -> bool:
        """Whether something stands where groups have to unfold it, or is missing there."""
        return any(self[name].value() or self[name].errors for name in GroupForm.base_fields)

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing of a group."""
        said = super().clean() or self.cleaned_data
        name, heads = said.get("group_name"), said.get("heads")
        if name and heads is None and "heads" not in self.errors:
            self.add_error("heads", _("Bitte geben Sie an, wie viele Menschen kommen."))
        if heads and not name and "group_name" not in self.errors:
            self.add_error("group_name", _("Bitte geben Sie den Namen der Gruppe oder Firma an."))
        if name and said.get("is_adult") is False:
            self.add_error(
                "is_adult",
                _(
                    "Eine Gruppe kann nur kommen, wenn alle 18 sind. Wer jünger ist, sagt bitte für sich"
                    " selbst zu."
                ),
            )
        return said

    def heads_said(self) -> int:
        """Return how many come as far as the answers tell, one if nothing was said."""
        return getattr(self, "cleaned_data", {}).get("heads") or 1


class HeadsForm(forms.Form):
    """How many of a group come to a task."""

    heads = HeadsField(least=1)
