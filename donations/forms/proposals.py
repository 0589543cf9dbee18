"""What a treasurer proposes, and what a second person says to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.formats import euro_exact
from foundation.free_texts import FreeText
from foundation.money import AmountNotUnderstood, parse_euro
from foundation.units import Cents

RELEASE = "freigeben"
DECLINE = "ablehnen"


class ProposalForm(forms.Form):
    """How much, and why."""

    amount = forms.CharField(
        label=gettext_lazy("Betrag in Euro"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Bitte geben Sie den Betrag ein.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Grund"),
        max_length=300,
        help_text=gettext_lazy("Wer freigibt, liest das zuerst. Bitte ohne Namen von Kindern oder Familien."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[FreeText("donations.Proposal.reason")],
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Grund.")},
    )

    def __init__(self, *args: Any, at_most: Cents, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_most = at_most

    def clean_amount(self) -> Cents:
        try:
            cents = parse_euro(self.cleaned_data["amount"])
        except AmountNotUnderstood:
            cents = Cents(0)
        if cents <= 0:
            raise forms.ValidationError(_("Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25,50."))
        if cents > self.at_most:
            most = euro_exact(self.at_most)
            raise forms.ValidationError(_("Verfügbar sind höchstens %(most)s.") % {"most": most})
        return cents


class DecisionForm(forms.Form):
    """Released or declined."""

    entscheidung = forms.ChoiceField(choices=[(RELEASE, RELEASE), (DECLINE, DECLINE)])
