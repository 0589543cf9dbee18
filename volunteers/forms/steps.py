"""What a person does before their first date: a signature, a guardian's address; and what a guardian says."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citizens.domain.addresses import as_sent
from foundation.free_texts import FreeText
from volunteers.forms.envelopes import envelope_line, postcode_field


class SignForm(forms.Form):
    """The signature under the Selbstverpflichtung; `version` is the text that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("Das verspreche ich."),
        error_messages={"required": _("Bitte setzen Sie das Häkchen, wenn Sie das versprechen.")},
    )


class MonthField(forms.DateField):
    """A month, as the browser's own picker sends it or as people write it: 05/2009, 5.2009."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "autocomplete": "bday"})
    default_error_messages = {
        "required": _("Bitte geben Sie den Monat an, zum Beispiel 05/2009."),
        "invalid": _("Bitte geben Sie den Monat an, zum Beispiel 05/2009."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m", "%m/%Y", "%m.%Y"], **options})


def _born_in() -> MonthField:
    return MonthField(
        label=_("Ihr Geburtsmonat"),
        help_text=_("Damit wir wissen, ab wann Sie niemanden mehr fragen müssen. Dann löschen wir ihn."),
    )


class AskingForm(forms.Form):
    """From when on nobody has to be asked."""

    def clean_born_in(self) -> date:
        """A month in which somebody may have been born who is not of age."""
        month: date = self.cleaned_data["born_in"]
        if not 1990 <= month.year <= 2100:
            raise forms.ValidationError(MonthField.default_error_messages["invalid"], code="invalid")
        return month.replace(day=1)


class GuardianForm(AskingForm):
    """Whom to ask by mail."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse einer Person, die für Sie sorgeberechtigt ist"),
        max_length=254,
        help_text=_("Meist Mutter oder Vater. Wir schreiben nur wegen dieser Aufgabe dorthin."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    born_in = _born_in()

    def clean_email(self) -> str:
        """The address as it is written to."""
        return as_sent(self.cleaned_data["email"])


class GuardianLetterForm(AskingForm):
    """Whom to ask by a letter, where a family has one address for mails."""

    name = envelope_line(_("Vor- und Nachname der Person"), 120, required=True)
    street = envelope_line(_("Straße und Hausnummer"), 120, required=True)
    postcode = postcode_field(required=True)
    town = envelope_line(_("Ort"), 80, required=True)
    born_in = _born_in()

    def postal_address(self) -> str:
        """Return what stands on the envelope."""
        said = self.cleaned_data
        return f"{said['name']}\n{said['street']}\n{said['postcode']} {said['town']}"


class ConsentForm(forms.Form):
    """Who agrees, and to which text."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Ihr Vor- und Nachname"),
        max_length=120,
        validators=[FreeText("volunteers.GuardianConsent.name")],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agreed = forms.BooleanField(
        label=_("Ich bin sorgeberechtigt und einverstanden."),
        error_messages={"required": _("Bitte setzen Sie das Häkchen, wenn Sie einverstanden sind.")},
    )
