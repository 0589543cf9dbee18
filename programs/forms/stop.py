"""Stopping a provider."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText


class StopForm(forms.Form):
    """The youth office's reasons, which the provider reads (Art. 17 Abs. 3 DSA)."""

    reasons = forms.CharField(
        label=_("Ihre Gründe"),
        max_length=2000,
        validators=[FreeText("programs.Provider.stop_reasons")],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Der Träger bekommt diesen Text im Wortlaut. Bitte keine Angaben über einzelne Menschen."
        ),
    )
