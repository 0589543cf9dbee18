"""Inviting somebody to a role, and taking it with an account of one's own."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.free_texts import FreeText
from foundation.name_fields import NameOrLineField
from foundation.names import is_personal_name
from programs.models import Membership, Provider


class InvitationForm(forms.Form):
    """Who is invited to do what, where."""

    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    provider = forms.ModelChoiceField(Provider.objects.none(), label=gettext_lazy("Träger"))
    role = forms.ChoiceField(
        label=gettext_lazy("Rolle"),
        choices=Membership.Role.choices,
        help_text=gettext_lazy("Wer mehrere Rollen hat, bekommt für jede eine Einladung."),
    )

    def __init__(self, data: Any = None, *, providers: QuerySet[Provider]) -> None:
        super().__init__(data)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = providers.order_by("name")


class NewAccountForm(forms.Form):
    """The invited person's name, and the password they choose."""

    name = NameOrLineField(
        label=gettext_lazy("Vor- und Nachname"),
        max_length=120,
        validators=[FreeText("accounts.User.name")],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label=gettext_lazy("Passwort"),
        max_length=1000,
        strip=False,
        help_text=gettext_lazy("Mindestens zwölf Zeichen. Gut ist ein Satz, den nur Sie kennen."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=gettext_lazy("Passwort noch einmal"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self._email = email

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not is_personal_name(name):
            raise ValidationError(_("Bitte schreiben Sie Ihren Namen nur mit Buchstaben."))
        return name

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        if "password1" not in said or "password2" not in said:
            return
        if said["password1"] != said["password2"]:
            self.add_error("password2", _("Die beiden Passwörter sind verschieden."))
            return
        try:
            validate_password(said["password1"], User(email=self._email, name=said.get("name", "")))
        except ValidationError as error:
            self.add_error("password1", error)
