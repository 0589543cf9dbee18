"""What the youth office writes about an activity, and its answer to "passt zu keiner"."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.free_texts import FreeText
from programs.domain.activities import Criterion, Degree, Site, Training, contradictions
from programs.forms.fields import AnyChips, OneChip
from programs.models import Activity, ActivityVersion
from programs.selectors.activities import offered_activities

_HINTS = {
    "contact_with_minors": gettext_lazy("Ohne Kontakt verlangt die Tätigkeit nichts von dem, was folgt."),
    "clearance_required": gettext_lazy(
        "§ 72a SGB VIII. Es gilt für alle Engagementangebote dieser Tätigkeit."
    ),
    "two_adults": gettext_lazy("Minderjährige Freiwillige zählen nie mit."),
    "overnight": gettext_lazy("Verlangt immer ein Führungszeugnis und zwei Erwachsene."),
}
_CONTRADICTIONS = {
    "clearance_required": gettext_lazy("Über Nacht ist immer ein Führungszeugnis nötig."),
    "two_adults": gettext_lazy("Über Nacht sind immer zwei Erwachsene da."),
    "contact_with_minors": gettext_lazy("Ohne Kontakt mit Kindern kann nichts davon verlangt werden."),
}


class ActivityForm(forms.ModelForm):
    """One version of an activity, with the questions about Art, Intensität and Dauer."""

    minimum_age = forms.IntegerField(
        label=gettext_lazy("Mindestalter der Freiwilligen"),
        min_value=16,
        max_value=18,
        help_text=gettext_lazy("16 bis 18: Wir fragen Freiwillige nur, ob sie volljährig sind."),
    )
    training = OneChip(label=gettext_lazy("Schulung zum Kinderschutz"), choices=Training.choices)
    measles_sites = AnyChips(
        label=gettext_lazy("Masernschutz zeigen in"),
        choices=Site.choices,
        help_text=gettext_lazy("§ 20 Abs. 8 IfSG: bei regelmäßigem Einsatz, vor dem ersten Termin."),
    )

    class Meta:
        model = ActivityVersion
        fields = [name for name in ActivityVersion.FACTS if name != "answers"]

    def __init__(self, data: Any = None, *, version: ActivityVersion | None = None) -> None:
        super().__init__(data, instance=None, initial=facts_of(version) if version else {"minimum_age": 16})
        self.fields["explanation"].widget.attrs["rows"] = 4
        self.fields["reasons"].widget.attrs["rows"] = 4
        for name, hint in _HINTS.items():
            self.fields[name].help_text = hint
        answers = version.answers if version else {}
        for criterion in Criterion:
            self.fields[criterion.value] = OneChip(
                label=criterion.label,
                choices=[(str(value), label) for value, label in Degree.choices],
                initial=str(answers.get(criterion.value, "")),
            )
        self.order_fields(["name", "explanation", *Criterion, "reasons", "source"])

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is said at its field; the row's own CHECK would say it without words."""
        if not self.errors:
            for name in contradictions(self.cleaned_data):
                self.add_error(name, _CONTRADICTIONS[name])
        return self.cleaned_data

    @property
    def criteria(self) -> list[forms.BoundField]:
        """The questions of the grid."""
        return [self[each.value] for each in Criterion]

    def decided(self) -> dict[str, Any]:
        """Return what the valid form says, by `ActivityVersion.FACTS`."""
        said = self.cleaned_data
        answers = {each.value: int(said[each.value]) for each in Criterion}
        return {name: said[name] for name in ActivityVersion.FACTS if name != "answers"} | {
            "answers": answers
        }


def facts_of(version: ActivityVersion) -> dict[str, Any]:
    """Return what a version decides."""
    return {name: getattr(version, name) for name in ActivityVersion.FACTS}


class AnswerForm(forms.Form):
    """The youth office's answer: in words, and an activity if it is one."""

    activity = forms.ChoiceField(label=gettext_lazy("Es ist"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Ihre Antwort"),
        max_length=1000,
        validators=[FreeText("programs.ActivityQuestion.answer")],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Der Träger liest sie im Wortlaut."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self._known = {str(each.pk): each for each in offered_activities()}
        field = self.fields["activity"]
        assert isinstance(field, forms.ChoiceField)
        none = ("", _("Keine davon: so wird die Aufgabe nicht veröffentlicht"))
        field.choices = [none, *((key, str(each)) for key, each in self._known.items())]

    @property
    def chosen(self) -> Activity | None:
        """The activity of a valid answer."""
        return self._known.get(self.cleaned_data["activity"])
