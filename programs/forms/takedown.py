"""Which text is to be taken down: found by the address of its page."""

from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from programs.models import Fund, Opportunity, Program, Provider

_PAGES: dict[str, type[Opportunity | Program | Fund | Provider]] = {
    "opportunity": Opportunity,
    "program": Program,
    "fund": Fund,
    "provider": Provider,
}


class TakedownForm(forms.Form):
    """The address as it stands in the browser."""

    address = forms.CharField(
        label=_("Adresse der Seite"),
        max_length=500,
        help_text=_(
            "Kopieren Sie sie aus der Adresszeile: Engagementangebot, Angebot, Träger oder Spendenzweck."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    found: Opportunity | Program | Fund | Provider | None = None

    def clean_address(self) -> str:
        """Find the row whose page it is."""
        address: str = self.cleaned_data["address"]
        try:
            match = resolve(urlsplit(address.strip()).path)
        except (Resolver404, ValueError):
            match = None
        model = _PAGES.get(match.view_name) if match else None
        slug = match.kwargs.get("slug") if match else None
        self.found = model._default_manager.filter(slug=slug).first() if model else None
        if self.found is None:
            raise forms.ValidationError(_("Unter dieser Adresse steht kein Text, den wir entfernen können."))
        return address
