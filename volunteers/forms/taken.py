"""What somebody told on the phone, in a talk or on paper, typed by those who coordinate."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from citizens.forms import MailboxField
from foundation.free_texts import FreeText
from foundation.plausible_days import of_this_century
from programs.domain.rhythms import minutes_per_week
from programs.models import Role
from volunteers.domain.availability import suggested_for
from volunteers.forms.envelopes import envelope_line, postcode_field
from volunteers.forms.fields import NameField, PhoneField
from volunteers.forms.groups import GroupForm
from volunteers.forms.offers import AnswerForm
from volunteers.forms.pledge import AgeField
from volunteers.forms.task_questions import QUESTION_NAMES, questions_of
from volunteers.forms.wishes import FieldsForm, StrengthsForm, TimesForm, hours_for, wishes_from
from volunteers.models import TimePledge
from volunteers.services.pledges import Person
from volunteers.services.taken_pledges import Consent
from volunteers.services.wishes import Wishes

CAME_BY = [each for each in TimePledge.CameBy.choices if each[0] != TimePledge.CameBy.WEB]


def _asked_for_by(role: Role | None) -> dict[str, Any]:
    """Return what to fill in for somebody who wants this role."""
    if role is None:
        return {}
    task = role.opportunity
    shares = task.weekly_shares
    return {
        "fields_wanted": [task.field],
        "times": suggested_for([share.time for share in shares]),
        "hours_per_week": hours_for(minutes_per_week(shares)),
        "districts": [task.district_id],
    }


class CameByField(forms.ChoiceField):
    """How somebody said it."""

    def __init__(self, **options: Any) -> None:
        own = {
            "label": _("Wie kam es?"),
            "choices": CAME_BY,
            "widget": forms.RadioSelect,
            "initial": TimePledge.CameBy.PHONE,
        }
        super().__init__(**{**own, **options})


class TakenPledgeForm(GroupForm, FieldsForm, TimesForm, StrengthsForm):
    """A pledge on one page; an e-mail address or the address for letters, one of the two is needed."""

    field_order = (
        "came_by",
        "first_name",
        "last_name",
        "phone",
        "email",
        "street",
        "postcode",
        "town",
        "is_adult",
        *GroupForm.base_fields,
        "fields_wanted",
    )
    submission = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    came_by = CameByField()
    first_name = NameField(
        label=_("Vorname"),
        max_length=60,
        validators=[FreeText("volunteers.Volunteer.first_name")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Bitte geben Sie den Vornamen an.")},
    )
    last_name = NameField(
        label=_("Nachname"),
        max_length=80,
        required=False,
        validators=[FreeText("volunteers.Volunteer.last_name")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Telefon"), required=False)
    email = MailboxField(
        label=_("E-Mail-Adresse"),
        required=False,
        help_text=_("Wenn es eine gibt: Dann bestätigt die Person selbst, mit dem Link in der E-Mail."),
    )
    street = envelope_line(_("Straße und Hausnummer"), 120)
    postcode = postcode_field()
    town = envelope_line(_("Ort"), 80)
    is_adult = AgeField(label=_("Alter"))
    consent_on = forms.DateField(
        label=_("Eingewilligt am"),
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    consents = forms.BooleanField(
        label=_(
            "Die Person weiß, was wir speichern, wofür und wie lange, und dass sie es jederzeit beenden"
            " kann. Sie ist einverstanden."
        ),
        error_messages={"required": _("Ohne Einwilligung dürfen wir nichts speichern.")},
    )

    def __init__(self, *args: Any, role: Role | None, today: date, town: str, **options: Any) -> None:
        initial = {"consent_on": today, "town": town, **_asked_for_by(role)}
        super().__init__(*args, role=role, initial=initial, **options)
        self.today = today
        self.fields = {**self.fields, **questions_of(role, required=False)}
        self.fields["note"].help_text = _("Die Person kann es lesen. Bitte nichts über Kinder oder Familien.")

    @property
    def task_questions(self) -> list[forms.BoundField]:
        """The questions of the task that the person wants."""
        return [self[name] for name in self.fields if name in QUESTION_NAMES]

    @property
    def details_open(self) -> bool:
        """Whether something stands where one has to unfold it."""
        return any(self[name].value() for name in ("skills", "languages", "age_bands", "note"))

    def clean_consent_on(self) -> date:
        """Return the day of the consent, not one to come."""
        day: date = self.cleaned_data["consent_on"]
        if day > self.today:
            raise ValidationError(_("Dieser Tag kommt erst noch."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for a way to write to the person."""
        said = super().clean() or self.cleaned_data
        if not said.get("email") and "email" not in self.errors:
            needed = {
                "last_name": _("Für Briefe brauchen wir den Nachnamen."),
                "street": _("Ohne E-Mail-Adresse brauchen wir Straße und Hausnummer."),
                "postcode": _("Ohne E-Mail-Adresse brauchen wir die Postleitzahl."),
                "town": _("Ohne E-Mail-Adresse brauchen wir den Ort."),
            }
            for name, why in needed.items():
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, why)
        return said

    def postal_address(self) -> str:
        """Return what stands on the envelope, "" for somebody who gets mails."""
        said = self.cleaned_data
        if said["email"]:
            return ""
        name, town = f"{said['first_name']} {said['last_name']}", f"{said['postcode']} {said['town']}"
        return "\n".join(line for line in (said["group_name"], name, said["street"], town) if line)

    def person(self) -> Person:
        """Return who was told of."""
        said = self.cleaned_data
        return Person(
            first_name=said["first_name"],
            last_name=said["last_name"],
            email=said["email"],
            phone=said["phone"],
            is_adult=said["is_adult"],
            group_name=said["group_name"],
            heads=self.heads_said(),
        )

    def wishes(self) -> Wishes:
        """Return what the person offers."""
        return wishes_from(self.cleaned_data)

    def consent(self, by: User) -> Consent:
        """Return how the person agreed."""
        return Consent(self.cleaned_data["came_by"], self.cleaned_data["consent_on"], by)


class ToldAnswerForm(AnswerForm):
    """What a person answered to a question, and how."""

    came_by = CameByField()


class PlaceForm(forms.Form):
    """How the yes came of somebody who is placed directly."""

    came_by = CameByField()
