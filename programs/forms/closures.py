"""On which days dates do not take place."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.domain.closures import ClosureReason
from programs.forms.fields import DayField

FOR_NOW = "for_now"


class ReasonForm(forms.Form):
    """Why dates do not take place."""

    reason = forms.ChoiceField(
        label=_("Warum?"),
        help_text=_("Wer kommen wollte, erfährt den Grund."),
        choices=ClosureReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte nennen Sie den Grund.")},
    )


class ClosureForm(ReasonForm):
    """One day, a range, or from a day on until further notice; `until_on` cleans to the last day or None."""

    from_on = DayField(
        label=_("Erster Tag"), error_messages={"required": _("Bitte geben Sie den ersten Tag an.")}
    )
    until_on = DayField(label=_("Letzter Tag"), required=False, help_text=_("Leer lassen für einen Tag."))
    for_now = forms.BooleanField(label=_("Bis auf Weiteres: die ganze Terminserie"), required=False)
    field_order = ("from_on", "until_on", FOR_NOW, "reason")

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self._today = today

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("from_on"), self.cleaned_data.get("until_on")
        if first is None:
            return
        if first < self._today:
            self.add_error("from_on", _("Dieser Tag ist schon vorbei."))
        if self.cleaned_data.get(FOR_NOW):
            self.cleaned_data["until_on"] = None
        elif last is None:
            self.cleaned_data["until_on"] = first
        elif last < first:
            self.add_error("until_on", _("Der letzte Tag liegt vor dem ersten."))
