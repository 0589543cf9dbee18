"""What a treasurer read in the Zuwendungsempfängerregister."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.receipts.models import RegisterCheck
from foundation.plausible_days import of_this_century
from programs.models import Provider

_Found = RegisterCheck.Found


class RegisterCheckForm(forms.Form):
    """When somebody looked and what stood there; `iban` is the account that the page showed to compare."""

    checked_on = forms.DateField(
        label=gettext_lazy("Wann haben Sie nachgesehen?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[of_this_century],
        error_messages={"required": gettext_lazy("Bitte geben Sie den Tag ein.")},
    )
    found = forms.ChoiceField(
        label=gettext_lazy("Was steht dort?"),
        widget=forms.RadioSelect,
        choices=[
            (_Found.IBAN, gettext_lazy("Es gibt einen Eintrag, und die IBAN steht dort")),
            (_Found.ENTRY, gettext_lazy("Es gibt einen Eintrag, aber die IBAN steht nicht dort")),
            (_Found.NOTHING, gettext_lazy("Es gibt keinen Eintrag")),
        ],
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was dort steht.")},
    )
    iban = forms.CharField(required=False, max_length=34, widget=forms.HiddenInput)

    def __init__(self, *args: Any, provider: Provider, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"checked_on": today, "iban": provider.iban}
        super().__init__(*args, **kwargs)
        self.provider, self.today = provider, today

    def clean_checked_on(self) -> date:
        day: date = self.cleaned_data["checked_on"]
        if day > self.today:
            raise forms.ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("found") == _Found.IBAN and not self.provider.iban:
            self.add_error("found", _("Für diesen Träger ist noch keine Bankverbindung eingetragen."))
        elif said.get("iban", "") != self.provider.iban:
            self.add_error(
                None,
                _("Die Bankverbindung ist inzwischen eine andere. Bitte sehen Sie noch einmal nach."),
            )
        return said
