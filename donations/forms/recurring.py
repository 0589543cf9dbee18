"""What its owner can change about a Dauerspende: amount and rhythm, a pause, the way of paying."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from donations.domain.amounts import AmountRefusal, read_amount
from donations.domain.rhythm import PAUSES
from donations.forms.giving import METHOD_TILES, amount_message
from donations.models import RecurringDonation
from donations.services.online.changes import methods_to_choose
from foundation.clock import local_day, utc_now
from foundation.rendering import Choice as Tile
from foundation.units import Cents


class AgreementForm(forms.Form):
    """How much, and how often."""

    amount = forms.CharField(
        label=gettext_lazy("Betrag in Euro"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Bitte geben Sie Ihren Betrag ein.")},
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Wie oft?"),
        widget=forms.RadioSelect,
        choices=[
            ("month", Tile(gettext_lazy("Jeden Monat"))),
            ("quarter", Tile(gettext_lazy("Jedes Vierteljahr"))),
            ("year", Tile(gettext_lazy("Jedes Jahr"))),
        ],
    )

    def __init__(self, data: Any = None, *, row: RecurringDonation) -> None:
        cents = row.amount_cents
        amount = f"{cents // 100},{cents % 100:02d}" if cents % 100 else str(cents // 100)
        super().__init__(data, initial={"amount": amount, "rhythm": row.rhythm})

    def clean_amount(self) -> Cents:
        typed = self.cleaned_data["amount"].strip()
        cents = read_amount(typed, settings.DONATION_MAX_CENTS)
        if isinstance(cents, AmountRefusal):
            raise forms.ValidationError(amount_message(cents, typed))
        return cents


class PauseForm(forms.Form):
    """For how long nothing is collected."""

    months = forms.TypedChoiceField(
        label=gettext_lazy("Wie lange pausieren?"),
        widget=forms.RadioSelect,
        coerce=int,
        choices=[
            (1, Tile(gettext_lazy("Einen Monat"))),
            (3, Tile(gettext_lazy("Drei Monate"))),
            (6, Tile(gettext_lazy("Ein halbes Jahr"))),
            (12, Tile(gettext_lazy("Ein Jahr"))),
        ],
        initial=PAUSES[0],
    )


class MethodForm(forms.Form):
    """How to pay from now on; the account or card is entered at Stripe."""

    method = forms.ChoiceField(label=gettext_lazy("Womit möchten Sie zahlen?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, row: RecurringDonation) -> None:
        super().__init__(data, initial={"method": row.method})
        self.fields["method"].choices = [  # type: ignore[attr-defined]
            (key, METHOD_TILES[key]) for key in methods_to_choose(row, local_day(utc_now()))
        ]
