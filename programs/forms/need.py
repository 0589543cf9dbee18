"""How many people a role needs and what of them: alone on a page, or as part of the Engagementangebot."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.free_texts import FreeText
from foundation.rendering import Choice
from programs.domain.choices import Language, Skill
from programs.forms.fields import AnyChips
from programs.models import Activity, Opportunity, Role
from programs.selectors.activities import offered_activities
from programs.services.roles import Need

_AS_THEY_ARE = ("places", "minimum_age", "skills", "languages")


class NeedForm(forms.Form):
    """What is said of one role; without a `role` it is a new one."""

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
    activity = forms.ChoiceField(
        label=gettext_lazy("Welche Tätigkeit ist es?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Wählen Sie, was der Aufgabe am nächsten kommt. Was eine Tätigkeit verlangt, zum Beispiel ein"
            " erweitertes Führungszeugnis, legt das Jugendamt fest (§ 72a SGB VIII)."
        ),
    )

    def __init__(
        self, data: Any = None, *, role: Role | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={**initial_need(role), **(initial or {})})
        self._taken = role.places_taken + role.places_held if role else 0
        self._activities = _activities_for(role)
        self.offer("activity", self.activity_choices())

    def activity_choices(self) -> list[tuple[str, Any]]:
        """Return what may be chosen, with what each asks for."""
        return [_choice(each) for each in self._activities.values()]

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Let one of `choices` be chosen in the field of that name."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        activity = self._activities.get(said.get("activity", ""))
        least = activity.current.minimum_age if activity and activity.current else 0
        if said.get("minimum_age") and said["minimum_age"] < least:
            self.add_error(
                "minimum_age",
                _("Für diese Tätigkeit verlangt das Jugendamt mindestens %(years)d Jahre.")
                % {"years": least},
            )
        if said.get("places") is not None and said["places"] < self._taken:
            self.add_error("places", _("Es sind schon %(taken)d Plätze vergeben.") % {"taken": self._taken})

    def need(self) -> Need:
        """Return what the valid form says of the role."""
        said = self.cleaned_data
        return Need(
            **{name: said[name] for name in _AS_THEY_ARE},
            name=said.get("name", ""),
            activity=self._activities.get(said["activity"]),
        )


class RoleForm(NeedForm):
    """One of several roles; whoever adds the second also says what the first is called."""

    name = forms.CharField(
        label=gettext_lazy("So heißt die Aufgabe"),
        max_length=80,
        validators=[FreeText("programs.Role.name")],
        help_text=gettext_lazy("Kurz und konkret, zum Beispiel „Kasse“ oder „Begleitung im Bus“."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    places = forms.IntegerField(
        label=gettext_lazy("Wie viele Menschen werden gesucht?"),
        min_value=0,
        max_value=500,
        help_text=gettext_lazy(
            "Die schon Zugesagten eingeschlossen; 0, wenn niemand mehr gefragt werden soll."
        ),
    )
    name_of_first = forms.CharField(
        label=gettext_lazy("So heißt die Aufgabe, die es schon gibt"),
        max_length=80,
        validators=[FreeText("programs.Role.name")],
        help_text=gettext_lazy("Damit alle die beiden auseinanderhalten."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("name_of_first", "name")

    def __init__(self, data: Any = None, *, opportunity: Opportunity, role: Role | None = None) -> None:
        super().__init__(data, role=role, initial={"name": role.name} if role else None)
        if role is not None or all(each.name for each in opportunity.roles.all()):
            del self.fields["name_of_first"]
        if role is not None and not opportunity.has_several_roles:
            del self.fields["name"]

    @property
    def name_of_first_role(self) -> str:
        """What the valid form calls the role that was alone until now; "" if it was not asked."""
        return str(self.cleaned_data.get("name_of_first", ""))


def initial_need(role: Role | None) -> dict[str, Any]:
    """Return what the form shows at first."""
    if role is None:
        return {"places": 1, "minimum_age": 16}
    initial: dict[str, Any] = {name: getattr(role, name) for name in _AS_THEY_ARE}
    return initial | {"activity": role.activity_id or ""}


def _activities_for(role: Role | None) -> dict[str, Activity]:
    """Return what may be chosen by its key: what is offered, and what the role is already."""
    found = {str(each.pk): each for each in offered_activities()}
    if role and role.activity:
        found.setdefault(str(role.activity.pk), role.activity)
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
