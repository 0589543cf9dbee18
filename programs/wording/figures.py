"""Figures of districts, in words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def figure_text(kind: str, value: Decimal, source: str) -> str:
    """Return "12,5 % (Melderegister)"."""
    unit = "\u00a0%" if kind.endswith("_percent") else "\u00a0km²" if kind == "area_km2" else ""
    plain = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    shown = number_format(plain, use_l10n=True, force_grouping=True)
    return _("%(value)s (Quelle: %(source)s)") % {"value": f"{shown}{unit}", "source": source}
