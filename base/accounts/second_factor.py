"""The second factor: a code from an app on the telephone, and codes on paper for when it is lost."""

import io

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import secrets


class SecondFactorAdapter(DefaultMFAAdapter):
    """Where a second factor is required, nobody puts it off alone; the operator resets a lost one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("In dieser Anwendung ist der zweite Faktor Pflicht."),
        "incorrect_code": _(
            "Der Code stimmt nicht. Bitte geben Sie den Code ein, den die App jetzt anzeigt."
        ),
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not settings.SECOND_FACTOR_REQUIRED

    def build_totp_svg(self, url: str) -> str:
        """Return the code as a drawing, black on white whatever the theme, so that it can be scanned."""
        drawing = io.BytesIO()
        segno.make_qr(url).save(drawing, kind="svg", dark="#000", light="#fff", xmldecl=False, omitsize=True)
        return drawing.getvalue().decode()
