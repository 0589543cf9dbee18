"""When somebody who acts for a provider is away."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import DayField
from programs.services.absences import LONGEST


class AwayForm(forms.Form):
    """First and last day."""

    from_on = DayField(label=_("Erster Tag"))
    until_on = DayField(label=_("Letzter Tag"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Refuse what is over, ends before it begins, or never ends."""
        said = super().clean() or self.cleaned_data
        first, last = said.get("from_on"), said.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("Der letzte Tag liegt vor dem ersten."))
        elif last and not self.today <= last <= self.today + LONGEST:
            self.add_error("until_on", _("Bitte nennen Sie einen Tag in den nächsten zwölf Monaten."))
        return said
