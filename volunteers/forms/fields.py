"""Form fields that several forms of people share."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.name_fields import NameOrLineField
from foundation.names import is_personal_name
from foundation.rendering import Choice
from programs.domain.choices import Field

ANYWHERE = "any"
_PHONE = re.compile(r"\+?[\d ()/.\-–]{5,39}", re.ASCII)


class NameField(NameOrLineField):
    """A name that can stand in a mail."""

    default_error_messages = {
        "not_a_name": _("Bitte schreiben Sie den Namen nur mit Buchstaben, Bindestrich oder Apostroph."),
        "max_length": _("Bitte kürzen Sie den Namen auf höchstens %(limit_value)d Zeichen."),
    }

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if name and not is_personal_name(name):
            raise ValidationError(self.error_messages["not_a_name"], code="not_a_name")
        return " ".join(name.split())


class PhoneField(forms.CharField):
    """A telephone number as people write it, with blanks, slashes and brackets."""

    default_error_messages = {
        "not_a_phone": _("Bitte prüfen Sie die Telefonnummer, zum Beispiel 01234 567890."),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
        super().__init__(**{"max_length": 40, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        number = " ".join(super().clean(value).split())
        if number and (not _PHONE.fullmatch(number) or sum(map(str.isdigit, number)) < 5):
            raise ValidationError(self.error_messages["not_a_phone"], code="not_a_phone")
        return number


class ChipsField(forms.MultipleChoiceField):
    """Any number of a few words, shown as chips."""

    widget = forms.CheckboxSelectMultiple
    template_name = "components/forms/chips.html"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"template_name": self.template_name, **options})


class FieldsField(ChipsField):
    """The fields of action; cleans to an empty list for "wherever I am needed"."""

    default_error_messages = {
        "required": _("Bitte wählen Sie mindestens ein Feld oder „Wo ich gebraucht werde“."),
    }

    def __init__(self, **options: Any) -> None:
        choices = [(ANYWHERE, Choice(_("Wo ich gebraucht werde"), icon="hands"))]
        choices += [(value, Choice(label, icon=_ICONS[value])) for value, label in Field.choices]
        super().__init__(**{"choices": choices, **options})

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [] if ANYWHERE in chosen else chosen


_ICONS = {"education": "book", "culture": "palette", "leisure": "play", "health": "health", "sport": "sport"}
