"""The two screens before a payment: what and for what, then how and who."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.forms import MailboxField
from donations.domain.acceptance import needs_acceptance
from donations.domain.amounts import (
    LEAST_CENTS,
    PRESELECTED_CENTS,
    SUGGESTED_CENTS,
    AmountRefusal,
    read_amount,
)
from donations.domain.of_age import is_for_adults
from donations.domain.rhythm import IN_ADDRESS
from donations.selectors.acceptance import rule_of
from donations.selectors.funds import funds_that_take_gifts, methods_for, monthly_is_offered
from donations.services.gifts.pledging import Address, Choice
from foundation import names
from foundation.formats import euro
from foundation.free_texts import FreeText
from foundation.name_fields import NameOrLineField
from foundation.rendering import Choice as Tile
from foundation.units import Cents
from programs.models import Fund

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OWN = "own"
_NAMES = {"amount": "betrag", "own_amount": "eigener_betrag", "fund": "zweck", "rhythm": "rhythmus"}

METHOD_TILES = {
    "transfer": Tile(gettext_lazy("Überweisung"), gettext_lazy("Mit QR-Code für Ihre Banking-App"), "bank"),
    "sepa_debit": Tile(gettext_lazy("SEPA-Lastschrift"), gettext_lazy("Von Ihrem Konto abgebucht"), "euro"),
    "paypal": Tile("PayPal", gettext_lazy("Sie melden sich bei PayPal an"), "globe"),
    "card": Tile(gettext_lazy("Karte"), gettext_lazy("Kreditkarte oder Debitkarte"), "card"),
}


class WhatForm(forms.Form):
    """Screen 1: amount, rhythm and purpose; its values travel in the address, they are about no person."""

    method = "get"

    rhythm = forms.ChoiceField(  # type: ignore[call-arg]
        label=gettext_lazy("Wie oft möchten Sie geben?"),
        widget=forms.RadioSelect,
        choices=[
            (IN_ADDRESS[""], Tile(gettext_lazy("Einmal"))),
            (IN_ADDRESS["month"], Tile(gettext_lazy("Jeden Monat"))),
            (IN_ADDRESS["quarter"], Tile(gettext_lazy("Jedes Vierteljahr"))),
            (IN_ADDRESS["year"], Tile(gettext_lazy("Jedes Jahr"))),
        ],
        initial=IN_ADDRESS[""],
        template_name="components/forms/chips.html",
    )
    amount = forms.ChoiceField(
        label=gettext_lazy("Wie viel möchten Sie geben?"),
        widget=forms.RadioSelect,
        initial=str(PRESELECTED_CENTS),
        error_messages={"required": gettext_lazy("Bitte wählen Sie einen Betrag.")},
    )
    own_amount = forms.CharField(
        label=gettext_lazy("Ihr Betrag in Euro"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    fund = forms.ModelChoiceField(
        label=gettext_lazy("Wofür möchten Sie geben?"),
        queryset=Fund.objects.none(),
        to_field_name="slug",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie, wofür Sie geben möchten."),
            "invalid_choice": gettext_lazy("Diesen Spendenzweck gibt es nicht oder nicht mehr."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amounts = [(str(cents), euro(cents)) for cents in SUGGESTED_CENTS]
        self.fields["amount"].choices = [*amounts, (OWN, _("Anderer Betrag"))]  # type: ignore[attr-defined]
        self.fields["fund"].queryset = funds_that_take_gifts()  # type: ignore[attr-defined]
        self.fields["fund"].label_from_instance = _fund_tile  # type: ignore[attr-defined]
        if not monthly_is_offered():
            del self.fields["rhythm"]

    def add_prefix(self, field_name: str) -> str:
        """Use German names in the address people see and share."""
        return _NAMES.get(field_name, field_name)

    @property
    def how_often(self) -> str:
        """How often, as the rows call it; empty for once."""
        said = self.cleaned_data.get("rhythm")
        return next((rhythm for rhythm, name in IN_ADDRESS.items() if name == said), "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        picked, typed = cleaned.get("amount"), cleaned.get("own_amount", "").strip()
        if picked is None:
            return cleaned
        cents = read_amount(typed, settings.DONATION_MAX_CENTS) if picked == OWN else Cents(int(picked))
        if isinstance(cents, AmountRefusal):
            self.add_error("own_amount", amount_message(cents, typed))
        else:
            cleaned["amount_cents"] = cents
        return cleaned


def _fund_tile(fund: Fund) -> Tile:
    """A short card: the name, and what an amount becomes; the whole text stands on the next screen."""
    if not fund.unit_cents or not fund.unit_label:
        return Tile(fund.name)
    return Tile(fund.name, f"{euro(Cents(fund.unit_cents))} = {fund.unit_label}")


def amount_message(refusal: AmountRefusal, typed: str) -> str:
    """Return what to say about an amount that cannot be given."""
    if not typed:
        return _("Bitte geben Sie Ihren Betrag ein.")
    if refusal is AmountRefusal.TOO_SMALL:
        return _("Bitte geben Sie mindestens %(least)s.") % {"least": euro(LEAST_CENTS)}
    if refusal is AmountRefusal.TOO_LARGE:
        return _("Bis %(most)s geht es online. Über eine größere Spende sprechen wir gern mit Ihnen.") % {
            "most": euro(settings.DONATION_MAX_CENTS)
        }
    return _("Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25 oder 25,50.")


def _may_be(rule: Callable[[str], bool], message: "StrOrPromise") -> Callable[[str], None]:
    """Return a validator that refuses what the rule does not know."""

    def validate(text: str) -> None:
        if not rule(text):
            raise ValidationError(message, code="not_plain")

    return validate


IS_NAME = _may_be(
    names.is_name,
    gettext_lazy(
        "Bitte schreiben Sie nur einen Namen, ohne Internetadresse und ohne Telefonnummer. "
        "Nach einem Punkt folgt ein Leerzeichen."
    ),
)
IS_LINE = _may_be(
    names.is_line,
    gettext_lazy(
        "Bitte schreiben Sie nur die Anschrift, ohne Internetadresse. Nach einem Punkt folgt ein Leerzeichen."
    ),
)
IS_POSTCODE = _may_be(
    names.is_postcode, gettext_lazy("Bitte prüfen Sie die Postleitzahl, zum Beispiel 12345.")
)


OF_AGE_NEEDED = gettext_lazy(
    "Bitte bestätigen Sie, dass Sie mindestens 18 Jahre alt sind. Wer jünger ist, kann kleinere Beträge "
    "einmal geben, ohne Lastschrift; alles andere geben Eltern oder Sorgeberechtigte."
)

NAME_AN_ADULT = gettext_lazy(
    "Diese Spende kann nur jemand geben, der mindestens 18 Jahre alt ist. Bitte geben Sie den Vor- und "
    "Nachnamen dieser Person ein. Kleinere Beträge kann jede und jeder einmal geben, ohne Lastschrift."
)


NAMED_AND_ANONYMOUS = gettext_lazy(
    "Anonym gegenüber dem Empfänger geht nur ohne Zuwendungsbestätigung und ohne öffentlichen Namen. Bitte "
    "wählen Sie eines davon."
)


class WhoForm(forms.Form):
    """Screen 2: the way to pay and an e-mail address; an address only for those who wish a receipt."""

    method = forms.ChoiceField(
        label=gettext_lazy("Wie möchten Sie geben?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, wie Sie geben möchten.")},
    )
    email = MailboxField(help_text=gettext_lazy("Für unseren Dank. Wir schreiben Ihnen nur zu Ihrer Spende."))
    name = NameOrLineField(
        label=gettext_lazy("Ihr Name"),
        required=False,
        max_length=120,
        validators=[IS_NAME, FreeText("donations.Donation.donor_name")],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_public = forms.BooleanField(
        label=gettext_lazy("Ich bin volljährig, und mein Name darf öffentlich genannt werden"),
        required=False,
        help_text=gettext_lazy(
            "Zum Beispiel auf einer Danktafel: Ihr Name und der Zweck, nie der Betrag. Auf Ihrer Seite "
            "können Sie es jederzeit zurücknehmen."
        ),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("Ich möchte gegenüber dem Empfänger anonym bleiben"), required=False
    )
    pending_matter = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            ("no", gettext_lazy("Nein")),
            ("yes", gettext_lazy("Ja")),
            ("unknown", gettext_lazy("Das weiß ich nicht")),
        ],
        help_text=gettext_lazy(
            "Zum Beispiel ein Antrag, ein Auftrag oder ein Verfahren. Wir fragen das bei jeder großen Spende "
            "an die Stadt, damit niemand denken kann, sie solle etwas bewirken. Geben können Sie in jedem "
            "Fall."
        ),
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Antwort.")},
    )
    of_age = forms.BooleanField(
        label=gettext_lazy("Ich bin mindestens 18 Jahre alt"),
        required=False,
        error_messages={"required": OF_AGE_NEEDED},
    )
    wants_receipt = forms.BooleanField(
        label=gettext_lazy("Ich wünsche eine Zuwendungsbestätigung"), required=False
    )
    street = NameOrLineField(
        label=gettext_lazy("Straße und Hausnummer"),
        required=False,
        max_length=120,
        validators=[IS_LINE, FreeText("donations.ReceiptAddress.street")],
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postleitzahl"),
        required=False,
        max_length=10,
        validators=[IS_POSTCODE],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    town = NameOrLineField(
        label=gettext_lazy("Ort"),
        required=False,
        max_length=80,
        validators=[IS_LINE, FreeText("donations.ReceiptAddress.town")],
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    visit = forms.UUIDField(widget=forms.HiddenInput)
    text_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    address_fields = ("street", "postcode", "town")

    def __init__(
        self, *args: Any, fund: Fund, amount_cents: Cents, rhythm: str, today: date, **kwargs: Any
    ) -> None:
        self.fund, self.amount_cents, self.rhythm = fund, amount_cents, rhythm
        self.offered = methods_for(fund, monthly=bool(rhythm), of=(amount_cents, today))
        kwargs["initial"] = {
            "visit": uuid4(),
            "text_version": fund.text_version,
            "method": self.offered[0] if self.offered else None,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        if self._is_for_adults(self.offered):
            self.fields["of_age"].required = all(self._is_for_adults([each]) for each in self.offered)
            self.fields["of_age"].help_text = _("Nötig für %(what)s. Gespeichert wird es nicht.") % {
                "what": self._what_needs_it()
            }
        else:
            del self.fields["of_age"]
        self.fields["anonymous"].help_text = _(
            "Empfänger ist: %(recipient)s. Dort liest hier niemand Ihren Namen oder Ihre E-Mail-Adresse; "
            "unser Dank kommt trotzdem. Eine Zuwendungsbestätigung ist dann nicht möglich. Auf dem "
            "Kontoauszug und beim Zahlungsdienst kann Ihr Name stehen."
        ) % {"recipient": fund.provider.name}
        least = rule_of(fund.provider, today)
        if needs_acceptance(amount_cents, from_cents=least):
            self.fields["pending_matter"].label = _(
                "Läuft zwischen Ihnen und %(city)s gerade eine Angelegenheit?"
            ) % {"city": fund.provider.in_dative}
        else:
            del self.fields["pending_matter"]
        self.fields["method"].choices = [  # type: ignore[attr-defined]
            (key, METHOD_TILES[key]) for key in self.offered
        ]

    def _is_for_adults(self, methods: Iterable[str]) -> bool:
        return any(
            is_for_adults(
                method=method,
                is_repeated=bool(self.rhythm),
                amount_cents=self.amount_cents,
                small_cents=settings.MINOR_GIFT_MAX_CENTS,
            )
            for method in methods
        )

    def _what_needs_it(self) -> str:
        if self.rhythm:
            return _("eine Dauerspende")
        if self.amount_cents > settings.MINOR_GIFT_MAX_CENTS:
            return _("Spenden über %(small)s") % {"small": euro(settings.MINOR_GIFT_MAX_CENTS)}
        return _("eine Lastschrift")

    @property
    def offers_receipt(self) -> bool:
        return self.fund.provider.issuer_kind != self.fund.provider.IssuerKind.NONE

    @property
    def shows_address(self) -> bool:
        """True if the part about the receipt must be open: something was entered there."""
        return any(self[name].value() for name in ("wants_receipt", *self.address_fields))

    @property
    def shows_wishes(self) -> bool:
        """True if the part about the name must be open: something was chosen there."""
        return any(self[name].value() for name in ("name_public", "anonymous"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name_public"):
            self._ask("name", _("Bitte geben Sie den Namen ein, der genannt werden darf."))
        if cleaned.get("anonymous") and (cleaned.get("name_public") or cleaned.get("wants_receipt")):
            self.add_error("anonymous", NAMED_AND_ANONYMOUS)
        if "of_age" in self.fields and self._is_for_adults([cleaned.get("method", "")]):
            self._ask("of_age", str(OF_AGE_NEEDED))
        if cleaned.get("wants_receipt"):
            self._ask("name", _("Bitte geben Sie Ihren Namen ein: Er gehört zu Ihrem Wunsch."))
            self._ask("street", _("Bitte geben Sie Straße und Hausnummer ein."))
            self._ask("postcode", _("Bitte geben Sie Ihre Postleitzahl ein."))
            self._ask("town", _("Bitte geben Sie Ihren Ort ein."))
        elif any(cleaned.get(name) for name in self.address_fields):
            self.add_error(
                "wants_receipt", _("Bitte kreuzen Sie an, ob Sie eine Zuwendungsbestätigung wünschen.")
            )
        return cleaned

    def _ask(self, name: str, message: str) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)

    def show_current_texts(self) -> None:
        """Let the next submit speak of the purpose as it reads now."""
        self.data = {**self.data, "text_version": str(self.fund.text_version)}

    def choice(self) -> Choice:
        """Return what a valid form says."""
        said = self.cleaned_data
        address = None
        if said["wants_receipt"] and self.offers_receipt:
            address = Address(said["street"], said["postcode"], said["town"])
        return Choice(
            visit=said["visit"],
            fund=self.fund,
            text_version=said["text_version"],
            amount_cents=self.amount_cents,
            method=said["method"],
            email=said["email"],
            rhythm=self.rhythm,
            name=said["name"],
            address=address,
            is_named_in_public=said["name_public"],
            is_anonymous=said["anonymous"],
            pending_matter=said.get("pending_matter", ""),
            is_of_age=said.get("of_age", False),
        )
