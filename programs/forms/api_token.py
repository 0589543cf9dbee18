"""Making a key for a program of a provider."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from programs.domain.tokens import Scope
from programs.models import Provider


class ApiTokenForm(forms.Form):
    """Whose program it is, what for, and what it may do."""

    provider = forms.ModelChoiceField(Provider.objects.none(), label=_("Träger"))
    label = forms.CharField(
        label=_("Wofür"),
        max_length=80,
        validators=[FreeText("programs.ApiToken.label")],
        help_text=_("Zum Beispiel „Dienstplan der Bücherei“."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Was das Programm darf"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, providers: QuerySet[Provider]) -> None:
        super().__init__(data)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = providers.order_by("name")
