"""What a report shall tell."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.models import CityReport
from figures.selectors import published
from programs.domain.choices import Field
from programs.models import District
from wirbrauchensie.dashboard.filters import PERIODS, Choice
from wirbrauchensie.reports.content import is_comparable

_EVERYBODY = gettext_lazy("alle zusammen – darf veröffentlicht werden")


class _Earlier(forms.ModelChoiceField):
    def label_from_instance(self, obj: CityReport) -> str:
        return label_of(obj)


class ReportForm(forms.Form):
    """Period, field, districts, and what the figures stand beside."""

    period = forms.ChoiceField(label=gettext_lazy("Zeitraum"))
    field = forms.ChoiceField(
        label=gettext_lazy("Handlungsfeld"), choices=[("", _EVERYBODY), *Field.choices], required=False
    )
    districts = forms.ModelMultipleChoiceField(
        District.objects.order_by("name"),
        label=gettext_lazy("Stadtteile"),
        help_text=gettext_lazy("Nichts angekreuzt heißt: die ganze Stadt."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    earlier = _Earlier(
        CityReport.objects.all(),
        label=gettext_lazy("Vergleichen mit"),
        empty_label=gettext_lazy("dem gleich langen Zeitraum davor"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), _("Jahr %(year)s") % {"year": year}) for year in published.years()]
        self.fields["period"].choices = [*PERIODS.items(), *years]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse what nobody has counted, and a comparison of two different things."""
        cleaned = super().clean() or {}
        period, field, earlier = cleaned.get("period"), cleaned.get("field", ""), cleaned.get("earlier")
        if period and field and period not in PERIODS:
            self.add_error(
                "field",
                _("Für ein Kalenderjahr gibt es die Zahlen nur für alle Handlungsfelder zusammen."),
            )
        elif period and earlier and not is_comparable(earlier, period=period, field=field):
            self.add_error(
                "earlier",
                _(
                    "Dieser Bericht zählt etwas anderes. Vergleichen lassen sich Berichte über gleich lange "
                    "Zeiträume und dasselbe Handlungsfeld."
                ),
            )
        return cleaned

    @property
    def choice(self) -> Choice:
        """What was chosen of the figures."""
        return Choice(self.cleaned_data["period"], self.cleaned_data["field"])


def period_label(period: str) -> str:
    """Return how a period is called."""
    return str(PERIODS.get(period) or _("Jahr %(year)s") % {"year": period})


def label_of(report: CityReport) -> str:
    """Return by what somebody finds a report again."""
    parts = [period_label(report.period), report.get_field_display() if report.field else ""]
    until = _("gezählt bis %(day)s") % {"day": date_format(report.counted_on, "j. F Y")}
    return ", ".join(str(part) for part in (*parts, until) if part)
