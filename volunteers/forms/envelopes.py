"""What stands on the envelope of somebody who gets letters."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from foundation.name_fields import NameOrLineField
from foundation.names import is_line, is_postcode

_ENVELOPE = "citizens.Mailbox.postal_address"


def _on_the_envelope(text: str) -> None:
    if not is_line(text):
        raise ValidationError(_("Bitte schreiben Sie nur die Anschrift, ohne Internetadresse."))


def _postcode(text: str) -> None:
    if not is_postcode(text):
        raise ValidationError(_("Bitte prüfen Sie die Postleitzahl, zum Beispiel 12345."))


def envelope_line(label: Any, most: int, *, required: bool = False) -> forms.CharField:
    """Return the field of one line in words."""
    return _line(label, most, required, _on_the_envelope, FreeText(_ENVELOPE))


def postcode_field(*, required: bool = False) -> forms.CharField:
    """Return the field of the postcode."""
    return _line(_("Postleitzahl"), 10, required, _postcode)


def _line(label: Any, most: int, required: bool, *validators: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return NameOrLineField(
        label=label, max_length=most, required=required, validators=list(validators), widget=widget
    )
