"""Naming an address that is told what happens."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programs.domain.webhooks import host_of
from programs.models import Provider


def _may_be_told(url: str) -> None:
    try:
        host_of(url)
    except ValueError as error:
        raise ValidationError(
            _("Bitte geben Sie eine Adresse an, die mit https:// beginnt, ohne Anmeldung darin.")
        ) from error


class WebhookForm(forms.Form):
    """Whose program it is and where it listens."""

    provider = forms.ModelChoiceField(Provider.objects.none(), label=_("Träger"))
    url = forms.CharField(
        label=_("Adresse"),
        max_length=500,
        validators=[_may_be_told],
        help_text=_("Zum Beispiel https://dienstplan.example/meldungen. Private Netze erreichen wir nicht."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, providers: QuerySet[Provider]) -> None:
        super().__init__(data)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = providers.filter(is_verified=True).order_by("name")
