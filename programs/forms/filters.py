"""What may be asked for in an address; a value that makes no sense is left out, never an error."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.lists.forms import FilterForm
from programs.domain.choices import AgeBand, Field, Topic, Weekday
from programs.selectors.directory import Wanted
from programs.selectors.districts import district_choices


class ProgramFilter(FilterForm):
    topic = forms.ChoiceField(
        label=_("Thema"), required=False, choices=[("", _("Alle Themen")), *Topic.choices]
    )
    age = forms.ChoiceField(
        label=_("Alter"), required=False, choices=[("", _("Jedes Alter")), *AgeBand.choices]
    )
    district = forms.ChoiceField(label=_("Stadtteil"), required=False)
    q = forms.CharField(
        label=_("Suchwort"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["district"].choices = [("", _("Ganz egal")), *district_choices()]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return the search it describes."""
        asked = self.cleaned_data
        return Wanted(asked["topic"], asked["age"], asked["district"], asked["q"])


class OpportunityFilter(FilterForm):
    field = forms.ChoiceField(
        label=_("Handlungsfeld"), required=False, choices=[("", _("Alle Handlungsfelder")), *Field.choices]
    )
    district = forms.ChoiceField(label=_("Stadtteil"), required=False)
    day = forms.TypedChoiceField(
        label=_("Tag"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Jeder Tag")), *Weekday.choices],
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["district"].choices = [("", _("Alle Stadtteile")), *district_choices()]  # type: ignore[attr-defined]
