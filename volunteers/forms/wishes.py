"""What, when and where: asked when pledging and again when a pledge is changed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.formats import hours
from foundation.free_texts import FreeText
from foundation.units import Minutes, minutes_in
from foundation.weekly_times import WeeklyTimesField
from programs.domain.choices import AgeBand, Language, Skill
from programs.models import District, Role
from volunteers.domain.steps_of_wishes import HOURS_A_WEEK, KILOMETRES, WHOLE_CITY_KM
from volunteers.forms.fields import ChipsField, FieldsField
from volunteers.forms.task_questions import LEARN, NO, YES, languages_spoken, skills_answered
from volunteers.services.wishes import Wishes

_hours_then = lazy(hours, str)

DISTANCES = [
    (number, _("in der ganzen Stadt") if number == WHOLE_CITY_KM else format_lazy(_("{km} km"), km=number))
    for number in KILOMETRES
]
HOURS = [(number, _hours_then(minutes_in(number))) for number in HOURS_A_WEEK]


def hours_for(minutes: Minutes) -> int:
    """Return the least number of hours to choose that holds these minutes of a week, else the greatest."""
    return next((number for number, _label in HOURS if minutes_in(number) >= minutes), HOURS[-1][0])


class FieldsForm(forms.Form):
    """What somebody would like to do."""

    fields_wanted = FieldsField(
        label=_("Was möchten Sie tun?"), help_text=_("Sie können mehreres auswählen.")
    )


class TimesForm(forms.Form):
    """When somebody has time, and how far from where."""

    times = WeeklyTimesField(
        label=_("Wann haben Sie in der Regel Zeit?"),
        help_text=_("Tippen Sie alle Zeiten an, die möglich wären. Gefragt werden Sie nur für eine davon."),
    )
    hours_per_week = forms.TypedChoiceField(
        label=_("Wie viel Zeit in der Woche?"), choices=HOURS, coerce=int, initial=2
    )
    home_district = forms.ModelChoiceField(
        label=_("Von wo aus kommen Sie?"),
        queryset=District.objects.all(),
        required=False,
        empty_label=_("keine Angabe"),
        help_text=_("Damit wir nichts vorschlagen, das zu weit weg ist."),
    )
    max_distance_km = forms.TypedChoiceField(
        label=_("Wie weit darf der Weg sein?"), choices=DISTANCES, coerce=int, initial=5
    )
    districts = forms.ModelMultipleChoiceField(
        label=_("Am liebsten in diesen Stadtteilen"),
        queryset=District.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        template_name=ChipsField.template_name,
    )


class StrengthsForm(forms.Form):
    """What somebody brings along; everything here is voluntary.

    What `role` asks about in questions of its own is left out here.
    """

    skills = ChipsField(label=_("Das kann ich gut"), choices=Skill.choices, required=False)
    languages = ChipsField(label=_("Diese Sprachen spreche ich"), choices=Language.choices, required=False)
    placements_wanted = forms.ChoiceField(
        label=_("Wie viele Aufgaben zugleich?"),
        choices=[("", _("eine")), ("2", _("bis zu zwei")), ("3", _("bis zu drei"))],
        required=False,
        help_text=_("Zusammen nie mehr Stunden in der Woche, als Sie zugesagt haben."),
    )
    age_bands = ChipsField(
        label=_("Am liebsten mit Kindern im Alter von"), choices=AgeBand.choices, required=False
    )
    note = forms.CharField(
        label=_("Möchten Sie uns noch etwas sagen?"),
        max_length=300,
        required=False,
        validators=[FreeText("volunteers.TimePledge.note")],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bitte keine Angaben über einzelne Kinder oder Familien."),
    )

    def __init__(self, *args: Any, role: Role | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if role is not None:
            self._offer("skills", [each for each in Skill.choices if each[0] not in role.skills])
            self._offer("languages", [each for each in Language.choices if each[0] not in role.languages])

    def _offer(self, name: str, choices: list[tuple[str, str | Promise]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


def wishes_from(answers: Mapping[str, Any]) -> Wishes:
    """Return the cleaned answers of the forms above and to the questions of a task as one value."""
    return Wishes(
        times=answers["times"],
        fields=answers["fields_wanted"],
        districts=list(answers["districts"]),
        home_district=answers["home_district"],
        max_distance_km=answers["max_distance_km"],
        hours_per_week=answers["hours_per_week"],
        placements_wanted=int(answers["placements_wanted"] or 1),
        skills=[*answers["skills"], *skills_answered(answers, YES)],
        learning_skills=skills_answered(answers, LEARN),
        lacking_skills=skills_answered(answers, NO),
        languages=[*answers["languages"], *languages_spoken(answers)],
        age_bands=answers["age_bands"],
        note=answers["note"],
    )
