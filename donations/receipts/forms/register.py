"""What treasurers ask of the register and decide about wishes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donations.forms.giving import IS_LINE, IS_NAME, IS_POSTCODE
from donations.receipts.models import PayerNote, Receipt, WishRefusal
from foundation.free_texts import FreeText
from foundation.name_fields import NameOrLineField


class RegisterFilterForm(forms.Form):
    """Which receipts the register shows; nonsense in the address means all."""

    method = "get"
    suche = forms.CharField(
        label=gettext_lazy("Nummer oder Name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *Receipt.Status.choices],
    )
    art = forms.ChoiceField(
        label=gettext_lazy("Art"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *Receipt.Kind.choices],
    )
    jahr = forms.IntegerField(label=gettext_lazy("Jahr"), required=False, min_value=2000, max_value=2999)

    def wanted(self) -> dict[str, Any]:
        """Return what to look for, as `selectors.register.found` takes it."""
        self.is_valid()
        said = getattr(self, "cleaned_data", {})
        statuses, kinds = ([said[name]] if said.get(name) else [] for name in ("stand", "art"))
        return {
            "words": said.get("suche", ""),
            "statuses": statuses,
            "kinds": kinds,
            "year": said.get("jahr"),
        }


class WishAddressForm(forms.Form):
    """Name and address as they are printed."""

    name = NameOrLineField(
        label=gettext_lazy("Name"),
        max_length=120,
        validators=[IS_NAME, FreeText("donations.Donation.donor_name")],
    )
    street = NameOrLineField(
        label=gettext_lazy("Straße und Hausnummer"),
        max_length=120,
        validators=[IS_LINE, FreeText("donations.ReceiptAddress.street")],
    )
    postcode = forms.CharField(label=gettext_lazy("Postleitzahl"), max_length=10, validators=[IS_POSTCODE])
    town = NameOrLineField(
        label=gettext_lazy("Ort"),
        max_length=80,
        validators=[IS_LINE, FreeText("donations.ReceiptAddress.town")],
    )


class PayerForm(forms.Form):
    """Whose gift it is that another name paid, and how one knows."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Wer hat gegeben?"),
        choices=PayerNote.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, wer gegeben hat.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Woher wissen Sie das?"),
        max_length=300,
        help_text=gettext_lazy("Zum Beispiel: am 3. März telefonisch nachgefragt."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[FreeText("receipts.PayerNote.reason")],
        error_messages={"required": gettext_lazy("Bitte nennen Sie, woher Sie es wissen.")},
    )


class RefuseForm(forms.Form):
    """Why a wish is not fulfilled; the giver reads this sentence."""

    why = forms.ChoiceField(
        label=gettext_lazy("Grund; er steht in der E-Mail"),
        choices=WishRefusal.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie einen Grund.")},
    )
