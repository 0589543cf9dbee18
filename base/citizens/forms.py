"""What the owner of a mailbox types."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from citizens.domain.addresses import as_sent
from citizens.models import Mailbox
from citizens.services.parts import Part, optional_mails

ALL_LINKS = "all"


class MailboxField(forms.EmailField):
    """An e-mail address, read as it will be sent."""

    default_error_messages = {
        "required": _("Bitte geben Sie Ihre E-Mail-Adresse an."),
        "invalid": _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
        super().__init__(
            **{"label": _("Ihre E-Mail-Adresse"), "max_length": 254, "widget": widget, **options}
        )
        self.error_messages.setdefault("max_length", self.error_messages["invalid"])

    def to_python(self, value: Any) -> str:
        """Return the address in its one form."""
        return as_sent(super().to_python(value) or "")


class LinkForm(forms.Form):
    """Where the link to "Meine Seite" shall go."""

    email = MailboxField()


class NewAddressForm(forms.Form):
    """Where the owner wants to be written to from now on."""

    email = MailboxField(label=_("Ihre neue E-Mail-Adresse"))

    def __init__(self, *args: Any, mailbox: Mailbox, **options: Any) -> None:
        super().__init__(*args, **options)
        self._mailbox = mailbox

    def clean_email(self) -> str:
        """Refuse the address that is in use already."""
        email: str = self.cleaned_data["email"]
        if email == self._mailbox.email:
            raise forms.ValidationError(_("An diese Adresse schreiben wir Ihnen schon."), code="same")
        return email


class SettingsForm(forms.Form):
    """Which optional mails the owner wants, and in which language."""

    wanted = forms.MultipleChoiceField(
        label=_("Welche E-Mails möchten Sie?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Was zu Ihrer Zusage oder Spende nötig ist, kommt immer."),
    )
    language = forms.ChoiceField(label=_("Sprache der E-Mails"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(kind.name, kind.label) for kind in optional_mails()]
        self.fields["wanted"].choices = choices  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) < 2:
            self.fields["language"].required = False
            self.fields["language"].widget = forms.HiddenInput()

    @classmethod
    def showing(cls, mailbox: Mailbox) -> "SettingsForm":
        """Return the form filled with what is stored."""
        wanted = [kind.name for kind in optional_mails() if kind.name not in mailbox.unwanted]
        return cls(initial={"wanted": wanted, "language": mailbox.language})

    @property
    def unwanted(self) -> set[str]:
        """The optional kinds that were not chosen."""
        return {kind.name for kind in optional_mails()} - set(self.cleaned_data["wanted"])


class RevokeForm(forms.Form):
    """Which links shall be void."""

    which = forms.ChoiceField(
        label=_("Welche Links sollen nicht mehr gelten?"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, parts: list[Part], **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [choice for part in parts for choice in part.links.items()]
        choices = [(ALL_LINKS, _("Alle bisherigen Links")), *kinds]
        self.fields["which"].choices = choices  # type: ignore[attr-defined]
        self.fields["which"].initial = ALL_LINKS
