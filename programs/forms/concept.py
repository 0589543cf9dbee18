"""The next day on which a protection concept is looked at."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.plausible_days import of_this_century

LONGEST = relativedelta(years=5)


class ConceptReviewedForm(forms.Form):
    """When it is looked at again; `before` is the day that has come, as the list showed it."""

    review_on = forms.DateField(
        label=gettext_lazy("Nächste Durchsicht am"),
        help_text=gettext_lazy("Ein Tag in den nächsten fünf Jahren."),
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Bitte geben Sie den nächsten Tag ein.")},
    )
    before = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if not self.today < day <= self.today + LONGEST:
            raise forms.ValidationError(_("Bitte nennen Sie einen Tag in den nächsten fünf Jahren."))
        return day
