"""The two forms of the sign-in library that address people, and the name of a view somebody keeps."""

from typing import Any

from allauth.account import forms as stock
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.free_texts import FreeText


class _SameTwice:
    """Says in our words that the two new passwords differ."""

    def clean(self) -> dict[str, Any]:
        assert isinstance(self, forms.Form)
        said = self.cleaned_data
        if "password1" in said and "password2" in said and said["password1"] != said["password2"]:
            self.add_error("password2", _("Die beiden Passwörter sind verschieden."))
        return said


class NewPasswordForm(_SameTwice, stock.ResetPasswordKeyForm):
    """A new password after following a link."""


class ChangePasswordForm(_SameTwice, stock.ChangePasswordForm):
    """A new password for somebody who knows the old one."""


class SavedViewForm(forms.Form):
    """The name under which a list is opened again as it stands."""

    name = forms.CharField(
        label=gettext_lazy("Name der Ansicht"),
        max_length=60,
        validators=[FreeText("accounts.SavedView.name")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
