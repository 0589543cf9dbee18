"""What can be changed under "Meine Zusagen"."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.clock import utc_now
from foundation.free_texts import FreeText
from volunteers.domain.promises import LONGEST_PAUSE
from volunteers.forms.fields import ANYWHERE, NameField, PhoneField
from volunteers.forms.groups import GroupNameField, HeadsField
from volunteers.forms.pledge import ADULT, AGES, AgeField
from volunteers.forms.reminders import RemindersField
from volunteers.forms.task_questions import answers_so_far, questions_of
from volunteers.forms.wishes import FieldsForm, StrengthsForm, TimesForm, wishes_from
from volunteers.models import TimePledge, Volunteer
from volunteers.selectors.people import is_spoken_for
from volunteers.selectors.pledges import weekly_times_of
from volunteers.services.wishes import Wishes


class ChangeForm(FieldsForm, TimesForm, StrengthsForm):
    """All wishes of one pledge, and first the questions of the task it is for."""

    field_order = ["fields_wanted", *TimesForm.base_fields]

    def __init__(self, *args: Any, pledge: TimePledge, **options: Any) -> None:
        role = pledge.wanted_role
        super().__init__(*args, role=role, **options)
        self.pledge = pledge
        self.fields = {**questions_of(role, required=False), **self.fields}

    @classmethod
    def showing(cls, pledge: TimePledge) -> "ChangeForm":
        """Return the form filled with what `pledge` says now."""
        return cls(
            pledge=pledge,
            initial={
                **_answers_of(pledge),
                "fields_wanted": pledge.fields or [ANYWHERE],
                "times": weekly_times_of(pledge),
                "hours_per_week": pledge.hours_per_week,
                "placements_wanted": pledge.placements_wanted if pledge.placements_wanted > 1 else "",
                "home_district": pledge.home_district_id,
                "max_distance_km": pledge.max_distance_km,
                "districts": [district.pk for district in pledge.districts.all()],
                "skills": pledge.skills,
                "languages": pledge.languages,
                "age_bands": pledge.age_bands,
                "note": pledge.note,
            },
        )

    def wishes(self) -> Wishes:
        """Return what the valid form says; facts that it does not ask about stay."""
        said = wishes_from(self.cleaned_data)
        told = {*said.skills, *said.learning_skills, *said.lacking_skills, *self._asked()}
        return replace(
            said,
            learning_skills=[*said.learning_skills, *_besides(told, self.pledge.learning_skills)],
            lacking_skills=[*said.lacking_skills, *_besides(told, self.pledge.lacking_skills)],
        )

    def _asked(self) -> list[str]:
        role = self.pledge.wanted_role
        return role.skills if role else []


def _answers_of(pledge: TimePledge) -> dict[str, str]:
    if pledge.wanted_role is None:
        return {}
    return answers_so_far(
        pledge.wanted_role,
        skills=pledge.skills,
        learning=pledge.learning_skills,
        lacking=pledge.lacking_skills,
        languages=pledge.languages,
    )


def _besides(told: set[str], facts: list[str]) -> list[str]:
    return [fact for fact in facts if fact not in told]


class DateInput(forms.DateInput):
    """The browser's own date picker; typed dates such as 24.12.2026 are understood as well."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day from `earliest` to `LONGEST_PAUSE` later."""

    widget = DateInput
    default_error_messages = {
        "required": _("Bitte geben Sie einen Tag an."),
        "invalid": _("Bitte geben Sie einen Tag an, zum Beispiel 24.12.2026."),
        "past": _("Dieser Tag ist schon vorbei."),
        "far": _("Bitte wählen Sie einen Tag innerhalb der nächsten zwölf Monate."),
    }

    def __init__(self, *, earliest: date, **options: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], **options})
        self.earliest = earliest

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value < self.earliest:
            raise ValidationError(self.error_messages["past"], code="past")
        if value > self.earliest + LONGEST_PAUSE:
            raise ValidationError(self.error_messages["far"], code="far")


class PauseForm(forms.Form):
    """Until when nothing new shall be asked."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"] = DayField(
            label=_("Wann dürfen wir wieder fragen?"), earliest=today + timedelta(days=1)
        )


class AbsenceForm(forms.Form):
    """Days on which somebody cannot come, both included."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["from_on"] = DayField(label=_("Erster Tag"), earliest=today)
        self.fields["until_on"] = DayField(label=_("Letzter Tag"), earliest=today)

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if "from_on" in answers and "until_on" in answers and answers["until_on"] < answers["from_on"]:
            self.add_error("until_on", _("Der letzte Tag liegt vor dem ersten."))
        return answers


class PersonForm(forms.Form):
    """How somebody is called and reached; a group also says how many they are, and is of age."""

    first_name = NameField(
        label=_("Vorname"),
        max_length=60,
        validators=[FreeText("volunteers.Volunteer.first_name")],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Nachname"),
        max_length=80,
        required=False,
        validators=[FreeText("volunteers.Volunteer.last_name")],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone = PhoneField(label=_("Telefon"), required=False)
    is_adult = AgeField()
    reminders = RemindersField()

    def __init__(self, *args: Any, volunteer: Volunteer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.volunteer = volunteer
        if volunteer.is_group:
            del self.fields["is_adult"]
            heads = HeadsField(
                label=_("Wie viele sind Sie?"),
                help_text=_("Das gilt für neue Anfragen. Bei einem Einsatz ändern Sie es dort."),
            )
            self.fields = {"group_name": GroupNameField(), "heads": heads, **self.fields}

    def clean_is_adult(self) -> bool:
        """The age; whom a guardian has spoken for is not of age by their own word alone."""
        said: bool = self.cleaned_data["is_adult"]
        if said and is_spoken_for(self.volunteer, utc_now()):
            raise forms.ValidationError(
                _(
                    "Für Sie hat eine sorgeberechtigte Person zugestimmt, weil Sie noch nicht 18 sind. "
                    "Nach dem Geburtstag ändern wir das von selbst. Wenn hier etwas nicht stimmt, rufen Sie "
                    "bitte beim Träger an."
                ),
                code="spoken_for",
            )
        return said

    @classmethod
    def showing(cls, volunteer: Volunteer) -> "PersonForm":
        """Return the form filled with what is stored about `volunteer`."""
        return cls(
            volunteer=volunteer,
            initial={
                "group_name": volunteer.group_name,
                "heads": volunteer.heads,
                "first_name": volunteer.first_name,
                "last_name": volunteer.last_name,
                "phone": volunteer.phone,
                "is_adult": ADULT if volunteer.is_adult else AGES[1][0],
                "reminders": volunteer.reminders,
            },
        )
