"""Reading and releasing another person's text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReleaseForm(forms.Form):
    """Confirms that the text was read; the hints are asked about only if there are any."""

    text_read = forms.CharField(widget=forms.HiddenInput, max_length=32)
    hints_read = forms.BooleanField(label=_("Ich habe die Hinweise geprüft: Niemand ist daran zu erkennen."))

    def __init__(self, data: Any = None, *, has_hints: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if not has_hints:
            del self.fields["hints_read"]
