"""Fields as coordinators meet them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.plausible_days import of_this_century

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
    """A day, picked or typed, of this century: what is reckoned from it, before and after, is a day, too."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
        super().__init__(widget=widget, validators=[of_this_century], **options)


class ClockField(forms.TimeField):
    """A time of day by quarters of an hour."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M")
        super().__init__(widget=widget, **options)


class DaysField(forms.CharField):
    """Several days, typed one after the other: 24.12.2026, 31.12.2026."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(**{"max_length": 400, "widget": widget, **options})

    def prepare_value(self, value: Any) -> Any:
        """Return the days as somebody would type them; what was typed stays as it is."""
        if isinstance(value, str) or not isinstance(value, Iterable):
            return value
        return ", ".join(f"{day:%d.%m.%Y}" for day in value)

    def clean(self, value: Any) -> list[date]:
        """Return the days in order. Raises ValidationError naming what is no day."""
        words = re.split(r"[,;\s]+", super().clean(value))
        return sorted({_day(word) for word in words if word})


def _day(word: str) -> date:
    try:
        day, month, year = (int(part) for part in word.split("."))
        found = date(year, month, day)
    except ValueError as error:
        message = _("„%(word)s“ ist kein Tag. Bitte so: 24.12.2026.") % {"word": word}
        raise ValidationError(message) from error
    of_this_century(found)
    return found
