"""The two forms of the sign-in library that address people; the words of the others are neutral."""

from typing import Any

from allauth.account import forms as stock
from django import forms
from django.utils.translation import gettext as _


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
