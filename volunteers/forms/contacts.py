"""What those who coordinate write down about a person."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from volunteers.models import Contact
from volunteers.services.contacts import Call
from volunteers.services.suggestions import SOFT

TEXT = "volunteers.Contact.text"
LONGEST_AWAY = relativedelta(years=1)


class CallForm(forms.Form):
    """What came of a call; `key` tells the forms of one page apart."""

    outcome = forms.ChoiceField(
        label=_("Was kam dabei heraus?"), choices=Contact.Outcome.choices, widget=forms.RadioSelect
    )
    next_step = forms.ChoiceField(
        label=_("Nächster Schritt"),
        choices=[("", _("wie üblich")), *Contact.NextStep.choices],
        required=False,
    )
    again_on = forms.DateField(
        label=_("Wieder vorlegen am"),
        help_text=_("Ohne Datum: am nächsten Arbeitstag, nach einem Gespräch in fünf Arbeitstagen."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    text = forms.CharField(
        label=_("Notiz"),
        help_text=_("Die Person kann sie lesen. Bitte nichts über Kinder oder Familien."),
        max_length=500,
        required=False,
        validators=[FreeText(TEXT)],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    after = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, key: int, after: int, today: date) -> None:
        super().__init__(data, auto_id=f"id_{key}_%s", initial={"after": after})
        self.today = today

    def clean_again_on(self) -> date | None:
        """Return the day, if it is one of the year to come."""
        day: date | None = self.cleaned_data["again_on"]
        if day is not None and not self.today < day <= self.today + LONGEST_AWAY:
            raise forms.ValidationError(_("Bitte nennen Sie einen Tag in den nächsten zwölf Monaten."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for the day until which somebody waits."""
        cleaned = self.cleaned_data
        waits = cleaned.get("outcome") == Contact.Outcome.WANTS_TO_WAIT
        if waits and not cleaned.get("again_on") and "again_on" not in self.errors:
            self.add_error("again_on", _("Bis wann möchte die Person warten?"))
        return cleaned

    def call(self) -> Call:
        """Return what was noted."""
        return Call(**self.cleaned_data)


class CallsForm(CallForm):
    """What came of several calls alike: only what changes nothing for the people, so that it is undone."""

    next_step = None  # type: ignore[assignment]

    def __init__(self, data: Mapping[str, Any] | None = None, *, after: int, today: date) -> None:
        super().__init__(data, key=0, after=after, today=today)
        alike = (Contact.Outcome.REACHED, Contact.Outcome.NOT_REACHED)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Was kam dabei heraus?"),
            choices=[(each.value, each.label) for each in alike],
            widget=forms.RadioSelect,
        )

    def call_of(self, after: int) -> Call:
        """Return what was noted about a pledge of whose last contact one knew."""
        said = self.cleaned_data
        return Call(said["outcome"], again_on=said["again_on"], text=said["text"], after=after)


class NoteForm(forms.Form):
    """A note about a person."""

    text = forms.CharField(
        label=_("Notiz"),
        help_text=_("Die Person kann sie lesen. Bitte nichts über Kinder oder Familien."),
        max_length=500,
        validators=[FreeText(TEXT)],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MessageForm(forms.Form):
    """What goes to all people of a task or a date; `submission` is the form, sent twice it sends once."""

    text = forms.CharField(
        label=_("Ihre Nachricht"),
        help_text=_(
            "Anrede und Angaben zum Termin stehen schon in der Mail. Bitte nichts über Kinder oder Familien."
        ),
        max_length=1500,
        validators=[FreeText("message.text")],
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AskForm(forms.Form):
    """For which role to ask, and in spite of which soft gates."""

    role = forms.IntegerField()
    in_spite_of = forms.MultipleChoiceField(
        choices=[(code, code) for code in sorted(SOFT)], required=False, widget=forms.MultipleHiddenInput
    )
