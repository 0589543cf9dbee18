"""A guardian's consent on paper: asking for it by a letter, and noting the sheet that came back signed."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from foundation.plausible_days import of_this_century
from volunteers.forms.envelopes import envelope_line
from volunteers.forms.steps import GuardianLetterForm, MonthField


class AskByLetterForm(GuardianLetterForm):
    """Whom to ask by a letter, typed by somebody else than the minor."""

    name = envelope_line(_("Vor- und Nachname der sorgeberechtigten Person"), 120, required=True)
    born_in = MonthField(label=_("Geburtsmonat der minderjährigen Person"))


class SignedSheetForm(forms.Form):
    """Who signed the sheet, on which day, and which text stands on it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Vor- und Nachname, wie auf dem Blatt"),
        max_length=120,
        validators=[FreeText("volunteers.GuardianConsent.name")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signed_on = forms.DateField(
        label=_("Unterschrieben am"),
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )
    seen = forms.BooleanField(
        label=_("Das Blatt liegt mir vor: unterschrieben, mit dieser Fassung des Textes."),
        error_messages={"required": _("Bitte setzen Sie das Häkchen, wenn das Blatt vorliegt.")},
    )

    def __init__(self, *args: Any, today: date, taken_back_on: date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.taken_back_on = today, taken_back_on

    def clean_signed_on(self) -> date:
        """Return the day on the sheet, not one to come, nor one before a yes was taken back."""
        day: date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise ValidationError(_("Dieser Tag kommt erst noch."))
        if self.taken_back_on and day < self.taken_back_on:
            raise ValidationError(
                _("Danach ist das Einverständnis zurückgezogen worden. Es gilt nur ein Blatt von danach.")
            )
        return day
