"""Why a payment did not come, in plain words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from donations.domain.failures import Failure

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SENTENCES: dict[str, "StrOrPromise"] = {
    "funds": _("Ihre Bank nennt als Grund: Das Konto war nicht ausreichend gedeckt."),
    "expired": _("Der Grund: Ihre Karte ist abgelaufen."),
    "not_allowed": _("Ihre Bank nennt als Grund: Die Lastschrift ist nicht (mehr) erlaubt."),
    "closed": _("Ihre Bank nennt als Grund: Das Konto ist geschlossen oder gesperrt."),
    "wrong_account": _("Ihre Bank nennt als Grund: Die Kontodaten stimmen nicht."),
    "refused": _("Der Grund: Ihre Bank oder der Zahlungsdienst hat die Zahlung abgelehnt."),
    "other": _("Einen genaueren Grund hat die Bank nicht genannt."),
}


_REASONS: dict[str, "StrOrPromise"] = {
    "funds": _("Konto nicht gedeckt"),
    "expired": _("Karte abgelaufen"),
    "not_allowed": _("Lastschrift nicht erlaubt"),
    "closed": _("Konto geschlossen oder gesperrt"),
    "wrong_account": _("Kontodaten falsch"),
    "refused": _("von der Bank abgelehnt"),
    "other": _("ohne Grund der Bank"),
}


def reason_of(failure: str) -> "StrOrPromise":
    """Return the reason in few words, for those who look after the money; empty if none is known."""
    return _REASONS.get(failure, "")


def sentence_of(failure: Failure) -> "StrOrPromise":
    """Return the reason as a sentence; empty if none is known."""
    return _SENTENCES.get(failure, "")
