"""What a reader of the figures may choose."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.domain.choices import Field
from programs.models import Opportunity
from wirbrauchensie.dashboard.scope import WHOLE_CITY, Scope


@dataclass(frozen=True)
class Choice:
    """The chosen period, field ("" for all) and provider (None for the whole city)."""

    period: str
    field: str = ""
    provider_id: int | None = None


TASK = "task"
PERIODS = {
    "30": _("letzte 30 Tage"),
    "90": _("letzte 90 Tage"),
    "365": _("letzte 12 Monate"),
    "alle": _("seit Beginn"),
}
MEASURES = {
    "needs": _("offene Plätze"),
    "pledged": _("Menschen mit Zeitzusage"),
    "placed": _("Menschen im Einsatz"),
    "hours": _("geschenkte Stunden"),
    "gifts": _("Spenden"),
}
PER_THOUSAND = {
    "needs": _("offene Plätze je 1.000 Kinder"),
    "pledged": _("Zusagen je 1.000 Kinder"),
    "placed": _("Menschen im Einsatz je 1.000 Kinder"),
    "hours": _("Stunden je 1.000 Kinder"),
    "gifts": _("Spenden je 1.000 Kinder"),
}


class PublicFigureFilter(forms.Form):
    """Period and what the map shows, for everybody; what is missing or not understood gets its default."""

    method = "get"
    defaults = {"field": "", "period": "365", "measure": "needs"}

    period = forms.ChoiceField(label=_("Zeitraum"), choices=list(PERIODS.items()), required=False)
    measure = forms.ChoiceField(label=_("Auf der Karte"), choices=list(MEASURES.items()), required=False)

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({name: self._known(name, query) for name in self.base_fields})
        self.full_clean()

    def _known(self, name: str, query: Mapping[str, str]) -> str:
        allowed = {str(key) for key, _label in self.base_fields[name].choices}  # type: ignore[attr-defined]
        return query.get(name, "") if query.get(name, "") in allowed else self.defaults[name]

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return Choice(self.cleaned_data["period"])

    @property
    def map_measure(self) -> str:
        """The measure drawn on the map."""
        return str(self.cleaned_data["measure"])


class MeasureFilter(PublicFigureFilter):
    """What the map shows of figures whose period stands."""

    period = None  # type: ignore[assignment]


class FigureFilter(PublicFigureFilter):
    """For staff also field and provider; who belongs to one provider alone has nothing to choose."""

    field = forms.ChoiceField(
        label=_("Handlungsfeld"), choices=[("", _("alle")), *Field.choices], required=False
    )
    field_order = ("field", "period", "measure")

    def __init__(self, query: Mapping[str, str], scope: Scope = WHOLE_CITY) -> None:
        super().__init__(query)
        asked = query.get("provider", "")
        ids = {str(pk): pk for pk, _name in scope.providers}
        only_own = scope.provider_ids is not None
        self._provider_id = ids.get(asked) or (scope.providers[0][0] if only_own else None)
        if len(ids) > 1:
            choices = [
                *([] if only_own else [("", _("alle"))]),
                *((str(pk), name) for pk, name in scope.providers),
            ]
            self.fields["provider"] = forms.ChoiceField(label=_("Träger"), choices=choices, required=False)
            self.data = {**self.data, "provider": str(self._provider_id or "")}
            self.order_fields(("provider", *self.field_order))

    def keep_task(self, task: Opportunity) -> None:
        """Show that one task is chosen, and let it be given up or kept with another period; it has no map."""
        del self.fields["measure"]
        choices = [("", _("alle")), (str(task.pk), task.title)]
        self.fields[TASK] = forms.ChoiceField(label=_("Engagementangebot"), choices=choices, required=False)
        self.data = {**self.data, TASK: str(task.pk)}

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return Choice(self.cleaned_data["period"], self.cleaned_data["field"], self._provider_id)
