"""What the templates of the official texts are called."""

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
