"""What a reader of the figures may choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.domain.choices import Field


@dataclass(frozen=True)
class Choice:
    """The chosen field ("" for all) and period, first and last day included."""

    field: str
    first_on: date
    last_on: date


PERIODS = {
    "30": (_("letzte 30 Tage"), 30),
    "90": (_("letzte 90 Tage"), 90),
    "365": (_("letzte 12 Monate"), 365),
    "alle": (_("seit Beginn"), 365 * 50),
}
MEASURES = {
    "pledged": _("Menschen mit Zeitzusage"),
    "placed": _("Menschen im Einsatz"),
    "hours": _("geschenkte Stunden"),
    "gifts": _("Spenden"),
    "needs": _("offene Plätze"),
}


_ALLOWED: dict[str, set[str]] = {
    "field": {"", *Field.values},
    "period": set(PERIODS),
    "measure": set(MEASURES),
}


class FigureFilter(forms.Form):
    """Field, period and what the map shows; what is missing or not understood gets its default."""

    method = "get"
    defaults = {"field": "", "period": "365", "measure": "needs"}

    field = forms.ChoiceField(
        label=_("Handlungsfeld"), choices=[("", _("alle")), *Field.choices], required=False
    )
    period = forms.ChoiceField(
        label=_("Zeitraum"),
        choices=[(key, label) for key, (label, _days) in PERIODS.items()],
        required=False,
    )
    measure = forms.ChoiceField(label=_("Auf der Karte"), choices=list(MEASURES.items()), required=False)

    def __init__(self, query: Mapping[str, str]) -> None:
        known = {
            name: query.get(name, "") if query.get(name, "") in allowed else self.defaults[name]
            for name, allowed in _ALLOWED.items()
        }
        super().__init__(known)
        self.full_clean()

    def chosen(self, today: date) -> Choice:
        """Return the field and the period ending today."""
        days = PERIODS[self.cleaned_data["period"]][1]
        return Choice(self.cleaned_data.get("field", ""), today - timedelta(days=days - 1), today)

    @property
    def map_measure(self) -> str:
        """The measure drawn on the map."""
        return str(self.cleaned_data["measure"])


class PublicFigureFilter(FigureFilter):
    """Period and map for everybody. A field typed by hand is ignored.

    What is hidden in the figures of all fields could be worked out from those of each.
    """

    field = None  # type: ignore[assignment]
