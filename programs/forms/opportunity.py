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
from programs.domain.choices import AgeBand, Field
from programs.domain.german import sort_key
from programs.forms.fields import AnyChips, DayField, OneChip
from programs.forms.need import NeedForm, initial_need
from programs.forms.rhythm_rows import RhythmRows, rows_of
from programs.models import District, Opportunity, Program, Provider, Role
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
    "age_bands",
    "staff_is_there",
    "reminds_each",
)
_LAST = (
    "places",
    "minimum_age",
    "skills",
    "languages",
    "age_bands",
    "activity",
    "activity_question",
    "staff_is_there",
)
NO_ACTIVITY = "none"
_NO_ACTIVITY = Choice(
    gettext_lazy("Passt zu keiner"), gettext_lazy("Sie fragen das Jugendamt; es antwortet hier.")
)


class OpportunityForm(NeedForm, RhythmRows):
    """All of an Engagementangebot on one page; `provider` is asked only for a new one.

    What its role needs is asked while it has only one; several have pages of their own.
    """

    field_order = (
        "provider",
        "title",
        "task",
        "field",
        "program",
        "district",
        "site",
        "site_kind",
        "starts_on",
        "ends_on",
    )

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
    age_bands = AnyChips(label=gettext_lazy("Alter der Kinder"), choices=AgeBand.choices)
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
        self,
        data: Any = None,
        *,
        providers: list[Provider],
        opportunity: Opportunity | None = None,
        pattern: Opportunity | None = None,
    ) -> None:
        role = None if opportunity is None else opportunity.roles.first()
        initial = copied_from(pattern) if pattern else initial_of(opportunity, role)
        super().__init__(data, role=role, initial=initial)
        self.has_several_roles = opportunity is not None and opportunity.has_several_roles
        if opportunity is None:
            self.offer("provider", _named(providers))
        else:
            del self.fields["provider"]
        if self.has_several_roles:
            for name in (*NeedForm.base_fields, "activity_question"):
                del self.fields[name]
        else:
            self.offer("activity", [*self.activity_choices(), (NO_ACTIVITY, _NO_ACTIVITY)])
        present = opportunity.program_id if opportunity else None
        programs = Program.objects.filter(Q(provider__in=providers, has_ended=False) | Q(pk=present))
        self.offer("program", [("", _("Keinem Angebot")), *_named(programs)])
        self.offer("district", [("", _("Bitte wählen")), *district_choices()])
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])

    def clean(self) -> None:
        super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Der letzte Tag liegt vor dem ersten."))
        elif starts_on and "ends_on" in self.cleaned_data:
            self.refuse_what_never_comes(starts_on, ends_on)
        if self.cleaned_data.get("activity") == NO_ACTIVITY and not self.cleaned_data.get(
            "activity_question", True
        ):
            self.add_error("activity_question", _("Bitte beschreiben Sie, was an der Aufgabe anders ist."))

    def described(self) -> Task:
        """Return what the valid form says."""
        said = self.cleaned_data
        return Task(
            **{name: said[name] for name in _AS_THEY_ARE},
            district=District.objects.get(slug=said["district"]),
            program=Program.objects.get(pk=said["program"]) if said["program"] else None,
            rhythms=self.rhythms,
            need=None if self.has_several_roles else self.need(),
            activity_question=said["activity_question"] if said.get("activity") == NO_ACTIVITY else "",
        )


def initial_of(opportunity: Opportunity | None, role: Role | None) -> dict[str, Any]:
    """Return what the form shows at first, beside what its role needs."""
    if opportunity is None:
        return {}
    initial: dict[str, Any] = {name: getattr(opportunity, name) for name in _AS_THEY_ARE}
    initial["district"] = opportunity.district.slug
    initial["program"] = opportunity.program_id or ""
    waiting = open_question(opportunity)
    if waiting and role and role.activity_id is None:
        initial["activity"] = NO_ACTIVITY
    initial["activity_question"] = waiting.text if waiting else ""
    return initial | rows_of(opportunity.rhythms)


def copied_from(pattern: Opportunity) -> dict[str, Any]:
    """Return what the form of a new one shows that is to be like `pattern`; its period is a new one."""
    role = pattern.roles.first()
    copied = {**initial_need(role), **initial_of(pattern, role), "provider": pattern.provider_id}
    return {**copied, "starts_on": None, "ends_on": None, "activity_question": ""}


def _named(rows: Iterable[Provider | Program]) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in sorted(rows, key=lambda row: sort_key(row.name))]
