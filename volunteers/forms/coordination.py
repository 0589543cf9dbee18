"""What coordinators ask for and decide."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.plausible_days import of_this_century
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.forms.groups import HeadsField
from volunteers.models import Assignment
from volunteers.services.hours import OUTCOMES


class RosterFilter(forms.Form):
    """A day of the week to show, and the task; what is not understood is left out."""

    tag = forms.DateField(
        required=False,
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))],
    )
    angebot = forms.IntegerField(required=False)


class StopForm(forms.Form):
    """Ending a placement or turning one down."""

    reason = forms.ChoiceField(
        label=_("Warum?"),
        help_text=_("Die Person erfährt, dass der Einsatz endet, aber nicht diesen Grund."),
        choices=CancelReason.choices,
        widget=forms.RadioSelect,
    )


class AttendanceForm(forms.Form):
    """Whether somebody came, and of a group how many."""

    outcome = forms.ChoiceField(choices=[(each.value, Assignment.Status(each).label) for each in OUTCOMES])
    heads = HeadsField(least=1, required=False)


class RefusalForm(forms.Form):
    """The placement does not come about, and whether the person is offered no other task with children."""

    ask_no_more = forms.BooleanField(
        label=_("Keine weiteren Anfragen: dieser Person keine andere Aufgabe mit Kindern anbieten"),
        required=False,
        help_text=_(
            "Gilt bei allen Trägern. Gespeichert wird kein Grund, kein Tag und nicht, wer es wollte."
        ),
    )


class CertificateForm(forms.Form):
    """The inspection of a certificate that shows nothing relevant; anything else is not written down."""

    certificate_on = forms.DateField(
        label=_("Datum des Führungszeugnisses"),
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields["certificate_on"].help_text = ngettext(
            "Es steht auf dem Zeugnis und darf höchstens %(months)d Monat zurückliegen.",
            "Es steht auf dem Zeugnis und darf höchstens %(months)d Monate zurückliegen.",
            settings.CLEARANCE_CERTIFICATE_MONTHS,
        ) % {"months": settings.CLEARANCE_CERTIFICATE_MONTHS}
