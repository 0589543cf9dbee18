"""The register as a table: one line per receipt, for the books of a body."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.clock import local_day
from foundation.spreadsheets import Euros
from foundation.units import Cents

HEAD = (
    _("Nummer"),
    _("Art"),
    _("Stand"),
    _("Ausgestellt am"),
    _("Betrag"),
    _("Name"),
    _("Anschrift"),
    _("Ersetzt"),
    _("Zurückgenommen am"),
    _("Grund"),
    _("Finanzamt informiert am"),
)
KEPT_ONLY = _("gesperrt")


def table_line(receipt: Any) -> list[str | Euros]:
    """Return the cells of one receipt; of who asked to be forgotten the number and the amount."""
    printed: Mapping[str, Any] = receipt.snapshot
    name, *address = printed["donor"]["lines"]
    is_shown = receipt.restricted_at is None
    return [
        receipt.number,
        str(receipt.get_kind_display()),
        str(receipt.get_status_display()),
        f"{receipt.issued_on:%d.%m.%Y}",
        Euros(Cents(receipt.total_cents)),
        name if is_shown else str(KEPT_ONLY),
        ", ".join(address) if is_shown else "",
        receipt.replaces.number if receipt.replaces else "",
        _day(receipt.withdrawn_at),
        str(receipt.get_withdrawn_for_display()) if receipt.withdrawn_for else "",
        _day(receipt.tax_office_told_at),
    ]


def _day(moment: datetime | None) -> str:
    return f"{local_day(moment):%d.%m.%Y}" if moment else ""
