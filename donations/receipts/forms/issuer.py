"""What a treasurer says about the body that issues receipts."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.forms.giving import IS_LINE, IS_NAME, IS_POSTCODE
from donations.receipts.domain.forwarding import Recipient, stored
from donations.receipts.domain.issuers import EXEMPTION, PUBLIC_LAW, TAX_EXEMPT
from donations.receipts.models import Issuer
from donations.receipts.services.issuers import Details
from donations.receipts.wording.purposes import PURPOSE_LABELS
from foundation.file_endings import ending_of
from foundation.free_texts import FreeText
from foundation.plausible_days import of_this_century
from foundation.typesetting import is_picture
from programs.models import Fund

MOST_BYTES = 100_000
_PICTURE = ".png"
_FORWARD = ("name", "tax_office", "tax_number", "notice_kind", "notice_on")
_NEEDED_BY_SOME = frozenset(
    {"tax_office", "tax_number", "notice_kind", "notice_on", "assessed_until", "signature"}
)
_NOT_RECEIPTED = ("", gettext_lazy("keine Bestätigung"))

_IS_TAX_NUMBER = RegexValidator(r"^[0-9 /]{8,20}$", gettext_lazy("Ziffern, Schrägstriche und Leerzeichen."))


def _line(
    label: Any, *, most: int, required: bool = True, validators: Sequence[Any] = (), **more: Any
) -> Any:
    return forms.CharField(label=label, max_length=most, required=required, validators=validators, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=[of_this_century], **more)


class IssuerForm(forms.Form):
    """What is printed on a receipt about its issuer, and what each purpose is for the tax office."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Art der Körperschaft"), choices=Issuer.Kind.choices, widget=forms.RadioSelect
    )
    name = _line(
        gettext_lazy("Bezeichnung"), most=160, validators=[IS_NAME, FreeText("receipts.Issuer.name")]
    )
    street = _line(
        gettext_lazy("Straße und Hausnummer"),
        most=120,
        validators=[IS_LINE, FreeText("receipts.Issuer.street")],
    )
    postcode = _line(gettext_lazy("Postleitzahl"), most=10, validators=[IS_POSTCODE])
    town = _line(gettext_lazy("Ort"), most=80, validators=[IS_LINE, FreeText("receipts.Issuer.town")])
    code = _line(
        gettext_lazy("Kürzel vor der Nummer"),
        most=8,
        validators=[
            RegexValidator(r"^[A-Z]{2,8}$", gettext_lazy("Zwei bis acht große Buchstaben, A bis Z."))
        ],
        help_text=gettext_lazy("Zum Beispiel SD für SD-2026-00001. Bleibt am besten immer gleich."),
    )
    tax_office = _line(
        gettext_lazy("Finanzamt"),
        most=80,
        required=False,
        validators=[IS_LINE, FreeText("receipts.Issuer.tax_office")],
        help_text=gettext_lazy(
            "Nur der Ort, ohne „Finanzamt“. Steuerbegünstigte Körperschaften nennen es immer, öffentliche "
            "Stellen nur bei maschineller Erstellung."
        ),
    )
    tax_number = _line(
        gettext_lazy("Steuernummer"),
        most=20,
        required=False,
        validators=[_IS_TAX_NUMBER],
        help_text=gettext_lazy("Öffentliche Stellen brauchen keine."),
    )
    notice_kind = forms.ChoiceField(
        label=gettext_lazy("Bescheid"),
        choices=Issuer.Notice.choices,
        required=False,
        help_text=gettext_lazy("Die Stadt und andere öffentliche Stellen brauchen keinen."),
    )
    notice_on = _day(gettext_lazy("Datum des Bescheids"))
    assessed_until = _line(
        gettext_lazy("Letzter Veranlagungszeitraum"),
        most=20,
        required=False,
        validators=[RegexValidator(r"^[0-9 –-]{4,20}$", gettext_lazy("Ein Jahr, zum Beispiel 2024."))],
        help_text=gettext_lazy("Steht im Freistellungsbescheid und gehört nur zu diesem."),
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Begünstigte Zwecke laut Bescheid oder Satzung"),
        choices=list(PURPOSE_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    membership_not_deductible = forms.BooleanField(
        label=gettext_lazy("Mitgliedsbeiträge sind bei uns steuerlich nicht abziehbar"), required=False
    )
    machine_notified_on = _day(
        gettext_lazy("Maschinelle Erstellung dem Finanzamt angezeigt am"),
        help_text=gettext_lazy("Ohne Anzeige unterschreibt jemand jede Bestätigung von Hand."),
    )
    signatory = _line(
        gettext_lazy("Wer unterschreibt"),
        most=120,
        validators=[IS_NAME, FreeText("receipts.Issuer.signatory")],
        help_text=gettext_lazy("Name und Amt, zum Beispiel Vera Muster, Kassenwartin."),
    )
    signature = forms.FileField(
        label=gettext_lazy("Bild der Unterschrift (PNG)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": _PICTURE}),
        help_text=gettext_lazy("Nur für die maschinelle Erstellung nötig."),
    )

    def __init__(self, *args: Any, funds: Sequence[Fund], today: date, before: Issuer | None, **kwargs: Any):
        self.funds, self.today, self.before = funds, today, before
        kwargs["initial"] = {**_said(before), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if before and before.signature:
            self.fields["signature"].help_text = _("Bleibt erhalten, wenn Sie keines wählen.")
        for fund in funds:
            self.fields[f"fund_{fund.pk}"] = forms.ChoiceField(
                label=fund.name,
                required=False,
                choices=[_NOT_RECEIPTED, *PURPOSE_LABELS.items()],
            )
            for name, field in _forwarding_fields().items():
                self.fields[f"forward_{fund.pk}_{name}"] = field

    def of_funds(self) -> Iterator[tuple[BoundField, list[BoundField], bool]]:
        """Yield of each Spendenzweck what it furthers, who gets it if it is passed on, and whether it is."""
        for fund in self.funds:
            passed_on = [self[f"forward_{fund.pk}_{name}"] for name in _FORWARD]
            yield self[f"fund_{fund.pk}"], passed_on, any(field.value() for field in passed_on)

    def of_body(self) -> Iterator[tuple[BoundField, bool]]:
        """Yield everything else, and of each whether some bodies cannot leave it out."""
        yield from ((self[name], name in _NEEDED_BY_SOME) for name in IssuerForm.base_fields)

    def clean_signature(self) -> bytes | None:
        upload = self.cleaned_data["signature"]
        if not upload:
            return bytes(self.before.signature) if self.before and self.before.signature else None
        body: bytes = upload.read(MOST_BYTES + 1)
        is_called_so = ending_of(upload.name) == _PICTURE
        if not is_called_so or len(body) > MOST_BYTES or not is_picture(body):
            raise forms.ValidationError(_("Bitte wählen Sie ein PNG-Bild mit höchstens 100 kB."))
        return body

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == TAX_EXEMPT and not (said.get("notice_kind") and said.get("notice_on")):
            self.add_error("notice_kind", _("Bitte geben Sie Art und Datum des Bescheids ein."))
        for name, error in _needed(said).items():
            if name not in self.errors and not said.get(name):
                self.add_error(name, error)
        for name in ("notice_on", "machine_notified_on"):
            if said.get(name) and said[name] > self.today:
                self.add_error(name, _("Dieser Tag liegt in der Zukunft."))
        for fund in self.funds:
            self._check_forwarding(fund, said)
            chosen = said.get(f"fund_{fund.pk}")
            if chosen and chosen not in said.get("purposes", []):
                self.add_error(
                    f"fund_{fund.pk}", _("Dieser Zweck steht nicht unter den begünstigten Zwecken.")
                )
        return said

    def _check_forwarding(self, fund: Fund, said: dict[str, Any]) -> None:
        """Who gets it is named in full or not at all; only a public body passes gifts on (RULES §2.2)."""
        given: dict[str, Any] = {name: said.get(f"forward_{fund.pk}_{name}") for name in _FORWARD}
        if not any(given.values()):
            return
        first = f"forward_{fund.pk}_name"
        if said.get("kind") != PUBLIC_LAW:
            self.add_error(first, _("Nur öffentliche Stellen bestätigen, was sie weiterleiten."))
        elif not all(given.values()):
            self.add_error(first, _("Bitte füllen Sie alle fünf Felder zur Weiterleitung aus."))
        elif given["notice_on"] > self.today:
            self.add_error(f"forward_{fund.pk}_notice_on", _("Dieser Tag liegt in der Zukunft."))

    def details(self) -> Details:
        """Return what a valid form says; a public body has no notice."""
        said = {name: self.cleaned_data[name] for name in IssuerForm.base_fields}
        if said["kind"] == PUBLIC_LAW:
            said |= {"notice_kind": "", "notice_on": None, "assessed_until": ""}
        chosen = {str(fund.pk): self.cleaned_data[f"fund_{fund.pk}"] for fund in self.funds}
        fund_purposes = {key: purpose for key, purpose in chosen.items() if purpose}
        return Details(**said, fund_purposes=fund_purposes, forwarding=self._forwarding())

    def _forwarding(self) -> dict[str, dict[str, str]]:
        found = {}
        for fund in self.funds:
            given = {name: self.cleaned_data[f"forward_{fund.pk}_{name}"] for name in _FORWARD}
            if all(given.values()):
                found[str(fund.pk)] = stored(Recipient(**given))
        return found


def _needed(said: dict[str, Any]) -> dict[str, str]:
    """What a body that says this about itself cannot leave out (`lacks`), each with how it is asked for."""
    is_exempt = said.get("kind") == TAX_EXEMPT
    needed = {
        "tax_office": (
            is_exempt or said.get("machine_notified_on"),
            _("Bitte geben Sie das Finanzamt ein."),
        ),
        "tax_number": (is_exempt, _("Bitte geben Sie die Steuernummer ein.")),
        "assessed_until": (
            is_exempt and said.get("notice_kind") == EXEMPTION,
            _("Bitte geben Sie den letzten Veranlagungszeitraum ein. Er steht im Freistellungsbescheid."),
        ),
    }
    return {name: error for name, (is_needed, error) in needed.items() if is_needed}


def _forwarding_fields() -> dict[str, forms.Field]:
    return {
        "name": _line(
            gettext_lazy("Weitergeleitet an"),
            most=160,
            required=False,
            validators=[IS_NAME, FreeText("receipts.Issuer.name")],
        ),
        "tax_office": _line(
            gettext_lazy("Finanzamt des Empfängers"),
            most=80,
            required=False,
            validators=[IS_LINE, FreeText("receipts.Issuer.tax_office")],
        ),
        "tax_number": _line(
            gettext_lazy("Steuernummer des Empfängers"), most=20, required=False, validators=[_IS_TAX_NUMBER]
        ),
        "notice_kind": forms.ChoiceField(
            label=gettext_lazy("Bescheid des Empfängers, den Sie gesehen haben"),
            choices=[
                ("", "–"),
                *((each.value, each.label) for each in Issuer.Notice if each is not Issuer.Notice.NONE),
            ],
            required=False,
        ),
        "notice_on": _day(gettext_lazy("Datum dieses Bescheids")),
    }


def _said(before: Issuer | None) -> dict[str, Any]:
    if before is None:
        return {}
    names = [name for name in IssuerForm.base_fields if name != "signature"]
    funds = {f"fund_{pk}": purpose for pk, purpose in before.fund_purposes.items()}
    passed_on = {
        f"forward_{pk}_{name}": value
        for pk, recipient in before.forwarding.items()
        for name, value in recipient.items()
    }
    return {name: getattr(before, name) for name in names} | funds | passed_on
