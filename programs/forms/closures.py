"""On which days dates do not take place."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.clock import local_day
from foundation.formats import time_range
from programs.domain.closures import ClosureReason
from programs.forms.fields import DayField
from programs.models import Shift

FOR_NOW = "for_now"


class ReasonForm(forms.Form):
    """Why dates do not take place."""

    reason = forms.ChoiceField(
        label=_("Warum?"),
        help_text=_("Wer kommen wollte, erfährt den Grund."),
        choices=ClosureReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte nennen Sie den Grund.")},
    )


class ClosureForm(ReasonForm):
    """One day, a range, or from a day on until further notice; `until_on` cleans to the last day or None.

    Given the coming `dates`, it asks on a day with several which of them are meant: `dates` cleans to their
    keys, to none where all days are meant.
    """

    from_on = DayField(
        label=_("Erster Tag"), error_messages={"required": _("Bitte geben Sie den ersten Tag an.")}
    )
    until_on = DayField(label=_("Letzter Tag"), required=False, help_text=_("Leer lassen für einen Tag."))
    for_now = forms.BooleanField(label=_("Bis auf Weiteres: die ganze Terminserie"), required=False)
    dates = forms.TypedMultipleChoiceField(
        label=_("Welche Termine dieses Tages?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("An diesem Tag gibt es mehrere Termine. Bitte wählen Sie aus, welche ausfallen.")
        },
    )
    field_order = ("from_on", "until_on", FOR_NOW, "dates", "reason")

    def __init__(self, data: Any = None, *, today: date, dates: Iterable[Shift] = ()) -> None:
        super().__init__(data)
        self._today = today
        choices = self._of_the_day(dates) if self.is_bound else []
        if len(choices) > 1:
            self.fields["dates"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["dates"]

    def _of_the_day(self, dates: Iterable[Shift]) -> list[tuple[int, str]]:
        """Return the dates of the one day that was typed, none for a range or a whole series."""
        first, last = (self._typed_day(name) for name in ("from_on", "until_on"))
        if first is None or last not in (None, first) or self.data.get(FOR_NOW):
            return []
        of_day = [each for each in dates if local_day(each.starts_at) == first]
        return [(each.pk, time_range(each.starts_at, each.ends_at)) for each in of_day]

    def _typed_day(self, name: str) -> date | None:
        field = self.fields[name]
        try:
            day: date | None = field.clean(self.data.get(name))
        except forms.ValidationError:
            return None
        return day

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("from_on"), self.cleaned_data.get("until_on")
        if first is None:
            return
        if first < self._today:
            self.add_error("from_on", _("Dieser Tag ist schon vorbei."))
        if self.cleaned_data.get(FOR_NOW):
            self.cleaned_data["until_on"] = None
        elif last is None:
            self.cleaned_data["until_on"] = first
        elif last < first:
            self.add_error("until_on", _("Der letzte Tag liegt vor dem ersten."))
