"""Writing an Engagementangebot: what, where, when, for whom."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.free_texts import FreeText
from foundation.rendering import Choice
from programs.domain.activities import Site
from programs.domain.choices import AgeBand, Field, Language, Skill
from programs.domain.german import sort_key
from programs.forms.fields import AnyChips, DayField, OneChip
from programs.forms.rhythm_rows import RhythmRows, rows_of
from programs.models import Activity, District, Opportunity, Program, Provider
from programs.selectors.activities import offered_activities
from programs.selectors.districts import district_choices
from programs.services.activity_questions import open_question
from programs.services.opportunities import Task

_AS_THEY_ARE = (
    "title",
    "task",
    "field",
    "site",
    "site_kind",
    "starts_on",
    "ends_on",
    "places",
    "minimum_age",
    "skills",
    "languages",
    "age_bands",
    "staff_is_there",
    "reminds_each",
)
NO_ACTIVITY = "none"
_NO_ACTIVITY = Choice(
    gettext_lazy("Passt zu keiner"), gettext_lazy("Sie fragen das Jugendamt; es antwortet hier.")
)


class OpportunityForm(RhythmRows):
    """All of an Engagementangebot on one page; `provider` is asked only for a new one."""

    provider = forms.ChoiceField(label=gettext_lazy("Träger"))
    title = forms.CharField(
        label=gettext_lazy("Titel"),
        max_length=120,
        validators=[FreeText("programs.Opportunity.title")],
        help_text=gettext_lazy("Kurz und konkret, zum Beispiel „Vorlesen in der Stadtbücherei“."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    task = forms.CharField(
        label=gettext_lazy("Was ist zu tun?"),
        max_length=3000,
        validators=[FreeText("programs.Opportunity.task")],
        help_text=gettext_lazy(
            "Beschreiben Sie Aufgabe und Gruppe, nie ein einzelnes Kind: keine Namen, keine Geburtsdaten,"
            " keine Anschrift einer Familie."
        ),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    field = OneChip(label=gettext_lazy("Handlungsfeld"), choices=Field.choices)
    program = forms.ChoiceField(
        label=gettext_lazy("Gehört zu"),
        required=False,
        help_text=gettext_lazy("Ihr Angebot im Verzeichnis, zu dem die Aufgabe gehört."),
    )
    district = forms.ChoiceField(label=gettext_lazy("Stadtteil"))
    site = forms.CharField(
        label=gettext_lazy("Ort"),
        max_length=200,
        validators=[FreeText("programs.Opportunity.site")],
        help_text=gettext_lazy("Name und Anschrift der Einrichtung, nie einer Wohnung."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    site_kind = forms.ChoiceField(
        label=gettext_lazy("Was für ein Ort ist das?"),
        choices=[("", gettext_lazy("Nichts davon, zum Beispiel Verein oder Bücherei")), *Site.choices],
        required=False,
        help_text=gettext_lazy("Dort zeigen Freiwillige vor dem ersten Termin ihren Masernschutz."),
    )
    starts_on = DayField(label=gettext_lazy("Erster Tag"))
    ends_on = DayField(
        label=gettext_lazy("Letzter Tag"),
        required=False,
        help_text=gettext_lazy("Leer: ohne festes Ende."),
    )
    places = forms.IntegerField(
        label=gettext_lazy("Wie viele Menschen werden gesucht?"),
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("Insgesamt, die schon Zugesagten eingeschlossen."),
    )
    minimum_age = forms.IntegerField(
        label=gettext_lazy("Mindestalter der Freiwilligen"),
        min_value=16,
        max_value=18,
        help_text=gettext_lazy("16 bis 18: Wir fragen Freiwillige nur, ob sie volljährig sind."),
    )
    skills = AnyChips(label=gettext_lazy("Was sie können müssen"), choices=Skill.choices)
    languages = AnyChips(label=gettext_lazy("Sprachen, von denen eine nötig ist"), choices=Language.choices)
    age_bands = AnyChips(label=gettext_lazy("Alter der Kinder"), choices=AgeBand.choices)
    activity = forms.ChoiceField(
        label=gettext_lazy("Welche Tätigkeit ist es?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Wählen Sie, was der Aufgabe am nächsten kommt. Was eine Tätigkeit verlangt, zum Beispiel ein"
            " erweitertes Führungszeugnis, legt das Jugendamt fest (§ 72a SGB VIII)."
        ),
    )
    activity_question = forms.CharField(
        label=gettext_lazy("Wenn keine passt: Was ist anders?"),
        required=False,
        max_length=1000,
        validators=[FreeText("programs.ActivityQuestion.text")],
        help_text=gettext_lazy(
            "Diese Frage geht an das Jugendamt. Bis zur Antwort wird das Angebot nicht veröffentlicht."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    reminds_each = forms.BooleanField(
        label=gettext_lazy("Vor jedem Termin erinnern"),
        required=False,
        help_text=gettext_lazy(
            "Sonst erinnern wir vor dem ersten Termin und nach vier Wochen Pause, oder wie die Freiwilligen"
            " es wünschen. Wer gar keine Erinnerung möchte, bekommt keine."
        ),
    )
    staff_is_there = forms.BooleanField(
        label=gettext_lazy("Bei jedem Termin ist eine erwachsene Person aus unserem Haus dabei"),
        required=False,
        help_text=gettext_lazy("Wo zwei Erwachsene nötig sind, zählt sie als eine."),
    )

    def __init__(
        self, data: Any = None, *, providers: list[Provider], opportunity: Opportunity | None = None
    ) -> None:
        super().__init__(data, initial=initial_of(opportunity))
        self._taken = opportunity.places_taken if opportunity else 0
        if opportunity is None:
            self._offer("provider", _named(providers))
        else:
            del self.fields["provider"]
        present = opportunity.program_id if opportunity else None
        programs = Program.objects.filter(Q(provider__in=providers, has_ended=False) | Q(pk=present))
        self._offer("program", [("", _("Keinem Angebot")), *_named(programs)])
        self._activities = _activities_for(opportunity)
        self._offer("activity", [*map(_choice, self._activities.values()), (NO_ACTIVITY, _NO_ACTIVITY)])
        self._offer("district", [("", _("Bitte wählen")), *district_choices()])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> None:
        super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Der letzte Tag liegt vor dem ersten."))
        elif starts_on and "ends_on" in self.cleaned_data:
            self.refuse_what_never_comes(starts_on, ends_on)
        self._check_activity()
        places = self.cleaned_data.get("places")
        if places is not None and places < self._taken:
            self.add_error("places", _("Es sind schon %(taken)d Plätze vergeben.") % {"taken": self._taken})

    def _check_activity(self) -> None:
        said = self.cleaned_data
        if said.get("activity") == NO_ACTIVITY and "activity_question" in said:
            if not said["activity_question"]:
                self.add_error(
                    "activity_question", _("Bitte beschreiben Sie, was an der Aufgabe anders ist.")
                )
            return
        activity = self._activities.get(said.get("activity", ""))
        least = activity.current.minimum_age if activity and activity.current else 0
        if said.get("minimum_age") and said["minimum_age"] < least:
            self.add_error(
                "minimum_age",
                _("Für diese Tätigkeit verlangt das Jugendamt mindestens %(years)d Jahre.")
                % {"years": least},
            )

    def described(self) -> Task:
        """Return what the valid form says."""
        said = self.cleaned_data
        return Task(
            **{name: said[name] for name in _AS_THEY_ARE},
            district=District.objects.get(slug=said["district"]),
            program=Program.objects.get(pk=said["program"]) if said["program"] else None,
            rhythms=self.rhythms,
            activity=self._activities.get(said["activity"]),
            activity_question=said["activity_question"] if said["activity"] == NO_ACTIVITY else "",
        )


def initial_of(opportunity: Opportunity | None) -> dict[str, Any]:
    """Return what the form shows at first."""
    if opportunity is None:
        return {"places": 1, "minimum_age": 16}
    initial: dict[str, Any] = {name: getattr(opportunity, name) for name in _AS_THEY_ARE}
    initial["district"] = opportunity.district.slug
    initial["program"] = opportunity.program_id or ""
    waiting = open_question(opportunity)
    initial["activity"] = opportunity.activity_id or (NO_ACTIVITY if waiting else "")
    initial["activity_question"] = waiting.text if waiting else ""
    return initial | rows_of(opportunity.rhythms)


def _named(rows: Iterable[Provider | Program]) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in sorted(rows, key=lambda row: sort_key(row.name))]


def _activities_for(opportunity: Opportunity | None) -> dict[str, Activity]:
    """Return what may be chosen by its key: what is offered, and what the task is already."""
    found = {str(each.pk): each for each in offered_activities()}
    if opportunity and opportunity.activity:
        found.setdefault(str(opportunity.activity.pk), opportunity.activity)
    return found


def _choice(activity: Activity) -> tuple[str, Choice]:
    version = activity.current
    assert version is not None
    asks = [
        _("Führungszeugnis nötig") if version.clearance_required else _("ohne Führungszeugnis"),
        *([_("zwei Erwachsene")] if version.two_adults else []),
        *([_("ab %(years)d Jahren") % {"years": version.minimum_age}] if version.minimum_age > 16 else []),
    ]
    return str(activity.pk), Choice(version.name, f"{version.explanation} ({', '.join(asks)})")
