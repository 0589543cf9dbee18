"""Asking for the link to one's own gifts."""

from django import forms
from django.utils.translation import gettext_lazy


class LinkRequestForm(forms.Form):
    """An e-mail address; the answer is the same whether it is known or not."""

    email = forms.EmailField(
        label=gettext_lazy("Ihre E-Mail-Adresse"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Bitte geben Sie Ihre E-Mail-Adresse ein."),
            "invalid": gettext_lazy("Bitte prüfen Sie Ihre E-Mail-Adresse, zum Beispiel name@beispiel.de."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
