"""Fields as coordinators meet them."""

from typing import Any

from django import forms

_CHIPS = "components/forms/chips.html"


class OneChip(forms.ChoiceField):
    """One of a few, as compact tiles."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"template_name": _CHIPS, **options})


class AnyChips(forms.MultipleChoiceField):
    """Several of a few, as compact tiles; none is fine."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"template_name": _CHIPS, "required": False, **options})


class DayField(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class ClockField(forms.TimeField):
    """A time of day by quarters of an hour."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M")
        super().__init__(widget=widget, **options)
