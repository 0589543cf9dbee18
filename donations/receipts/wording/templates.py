"""What the templates of the official texts are called, and what will stand in their gaps."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "money-tax-exempt": _("Geldzuwendung, steuerbegünstigte Körperschaft"),
    "money-public-law": _("Geldzuwendung, juristische Person des öffentlichen Rechts"),
    "collective-tax-exempt": _("Sammelbestätigung, steuerbegünstigte Körperschaft"),
    "collective-public-law": _("Sammelbestätigung, juristische Person des öffentlichen Rechts"),
    "goods-tax-exempt": _("Sachzuwendung, steuerbegünstigte Körperschaft"),
    "goods-public-law": _("Sachzuwendung, juristische Person des öffentlichen Rechts"),
    "forwarded-public-law": _("Geldzuwendung zur Weitergabe, juristische Person des öffentlichen Rechts"),
    "forwarded-collective-public-law": _(
        "Sammelbestätigung zur Weitergabe, juristische Person des öffentlichen Rechts"
    ),
}

GAPS: dict[str, Promise] = {
    "purposes": _("Zweck der Spende"),
    "purposes_of_body": _("begünstigte Zwecke des Trägers"),
    "purposes_promoted": _("begünstigte Zwecke des Trägers"),
    "tax_office": _("Ort des Finanzamts"),
    "tax_number": _("Steuernummer"),
    "notice_on": _("Datum des Bescheids"),
    "assessed_until": _("letzter Veranlagungszeitraum"),
    "machine_notified_on": _("Tag der Anzeige"),
    "issued_on": _("Tag der Ausstellung"),
    "forward_name": _("Name des Empfängers der Weiterleitung"),
    "forward_office": _("Ort seines Finanzamts"),
    "forward_number": _("seine Steuernummer"),
    "forward_on": _("Datum seines Bescheids"),
}


def with_gaps_named(texts: Any) -> Any:
    """Return the texts of a template as people compare them: each gap says what will stand there."""
    if isinstance(texts, str):
        return texts.format_map({name: f"[{told}]" for name, told in GAPS.items()})
    if isinstance(texts, list):
        return [with_gaps_named(each) for each in texts]
    if isinstance(texts, dict):
        return {name: with_gaps_named(each) for name, each in texts.items()}
    return texts
