"""Answering a question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.models import Offer

ACCEPT = "accept"
DECLINE = "decline"


class AnswerForm(forms.Form):
    """Yes or no; why not is up to the person."""

    answer = forms.ChoiceField(choices=[(ACCEPT, _("Ja")), (DECLINE, _("Nein"))], widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Woran liegt es?"),
        help_text=_("Das hilft uns, beim nächsten Mal besser zu fragen."),
        choices=Offer.Decline.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    @property
    def accepts(self) -> bool:
        """Whether the valid form says yes."""
        return self.cleaned_data["answer"] == ACCEPT

    @property
    def decline_reason(self) -> str:
        """Why not, as far as the person said."""
        return self.cleaned_data["reason"] or Offer.Decline.OTHER
