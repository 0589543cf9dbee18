"""What coordinators ask for and decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.filters import FilterForm
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.models import Assignment, Offer, Placement
from volunteers.services.hours import OUTCOMES

RUNNING = ("", _("Laufende"))


class OfferFilter(FilterForm):
    status = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Alle")),
            *[choice for choice in Offer.Status.choices if choice[0] != Offer.Status.PROPOSED],
        ],
    )


class PlacementFilter(FilterForm):
    status = forms.ChoiceField(label=_("Stand"), required=False, choices=[RUNNING, *Placement.Status.choices])


class StopForm(forms.Form):
    """Ending a placement or turning one down."""

    reason = forms.ChoiceField(
        label=_("Warum?"),
        help_text=_("Die Person erfährt, dass der Einsatz endet, aber nicht diesen Grund."),
        choices=CancelReason.choices,
        widget=forms.RadioSelect,
    )


class AttendanceForm(forms.Form):
    """Whether somebody came."""

    outcome = forms.ChoiceField(choices=[(each.value, Assignment.Status(each).label) for each in OUTCOMES])


class CertificateForm(forms.Form):
    """The inspection: the date of a certificate that shows nothing relevant; else nothing is written down."""

    CLEAR = "clear"
    STOP = "stop"

    result = forms.ChoiceField(choices=[(CLEAR, ""), (STOP, "")], widget=forms.HiddenInput)
    certificate_on = forms.DateField(
        label=_("Datum des Führungszeugnisses"),
        help_text=_("Es steht auf dem Zeugnis und darf höchstens drei Monate zurückliegen."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
    )

    def clean(self) -> None:
        super().clean()
        is_missing = "certificate_on" in self.cleaned_data and not self.cleaned_data["certificate_on"]
        if self.is_clear and is_missing:
            self.add_error("certificate_on", _("Bitte tragen Sie das Datum des Zeugnisses ein."))

    @property
    def is_clear(self) -> bool:
        """Whether the certificate was seen and shows nothing relevant."""
        return self.cleaned_data.get("result") == self.CLEAR
