"""Answering a question."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.forms.groups import HeadsField
from volunteers.models import Offer

ACCEPT = "accept"
DECLINE = "decline"


class AnswerForm(forms.Form):
    """Yes or no; why not is up to the person. A group may come with more or fewer than it was asked for."""

    answer = forms.ChoiceField(choices=[(ACCEPT, _("Ja")), (DECLINE, _("Nein"))], widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Woran liegt es?"),
        help_text=_("Das hilft uns, beim nächsten Mal besser zu fragen."),
        choices=Offer.Decline.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, offer: Offer | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if offer is not None and offer.pledge.volunteer.is_group:
            self.fields["heads"] = HeadsField(least=1, required=False, initial=offer.heads)

    @property
    def heads(self) -> int | None:
        """How many come, if that was said."""
        return self.cleaned_data.get("heads")

    def tell_too_few_places(self, offer: Offer) -> None:
        """Say how many could come."""
        most = offer.heads + offer.role.places_free
        told = _("So viele Plätze sind hier nicht frei. Kommen können %(most)d.")
        self.add_error("heads", told % {"most": most})

    @property
    def accepts(self) -> bool:
        """Whether the valid form says yes."""
        return self.cleaned_data["answer"] == ACCEPT

    @property
    def decline_reason(self) -> str:
        """Why not, as far as the person said."""
        return self.cleaned_data["reason"] or Offer.Decline.OTHER
