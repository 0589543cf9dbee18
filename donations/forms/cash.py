"""What is said of a counted box, and which counted cash a line of the bank is."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.domain.cash import PIECES, total
from donations.forms.proposals import said_cents
from donations.models import BankTransaction, CashCount
from donations.services.cash.counts import Counted
from foundation.formats import euro_exact
from foundation.free_texts import FreeText
from foundation.plausible_days import of_this_century
from foundation.units import Cents
from programs.models import Fund

CENTS_OF_EURO = 100
MOST_PIECES = 100_000


_PIECES = re.compile(r"\d{1,3}(?:[.\s\u00a0\u202f']\d{3})+|-?\d{1,9}", re.ASCII)


class PiecesField(forms.IntegerField):
    """How many notes or coins of a kind: plain digits, thousands may be set apart as in an amount.

    Django reads `1.000` as 1 and takes digits of other scripts.
    """

    def to_python(self, value: Any) -> int | None:
        typed = str(value).strip() if value is not None else ""
        if typed and _PIECES.fullmatch(typed) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(re.sub(r"[^-0-9]", "", typed))


def _sum_field(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=20, widget=widget, **more)


def piece_label(worth: int) -> str:
    """A note or coin as it is called: 20 Euro, 50 Cent."""
    if worth >= CENTS_OF_EURO:
        return _("%(worth)s Euro") % {"worth": worth // CENTS_OF_EURO}
    return _("%(worth)s Cent") % {"worth": worth}


class CountForm(forms.Form):
    """A box that was counted: for what, where it stood, when, and how much; with or without the pieces."""

    fund = forms.ModelChoiceField(
        label=gettext_lazy("Spendenzweck"), queryset=Fund.objects.none(), empty_label=None
    )
    box = forms.CharField(
        label=gettext_lazy("Welche Box, welcher Anlass?"),
        max_length=120,
        help_text=gettext_lazy("Zum Beispiel: Box im Bürgerbüro, oder Sommerfest am Rathaus."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[FreeText("donations.CashCount.box")],
        error_messages={"required": gettext_lazy("Bitte nennen Sie die Box oder den Anlass.")},
    )
    counted_on = forms.DateField(
        label=gettext_lazy("Gezählt am"),
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Bitte geben Sie den Tag der Zählung ein."),
            "invalid": gettext_lazy("Bitte geben Sie den Tag als Datum ein."),
        },
    )
    amount = _sum_field(
        gettext_lazy("Summe in Euro"),
        required=False,
        help_text=gettext_lazy("Oder Sie tragen unten ein, wie viele Scheine und Münzen es sind."),
    )

    def __init__(self, *args: Any, funds: QuerySet[Fund], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]
        self.fields["counted_on"].initial = today
        for worth in PIECES:
            self.fields[f"piece_{worth}"] = PiecesField(
                label=piece_label(worth),
                required=False,
                min_value=0,
                max_value=MOST_PIECES,
                error_messages={"invalid": _("Bitte geben Sie eine ganze Zahl ein.")},
            )

    @property
    def pieces(self) -> list[BoundField]:
        """The fields for notes and coins, the largest first."""
        return [self[f"piece_{worth}"] for worth in PIECES]

    @property
    def head(self) -> list[BoundField]:
        """All other fields."""
        return [self[name] for name in ("fund", "box", "counted_on", "amount")]

    def clean_counted_on(self) -> date:
        counted_on: date = self.cleaned_data["counted_on"]
        if counted_on > self.today:
            raise forms.ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return counted_on

    def clean_amount(self) -> Cents | None:
        typed = self.cleaned_data["amount"]
        return said_cents(typed) if typed else None

    def clean(self) -> dict[str, Any]:
        """Sum and pieces, where both are given, have to agree."""
        said = super().clean() or {}
        counted = total(self._pieces(said))
        typed = said.get("amount")
        if not self.errors and typed is None and not counted:
            self.add_error("amount", _("Bitte geben Sie ein, wie viel gezählt wurde."))
        elif typed is not None and counted and counted != typed:
            told = euro_exact(counted)
            self.add_error("amount", _("Scheine und Münzen ergeben %(told)s.") % {"told": told})
        return said

    @staticmethod
    def _pieces(said: dict[str, Any]) -> dict[int, int]:
        return {worth: said.get(f"piece_{worth}") or 0 for worth in PIECES if said.get(f"piece_{worth}")}

    def counted(self) -> Counted:
        """Return what a valid form says."""
        said = self.cleaned_data
        pieces = self._pieces(said)
        return Counted(said["box"], said["counted_on"], said["amount"] or total(pieces), pieces)


class CountAgainForm(forms.Form):
    """What the second person counted, who does not see what the first one did."""

    amount = _sum_field(
        gettext_lazy("Ihre Summe in Euro"),
        help_text=gettext_lazy("Bitte zählen Sie selbst. Was zuerst gezählt wurde, sehen Sie erst danach."),
        error_messages={"required": gettext_lazy("Bitte geben Sie ein, was Sie gezählt haben.")},
    )

    def clean_amount(self) -> Cents:
        return said_cents(self.cleaned_data["amount"])


class UndoCountForm(forms.Form):
    """Why a count that two confirmed is undone."""

    reason = forms.CharField(
        label=gettext_lazy("Grund"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[FreeText("donations.CashCount.undone_for")],
        help_text=gettext_lazy("Zum Beispiel: Die Bank hat eine Münze weniger gezählt."),
    )


class PayInForm(forms.Form):
    """Which counted cash a line of the bank is; together they are its sum."""

    counts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Was wurde eingezahlt?"),
        queryset=CashCount.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was eingezahlt wurde.")},
    )

    def __init__(self, *args: Any, line: BankTransaction, cash: QuerySet[CashCount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        field = self.fields["counts"]
        field.queryset = cash  # type: ignore[attr-defined]
        field.label_from_instance = _count_label  # type: ignore[attr-defined]

    def clean_counts(self) -> list[int]:
        chosen: list[CashCount] = list(self.cleaned_data["counts"])
        cents = Cents(sum(count.amount_cents for count in chosen))
        if cents != self.line.amount_cents:
            raise forms.ValidationError(
                _("Zusammen sind das %(chosen)s, eingezahlt wurden %(line)s.")
                % {"chosen": euro_exact(cents), "line": euro_exact(Cents(self.line.amount_cents))}
            )
        return [count.pk for count in chosen]


def _count_label(count: CashCount) -> str:
    return _("%(amount)s, %(box)s, gezählt am %(day)s") % {
        "amount": euro_exact(Cents(count.amount_cents)),
        "box": count.box,
        "day": count.counted_on.strftime("%d.%m.%Y"),
    }
