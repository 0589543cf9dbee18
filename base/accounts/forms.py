"""The forms of the sign-in library that address people or take codes, and the name of a view that is kept."""

from typing import Any

from allauth.account import forms as stock
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.secrets import encrypt
from accounts.services import recovery_codes
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


class SetUpForm(ActivateTOTPForm):
    """Sets up the app. The code that shows that it works is used up by this (OWASP ASVS 5.0, 6.5.1)."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        app = Authenticator(user=self.user, data={"secret": encrypt(self.secret)})
        if not TOTP(app).validate_code(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class _TakesPaper(factor.BaseAuthenticateForm):
    """Takes a code of the app, or one on paper, which the library cannot know."""

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not recovery_codes.looks_like_one(typed):
            return super().clean_code()
        forget = check_rate_limit(self.user)
        row = recovery_codes.use_code(self.user, typed)
        if row is None:
            for app in self.user.authenticator_set.filter(type="totp"):
                self._emit_authentication_failed(app)
            raise get_adapter().validation_error("incorrect_code")
        row.user = self.user
        self.authenticator = row
        forget()
        return typed


class SecondStepForm(_TakesPaper, factor.AuthenticateForm):
    """The second step of signing in."""


class ProveAgainForm(_TakesPaper, factor.ReauthenticateForm):
    """A second proof before what matters."""


class SavedViewForm(forms.Form):
    """The name under which a list is opened again as it stands."""

    name = forms.CharField(
        label=gettext_lazy("Name der Ansicht"),
        max_length=60,
        validators=[FreeText("accounts.SavedView.name")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
