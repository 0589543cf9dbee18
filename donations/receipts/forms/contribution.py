"""What a treasurer writes down about goods or waived expenses."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from citizens.forms import MailboxField
from donations.forms.giving import IS_LINE, IS_NAME, IS_POSTCODE
from donations.forms.proposals import said_cents
from donations.models import Donation
from donations.receipts.models import Contribution
from donations.receipts.services.contributions import Said
from foundation.free_texts import FreeText
from foundation.name_fields import NameOrLineField
from foundation.plausible_days import of_this_century
from foundation.units import Cents
from programs.models import Fund

_ROW = "receipts.Contribution"


def _text(label: Any, *, most: int, column: str, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, validators=[FreeText(f"{_ROW}.{column}")], **more
    )


def _day(label: Any, *, required: bool = False, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, widget=widget, validators=[of_this_century], **more
    )


def _euro(label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=20, required=required, widget=widget, **more)


class ContributionForm(forms.Form):
    """What goods and waived expenses have in common: for what, who, when, how much and why so much."""

    kind: str

    fund = forms.ModelChoiceField(
        label=gettext_lazy("Spendenzweck"), queryset=Fund.objects.none(), empty_label=None
    )
    name = NameOrLineField(
        label=gettext_lazy("Name, wie er gedruckt wird"),
        max_length=120,
        validators=[IS_NAME, FreeText(f"{_ROW}.name")],
    )
    street = NameOrLineField(
        label=gettext_lazy("Straße und Hausnummer"),
        max_length=120,
        validators=[IS_LINE, FreeText(f"{_ROW}.street")],
    )
    postcode = forms.CharField(label=gettext_lazy("Postleitzahl"), max_length=10, validators=[IS_POSTCODE])
    town = NameOrLineField(
        label=gettext_lazy("Ort"), max_length=80, validators=[IS_LINE, FreeText(f"{_ROW}.town")]
    )
    email = MailboxField(
        label=gettext_lazy("E-Mail-Adresse"),
        required=False,
        help_text=gettext_lazy("Nur wenn sie bekannt ist: Dorthin geht die Nachricht über die Bestätigung."),
    )
    value = _euro(gettext_lazy("Wert in Euro"))
    basis = _text(
        gettext_lazy("Wie der Wert ermittelt wurde"),
        most=300,
        column="basis",
        help_text=gettext_lazy("Zum Beispiel Rechnung vom 3.5.2026 und Abschlag für drei Jahre Gebrauch."),
    )
    has_documents = forms.BooleanField(
        label=gettext_lazy("Unterlagen dazu liegen vor"),
        required=False,
        help_text=gettext_lazy("Rechnung, Gutachten, Belege. Bitte zehn Jahre aufbewahren."),
    )
    wants_receipt = forms.BooleanField(
        label=gettext_lazy("Eine Zuwendungsbestätigung ist gewünscht"), required=False
    )
    accepted_on = _day(
        gettext_lazy("Annahme durch die Stadt am"),
        help_text=gettext_lazy("Nur bei großen Zuwendungen an die Stadt."),
    )
    accepted_by = NameOrLineField(
        label=gettext_lazy("Angenommen von"),
        max_length=120,
        required=False,
        validators=[IS_NAME, FreeText(f"{_ROW}.accepted_by")],
    )
    pending_matter = forms.ChoiceField(
        label=gettext_lazy("Läuft zwischen Spender*in und Stadt eine Angelegenheit?"),
        choices=[("", gettext_lazy("nicht gefragt")), *Donation.PendingMatter.choices],
        required=False,
        help_text=gettext_lazy(
            "Nur bei großen Zuwendungen an die Stadt: ein Antrag, ein Auftrag oder ein Verfahren."
        ),
    )

    def __init__(self, *args: Any, funds: QuerySet[Fund], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]
        self.fields["given_on"].initial = today

    def clean_value(self) -> Cents:
        return said_cents(self.cleaned_data["value"])

    def said(self) -> Said:
        """Return what a valid form says."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"fund", "email"}}
        value, vat = given.pop("value"), given.pop("vat", Cents(0))
        return Said(kind=self.kind, value_cents=value, vat_cents=vat, **given)


class GoodsForm(ContributionForm):
    """A Sachspende."""

    kind = Contribution.Kind.GOODS
    given_on = _day(gettext_lazy("Tag der Übergabe"), required=True)
    description = _text(gettext_lazy("Genaue Bezeichnung"), most=300, column="description")
    age = _text(
        gettext_lazy("Alter"), most=60, column="age", help_text=gettext_lazy("Zum Beispiel 3 Jahre oder neu.")
    )
    condition = _text(gettext_lazy("Zustand"), most=80, column="condition")
    purchase_price = _text(
        gettext_lazy("Kaufpreis"),
        most=60,
        column="purchase_price",
        help_text=gettext_lazy("Zum Beispiel 480 € (2023) oder nicht bekannt."),
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Woher stammt es nach den Angaben der Spender*in?"),
        choices=Contribution.Origin.choices,
        widget=forms.RadioSelect,
    )
    vat = _euro(
        gettext_lazy("Darin Umsatzsteuer in Euro"),
        required=False,
        help_text=gettext_lazy(
            "Nur aus einem Betrieb: Der Wert ist der Wert der Entnahme und die Umsatzsteuer darauf."
        ),
    )
    field_order = (
        "fund",
        "name",
        "street",
        "postcode",
        "town",
        "email",
        "given_on",
        "description",
        "age",
        "condition",
        "purchase_price",
        "origin",
        "value",
        "vat",
        "basis",
    )

    def clean_vat(self) -> Cents:
        typed = self.cleaned_data["vat"]
        return said_cents(typed) if typed else Cents(0)


class WaiverForm(ContributionForm):
    """A waiver of a claim to expenses."""

    kind = Contribution.Kind.WAIVER
    claim = forms.ChoiceField(
        label=gettext_lazy("Woraus besteht der Anspruch?"),
        choices=Contribution.Claim.choices,
        widget=forms.RadioSelect,
    )
    claim_on = _day(gettext_lazy("Eingeräumt am"), required=True)
    spent_on = _day(gettext_lazy("Tag des Aufwands"), required=True)
    given_on = _day(gettext_lazy("Tag des Verzichts"), required=True)
    description = _text(
        gettext_lazy("Welcher Aufwand"),
        most=300,
        column="description",
        help_text=gettext_lazy("Zum Beispiel Fahrten zum Lesenachmittag, 120 km zu 0,30 €."),
    )
    is_free = forms.BooleanField(
        label=gettext_lazy(
            "Der Anspruch war ernst gemeint und an keinen Verzicht gebunden. Wir hätten ihn zahlen können."
        )
    )
    field_order = (
        "fund",
        "name",
        "street",
        "postcode",
        "town",
        "email",
        "claim",
        "claim_on",
        "is_free",
        "spent_on",
        "given_on",
        "description",
        "value",
        "basis",
    )

    def said(self) -> Said:
        self.cleaned_data.pop("is_free", None)
        return super().said()


class ContributionFilterForm(forms.Form):
    """What the list of goods and waived expenses shows."""

    method = "get"
    suche = forms.CharField(
        label=gettext_lazy("Name, Ort oder Bezeichnung"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def words(self) -> str:
        """Return what to look for; nonsense in the address means all."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get("suche", ""))


class UndoForm(forms.Form):
    """Why what was confirmed is undone."""

    reason = forms.CharField(
        label=gettext_lazy("Grund"),
        max_length=200,
        validators=[FreeText(f"{_ROW}.undone_for")],
        help_text=gettext_lazy("Zum Beispiel zurückgegeben am 3.6.2026, oder falscher Wert."),
    )
