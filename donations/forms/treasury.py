"""What treasurers enter and choose."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.forms import MailboxField
from donations.forms.giving import IS_NAME
from donations.forms.proposals import said_cents
from donations.models import BankTransaction, Donation
from donations.services.bank.transfers import Credit
from donations.services.bank.unpromised import Giver
from foundation.clock import local_day, utc_now
from foundation.formats import euro, euro_exact
from foundation.free_texts import FreeText
from foundation.money import AmountNotUnderstood, parse_euro
from foundation.name_fields import NameOrLineField
from foundation.plausible_days import of_this_century
from foundation.units import Cents
from programs.domain.screening.masking import masked
from programs.models import Fund, Provider


class CreditForm(forms.Form):
    """An incoming line of the bank statement."""

    provider = forms.ModelChoiceField(
        label=gettext_lazy("Konto von"), queryset=Provider.objects.none(), empty_label=None
    )
    booked_on = forms.DateField(
        label=gettext_lazy("Gebucht am"),
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Bitte geben Sie den Buchungstag ein."),
            "invalid": gettext_lazy("Bitte geben Sie den Buchungstag als Datum ein."),
        },
    )
    amount = forms.CharField(
        label=gettext_lazy("Betrag in Euro"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Bitte geben Sie den Betrag ein.")},
    )
    counterparty_name = forms.CharField(
        label=gettext_lazy("Name laut Kontoauszug"),
        required=False,
        max_length=140,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    remittance = forms.CharField(
        label=gettext_lazy("Verwendungszweck laut Kontoauszug"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Der Code beginnt mit RF; Leerzeichen stören nicht."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    occurrence = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=99, initial=1)

    def __init__(self, *args: Any, providers: QuerySet[Provider], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["provider"].queryset = providers.exclude(iban="")  # type: ignore[attr-defined]

    def clean_amount(self) -> Cents:
        try:
            cents = parse_euro(self.cleaned_data["amount"])
        except AmountNotUnderstood:
            cents = Cents(0)
        if cents <= 0:
            raise forms.ValidationError(_("Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25,50."))
        return cents

    def clean_booked_on(self) -> date:
        booked_on: date = self.cleaned_data["booked_on"]
        if booked_on > self.today:
            raise forms.ValidationError(_("Der Buchungstag liegt in der Zukunft."))
        return booked_on

    def credit(self) -> Credit:
        """Return what a valid form says."""
        said = self.cleaned_data
        return Credit(
            booked_on=said["booked_on"],
            amount_cents=said["amount"],
            counterparty_name=said["counterparty_name"],
            remittance=said["remittance"],
            occurrence=said["occurrence"],
        )


class PartForm(forms.Form):
    """How much of an open bank line is meant."""

    amount = forms.CharField(
        label=gettext_lazy("Betrag in Euro"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("Ein Eingang kann mehrere Spenden bezahlen: Dann hier den Teil eintragen."),
        error_messages={"required": gettext_lazy("Bitte geben Sie den Betrag ein.")},
    )

    def __init__(self, *args: Any, open_cents: Cents, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_cents = open_cents
        self.fields["amount"].initial = euro_exact(open_cents).removesuffix("€").strip()

    def clean_amount(self) -> Cents:
        cents = said_cents(self.cleaned_data["amount"])
        if cents > self.open_cents:
            left = euro_exact(self.open_cents)
            raise forms.ValidationError(_("Offen sind noch %(left)s.") % {"left": left})
        return cents


class NewGiftForm(PartForm):
    """A gift that nobody had promised: for what, and from whom, as far as it is known."""

    fund = forms.ModelChoiceField(
        label=gettext_lazy("Spendenzweck"), queryset=Fund.objects.none(), empty_label=None
    )
    name = NameOrLineField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=120,
        validators=[IS_NAME, FreeText("donations.Donation.donor_name")],
        help_text=gettext_lazy(
            "Eingetragen ist, wen die Bank nennt. Leer, wenn niemand weiß, wer gegeben hat."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = MailboxField(
        label=gettext_lazy("E-Mail-Adresse"),
        required=False,
        help_text=gettext_lazy("Nur wenn sie bekannt ist: Dorthin geht der Dank."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("fund", "amount", "name", "email")

    def __init__(self, *args: Any, line: BankTransaction, **kwargs: Any) -> None:
        super().__init__(*args, open_cents=line.open_cents, **kwargs)
        self.fields["fund"].queryset = Fund.objects.filter(provider=line.provider_id)  # type: ignore[attr-defined]
        if masked(line.counterparty_name, today=local_day(utc_now())) == line.counterparty_name:
            self.fields["name"].initial = line.counterparty_name

    def giver(self) -> Giver:
        """Return who gave, by a valid form."""
        return Giver(self.cleaned_data["name"], self.cleaned_data["email"])


class AssignForm(PartForm):
    """The gift an open bank line belongs to, or a part of it."""

    donation = forms.ModelChoiceField(
        label=gettext_lazy("Zu welcher Spende gehört der Eingang?"),
        queryset=Donation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Spende."),
            "invalid_choice": gettext_lazy("Diese Spende steht nicht (mehr) zur Wahl."),
        },
    )

    field_order = ("donation", "amount")

    def __init__(
        self, *args: Any, donations: QuerySet[Donation], shown: list[Donation], **kwargs: Any
    ) -> None:
        """`shown` are offered; any of `donations` may be chosen, whatever a later search shows."""
        super().__init__(*args, **kwargs)
        field = self.fields["donation"]
        field.queryset = donations  # type: ignore[attr-defined]
        field.choices = [(each.pk, _gift_label(each)) for each in shown]  # type: ignore[attr-defined]


class PromiseSearchForm(forms.Form):
    """Whose promise an open bank line pays."""

    method = "get"
    suche = forms.CharField(
        label=gettext_lazy("Name, E-Mail-Adresse, Code oder Betrag"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def wanted(self) -> str:
        """Return what was typed; nothing that makes no sense."""
        return str(self.cleaned_data["suche"]) if self.is_valid() else ""


def _gift_label(donation: Donation) -> str:
    return _("%(amount)s von %(who)s, zugesagt am %(day)s, %(fund)s") % {
        "amount": euro(Cents(donation.amount_cents)),
        "who": donation.giver_shown or donation.donor,
        "day": local_day(donation.pledged_at).strftime("%d.%m.%Y"),
        "fund": donation.fund.name,
    }
