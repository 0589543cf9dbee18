"""How much what counts when people and tasks are brought together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from programs.models import District
from volunteers.models import Weighting
from volunteers.models.weighting import FIRST_YEAR, PARTS
from volunteers.services.match_weights import Draft

STEPS = [
    (0, _("gar nicht")),
    (50, _("weniger")),
    (100, _("wie vorgesehen")),
    (150, _("mehr")),
    (200, _("viel mehr")),
]
LABELS = {field.name: field.verbose_name for field in Weighting._meta.fields}
MOST_NEED = 200
SET = "set"
"""The button that keeps a draft; the other one only looks ahead, for which no reason is asked."""


class WeightingForm(forms.Form):
    """One choice for each part of the score, one number for each district, why, and the year."""

    reason = forms.CharField(
        label=_("Begründung"),
        max_length=500,
        validators=[FreeText("volunteers.Weighting.reason")],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    figures_year = forms.IntegerField(
        label=_("Jahr der Zahlen, auf die Sie sich stützen"), min_value=FIRST_YEAR
    )
    follows = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, current: Weighting | None, today: date
    ) -> None:
        super().__init__(data, initial={"follows": current.pk if current else None})
        percents = current.percents if current else {}
        for name in ("reason", "figures_year"):
            self.fields[name].required = bool(data and SET in data)
        self.fields["figures_year"].validators.append(MaxValueValidator(today.year))
        for part in PARTS:
            self.fields[part] = forms.TypedChoiceField(
                label=LABELS[part],
                choices=STEPS,
                coerce=int,
                initial=percents.get(part, 100),
            )
        for district in District.objects.order_by("name"):
            self.fields[f"need_{district.pk}"] = forms.IntegerField(
                label=district.name, min_value=0, max_value=MOST_NEED, initial=district.need_weight
            )

    @property
    def parts(self) -> list[BoundField]:
        """What the parts of the score count."""
        return [self[part] for part in PARTS]

    @property
    def needs(self) -> list[BoundField]:
        """The districts' need."""
        return [self[name] for name in self.fields if name.startswith("need_")]

    def draft(self) -> Draft:
        """Return what was chosen; the form is valid."""
        chosen = self.cleaned_data
        needs = {
            int(name.removeprefix("need_")): chosen[name] for name in self.fields if name.startswith("need_")
        }
        return Draft({part: chosen[part] for part in PARTS}, needs)
