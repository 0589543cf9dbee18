"""What is printed about an issuer, line by line, and what of it would change."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from donations.receipts.domain.forwarding import recipient_of
from donations.receipts.models import Issuer
from donations.receipts.wording.purposes import PURPOSE_LABELS
from programs.models import Fund

NOTHING = "–"


@dataclass(frozen=True)
class Fact:
    """A label, what it would be, and what it is until then; `before` is empty where nothing changes."""

    label: str
    value: str
    before: str = ""


def facts(proposal: Issuer, counting: Issuer | None, funds: list[Fund]) -> list[Fact]:
    """Return all that a proposal says; beside what differs stands what counts until it is confirmed."""
    told = _told(proposal, funds)
    before = _told(counting, funds) if counting else told
    found = [Fact(label, value, _other(before[label], value)) for label, value in told.items()]
    if counting and counting.signature != proposal.signature:
        return [*found, Fact(_("Bild der Unterschrift"), _("ist neu"))]
    return found


def _other(before: str, value: str) -> str:
    return before if before != value else ""


def _told(issuer: Issuer, funds: list[Fund]) -> dict[str, str]:
    picture = _(" (Bild der Unterschrift liegt vor)") if issuer.signature else ""
    deductible = _("nicht abziehbar") if issuer.membership_not_deductible else _("keine Angabe")
    place = f"{issuer.postcode} {issuer.town}"
    return {
        _("Art"): str(issuer.get_kind_display()),
        _("Bezeichnung und Anschrift"): "\n".join([issuer.name, issuer.street, place]),
        _("Kürzel"): issuer.code,
        _("Finanzamt"): issuer.tax_office or NOTHING,
        _("Steuernummer"): issuer.tax_number or NOTHING,
        _("Bescheid"): _notice(issuer),
        _("Begünstigte Zwecke"): "\n".join(str(PURPOSE_LABELS.get(each, each)) for each in issuer.purposes),
        _("Mitgliedsbeiträge"): deductible,
        _("Maschinelle Erstellung angezeigt"): _day(issuer.machine_notified_on) or NOTHING,
        _("Wer unterschreibt"): issuer.signatory + picture,
    } | {_("Spendenzweck „%(name)s“") % {"name": fund.name}: _purpose(issuer, fund) for fund in funds}


def _notice(issuer: Issuer) -> str:
    parts = [str(issuer.get_notice_kind_display())]
    if issuer.notice_on:
        parts.append(_("vom %(day)s") % {"day": _day(issuer.notice_on)})
    if issuer.assessed_until:
        parts.append(_("letzter Veranlagungszeitraum %(year)s") % {"year": issuer.assessed_until})
    return ", ".join(parts)


def _purpose(issuer: Issuer, fund: Fund) -> str:
    purpose = str(PURPOSE_LABELS.get(issuer.fund_purposes.get(str(fund.pk), ""), _("keine Bestätigung")))
    recipient = recipient_of(issuer.forwarding, fund.pk)
    if recipient is None:
        return purpose
    passed_on = _(
        "weitergeleitet an %(name)s (Finanzamt %(office)s, StNr. %(number)s, Bescheid vom %(day)s)"
    ) % {
        "name": recipient.name,
        "office": recipient.tax_office,
        "number": recipient.tax_number,
        "day": _day(recipient.notice_on),
    }
    return f"{purpose}\n{passed_on}"


def _day(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""
